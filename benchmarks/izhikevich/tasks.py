"""The two networks that cortex and its peers run, as plain numbers in mV, ms, pA, nS, pF."""

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

RS = {"C": 100, "k": 3, "v_r": -60, "v_t": -50, "v_peak": 50, "a": 0.01, "b": 5, "c": -60, "d": 400}
FS = {"C": 20, "k": 1, "v_r": -55, "v_t": -40, "v_peak": 25, "a": 0.15, "b": 8, "c": -55, "d": 200}
TAU_MS = {"ampa": 5.0, "nmda": 100.0, "gaba_a": 6.0, "gaba_b": 150.0}
REVERSAL_MV = {"ampa": 0.0, "nmda": 0.0, "gaba_a": -70.0, "gaba_b": -90.0}
DT_MS, N_STEPS = 0.1, 10_000

SMALL = "100+20 ring, 1 s"
SMALL_CLEAN = "100+20 ring, 1 s, decay in every step"
LARGE = "10,000 cells x 1,000 synapses, 1 s"
LARGE_LOOP = "10,000 cells x 1,000 synapses, 1 s, stepping alone"
LARGE_N = {"E": 8000, "I": 2000}
LARGE_IN_DEGREE = {"E": 800, "I": 200}
LARGE_WEIGHT_NS = {"E": 0.02, "I": 0.1}


def ring_weights(n_exc: int = 100, n_inh: int = 20) -> np.ndarray:
    """Return weights of the published ring, nS, ``[target, source]``, E first."""
    n = {"E": n_exc, "I": n_inh}
    peak = {("E", "E"): 5.0, ("I", "E"): 10.0, ("E", "I"): 0.0, ("I", "I"): 10.0}
    blocks = {}
    for (target, source), w in peak.items():
        x = np.arange(n[target])[:, None] * 360 / n[target] - np.arange(n[source]) * 360 / n[source]
        x = np.minimum(np.abs(x), 360 - np.abs(x))
        blocks[target, source] = w * np.exp(-(x**2) / 14.4**2)
        if target == source:
            np.fill_diagonal(blocks[target, source], 0.0)
    return np.block([[blocks[t, s] for s in "EI"] for t in "EI"])


def ring_current(n: int = 120) -> np.ndarray:
    """Return the constant currents of the published ring, pA."""
    current = np.zeros(n)
    current[:2] = 500.0, 400.0
    return current


def large_current() -> np.ndarray:
    """Return the constant currents of the large network, pA: different for every cell."""
    exc = np.linspace(80.0, 400.0, LARGE_N["E"])
    inh = np.linspace(80.0, 200.0, LARGE_N["I"])
    return np.concatenate([exc, inh])


def resident_mb() -> float:
    """Return the present resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 2**20


def measure(task: str, run: Callable[[], Any], repeats: int = 1) -> None:
    """Print one JSON line: CPU and wall seconds per run, rise of the resident memory, result.

    The rise is the highest memory of the process so far over that before the task: never
    too small, too large if something needed more before.
    """
    before = resident_mb()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        result = run()
    line = {
        "task": task,
        "cpu_s": (time.process_time() - cpu) / repeats,
        "wall_s": (time.perf_counter() - wall) / repeats,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before,
        "result": result,
    }
    print(json.dumps(line), flush=True)
