"""Compute the points of one share of a sweep that the store does not hold yet."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.sweep.account import write_json
from cortex.sweep.job import open_job
from cortex.sweep.progress import Progress, tell
from cortex.sweep_models.registry import MODELS


def main(smk: Any) -> None:
    """Plan the sweep, complete this share, leave a receipt."""
    plan, supervisor = open_job(smk, MODELS, name=smk.wildcards.sweep, say=tell)
    keys = frozenset(point.key for point in plan.points)
    watch = Progress(name=plan.name, keys=keys, store=supervisor.store, say=tell)
    share = plan.chunk(int(smk.wildcards.chunk), int(smk.wildcards.chunks))
    _, receipt = replace(supervisor, watch=watch).complete(share)
    write_json(Path(smk.output.receipt), receipt.to_json())


if __name__ == "__main__":
    run_job(main, globals())
