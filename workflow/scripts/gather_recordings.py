"""The statistics of all recordings in one table."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.recordings import DESCRIBED, GATHERED
from cortex.io.tables import read_table, write_table
from cortex.steps.columns import labelled, stacked


def main(smk: Any) -> None:
    """Lay the tables below each other under the names of their recordings."""
    named = zip(smk.params.recordings, smk.input.statistics, strict=True)
    parts = [
        labelled(read_table(path, DESCRIBED["statistics"]), recording=name) for name, path in named
    ]
    write_table(smk.output.statistics, GATHERED, stacked(parts), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
