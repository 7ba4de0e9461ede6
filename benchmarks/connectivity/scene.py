"""The sheet that both contestants connect, and how a task is measured."""

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

PITCH = 1e-3 / 19  # m: the tutorial's 20 x 20 neurons over 1 mm, grown at constant density
SIGMA, RADIUS = 100e-6, 300e-6
WEIGHT = 5.0
SIDES = (20, 40, 80)
REPEATS = {20: 100, 40: 20, 80: 5}  # short tasks repeat until their time is steady
P_EXC, P_INH = 0.1, 0.2
GABOR = {"sigma": 80e-6, "frequency": 0.006e6, "theta": 0.7, "radius": 240e-6}


def measure(task: str, run: Callable[[], tuple[int, float]], repeats: int = 1) -> dict[str, Any]:
    """Return the line of one task: mean seconds, then the peak of one more, traced, repetition."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        n_connections, total = run()
    cpu_s = (time.process_time() - cpu) / repeats
    wall_s = (time.perf_counter() - wall) / repeats
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    each = f"{cpu_s / n_connections * 1e9:.1f} ns and {peak / n_connections:.0f} B each"
    return {
        "task": task,
        "cpu_s": cpu_s,
        "wall_s": wall_s,
        "peak_mb": peak / 1e6,
        "result": f"{n_connections} connections, sum of weights {total:.6f}; {each}",
    }
