"""Statistics with their confidence, observables, spectra, raster of one recording."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import write_tables
from cortex.io.schemas.network import OBSERVED
from cortex.io.schemas.recordings import DESCRIBED
from cortex.io.spike_table import read_spike_table
from cortex.params.recording import RecordingParams
from cortex.steps.observe import look
from cortex.steps.recordings import describe, view_of


def main(smk: Any) -> None:
    """Read the spikes, observe them as those of a network, add what neurons and pairs say."""
    params, source = RecordingParams.from_config(smk.params.recording), job_provenance(smk)
    spikes = read_spike_table(smk.input.spikes)
    seen, described = look(view_of(spikes, params), [spikes]), describe(spikes, params)
    write_tables(smk.output, "observed", OBSERVED, [seen], provenance=source)
    write_tables(smk.output, "described", DESCRIBED, [described], provenance=source)


if __name__ == "__main__":
    run_job(main, globals())
