"""Data, simulation and theory in one table, distances with their bands, and reasons."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import at_state, write_tables
from cortex.io.schemas.network import PREDICTED
from cortex.io.schemas.recordings import BESIDE
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import read_table
from cortex.steps.recordings import alike, beside


def main(smk: Any) -> None:
    """Cut recording and runs to the same length and numbers of neurons, and compare."""
    recorded = read_spike_table(smk.input.spikes)
    data, runs = alike(recorded, [read_spike_table(path) for path in smk.input.runs])
    rates = {"rates": read_table(smk.input.predicted[0], PREDICTED["rates"])}
    predicted = at_state(rates, smk.params.state).get("rates")
    write_tables(
        smk.output,
        "compared",
        BESIDE,
        [beside(data, runs, predicted)],
        provenance=job_provenance(smk),
        notes={"compared_s": data.duration, "recorded_s": recorded.duration, "runs": len(runs)},
    )


if __name__ == "__main__":
    run_job(main, globals())
