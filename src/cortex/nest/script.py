"""Run a network in NEST 3.10: ``python FILE.py [PLAN.npz [SPIKES.npz]]``, with NumPy alone.

The plan is the file of the same name that ends in .npz: models, rates, connections and initial
potentials in NEST's units (ms, mV, pA, Hz). The result holds ``steps`` (of the grid; a spike of
step k lies at its end, (k + 1) dt) and ``neurons`` (from 0, through all populations), without the
warm-up. Written by cortex, which reads it back.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

PIECE = 1_000_000  # connections handed over at once


def connect_pairs(nest: Any, arrays: Any) -> None:
    """Connect the pairs of neurons that the plan lists, each with its weight and delay."""
    for first in range(0, len(arrays["sources"]), PIECE):
        part = slice(first, first + PIECE)
        synapse = {"weight": arrays["weights"][part], "delay": arrays["delays"][part]}
        if len(arrays["receptors"]):
            synapse["receptor_type"] = arrays["receptors"][part]
        ends = arrays["sources"][part] + 1, arrays["targets"][part] + 1
        nest.Connect(*ends, "one_to_one", {"synapse_model": "static_synapse", **synapse})


def connect_by_rule(nest: Any, rules: list[dict[str, Any]], neurons: Any) -> None:
    """Let NEST draw the connections of each pair of populations."""
    for rule in rules:
        synapse: dict[str, Any] = {"synapse_model": "static_synapse", **rule["synapse"]}
        if rule["weight_sd"]:
            sign = np.sign(synapse["weight"])
            low, high = sorted([0.0, sign * np.inf])
            drawn = nest.random.normal(synapse["weight"], rule["weight_sd"])
            synapse["weight"] = nest.math.redraw(drawn, min=low, max=high)
        if rule["delay_sd"]:
            drawn = nest.random.normal(synapse["delay"], rule["delay_sd"])
            synapse["delay"] = nest.math.redraw(drawn, min=nest.resolution, max=np.inf)
        source = neurons[slice(*rule["source"])]
        nest.Connect(source, neurons[slice(*rule["target"])], rule["connection"], synapse)


def connect_inputs(nest: Any, plan: dict[str, Any], arrays: Any, neurons: Any) -> list[Any]:
    """Connect Poisson generators, returned, and generators of explicit spikes."""
    generators = []
    for each in plan["poisson"]:
        generator = nest.Create("poisson_generator", params={"rate": each["rate"]})
        nest.Connect(generator, neurons[slice(*each["target"])], "all_to_all", each["synapse"])
        generators.append(generator)
    steps, targets, weights = (arrays[f"event_{name}"] for name in ("steps", "targets", "weights"))
    order = np.lexsort((steps, targets))
    steps, targets, weights = steps[order], targets[order], weights[order]
    heard, first = np.unique(targets, return_index=True)
    for target, part in zip(heard, np.split(np.arange(len(targets)), first[1:]), strict=False):
        # a generator's spike arrives a delay, here one step, after its time
        times = (steps[part] - 1) * plan["dt"]
        own = {"spike_times": times, "spike_weights": weights[part]}
        generator = nest.Create("spike_generator", params={**own, "allow_offgrid_times": False})
        nest.Connect(generator, neurons[int(target)], "one_to_one", {"delay": plan["dt"]})
    return generators


def advance(nest: Any, plan: dict[str, Any], neurons: Any, generators: list[Any]) -> None:
    """Simulate; where drives change, interval by interval."""
    changes, left = plan["changes"], plan["n_steps"]
    for k in range(len(changes["rates"])):
        for generator, rate in zip(generators, changes["rates"][k], strict=True):
            generator.rate = rate
        for population, current in zip(plan["populations"], changes["currents"][k], strict=True):
            neurons[slice(*population["neurons"])].I_e = current
        n = min(changes["steps"], left)
        nest.Simulate(n * plan["dt"])
        left -= n
    if left:
        nest.Simulate(left * plan["dt"])


def main(arguments: list[str]) -> None:
    """Build the network of a plan, run it, write its spikes."""
    own = Path(__file__).with_suffix(".npz")
    path = Path(arguments[0]) if arguments else own
    out = Path(arguments[1]) if len(arguments) > 1 else path.with_name(f"{path.stem}_spikes.npz")
    nest: Any = import_module("nest")
    with np.load(path) as arrays:
        plan: dict[str, Any] = json.loads(str(arrays["plan"]))
        nest.set_verbosity("M_ERROR")
        nest.ResetKernel()
        nest.resolution = plan["dt"]
        nest.local_num_threads = plan["threads"]
        nest.rng_seed = plan["seed"]
        neurons: Any = None
        for each in plan["populations"]:
            created = nest.Create(each["model"], each["n"], params=each["params"])
            neurons = created if neurons is None else neurons + created
        neurons.V_m = arrays["V_m"]
        connect_pairs(nest, arrays)
        connect_by_rule(nest, plan["rules"], neurons)
        generators = connect_inputs(nest, plan, arrays, neurons)
        recorder = nest.Create("spike_recorder", params={"time_in_steps": True})
        nest.Connect(neurons, recorder)
        advance(nest, plan, neurons, generators)
    found = recorder.events
    steps = np.asarray(found["times"], dtype=np.int64) - 1 - plan["warm_up_steps"]
    senders = np.asarray(found["senders"], dtype=np.int64) - 1
    order = np.lexsort((senders, steps))
    order = order[steps[order] >= 0]
    np.savez(out, steps=steps[order], neurons=senders[order])


if __name__ == "__main__":
    main(sys.argv[1:])
