"""Lay every measured value against the expected one."""

from pathlib import Path
from typing import Any

from cortex.acceptance.table import gather_measured, judge, read_checks
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.acceptance import ACCEPTANCE, MEASURED
from cortex.io.tables import read_table, write_table


def main(smk: Any) -> None:
    """Join the expected and the measured values and judge each pair."""
    checks = [check for path in smk.input.expected for check in read_checks(Path(path))]
    tables = [read_table(path, MEASURED) for path in smk.input.measured]
    got = gather_measured(
        dict(zip(table["check_id"], table["got"], strict=True)) for table in tables
    )
    write_table(smk.output.table, ACCEPTANCE, judge(checks, got), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
