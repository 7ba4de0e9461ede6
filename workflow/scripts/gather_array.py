"""Gather one array observable of a sweep into a long table."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.io.tables import read_columns
from cortex.sweep.job import open_job
from cortex.sweep.progress import tell
from cortex.sweep.tables import write_array
from cortex.sweep_models.registry import MODELS


def main(smk: Any) -> None:
    """Read the points of the table, computing again any whose record was damaged; write them."""
    plan, supervisor = open_job(smk, MODELS, name=smk.wildcards.any_sweep, say=tell)
    tabled = set(read_columns(Path(smk.input.table))["key"])
    plan = replace(plan, points=tuple(point for point in plan.points if point.key in tabled))
    records, _ = supervisor.complete(plan.points)
    path, name = Path(smk.output.array), smk.wildcards.array
    write_array(path, plan, records, supervisor.store, name)


if __name__ == "__main__":
    run_job(main, globals())
