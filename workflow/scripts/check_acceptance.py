"""Measure one family of values and lay each against the expected one."""

from runpy import run_path
from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.acceptance import ACCEPTANCE
from cortex.io.tables import read_columns, write_table


def main(smk: Any) -> None:
    """Hand parts of the configuration and tables of the run to the family, judge what it says."""
    checks, family = run_path(smk.input.checks), run_path(smk.input.measure)
    named = zip(smk.params.tables, smk.input.tables, strict=True)
    got = family["measure"](smk.params.config, {name: read_columns(path) for name, path in named})
    columns = checks["judge"](checks["read_checks"](smk.wildcards.family), got)
    write_table(smk.output.table, ACCEPTANCE, columns, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
