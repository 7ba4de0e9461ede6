"""cortex: the same sheets and networks, then what braintools cannot build."""

import json
import time
from collections.abc import Callable

import numpy as np

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
from cortex.connectivity.composition import Populations, excitatory_inhibitory
from cortex.connectivity.kernels import Gabor, Gaussian, Kernel
from cortex.connectivity.projection import Projection
from cortex.connectivity.rules import fixed_in_degree
from cortex.connectivity.space import Lattice, Points
from cortex.connectivity.spatial import kernel_weights
from cortex.rng import stream

Build = Callable[[], tuple[int, float]]


def outcome(projection: Projection) -> tuple[int, float]:
    """Return the number of connections and the sum of their weights."""
    total = 0.0 if projection.weights is None else float(np.sum(projection.weights))
    return projection.n_connections, total


def sheet(kernel: Kernel, n: int, radius: float, *, anywhere: bool = False) -> Build:
    """Return a function that joins a sheet of n x n neurons to itself.

    `anywhere`: the same places, without saying that they are a lattice.
    """
    lattice = Lattice(shape=(n, n), pitch=(PITCH, PITCH), periodic=False)
    places = Points(coordinates=lattice.coordinates) if anywhere else lattice
    return lambda: outcome(
        kernel_weights(
            places,
            places,
            kernel,
            weight=WEIGHT,
            radius=radius,
            autapses=False,
            same_population=True,
        )
    )


def random_network(n: int) -> Build:
    """Return a function that draws an E-I network of n neurons."""
    neurons = Populations({"E": 4 * n // 5, "I": n // 5})
    probability, weight = {"E": P_EXC, "I": P_INH}, {"E": 1.0, "I": -0.8}
    return lambda: outcome(
        excitatory_inhibitory(
            neurons, p=probability, weight=weight, rng=stream(1, "benchmark"), autapses=True
        )
    )


def in_degree(n: int, k: int) -> Build:
    """Return a function that draws k distinct sources for each of n neurons."""
    return lambda: outcome(
        fixed_in_degree(n, n, k, rng=stream(1, "benchmark"), multapses=False, autapses=True)
    )


def write_floor() -> tuple[int, float]:
    """Write the 12 B of 10^8 connections and nothing else."""
    sources, weights = np.empty(10**8, dtype=np.int32), np.empty(10**8)
    sources.fill(1)
    weights.fill(1.0)
    return 10**8, 1e8


def main() -> None:
    """Print one line per task."""
    gaussian = Gaussian(SIGMA)
    gabor = Gabor(GABOR["sigma"], GABOR["frequency"], GABOR["theta"])
    first = sheet(gaussian, 20, RADIUS)
    first()
    cold = time.process_time()  # from the start of the process, imports included
    line = measure("cold start and the Gaussian sheet, 400 neurons", first)
    print(json.dumps({**line, "cpu_s": cold}))
    tasks = [
        (f"Gaussian sheet, {n * n} neurons", sheet(gaussian, n, RADIUS), REPEATS[n]) for n in SIDES
    ]
    tasks += [
        (
            f"Gaussian sheet, {n * n} neurons, any places",
            sheet(gaussian, n, RADIUS, anywhere=True),
            3,
        )
        for n in SIDES
    ]
    tasks += [
        (f"Gabor sheet, {n * n} neurons", sheet(gabor, n, GABOR["radius"]), REPEATS[n])
        for n in SIDES[:2]
    ]
    tasks += [(f"E-I network, {n * n} neurons", random_network(n * n), 1) for n in SIDES]
    tasks += [
        ("fixed in-degree, 10,000 neurons, 1,000 sources each", in_degree(10_000, 1_000), 1),
        ("fixed in-degree, 1,000,000 neurons, 100 sources each", in_degree(1_000_000, 100), 1),
        ("Gaussian sheet, 1,000,000 neurons", sheet(gaussian, 1000, RADIUS), 1),
        ("floor: write 12 B for each of 10^8 connections", write_floor, 1),
    ]
    warm_up = (sheet(gaussian, 20, RADIUS, anywhere=True), random_network(100), in_degree(100, 10))
    for run in warm_up:
        run()
    for task, run, repeats in tasks:
        if "1,000,000" not in task and "floor" not in task:
            run()
        print(json.dumps(measure(task, run, repeats)))


if __name__ == "__main__":
    main()
