"""Run a refined sweep: coarse grid first, then only where its observable changes."""

import sys
from pathlib import Path
from typing import Any, TextIO

from cortex.io.job import job_log
from cortex.io.store import PointStore
from cortex.params.sweep import SweepParams
from cortex.sweep.account import account_of
from cortex.sweep.plan import plan_sweep
from cortex.sweep.progress import teller
from cortex.sweep.refined_run import run_refined
from cortex.sweep.registry import MODELS
from cortex.sweep.supervise import Supervisor
from cortex.sweep.tables import write_map, write_summary, write_sweep


def main(smk: Any, log: TextIO) -> None:
    """Refine, write the points, the map on the full grid and the account of what was saved."""
    observables = list(smk.params.observables)
    sweep = SweepParams.from_config({**smk.params.sweep, "observables": observables})
    say = teller(sys.stderr, log)
    plan = plan_sweep(
        smk.wildcards.refined,
        sweep,
        MODELS[sweep.model],
        base=smk.params.base,
        seed=smk.params.seed,
        code=smk.params.model_code,
    )
    supervisor = Supervisor(
        model=plan.model,
        store=PointStore(Path(smk.input.store)),
        threads=smk.threads,
        retries=smk.params.point_retries,
        say=say,
    )
    run = run_refined(plan, supervisor)
    command = f"snakemake --cores 1 {smk.output.table}"
    write_sweep(Path(smk.output.table), run.plan, run.records, command)
    write_summary(Path(smk.output.summary), run.plan, run.records, command)
    write_map(Path(smk.output.map), plan, run.found, command)
    account = account_of(run.plan, run.records, run.receipts, full_grid=len(plan.points))
    account.write(Path(smk.output.account))
    say(account.sentence())


if __name__ == "__main__":
    with job_log(snakemake.log[0]) as log:
        main(snakemake, log)
