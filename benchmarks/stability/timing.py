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
    line = {
        "task": task,
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "result": result,
    }
    print(json.dumps(line), flush=True)
