"""Run the published Izhikevich networks in both schemes; spikes and receptor currents."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.izhikevich import CURRENTS, RASTERS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.izhikevich.currents import receptor_currents
from cortex.izhikevich.published import CASES, published_case
from cortex.izhikevich.simulation import Recorder
from cortex.params.izhikevich import RECEPTORS


def main(smk: Any) -> None:
    """Collect the spikes of every case and scheme, and the currents of one E and one I cell."""
    rasters, currents = [], []
    for name in CASES:
        case = published_case(name)
        n_exc = case.network.size("E")
        cells = Recorder(neurons=(0, n_exc), variables=("v", *RECEPTORS), every=1e-3)
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
        through = receptor_currents(run.traces, case.network.receptors)
        for column, population in enumerate("EI"):
            label = {"case": name, "population": population, "time": run.traces.times}
            currents.append(label | {key: values[:, column] for key, values in through.items()})
    for path, schema, parts in (
        (smk.output.rasters, RASTERS, rasters),
        (smk.output.currents, CURRENTS, currents),
    ):
        write_table(path, schema, stack_columns(parts, schema), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
