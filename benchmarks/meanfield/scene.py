"""The scene both sides read: the microcircuit of Potjans & Diesmann (2014) and the Senk ring, SI.

NumPy only. Both sides get these arrays; the stopwatch runs around their calls alone.
"""

import time
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage
from typing import Any

import numpy as np

SIZES = (20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948)
PROBABILITY = (
    (0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0),
    (0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0),
    (0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0),
    (0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0),
    (0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0),
    (0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0),
    (0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252),
    (0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443),
)
K_EXT = np.array([1600.0, 1500.0, 2100.0, 1900.0, 2000.0, 1900.0, 2900.0, 2100.0])
JUMP = 0.5e-3 * 87.8e-12 / 250e-12
CIRCUIT_NEURON = {"tau_m": 10e-3, "tau_ref": 2e-3, "V_th": 15e-3, "V_reset": 0.0, "tau_s": 0.5e-3}
RING_NEURON = {"tau_m": 5e-3, "tau_ref": 0.0, "V_th": 15e-3, "V_reset": 0.0, "tau_s": 0.5e-3}
FREQUENCIES = np.linspace(0.1, 500.0, 1000)
FIT_FREQUENCIES = np.arange(1.0, 200.0)
INPUTS = (6e-3, 8e-3, 10e-3, 12e-3)


def circuit() -> tuple[np.ndarray, np.ndarray]:
    """Return jumps J (V) and in-degrees K of the microcircuit, [target, source]."""
    N = np.array(SIZES, dtype=float)
    pairs = np.outer(N, N)
    K = np.rint(np.log(1.0 - np.array(PROBABILITY)) / np.log(1.0 - 1.0 / pairs)) / N[:, None]
    J = np.tile([JUMP, -4.0 * JUMP], (8, 4))
    J[0, 2] *= 2.0
    return J, K


def ring() -> tuple[np.ndarray, np.ndarray]:
    """Return jumps J (V) and in-degrees K of the ring at g = 5, [target, source]."""
    return np.tile([JUMP, -5.0 * JUMP], (2, 1)), np.tile([400.0, 100.0], (2, 1))


def measure(
    task: str, run: Callable[[], Any], repeat: int = 1, cold: bool = True
) -> dict[str, Any]:
    """Time one cold call, then `repeat` warm ones together; return one line of results.

    `cold` false leaves the cold call out, where one call takes a minute.
    """
    cold_cpu = time.process_time()
    result = run() if cold else None
    cold_cpu = time.process_time() - cold_cpu
    start = time.process_time(), time.perf_counter()
    for _ in range(repeat):
        result = run()
    cpu, wall = time.process_time() - start[0], time.perf_counter() - start[1]
    values = np.atleast_1d(np.asarray(result))
    return {
        "task": task,
        "cpu_s": cpu / repeat,
        "wall_s": wall / repeat,
        "cold_cpu_s": cold_cpu if cold else None,
        "peak_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024.0,  # of the whole process so far
        "result": [float(f"{np.abs(v):.10g}") for v in (values.ravel()[0], values.ravel()[-1])],
    }
