"""The standard ring, short enough for the transcription, and how a task is measured."""

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

N, DT, TAU_X, TAU_D = 500, 2e-4, 5e-3, 15e-3
BETA, DECAY, U_SCALE, PHI_SCALE = 0.02, 20.0, 5000.0, 10.0
SHORT_PERIODS, LONG_PERIODS, FULL_PERIODS = 6, 21, 150


def initial_weights(*shape: int) -> np.ndarray:
    """Return the initial weights of both contestants."""
    return 0.05 * np.random.default_rng(0).standard_normal(shape)


def measure(task: str, run: Callable[[], np.ndarray], repeats: int) -> dict[str, Any]:
    """Return the line of one task: mean seconds of `repeats`, peak memory, norm of the weights."""
    if repeats > 1:
        run()  # warm: compiled code loaded, memory mapped
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        weights = run()
    return {
        "task": task,
        "cpu_s": (time.process_time() - cpu) / repeats,
        "wall_s": (time.perf_counter() - wall) / repeats,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "result": f"norm of the weights {np.linalg.norm(weights):.10f}",
    }
