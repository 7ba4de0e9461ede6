"""Gather a sweep into its tables and its account."""

import sys
from pathlib import Path
from typing import Any, TextIO

from cortex.io.job import job_log
from cortex.sweep.account import account_of, read_receipt
from cortex.sweep.job import open_job
from cortex.sweep.progress import teller
from cortex.sweep.tables import write_summary, write_sweep
from cortex.sweep_models.registry import MODELS


def main(smk: Any, log: TextIO) -> None:
    """Read every point, computing again any whose record was damaged; write the tables."""
    say, name = teller(sys.stderr, log), smk.wildcards.sweep
    plan, supervisor = open_job(smk, MODELS, name=name, say=say, observables=smk.params.observables)
    records, receipt = supervisor.complete(plan.points)
    write_sweep(Path(smk.output.table), plan, records)
    write_summary(Path(smk.output.summary), plan, records)
    receipts = [read_receipt(Path(path)) for path in smk.input.receipts]
    account = account_of(plan, records, [*receipts, receipt])
    account.write(Path(smk.output.account))
    say(account.sentence())


if __name__ == "__main__":
    with job_log(snakemake.log[0]) as log:
        main(snakemake, log)
