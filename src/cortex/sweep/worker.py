"""Worker process of a sweep job: ``python -m cortex.sweep.worker`` with its task on stdin.

It stands between the job and compiled code: a point that kills the process kills the worker,
and the job goes on with the others.
"""

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Any, Final

from cortex.errors import InstallationError
from cortex.io.store import PointStore
from cortex.sweep.in_progress import InProgress
from cortex.sweep.plan import Point
from cortex.sweep.run import run_points

STORE_FAULT: Final = 3
INTERRUPTED: Final = 4
INTERRUPTIONS: Final = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has no terminal that hangs up
)


def main() -> int:
    """Read the task, evaluate its points, return the exit status."""
    task: dict[str, Any] = pickle.load(sys.stdin.buffer)  # from its own job
    in_progress = InProgress(PointStore(Path(task["folder"])))
    _end_cleanly(in_progress)
    try:
        run_points(
            [Point(varied={}, replicate=0, **point) for point in task["points"]],
            task["model"],
            in_progress,
            threads=task["threads"],
            retries=task["retries"],
        )
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return STORE_FAULT
    except InstallationError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _end_cleanly(in_progress: InProgress) -> None:
    """Let Ctrl-C, a time limit, `scancel` or a closed terminal end the process, blaming no point.

    The second of two signals finds the handlers gone, or does what the first had not begun.
    """
    caught = [
        number
        for number in INTERRUPTIONS
        if signal.getsignal(number) != signal.SIG_IGN  # `nohup` ignores SIGHUP, and so it stays
    ]

    def end(*_: object) -> None:
        for number in caught:
            signal.signal(number, signal.SIG_IGN)
        in_progress.withdraw()
        os._exit(INTERRUPTED)

    for number in caught:
        signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())
