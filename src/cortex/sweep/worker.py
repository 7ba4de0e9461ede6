"""Worker process of a sweep job: ``python -m cortex.sweep.worker`` with its task on stdin.

It stands between the job and compiled code: a point that kills the process kills the worker,
and the job goes on with the others.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from cortex.io.store import PointStore
from cortex.sweep.plan import Point
from cortex.sweep.registry import MODELS
from cortex.sweep.run import run_points

STORE_FAULT: Final = 3


def main() -> int:
    """Read the task, evaluate its points, return the exit status."""
    task: dict[str, Any] = json.load(sys.stdin)
    try:
        run_points(
            [Point(varied={}, replicate=0, **point) for point in task["points"]],
            MODELS[task["model"]],
            PointStore(Path(task["folder"])),
            threads=task["threads"],
            retries=task["retries"],
        )
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return STORE_FAULT
    return 0


if __name__ == "__main__":
    sys.exit(main())
