"""Spectra of a field recorded beside spikes, and how the spikes go with it."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import write_tables
from cortex.io.recorded import read_recorded_field
from cortex.io.schemas.recordings import FIELD
from cortex.io.spike_table import read_spike_table
from cortex.params.field_file import FieldFile
from cortex.params.recording import RecordingParams
from cortex.steps.recorded_field import relate


def main(smk: Any) -> None:
    """Read both, and relate the field to the spikes of each population."""
    params = RecordingParams.from_config(smk.params.recording)
    keys = FieldFile.from_config(smk.params.recording["field"])
    spikes = read_spike_table(smk.input.spikes)
    field = read_recorded_field(keys, spikes)
    numbers = [str(1 + channel) for channel in range(field.values.shape[1])]
    found = relate(
        spikes,
        field.values,
        keys,
        step=field.step,
        start=field.start,
        channels=keys.channels or numbers,
        max_frequency=params.analysis.max_frequency,
    )
    source = job_provenance(smk, [smk.input.spikes])
    write_tables(smk.output, "field", FIELD, [found], provenance=source)


if __name__ == "__main__":
    run_job(main, globals())
