"""What both are given: simulated Brunel networks, in summaries, and which of them are held out."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[1] / "results" / "inference.npz"
SIZES = (40, 100, 400)
"""Simulations to learn from."""
TRAININGS = 5
"""Times that either learns, each from other simulations of the pool where it is larger."""
DRAWS = 1000

Array = np.ndarray
Learner = Callable[[Array, Array, Array, int], list[Array]]
"""Keys and summaries to learn from, summaries held out, seed -> draws of the keys for each."""


def measure(name: str, learn: Learner) -> None:
    """Print a JSON line for every number of simulations: median errors, coverage, CPU time.

    Errors and coverage are means over the trainings, with their deviation; times are those of one.
    """
    data = np.load(FILE)
    keys, summaries, seen = (data[k] for k in ("keys", "summaries", "seen"))
    low, high = data["bounds"]
    at = low + 0.5 * (data["truth"] + 1.0) * (high - low)
    for n in SIZES:
        cpu, wall = time.process_time(), time.perf_counter()
        errors, inside = np.zeros((2, TRAININGS, len(low)))
        for seed in range(TRAININGS):
            own = np.random.default_rng(seed).permutation(len(keys))[:n]
            draws = learn(keys[own], summaries[own], seen, seed)
            values = [low + 0.5 * (x + 1.0) * (high - low) for x in draws]
            off = np.abs(np.array([np.median(v, axis=0) for v in values]) / at - 1.0)
            ends = np.array([np.quantile(v, [0.05, 0.95], axis=0) for v in values])
            errors[seed] = np.median(off, axis=0)
            inside[seed] = np.mean((ends[:, 0] < at) & (at < ends[:, 1]), axis=0)
        result = {
            "median_error": errors.mean(axis=0).round(4).tolist(),
            "deviation": errors.std(axis=0, ddof=1).round(4).tolist(),
            "coverage_90": inside.mean(axis=0).round(3).tolist(),
        }
        line = {
            "task": f"{n} simulations",
            "script": name,
            "cpu_s": (time.process_time() - cpu) / TRAININGS,
            "wall_s": (time.perf_counter() - wall) / TRAININGS,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "result": result,
        }
        sys.stdout.write(f"{json.dumps(line)}\n")
        sys.stdout.flush()
