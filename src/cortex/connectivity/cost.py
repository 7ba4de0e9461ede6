"""What it costs to build a network: CPU time and peak memory."""

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

from cortex.connectivity.kernels import Kernel
from cortex.connectivity.projection import Projection
from cortex.connectivity.space import Lattice
from cortex.connectivity.spatial import Algorithm, kernel_weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Cost of one construction.

    Parameters
    ----------
    cpu_time : float
        Fastest CPU time of the repetitions, s.
    peak_memory : float
        Most memory taken by arrays at any time, result included, B.
    n_connections : int
        Connections built.
    """

    cpu_time: float
    peak_memory: float
    n_connections: int


def build_cost(lattice: Lattice, kernel: Kernel, algorithm: Algorithm, *, repeats: int) -> Cost:
    """Measure joining a lattice to itself, compiled code warm."""

    def build() -> Projection:
        return kernel_weights(
            lattice, lattice, kernel, autapses=False, same_population=True, algorithm=algorithm
        )

    n_connections = build().n_connections
    cpu_time = min(_cpu_time(build) for _ in range(repeats))
    tracemalloc.start()
    try:
        build()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Cost(cpu_time=cpu_time, peak_memory=float(peak), n_connections=n_connections)


def _cpu_time(task: Callable[[], object]) -> float:
    before = time.process_time()
    task()
    return time.process_time() - before
