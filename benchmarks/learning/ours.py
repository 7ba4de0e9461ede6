"""cortex: the same runs, then the full length, the bare arithmetic, and the cold start."""

import json
import time
from collections.abc import Callable

import numpy as np

from benchmarks.learning.scene import (
    FULL_PERIODS,
    LONG_PERIODS,
    SHORT_PERIODS,
    N,
    initial_weights,
    measure,
)
from cortex.learning_ring.examples import standard_params
from cortex.learning_ring.simulation import simulate


def run_of(rule: str, periods: int) -> Callable[[], np.ndarray]:
    """Return a function that runs the standard ring under a rule."""
    params = standard_params(rule=rule, periods=periods)
    shape = (N, N) if rule == "pairwise" else (N,)
    return lambda: simulate(params, initial_weights(*shape)).weights


def bare_products() -> np.ndarray:
    """Do the two matrix products of every block of 2,500 steps and nothing else."""
    d = standard_params().ring.delay_steps
    weights, y = initial_weights(N, N), initial_weights(d, N)
    free, change = np.empty((d, N)), np.empty((N, N))
    for _ in range((SHORT_PERIODS - 1) * N // d):
        np.matmul(y, weights.T, out=free)
        np.matmul(y.T, y, out=change)
    return weights


def bare_transforms() -> np.ndarray:
    """Do two batched FFTs and one exponential per step of 2,500 and nothing else."""
    rates = initial_weights(N, N)
    for _ in range(SHORT_PERIODS - 1):
        modes = np.fft.rfft(rates, axis=1)
        rates = np.exp(-np.abs(np.fft.irfft(modes, N, axis=1)))
    return rates


def main() -> None:
    """Print one line per task."""
    tasks = (
        ("cold start and 1,000 steps", run_of("pairwise", 2), 1),
        ("N x N weights, 3,000 steps", run_of("pairwise", SHORT_PERIODS), 5),
        ("N x N weights, 75,000 steps", run_of("pairwise", FULL_PERIODS), 1),
        ("bare matrix products of 2,500 learning steps", bare_products, 5),
        ("circulant weights, 10,500 steps", run_of("mean", LONG_PERIODS), 3),
        ("circulant weights, 75,000 steps", run_of("mean", FULL_PERIODS), 1),
        ("bare transforms of 2,500 learning steps", bare_transforms, 5),
    )
    for number, (task, run, repeats) in enumerate(tasks):
        line = measure(task, run, repeats)
        if number == 0:
            line["cpu_s"] = time.process_time()  # since the start of the interpreter
        print(json.dumps(line))


if __name__ == "__main__":
    main()
