"""Run a network in PyNN: ``python FILE.py [SIMULATOR]``, nest where none is named.

Reads the file of the same name that ends in .npz: neurons, connections, rates, potentials in ms,
mV, pA or mV per spike, Hz. Writes ``steps`` and ``neurons`` without the warm-up beside it, as
cortex does: a spike of step k lies at its end, (k + 1) dt. Poisson input is the simulator's own.
Written by cortex.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

PICO_TO_NANO = 1e-3  # PyNN counts currents in nA, capacitances in nF


def populations_of(sim: Any, plan: dict[str, Any], potentials: Any) -> list[Any]:
    """Return the populations of the plan."""
    made = []
    for each in plan["populations"]:
        own = each["params"]
        keys = {
            "v_rest": own["E_L"],
            "v_reset": own["V_reset"],
            "v_thresh": own["V_th"],
            "tau_m": own["tau_m"],
            "tau_refrac": own["t_ref"],
            "cm": own["C_m"] * PICO_TO_NANO,
            "i_offset": own["I_e"] * PICO_TO_NANO,
        }
        if "tau_syn_ex" in own:
            keys |= {"tau_syn_E": own["tau_syn_ex"], "tau_syn_I": own["tau_syn_in"]}
        cell = sim.IF_curr_exp(**keys) if "tau_syn_ex" in own else sim.IF_curr_delta(**keys)
        population = sim.Population(each["n"], cell, label=each["name"])
        if hasattr(population, "node_collection") and not hasattr(cell, "variable_map"):
            # PyNN 0.13 does not know what NEST calls the potential of its delta neurons
            population.node_collection.V_m = potentials[slice(*each["neurons"])]
        else:
            population.initialize(v=potentials[slice(*each["neurons"])])
        population.record("spikes")
        made.append(population)
    return made


def weight_of(plan: dict[str, Any], population: int, weight: Any) -> Any:
    """Return weights in PyNN's units: nA of a current, mV of a delta synapse."""
    is_current = "tau_syn_ex" in plan["populations"][population]["params"]
    return weight * PICO_TO_NANO if is_current else weight


def connect(sim: Any, plan: dict[str, Any], arrays: Any, made: list[Any]) -> None:
    """Connect the listed pairs, one projection for each pair of populations and sign."""
    sources, targets, weights, delays = (
        arrays[name] for name in ("sources", "targets", "weights", "delays")
    )
    delays = delays * plan["dt"]
    spans = [each["neurons"] for each in plan["populations"]]
    for b, (low, high) in enumerate(spans):
        for a, (first, last) in enumerate(spans):
            pair = (sources >= low) & (sources < high) & (targets >= first) & (targets < last)
            for receptor, own in (("excitatory", weights >= 0.0), ("inhibitory", weights < 0.0)):
                on = np.flatnonzero(pair & own)
                if not on.size:
                    continue
                rows = zip(
                    (sources[on] - low).tolist(),
                    (targets[on] - first).tolist(),
                    np.asarray(weight_of(plan, a, weights[on])).tolist(),
                    delays[on].tolist(),
                    strict=True,
                )
                listed = sim.FromListConnector(list(rows), column_names=["weight", "delay"])
                sim.Projection(made[b], made[a], listed, receptor_type=receptor)


def drive(sim: Any, plan: dict[str, Any], made: list[Any]) -> None:
    """Give each neuron Poisson sources of its own."""
    spans = [each["neurons"] for each in plan["populations"]]
    for each in plan["poisson"]:
        a = spans.index(each["target"])
        source = sim.Population(made[a].size, sim.SpikeSourcePoisson(rate=each["rate"]))
        weight = weight_of(plan, a, each["synapse"]["weight"])
        synapse = sim.StaticSynapse(weight=weight, delay=each["synapse"]["delay"])
        receptor = "inhibitory" if weight < 0.0 else "excitatory"
        one_to_one = sim.OneToOneConnector()
        sim.Projection(source, made[a], one_to_one, synapse, receptor_type=receptor)


def main(arguments: list[str]) -> None:
    """Build the network of the plan, run it, write its spikes."""
    path = Path(__file__).with_suffix(".npz")
    simulator = arguments[0] if arguments else "nest"
    sim: Any = import_module(f"pyNN.{simulator}")
    # NEST's cells on the grid, as cortex's are; by default PyNN takes those that spike off it
    more = {"spike_precision": "on_grid"} if simulator == "nest" else {}
    with np.load(path) as arrays:
        plan: dict[str, Any] = json.loads(str(arrays["plan"]))
        dt = plan["dt"]
        longest = dt * float(np.max(arrays["delays"], initial=1))
        sim.setup(timestep=dt, min_delay=dt, max_delay=longest, **more)
        made = populations_of(sim, plan, arrays["V_m"])
        connect(sim, plan, arrays, made)
        drive(sim, plan, made)
    sim.run(plan["n_steps"] * dt)
    steps, neurons = [], []
    for each, population in zip(plan["populations"], made, strict=True):
        trains = population.get_data("spikes").segments[0].spiketrains
        for neuron, train in enumerate(trains, start=each["neurons"][0]):
            found = np.rint(np.asarray(train) / dt).astype(int) - 1 - plan["warm_up_steps"]
            steps.append(found[found >= 0])
            neurons.append(np.full(len(steps[-1]), neuron))
    sim.end()
    joined, senders = np.concatenate(steps), np.concatenate(neurons)
    order = np.lexsort((senders, joined))
    out = path.with_name(f"{path.stem}_spikes.npz")
    np.savez(out, steps=joined[order], neurons=senders[order])


if __name__ == "__main__":
    main(sys.argv[1:])
