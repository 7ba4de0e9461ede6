"""Time one repetition of a task and print it as a JSON line."""

import json
import resource
import time
from collections.abc import Callable
from typing import Any


def report(task: str, run: Callable[[], Any]) -> None:
    """Run once, print seconds of CPU and wall, peak memory of the process, and the result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    write(task, time.process_time() - cpu, time.perf_counter() - wall, result)


def write(task: str, cpu_s: float, wall_s: float, result: Any = None) -> None:
    """Print one measurement."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = {"task": task, "cpu_s": cpu_s, "wall_s": wall_s, "peak_mb": peak, "result": result}
    print(json.dumps(line), flush=True)
