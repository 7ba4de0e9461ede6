"""Build the network of every kernel and the E-I sheet; keep weights, matrices and lengths."""

from typing import Any

from cortex.connectivity import kernel_weights
from cortex.connectivity.atlas import kernel_of, lattice_of
from cortex.connectivity.networks import populations_of, sheet_network, sheet_places
from cortex.connectivity.survey import survey_tables
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import LENGTHS, MATRICES, WEIGHTS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import SheetKernelParams, SheetNetworkParams, SheetParams

SHEET = "E-I sheet"


def main(smk: Any) -> None:
    """Survey each network: of the sheet, E and I sources apart."""
    lattice, found = lattice_of(SheetParams.from_config(smk.params.sheet)), []
    for name, raw in smk.params.kernels.items():
        kernel = SheetKernelParams.from_config(raw)
        made = kernel_weights(
            lattice,
            lattice,
            kernel_of(kernel),
            weight=kernel.weight,
            radius=kernel.radius,
            autapses=False,
            same_population=True,
        )
        found.append(survey_tables(made, name=name, source=lattice, target=lattice))
    sheet, seed = SheetNetworkParams.from_config(smk.params.network), smk.params.seed
    places = sheet_places(sheet, seed, periodic=False)
    whole, who = sheet_network(sheet, places, seed), populations_of(sheet.n_exc, sheet.n_inh)
    found.append(survey_tables(whole, name=SHEET, populations=who, source=places, target=places))
    tables = {"weights": WEIGHTS, "lengths": LENGTHS, "matrices": MATRICES}
    for name, schema in tables.items():
        columns = stack_columns([each[name] for each in found], schema)
        write_table(smk.output[name], schema, columns, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
