"""Worker process of a sweep job: ``python -m cortex.sweep.worker`` with its task on stdin.

It stands between the job and compiled code: a point that kills the process kills the worker,
and the job goes on with the others.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

from cortex.io.store import PointStore
from cortex.sweep.plan import Point
from cortex.sweep.registry import MODELS
from cortex.sweep.run import run_points, withdraw

STORE_FAULT: Final = 3
INTERRUPTED: Final = 4


def main() -> int:
    """Read the task, evaluate its points, return the exit status."""
    task: dict[str, Any] = json.load(sys.stdin)
    store = PointStore(Path(task["folder"]))
    running: set[str] = set()
    _end_cleanly(store, running)
    try:
        run_points(
            [Point(varied={}, replicate=0, **point) for point in task["points"]],
            MODELS[task["model"]],
            store,
            threads=task["threads"],
            retries=task["retries"],
            running=running,
        )
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return STORE_FAULT
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _end_cleanly(store: PointStore, running: set[str]) -> None:
    """Let a time limit, `scancel` or a closed terminal end the process without blaming points."""

    def end(*_: object) -> None:
        withdraw(store, running)
        os._exit(INTERRUPTED)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # `nohup` ignores SIGHUP, and so it stays
            signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())
