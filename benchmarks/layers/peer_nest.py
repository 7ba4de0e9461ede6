"""NEST 3.10, one thread: its finite populations (gif_pop_psc_exp) and the network of neurons."""

import nest
import numpy as np

from benchmarks.layers.scene import (
    AFTER,
    BEFORE,
    ESCAPE,
    IN_DEGREES,
    JUMPS,
    NEURON,
    RATE_EXT,
    SIZES,
    TAU_S,
    measure,
    round_step,
    shown,
)

C_M = 250.0  # pF
LENGTH = 1_000.0  # ms
LIF = {
    "C_m": C_M, "tau_m": 1e3 * NEURON["tau_m"], "t_ref": 1e3 * NEURON["tau_ref"],
    "E_L": 0.0, "V_reset": 1e3 * NEURON["V_reset"],
}  # fmt: skip


def prepare() -> None:
    """Empty the kernel."""
    nest.ResetKernel()
    nest.set_verbosity("M_ERROR")
    nest.SetKernelStatus({"resolution": 0.1, "local_num_threads": 1, "rng_seed": 1})


def current(V: float) -> float:
    """Return the current in pA that holds a membrane at `V`, V."""
    return 1e3 * V * C_M / LIF["tau_m"]


def populations() -> str:
    """Run two populations of neurons with an escape rate through a step of drive."""
    prepare()
    escape = {
        "V_T_star": 1e3 * NEURON["V_th"], "Delta_V": 1e3 * ESCAPE["width"],
        "lambda_0": ESCAPE["rate"], "q_sfa": [0.0], "tau_sfa": [100.0],
    }  # fmt: skip
    both = nest.Create("gif_pop_psc_exp", 2, {**LIF, **escape, "I_e": current(BEFORE)})
    both.N = list(SIZES)
    step = nest.Create(
        "step_current_generator",
        params={"amplitude_times": [LENGTH / 2], "amplitude_values": [current(AFTER - BEFORE)]},
    )
    nest.Connect(step, both)
    meter = nest.Create("multimeter", params={"record_from": ["n_events"], "interval": 0.1})
    nest.Connect(meter, both)
    nest.Simulate(LENGTH)
    events = meter.get("events")
    first, second = (events["senders"] == each for each in both.tolist())
    rate = (events["n_events"][first] / SIZES[0] + events["n_events"][second] / SIZES[1]) / 2e-4
    return round_step((events["times"][first] - LENGTH / 2) * 1e-3, rate)


def neurons() -> str:
    """Run the network of neurons, its wiring included."""
    prepare()
    cell = {**LIF, "V_th": 1e3 * NEURON["V_th"], "V_m": 0.0}
    tau = 1e3 * TAU_S
    groups = [
        nest.Create("iaf_psc_exp", n, {**cell, "tau_syn_ex": tau, "tau_syn_in": tau}) for n in SIZES
    ]
    everyone = groups[0] + groups[1]
    everyone.V_m = nest.random.uniform(0.0, 1e3 * NEURON["V_th"])
    for group, degree, jump in zip(groups, IN_DEGREES, JUMPS, strict=True):
        weight = 1e3 * jump * C_M / tau
        nest.Connect(
            group,
            everyone,
            {"rule": "fixed_indegree", "indegree": degree},
            {"weight": weight, "delay": 1.5},
        )
    poisson = nest.Create("poisson_generator", params={"rate": RATE_EXT})
    nest.Connect(poisson, everyone, syn_spec={"weight": 1e3 * JUMPS[0] * C_M / tau, "delay": 0.1})
    recorders = nest.Create("spike_recorder", 2, {"start": 100.0})
    for group, recorder in zip(groups, recorders, strict=True):
        nest.Connect(group, recorder)
    nest.Simulate(LENGTH)
    counts = np.array(recorders.n_events)
    return "rates (Hz) " + shown(counts / np.array(SIZES) / (LENGTH - 100.0) * 1e3, 1)


def main() -> None:
    """Print one line per task."""
    measure("two finite populations, per biological second", populations)
    measure("12,500 neurons with their wiring, per biological second", neurons)


if __name__ == "__main__":
    main()
