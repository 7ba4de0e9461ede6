"""Gather a sweep into its tables and its account."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.sweep.account import account_of, read_receipt
from cortex.sweep.job import open_job
from cortex.sweep.progress import tell
from cortex.sweep.tables import write_summary, write_sweep
from cortex.sweep_models.registry import MODELS


def main(smk: Any) -> None:
    """Read every point, computing again any whose record was damaged; write the tables."""
    name = smk.wildcards.sweep
    plan, supervisor = open_job(
        smk, MODELS, name=name, say=tell, observables=smk.params.observables
    )
    records, receipt = supervisor.complete(plan.points)
    write_sweep(Path(smk.output.table), plan, records)
    write_summary(Path(smk.output.summary), plan, records)
    receipts = [read_receipt(Path(path)) for path in smk.input.receipts]
    account = account_of(plan, records, [*receipts, receipt])
    account.write(Path(smk.output.account))
    tell(account.sentence())


if __name__ == "__main__":
    run_job(main, globals())
