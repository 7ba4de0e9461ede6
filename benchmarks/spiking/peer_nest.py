"""NEST 3.10, one thread: build and simulate the networks of the scene."""

from functools import partial
from typing import Any

import nest
import numpy as np

from benchmarks.spiking.microcircuit import share_of_the_microcircuit
from benchmarks.spiking.scene import (
    BRUNEL,
    DT_MS,
    SENK,
    SHEET,
    SIDES_MM,
    STATES,
    circuit_name,
    measure,
    read_options,
    sheet_name,
)


def reset() -> None:
    """Start an empty kernel."""
    nest.ResetKernel()
    nest.set_verbosity("M_ERROR")
    nest.SetKernelStatus({"resolution": DT_MS, "local_num_threads": 1, "rng_seed": 1})


def build_brunel(g: float, ratio: float) -> tuple[Any, ...]:
    """Connect network A with distinct sources; return (E, I, recorder)."""
    p = BRUNEL
    neuron = {
        "C_m": 1.0, "tau_m": p["tau_m_ms"], "t_ref": p["t_ref_ms"], "E_L": 0.0,
        "V_reset": p["V_reset_mV"], "V_th": p["V_th_mV"], "I_e": 0.0,
    }  # fmt: skip
    exc = nest.Create("iaf_psc_delta", p["n_exc"], neuron)
    inh = nest.Create("iaf_psc_delta", p["n_inh"], neuron)
    cells = exc + inh
    cells.V_m = nest.random.uniform(0.0, p["V_th_mV"])
    drive = nest.Create("poisson_generator", params={"rate": ratio * p["nu_thr_Hz"] * p["k_exc"]})
    for sources, k, w in ((exc, p["k_exc"], p["J_mV"]), (inh, p["k_inh"], -g * p["J_mV"])):
        rule = {
            "rule": "fixed_indegree", "indegree": k, "allow_multapses": False,
            "allow_autapses": False,
        }  # fmt: skip
        nest.Connect(sources, cells, rule, {"weight": w, "delay": p["delay_ms"]})
    nest.Connect(drive, cells, syn_spec={"weight": p["J_mV"], "delay": DT_MS})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Prepare()
    return exc, inh, recorder


def timed_run(task: str, populations: list[Any], recorder: Any, warm_ms: float, ms: float) -> None:
    """Run the transient, then time the rest."""
    nest.Run(warm_ms)

    def run() -> str:
        nest.Run(ms)
        events = recorder.get("events")
        ids = events["senders"][events["times"] > warm_ms]
        rates = [
            np.sum((ids >= p[0].global_id) & (ids <= p[-1].global_id)) / len(p) / ms * 1e3
            for p in populations
        ]
        return "rates (Hz) " + " ".join(f"{rate:.2f}" for rate in rates)

    measure(task, run, ms * 1e-3)
    nest.Cleanup()


def build_senk() -> tuple[Any, ...]:
    """Connect the ring: distinct sources within the boxcar of each population."""
    p, rng = SENK, np.random.default_rng(1)
    neuron = {
        "C_m": p["C_pF"], "tau_m": p["tau_m_ms"], "t_ref": 0.0, "E_L": 0.0, "V_reset": 0.0,
        "V_th": p["V_th_mV"], "tau_syn_ex": p["tau_s_ms"], "tau_syn_in": p["tau_s_ms"],
    }  # fmt: skip
    exc = nest.Create("iaf_psc_exp", p["n_exc"], neuron)
    inh = nest.Create("iaf_psc_exp", p["n_inh"], neuron)
    cells = exc + inh
    cells.V_m = nest.random.uniform(0.0, p["V_th_mV"])
    weights = (p["w_pA"], -p["g"] * p["w_pA"])
    projections = ((exc, p["k_exc"], p["half_exc"]), (inh, p["k_inh"], p["half_inh"]))
    for (sources, k, half), w in zip(projections, weights, strict=True):
        n = len(sources)
        for targets in (exc, inh):
            pairs = []
            for i, target in enumerate(targets.tolist()):
                centre, reach = i * n / len(targets), half * n
                window = np.arange(np.ceil(centre - reach), np.floor(centre + reach) + 1)
                window = (window.astype(int) % n)[: n - 1]
                window = window[window != i] if sources == targets else window
                chosen = rng.choice(window, int(k), replace=False) + sources[0].global_id
                pairs.append(np.stack([chosen, np.full(int(k), target)]))
            s, t = np.concatenate(pairs, axis=1)
            size = {"weight": np.full(s.size, w), "delay": np.full(s.size, p["delay_ms"])}
            nest.Connect(s, t, "one_to_one", size)
    for rate, w in zip((p["rate_exc_Hz"], p["rate_inh_Hz"]), weights, strict=True):
        drive = nest.Create("poisson_generator", params={"rate": rate})
        nest.Connect(drive, cells, syn_spec={"weight": w, "delay": DT_MS})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Prepare()
    return exc, inh, recorder


