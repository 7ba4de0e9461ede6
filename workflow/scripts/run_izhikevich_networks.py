"""Run the published Izhikevich networks in both schemes; spikes and receptor currents."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.izhikevich import CURRENTS, RASTERS
from cortex.io.tables import write_table
from cortex.izhikevich.currents import receptor_currents
from cortex.izhikevich.published import CASES, published_case
from cortex.izhikevich.simulation import Recording
from cortex.params.izhikevich import RECEPTORS


def main(smk: Any) -> None:
    """Collect the spikes of every case and scheme, and the currents of one E and one I cell."""
    rasters, currents = [], []
    for name in CASES:
        case = published_case(name)
        n_exc = case.network.size("E")
        cells = Recording(neurons=(0, n_exc), variables=("v", *RECEPTORS), every=1e-3)
        for scheme in ("reference", "standard"):
            run = case.run(scheme=scheme, recording=cells)
            n = len(run.spikes.times)
            rasters.append(
                {
                    "case": np.full(n, name, dtype=object),
                    "scheme": np.full(n, scheme, dtype=object),
                    "time": run.spikes.times,
                    "neuron": run.spikes.neurons,
                    "excitatory": run.spikes.neurons < n_exc,
                }
            )
        through = receptor_currents(run.traces, case.network.receptors)
        for column, population in enumerate("EI"):
            label = {"case": name, "population": population}
            n = len(run.traces.times)
            piece = {key: np.full(n, text, dtype=object) for key, text in label.items()}
            piece |= {key: values[:, column] for key, values in through.items()}
            currents.append({**piece, "time": run.traces.times})
    for path, schema, parts in (
        (smk.output.rasters, RASTERS, rasters),
        (smk.output.currents, CURRENTS, currents),
    ):
        columns = {key: np.concatenate([part[key] for part in parts]) for key in schema.columns}
        write_table(path, schema, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
