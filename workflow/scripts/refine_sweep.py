"""Run a refined sweep: coarse grid first, then only where its observable changes."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.sweep.account import account_of
from cortex.sweep.job import open_job
from cortex.sweep.progress import tell
from cortex.sweep.refined_run import run_refined
from cortex.sweep.tables import write_map, write_summary, write_sweep
from cortex.sweep_models.registry import MODELS


def main(smk: Any) -> None:
    """Refine, write the points, the map on the full grid and the account of what was saved."""
    name = smk.wildcards.refined
    plan, supervisor = open_job(
        smk, MODELS, name=name, say=tell, observables=smk.params.observables
    )
    run = run_refined(plan, supervisor)
    write_sweep(Path(smk.output.table), run.plan, run.records)
    write_summary(Path(smk.output.summary), run.plan, run.records)
    write_map(Path(smk.output.map), plan, run.found, run.records)
    account = account_of(run.plan, run.records, run.receipts, full_grid=len(plan.points))
    account.write(Path(smk.output.account))
    tell(account.sentence())


if __name__ == "__main__":
    run_job(main, globals())