def build_sheet(side: float) -> tuple[Any, ...]:
    """Connect a periodic sheet with fixed in-degrees by distance and delays d0 + r/v."""
    p = SHEET
    neuron = {
        "C_m": p["C_pF"], "tau_m": p["tau_m_ms"], "t_ref": p["t_ref_ms"], "E_L": 0.0,
        "V_reset": 0.0, "V_th": p["V_th_mV"], "tau_syn_ex": p["tau_s_ms"],
        "tau_syn_in": p["tau_s_ms"],
    }  # fmt: skip
    exc, inh = (
        nest.Create(
            "iaf_psc_exp",
            params=neuron,
            positions=nest.spatial.grid(
                [round(side * p[f"{kind}_per_mm2"] ** 0.5)] * 2,
                extent=[side, side],
                edge_wrap=True,
            ),
        )
        for kind in ("exc", "inh")
    )
    r = nest.spatial.distance
    for source, kind in ((exc, "exc"), (inh, "inh")):
        rule = {
            "rule": "fixed_indegree", "indegree": p[f"k_{kind}"], "allow_multapses": False,
            "allow_autapses": False, "p": nest.spatial_distributions.gaussian(r, std=p["width_mm"]),
        }  # fmt: skip
        delay = p["delay_ms"] + r / p["speed_mm_per_ms"]
        for target in (exc, inh):
            nest.Connect(source, target, rule, {"weight": p[f"w_{kind}_pA"], "delay": delay})
    drive = nest.Create("poisson_generator", params={"rate": p["drive_Hz"]})
    recorder = nest.Create("spike_recorder")
    for cells in (exc, inh):  # nodes of two grids cannot be joined
        cells.V_m = nest.random.uniform(0.0, p["V_th_mV"])
        nest.Connect(drive, cells, syn_spec={"weight": p["w_exc_pA"], "delay": DT_MS})
        nest.Connect(cells, recorder)
    nest.Prepare()
    return exc, inh, recorder


def build_microcircuit(scale: float) -> tuple[Any, ...]:
    """Connect the circuit and make the kernel ready; return (populations, recorder)."""
    populations, recorder = share_of_the_microcircuit(scale)
    nest.Prepare()
    return populations, recorder


def main() -> None:
    """Print one line per task."""
    options = read_options()
    is_first = True
    for name, (g, ratio, duration) in STATES.items():
        task = f"network A, {name}, per biological second"
        if options.only not in task:
            continue
        reset()
        build = partial(build_brunel, g, ratio)
        exc, inh, recorder = measure("network A: build", build) if is_first else build()
        is_first = False
        timed_run(task, [exc, inh], recorder, 50.0, grid_ms(duration * 1e3 * options.short))
    task = "Senk ring, per biological second"
    if options.only in task:
        reset()
        exc, inh, recorder = build_senk()
        timed_run(task, [exc, inh], recorder, 100.0, grid_ms(200.0 * options.short))
    for side in SIDES_MM:
        task = sheet_name(side)
        if options.only in task:
            reset()
            exc, inh, recorder = measure(f"{task}: build", partial(build_sheet, side))
            ms = grid_ms(200.0 * options.short)
            timed_run(f"{task}, per biological second", [exc, inh], recorder, 100.0, ms)
    task = circuit_name(options.scale)
    if options.only in task:
        reset()
        build = partial(build_microcircuit, options.scale)
        populations, recorder = measure(f"{task}: build", build)
        ms = grid_ms(200.0 * options.short)
        timed_run(f"{task}, per biological second", populations, recorder, 100.0, ms)


def grid_ms(ms: float) -> float:
    """Return a time rounded to whole steps, at least one."""
    return max(round(ms / DT_MS), 1) * DT_MS


if __name__ == "__main__":
    main()
