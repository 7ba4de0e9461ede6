"""Folds and onsets of oscillations in the plane of two keys of a network."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.network import LINES
from cortex.io.tables import write_table
from cortex.steps.lines import follow_lines


def main(smk: Any) -> None:
    """Follow every line of the window and write their points one below the other."""
    lines = follow_lines(smk.wildcards.network, smk.params.network)
    write_table(smk.output.lines, LINES, lines, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
