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
DRAWS = 1000

Array = np.ndarray
Learner = Callable[[Array, Array, Array], list[Array]]
"""Keys and summaries to learn from, summaries held out -> draws of the keys for each of these."""


def measure(name: str, learn: Learner) -> None:
    """Print a JSON line for every number of simulations: median errors, coverage, CPU time."""
    data = np.load(FILE)
    keys, summaries, truth, seen = (data[k] for k in ("keys", "summaries", "truth", "seen"))
    low, high = data["bounds"]
    for n in SIZES:
        cpu, wall = time.process_time(), time.perf_counter()
        draws = learn(keys[:n], summaries[:n], seen)
        values = [low + 0.5 * (x + 1.0) * (high - low) for x in draws]
        at = low + 0.5 * (truth + 1.0) * (high - low)
        error = np.abs(np.array([np.median(v, axis=0) for v in values]) / at - 1.0)
        ends = np.array([np.quantile(v, [0.05, 0.95], axis=0) for v in values])
        inside = np.mean((ends[:, 0] < at) & (at < ends[:, 1]), axis=0)
        result = {
            "median_error": np.median(error, axis=0).round(4).tolist(),
            "coverage_90": inside.round(3).tolist(),
        }
        line = {
            "task": f"{n} simulations",
            "script": name,
            "cpu_s": time.process_time() - cpu,
            "wall_s": time.perf_counter() - wall,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "result": result,
        }
        sys.stdout.write(f"{json.dumps(line)}\n")
        sys.stdout.flush()
