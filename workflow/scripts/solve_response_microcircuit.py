"""Self-consistent rates of the microcircuit by all treatments of synapses and drive."""

from dataclasses import replace
from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.response import MICROCIRCUIT
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.response import MicrocircuitRates


def main(smk: Any) -> None:
    """Solve the working points and lay the published simulation beside them."""
    study = MicrocircuitRates.from_config(smk.params.microcircuit)
    published = replace(MicrocircuitParams.from_config(smk.params.model), w_cv=study.w_cv)
    constant = replace(published, drive="dc")
    treatments = {
        "shift": (published, "shift"),
        "taylor": (published, "taylor"),
        "constant drive": (constant, "shift"),
    }
    rows = []
    for name, (model, method) in treatments.items():
        network = model.network()
        point = solve_working_point(network, method=method)
        solved = {"mu": point.mu, "sigma": point.sigma, "nu": point.nu}
        label = {"population": network.names, "treatment": name}
        cv = population_cv(network, point)
        rows.append({**label, **solved, "cv": cv, "nu_simulated": study.simulated})
    columns = stack_columns(rows, MICROCIRCUIT)
    write_table(smk.output.rates, MICROCIRCUIT, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
