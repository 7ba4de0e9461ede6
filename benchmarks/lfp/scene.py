"""The scene both sides read: spikes, weights and positions of the wslfp demonstration's size.

800 + 200 neurons, half a second, about 4300 spikes, 10 % connectivity onto the 800
excitatory cells, 3 shanks of 10 contacts. NumPy and SciPy only; units ms, um, nA.
"""

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse import random as random_sparse

WEIGHTS_NA = (0.07, -0.28)


def make_scene(neurons: int = 1, duration: int = 1) -> dict[str, Any]:
    """Return the scene with `neurons` times the cells and `duration` times the time."""
    rng = np.random.default_rng(18470724)
    n_exc, n_inh = 800 * neurons, 200 * neurons
    n_spikes = 4333 * neurons * duration
    times = np.sort(rng.uniform(0.0, 500.0 * duration, n_spikes).round(1))
    sources = rng.integers(0, n_exc + n_inh, n_spikes)
    pattern = random_sparse(
        n_exc + n_inh, n_exc, density=0.1 / neurons, random_state=rng, data_rvs=np.ones
    )
    weights = csr_matrix(pattern)
    weights.data[:] = WEIGHTS_NA[0]
    weights.data[weights.indptr[n_exc] :] = WEIGHTS_NA[1]
    depths = np.linspace(-400.0, 600.0, 10)
    electrodes = np.array([[r, 0.0, z] for r in (0.0, 250.0, 500.0) for z in depths])
    return {
        "t_ms": np.arange(0.0, 500.0 * duration, 0.1),
        "spike_ms": times,
        "source": sources,
        "n_exc": n_exc,
        "weights": weights,  # presynaptic x postsynaptic
        "somata_um": rng.uniform(-250.0, 250.0, (n_exc, 3)),
        "electrodes_um": electrodes,
    }


def measure(task: str, run: Callable[[], Any], repeat: int = 1) -> dict[str, Any]:
    """Run once cold and once for the peak of memory, then time; return one line of results."""
    cold = time.process_time()
    run()
    cold = time.process_time() - cold
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    cpu, wall = [], []
    for _ in range(repeat):
        start = time.process_time(), time.perf_counter()
        result = run()
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    return {
        "task": task,
        "cpu_s": float(np.median(cpu)),
        "wall_s": float(np.median(wall)),
        "peak_mb": peak,
        "cold_cpu_s": cold,
        "result": [float(np.float64(v).round(9)) for v in (result.std(), np.abs(result).max())],
    }


def first_call(line: dict[str, Any]) -> dict[str, Any]:
    """Return the line of the first call in the process: what a script that calls once pays."""
    return {**line, "task": f"{line['task']}, first call", "cpu_s": line["cold_cpu_s"]}


def wall_clock(line: dict[str, Any]) -> dict[str, Any]:
    """Return the line with the time on the wall in place of CPU time: where threads share work."""
    return {**line, "task": f"{line['task']}, wall-clock on two cores", "cpu_s": line["wall_s"]}
