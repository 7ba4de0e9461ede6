"""braintools 0.3.0 on the CPU: the same kernels, positions in micrometres, peak weights."""

import json
import time
import warnings
from collections.abc import Callable
from typing import Any

import brainunit as u
import numpy as np
from braintools import conn

from benchmarks.connectivity.scene import (
    GABOR,
    P_EXC,
    P_INH,
    PITCH,
    RADIUS,
    REPEATS,
    SIDES,
    SIGMA,
    WEIGHT,
    measure,
)

warnings.simplefilter("ignore")

Build = Callable[[], tuple[int, float]]


def outcome(result: Any) -> tuple[int, float]:
    """Return the number of connections and the sum of their weights."""
    return len(result.pre_indices), float(np.sum(u.get_mantissa(result.weights)))


def sheet(make: Callable[[], Any], n: int) -> Build:
    """Return a function that joins a sheet of n x n neurons to itself; nothing is cached."""
    x, y = np.meshgrid(np.arange(n) * PITCH * 1e6, np.arange(n) * PITCH * 1e6)
    places = np.stack([x.ravel(), y.ravel()], axis=1) * u.um
    return lambda: outcome(
        make()(pre_size=n * n, post_size=n * n, pre_positions=places, post_positions=places)
    )


def gaussian() -> Any:
    """Return the Gaussian kernel; unnormalised, so that its hidden prune cuts nothing."""
    return conn.GaussianKernel(
        sigma=SIGMA * 1e6 * u.um,
        max_distance=RADIUS * 1e6 * u.um,
        normalize=False,
        weight=WEIGHT * u.nS,
    )


def gabor() -> Any:
    """Return the Gabor kernel; it drops values below 1e-3."""
    return conn.GaborKernel(
        sigma=GABOR["sigma"] * 1e6 * u.um,
        frequency=GABOR["frequency"] / 1e6,
        theta=GABOR["theta"],
        max_distance=GABOR["radius"] * 1e6 * u.um,
        weight=WEIGHT * u.nS,
    )


def random_network(n: int) -> Build:
    """Return a function that draws an E-I network of n neurons."""

    def run() -> tuple[int, float]:
        rule = conn.ExcitatoryInhibitory(
            exc_ratio=0.8,
            exc_prob=P_EXC,
            inh_prob=P_INH,
            exc_weight=1.0 * u.nS,
            inh_weight=-0.8 * u.nS,
            seed=1,
        )
        return outcome(rule(pre_size=n, post_size=n))

    return run


def main() -> None:
    """Print one line per task."""
    first = sheet(gaussian, 20)
    first()
    cold = time.process_time()  # from the start of the process, imports included
    line = measure("cold start and the Gaussian sheet, 400 neurons", first)
    print(json.dumps({**line, "cpu_s": cold}))
    for n in SIDES:
        run = sheet(gaussian, n)
        line = measure(f"Gaussian sheet, {n * n} neurons", run, REPEATS[n] if n < 80 else 1)
        print(json.dumps(line))
        print(json.dumps({**line, "task": line["task"] + ", any places"}))
    for n in SIDES[:2]:
        print(json.dumps(measure(f"Gabor sheet, {n * n} neurons", sheet(gabor, n), 2)))
    for n in SIDES:
        print(json.dumps(measure(f"E-I network, {n * n} neurons", random_network(n * n))))


if __name__ == "__main__":
    main()
