"""Brian2 2.9 (C++ standalone, one thread): network A in the asynchronous irregular state."""

import json
import resource
import tempfile
import time
from collections.abc import Callable

import numpy as np
from brian2 import (
    Hz,
    Network,
    NeuronGroup,
    PoissonInput,
    SpikeMonitor,
    Synapses,
    defaultclock,
    device,
    ms,
    mV,
    prefs,
    second,
    seed,
    set_device,
)

from benchmarks.spiking.scene import BRUNEL, DT_MS, read_options

BIOLOGICAL_S = 0.3
TASK = "network A, AI, per biological second"


def main() -> None:
    """Build, compile, then time the run of the compiled program."""
    options = read_options()
    if options.only not in TASK:
        return
    biological_s = round(BIOLOGICAL_S * options.short, 4)
    prefs.codegen.cpp.extra_compile_args_gcc = ["-O3", "-march=native", "-w"]
    set_device("cpp_standalone", build_on_run=False)
    seed(1)
    defaultclock.dt = DT_MS * ms
    p, rng = BRUNEL, np.random.default_rng(1)
    n = p["n_exc"] + p["n_inh"]
    tau, reset, threshold = p["tau_m_ms"] * ms, p["V_reset_mV"] * mV, p["V_th_mV"] * mV
    cells = NeuronGroup(
        n,
        "dv/dt = -v / tau : volt (unless refractory)",
        threshold="v >= threshold",
        reset="v = reset",
        refractory=p["t_ref_ms"] * ms,
        method="exact",
        namespace={"tau": tau, "reset": reset, "threshold": threshold},
    )
    cells.v = rng.random(n) * p["V_th_mV"] * mV
    parts = []
    for first, size, k, w in (
        (0, p["n_exc"], p["k_exc"], p["J_mV"]),
        (p["n_exc"], p["n_inh"], p["k_inh"], -5.0 * p["J_mV"]),
    ):
        synapses = Synapses(cells, cells, on_pre=f"v_post += {w}*mV", delay=p["delay_ms"] * ms)
        sources = np.concatenate([first + rng.choice(size, k, replace=False) for _ in range(n)])
        synapses.connect(i=sources, j=np.repeat(np.arange(n), k))
        parts.append(synapses)
    parts.append(PoissonInput(cells, "v", p["k_exc"], 2.0 * p["nu_thr_Hz"] * Hz, p["J_mV"] * mV))
    spikes = SpikeMonitor(cells)
    Network(cells, spikes, *parts).run(biological_s * second)
    with tempfile.TemporaryDirectory() as folder:
        device.build(directory=folder, compile=True, run=False)

        def run() -> str:
            device.run(folder, with_output=False, run_args=[])
            return f"rates (Hz) {spikes.num_spikes / n / biological_s:.2f} (transient included)"

        time_child(run, biological_s)


def time_child(run: Callable[[], str], biological_s: float) -> None:
    """Time the compiled program, a process of its own: its stepping, without its start.

    The program knows the wall time of its stepping; the same share of its CPU time is counted.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = time.perf_counter()
    result = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    stepping = device._last_run_time
    line = {
        "task": TASK,
        "cpu_s": cpu * stepping / (time.perf_counter() - wall) / biological_s,
        "wall_s": stepping / biological_s,
        "peak_mb": after.ru_maxrss / 1024,
        "result": result,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
