"""The checks of all families in one table."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.acceptance import ACCEPTANCE
from cortex.io.tables import read_table, write_table
from cortex.steps.columns import stacked


def main(smk: Any) -> None:
    """Lay the tables of the families below each other."""
    parts = [read_table(path, ACCEPTANCE) for path in smk.input.tables]
    write_table(smk.output.table, ACCEPTANCE, stacked(parts), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
