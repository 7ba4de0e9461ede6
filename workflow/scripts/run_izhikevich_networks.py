"""Run the published Izhikevich networks in both schemes; spikes, potentials, receptor currents."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.izhikevich import CURRENTS, POTENTIALS, RASTERS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.izhikevich.currents import receptor_currents
from cortex.izhikevich.published import CASES, published_case
from cortex.izhikevich.simulation import Recorder
from cortex.params.izhikevich import RECEPTORS


def main(smk: Any) -> None:
    """Collect the spikes of all, potentials of all cells, currents of one E and one I cell."""
    rasters, potentials, currents = [], [], []
    for name in CASES:
        case = published_case(name)
        n_exc = case.network.size("E")
        cells = Recorder(variables=("v", "u", *RECEPTORS), every=1e-3)
        for scheme in ("reference", "standard"):
            run = case.run(scheme=scheme, recording=cells)
            rasters.append(
                {
                    "case": name,
                    "scheme": scheme,
                    "time": run.spikes.times,
                    "neuron": run.spikes.neurons,
                    "excitatory": run.spikes.neurons < n_exc,
                }
            )
        times, (v, u) = run.traces.times, (run.traces.values[key] for key in "vu")
        potentials.append(
            {
                "case": name,
                "time": np.repeat(times, v.shape[1]),
                "neuron": np.tile(np.arange(v.shape[1]), times.size),
                "excitatory": np.tile(np.arange(v.shape[1]) < n_exc, times.size),
                "v": v.ravel(),
                "u": u.ravel(),
            }
        )
        through = receptor_currents(run.traces, case.network.receptors)
        for column, population in zip((0, n_exc), "EI", strict=True):
            label = {"case": name, "population": population, "time": times}
            currents.append(label | {key: values[:, column] for key, values in through.items()})
    for path, schema, parts in (
        (smk.output.rasters, RASTERS, rasters),
        (smk.output.potentials, POTENTIALS, potentials),
        (smk.output.currents, CURRENTS, currents),
    ):
        write_table(path, schema, stack_columns(parts, schema), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
