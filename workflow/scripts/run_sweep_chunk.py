"""Compute the points of one share of a sweep that the store does not hold yet."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from cortex.io.job import job_log
from cortex.sweep.account import write_json
from cortex.sweep.job import open_job
from cortex.sweep.progress import Progress, teller
from cortex.sweep_models.registry import MODELS


def main(smk: Any, log: TextIO) -> None:
    """Plan the sweep, complete this share, leave a receipt."""
    say = teller(sys.stderr, log)
    plan, supervisor = open_job(smk, MODELS, name=smk.wildcards.sweep, say=say)
    keys = frozenset(point.key for point in plan.points)
    watch = Progress(name=plan.name, keys=keys, store=supervisor.store, say=say)
    share = plan.chunk(int(smk.wildcards.chunk), int(smk.wildcards.chunks))
    _, receipt = replace(supervisor, watch=watch).complete(share)
    write_json(Path(smk.output.receipt), receipt.to_json())


if __name__ == "__main__":
    with job_log(snakemake.log[0]) as log:
        main(snakemake, log)
