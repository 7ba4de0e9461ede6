"""What all simulators run: network A, the Senk ring, a sheet, a share of the microcircuit.

Plain numbers, so that each peer reads them in its own environment.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable, Mapping
from typing import Any

DT_MS = 0.1
BRUNEL: Mapping[str, Any] = {
    "n_exc": 10000, "n_inh": 2500, "k_exc": 1000, "k_inh": 250, "J_mV": 0.1, "delay_ms": 1.5,
    "tau_m_ms": 20.0, "t_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0, "nu_thr_Hz": 10.0,
}  # fmt: skip
STATES = {"AI": (5.0, 2.0, 0.2), "SR": (3.0, 2.0, 0.05), "SI fast": (6.0, 4.0, 0.2)}
SENK: Mapping[str, Any] = {
    "n_exc": 4000, "n_inh": 1000, "k_exc": 400, "k_inh": 100, "w_pA": 87.8, "g": 5.0,
    "delay_ms": 1.5, "tau_m_ms": 5.0, "tau_s_ms": 0.5, "C_pF": 250.0, "V_th_mV": 15.0,
    "rate_exc_Hz": 95504.47, "rate_inh_Hz": 15718.6, "half_exc": 0.2, "half_inh": 0.07,
}  # fmt: skip
# `preset: sheet`, asynchronous: pieces of it at full density and in-degree; the drive is the one
# that theory finds for 10 Hz
SHEET: Mapping[str, Any] = {
    "exc_per_mm2": 2500.0, "inh_per_mm2": 625.0, "k_exc": 1000, "k_inh": 250, "width_mm": 0.3,
    "w_exc_pA": 87.8, "w_inh_pA": -526.8, "delay_ms": 0.5, "speed_mm_per_ms": 0.3, "tau_m_ms": 10.0,
    "t_ref_ms": 2.0, "V_th_mV": 15.0, "C_pF": 250.0, "tau_s_ms": 0.5, "drive_Hz": 9904.099,
}  # fmt: skip
SIDES_MM = (1.2, 1.6, 4.0)
PUBLISHED_RATES = (0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829)


def read_options() -> argparse.Namespace:
    """Read what to run: ``--only TEXT --scale SHARE --short SHARE``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="only tasks whose name contains this")
    parser.add_argument(
        "--scale",
        type=float,
        default=0.1,
        help="share of the microcircuit; 1 needs 16 to 20 GB in NEST",
    )
    parser.add_argument("--short", type=float, default=1.0, help="factor on simulated times")
    options = parser.parse_args()
    if not (0.0 < options.scale <= 1.0 and 0.0 < options.short <= 1.0):
        parser.error("--scale and --short lie in (0, 1]")
    return options


def used_cpu() -> float:
    """Return the CPU seconds of this process so far."""
    return time.process_time()


def sheet_name(side: float) -> str:
    """Return the name of a sheet of a side in mm, the same for all simulators."""
    return f"sheet of {side:g} x {side:g} mm"


def circuit_name(scale: float) -> str:
    """Return the name of the microcircuit at a scale, the same for all simulators."""
    return f"microcircuit, {scale:g} of its neurons and synapses"


def measure(task: str, work: Callable[[], Any], per: float = 1.0) -> Any:
    """Run once, print CPU and wall time per `per` (biological seconds); return the result."""
    cpu, wall = time.process_time(), time.perf_counter()
    got = work()
    line = {
        "task": task,
        "cpu_s": (time.process_time() - cpu) / per,
        "wall_s": (time.perf_counter() - wall) / per,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "result": got if isinstance(got, str) else None,
    }
    print(json.dumps(line), flush=True)
    return got
