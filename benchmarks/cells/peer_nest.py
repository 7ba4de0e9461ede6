"""NEST 3.10, one thread: the same networks from the numbers of their papers."""

from typing import Any

import nest
import numpy as np

from benchmarks.cells.scene import DT_MS, LENGTHS_MS, WARM_UP_MS, measure, read_options

COBA = {
    "C_m": 200.0, "g_L": 10.0, "E_L": -60.0, "V_th": -50.0, "V_reset": -60.0, "t_ref": 5.0,
    "E_ex": 0.0, "E_in": -80.0, "tau_syn_ex": 5.0, "tau_syn_in": 10.0,
}  # fmt: skip
CUBA = {
    "C_m": 200.0, "tau_m": 20.0, "E_L": -49.0, "V_th": -50.0, "V_reset": -60.0, "t_ref": 5.0,
    "tau_syn_ex": 5.0, "tau_syn_in": 10.0,
}  # fmt: skip
ADEX = {
    "C_m": 281.0, "g_L": 30.0, "E_L": -70.6, "V_th": -50.4, "Delta_T": 2.0, "V_reset": -70.6,
    "V_peak": 0.0, "t_ref": 2.0, "tau_w": 144.0, "a": 4.0, "b": 80.5, "E_ex": 0.0, "E_in": -80.0,
    "tau_syn_ex": 5.0, "tau_syn_in": 10.0,
}  # fmt: skip
# model, neuron, changes of inhibitory neurons, sizes, weights, delay, in-degrees
NETWORKS = {
    "coba": ("iaf_cond_exp", COBA, {}, (3200, 800), (6.0, -67.0), 0.1, None),
    "cuba": ("iaf_psc_exp", CUBA, {}, (3200, 800), (16.2, -90.0), 0.1, None),
    "adex": (
        "aeif_cond_exp", ADEX, {"a": 0.0, "b": 0.0}, (8000, 2000), (1.0, -20.0), 1.0, (80, 20),
    ),
}  # fmt: skip


def build(name: str) -> tuple[Any, ...]:
    """Connect one network; return its populations and the recorder."""
    nest.ResetKernel()
    nest.set_verbosity("M_ERROR")
    nest.SetKernelStatus({"resolution": DT_MS, "local_num_threads": 1, "rng_seed": 1})
    model, neuron, changes, sizes, weights, delay, in_degrees = NETWORKS[name]
    exc = nest.Create(model, sizes[0], neuron)
    inh = nest.Create(model, sizes[1], {**neuron, **changes})
    cells = exc + inh
    cells.V_m = nest.random.uniform(-60.0, -50.0)
    for k, (sources, weight) in enumerate(zip((exc, inh), weights, strict=True)):
        rule = {"rule": "pairwise_bernoulli", "p": 0.02}
        if in_degrees is not None:
            rule = {"rule": "fixed_indegree", "indegree": in_degrees[k]}
        nest.Connect(sources, cells, rule, {"weight": weight, "delay": delay})
    if name != "cuba":
        lasts = name == "adex"
        rate, weight = (2000.0, 2.0) if lasts else (400.0, 6.0)
        stop = {} if lasts else {"stop": WARM_UP_MS}
        poisson = nest.Create("poisson_generator", params={"rate": rate, **stop})
        nest.Connect(poisson, cells, syn_spec={"weight": weight, "delay": DT_MS})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    nest.Prepare()
    return (exc, inh), recorder


def run(name: str, ms: float) -> None:
    """Run the warm-up, then time the rest."""
    populations, recorder = build(name)
    nest.Run(WARM_UP_MS)

    def go_on() -> str:
        nest.Run(ms)
        events = recorder.get("events")
        ids = events["senders"][events["times"] > WARM_UP_MS]
        rates = [
            np.sum((ids >= each[0].global_id) & (ids <= each[-1].global_id)) / len(each) / ms * 1e3
            for each in populations
        ]
        return "rates (Hz) " + " ".join(f"{rate:.2f}" for rate in rates)

    measure(name, go_on, ms * 1e-3)
    nest.Cleanup()


if __name__ == "__main__":
    options = read_options()
    for each, length in LENGTHS_MS.items():
        if options.only in each:
            run(each, round(length * options.short * 1e-3, 2) * 1e3)
