"""Run the published Izhikevich networks in both schemes; spikes, potentials, receptor currents."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.izhikevich import CURRENTS, POTENTIALS, RASTERS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.izhikevich.published import CASES, published_network, published_run, with_start
from cortex.params.izhikevich import RECEPTORS
from cortex.spiking.izhikevich.currents import receptor_currents
from cortex.spiking.requests import Recorder

EVERY = 10  # steps between two samples


def main(smk: Any) -> None:
    """Collect the spikes of all, potentials of all cells, currents of one E and one I cell."""
    rasters, potentials, currents = [], [], []
    for name in CASES:
        network = published_network(name, "standard")
        start, ids, n_exc = network.resting_state(), np.arange(network.n_neurons), network.size("E")
        both = [0, n_exc]
        record = Recorder(voltages=ids.tolist(), currents="neuron", current_neurons=both)
        for scheme in ("reference", "standard"):
            run = published_run(name, scheme, record=record)
            raster = {"time": run.spikes.times, "neuron": run.spikes.neurons}
            raster["excitatory"] = run.spikes.neurons < n_exc
            rasters.append({"case": name, "scheme": scheme, **raster})
        v, u = (with_start(run.traces[key], start[row], EVERY) for row, key in enumerate("Vw"))
        times = np.arange(len(v)) * (EVERY * run.spikes.dt)
        potentials.append(
            {
                "case": name,
                "time": np.repeat(times, ids.size),
                "neuron": np.tile(ids, times.size),
                "excitatory": np.tile(ids < n_exc, times.size),
                "v": v.ravel(),
                "u": u.ravel(),
            }
        )
        g = {key: with_start(run.traces[f"g_{key}"], np.zeros(2), EVERY) for key in RECEPTORS}
        through = receptor_currents(v[:, both], g, network.receptors)
        for column, population in enumerate("EI"):
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
