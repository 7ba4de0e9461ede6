"""What all sides read: Brunel's network at state C with synapses of 0.5 ms, and one step of drive.

Plain numbers, SI. NEST's finite populations fire by an escape rate, cortex's by diffusion: the
escape rate is the one whose rates fit the LIF neuron's at a noise of 5 mV and means of 12 to
22 mV, within 6 %.
"""

import json
import resource
import time
from collections.abc import Callable

import numpy as np

SIZES = (10_000, 2_500)
IN_DEGREES = (1_000, 250)
JUMPS = (1e-4, -5e-4)
RATE_EXT = 20_000.0  # Hz, through jumps of JUMPS[0]: twice what reaches threshold
NEURON = {"tau_m": 20e-3, "tau_ref": 2e-3, "V_th": 20e-3, "V_reset": 10e-3}
TAU_S = 0.5e-3
UNLIKE = (2e-3, 5e-3)
MEAN, NOISE = 16.42e-3, 4e-3  # V, input of a single neuron
FREQUENCIES = np.linspace(1.0, 500.0, 200)
FEW = np.array([5.0, 20.0, 40.0, 80.0, 125.0])
BEFORE, AFTER, STEP_NOISE = 15e-3, 18e-3, 5e-3  # V, mean input round a step, and noise
ESCAPE = {"rate": 135.86, "width": 2.1007e-3}  # Hz at threshold, V
WINDOWS = ((-0.05, 0.0), (0.002, 0.004), (0.006, 0.010), (0.2, 0.4))  # s from the step


def measure(task: str, work: Callable[[], str], share: float = 1.0) -> None:
    """Run twice; print CPU and wall time of the second, per `share` of it, and what came out."""
    work()
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    line = {
        "task": task,
        "cpu_s": (time.process_time() - cpu) / share,
        "wall_s": (time.perf_counter() - wall) / share,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "result": result,
    }
    print(json.dumps(line), flush=True)


def shown(values: np.ndarray, digits: int = 3) -> str:
    """Return numbers as the result of a task."""
    return " ".join(f"{each:.{digits}f}" for each in np.ravel(values))


def round_step(time_s: np.ndarray, rate: np.ndarray) -> str:
    """Return the rates in the windows round a step at time 0."""
    means = [rate[(a <= time_s) & (time_s < b)].mean() for a, b in WINDOWS]
    return "rates round a step (Hz) " + shown(np.array(means), 1)
