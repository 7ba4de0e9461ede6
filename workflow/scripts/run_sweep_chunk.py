"""Compute the points of one share of a sweep that the store does not hold yet."""

import sys
from pathlib import Path
from typing import Any, TextIO

from cortex.io.job import job_log
from cortex.io.store import PointStore
from cortex.params.sweep import SweepParams
from cortex.sweep.account import write_json
from cortex.sweep.plan import plan_sweep
from cortex.sweep.progress import Progress, teller
from cortex.sweep.registry import MODELS
from cortex.sweep.supervise import Supervisor


def main(smk: Any, log: TextIO) -> None:
    """Plan the sweep, complete this share, leave a receipt."""
    sweep = SweepParams.from_config(smk.params.sweep)
    model, say = MODELS[sweep.model], teller(sys.stderr, log)
    plan = plan_sweep(
        smk.wildcards.sweep,
        sweep,
        model,
        base=smk.params.base,
        seed=smk.params.seed,
        code=smk.params.model_code,
    )
    store = PointStore(Path(smk.input.store))
    keys = frozenset(point.key for point in plan.points)
    supervisor = Supervisor(
        model=model,
        store=store,
        threads=smk.threads,
        retries=smk.params.point_retries,
        say=say,
        watch=Progress(name=plan.name, keys=keys, store=store, say=say),
    )
    share = plan.chunk(int(smk.wildcards.chunk), int(smk.wildcards.chunks))
    _, receipt = supervisor.complete(share)
    write_json(Path(smk.output.receipt), receipt.to_json())


if __name__ == "__main__":
    with job_log(snakemake.log[0]) as log:
        main(snakemake, log)
