"""Run a network in NEST 3.10: ``python FILE.py [PLAN.npz [SPIKES.npz [PROCESSES]]]``.

The plan is the file of the same name that ends in .npz: models, rates, connections and initial
potentials in NEST's units (ms, mV, pA, Hz). The result holds ``steps`` (of the grid; a spike of
step k lies at its end, (k + 1) dt) and ``neurons`` (from 0, through all populations), without the
warm-up; under mpirun each process writes its own neurons, SPIKES-RANK.npz. Needs NumPy alone.
Written by cortex, which reads it back.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

PIECE = 1_000_000  # connections handed over at once
MODEL_HOLDS = 100_000_000  # a synapse model numbers 2**27 connections per thread, no more
LEAN_HOLDS = 60_000  # neurons per thread that 16 bits of the lean synapse number, and devices


def pieces(path: Path, names: tuple[str, ...]) -> Iterator[list[Any]]:
    """Yield arrays of one length piece by piece: whole, they may not fit beside NEST."""
    with ZipFile(path) as file, ExitStack() as opened:
        streams = [opened.enter_context(file.open(f"{name}.npy")) for name in names]
        kinds = []
        for stream in streams:
            np.lib.format.read_magic(stream)
            (left,), _, kind = np.lib.format.read_array_header_1_0(stream)
            kinds.append(kind)
        while left > 0:
            n = min(PIECE, left)
            yield [
                np.frombuffer(stream.read(n * kind.itemsize), kind)
                for stream, kind in zip(streams, kinds, strict=True)
            ]
            left -= n


def synapse_model(nest: Any, name: str, n_neurons: int) -> str:
    """Return a new model of static synapses, of 16 B each where the neurons allow, else 24."""
    threads = nest.local_num_threads * nest.num_processes
    is_lean = n_neurons / threads < LEAN_HOLDS
    nest.CopyModel("static_synapse_hpc" if is_lean else "static_synapse", name)
    return name


def connect_pairs(nest: Any, plan: dict[str, Any], path: Path, neurons: Any) -> None:
    """Connect the listed pairs of neurons, each with its weight and delay; targets held here."""
    ports = ("receptors",) if plan["has_ports"] else ()
    names = ("sources", "targets", "weights", "delays", *ports)
    for k, columns in enumerate(pieces(path, names)):
        if k % (MODEL_HOLDS // PIECE) == 0:
            model = synapse_model(nest, f"listed_{k}", len(neurons))
        held = (columns[1] + 1) % nest.num_processes == nest.Rank()  # NEST deals neurons in turn
        sources, targets, weights, delays, *receptors = (column[held] for column in columns)
        synapse = {"synapse_model": model, "weight": weights, "delay": delays * plan["dt"]}
        if receptors:
            synapse["receptor_type"] = receptors[0]
        ends = sources.astype(np.int64) + 1, targets.astype(np.int64) + 1
        nest.Connect(*ends, "one_to_one", synapse)


def connect_by_rule(nest: Any, rules: list[dict[str, Any]], neurons: Any) -> None:
    """Let NEST draw the connections of each pair of populations."""
    models: dict[int, str] = {}
    for rule in rules:
        first = rule["source"][0]
        if first not in models:
            models[first] = synapse_model(nest, f"drawn_{first}", len(neurons))
        synapse: dict[str, Any] = {"synapse_model": models[first], **rule["synapse"]}
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
    if len(arguments) > 2 and nest.num_processes != int(arguments[2]):
        sys.exit(
            f"{arguments[2]} processes of NEST were started and know of {nest.num_processes}: this "
            "NEST was built without MPI, or for another one; make peers-nest-mpi builds one"
        )
    with np.load(path) as arrays:
        plan: dict[str, Any] = json.loads(str(arrays["plan"]))
        nest.set_verbosity("M_ERROR")
        nest.ResetKernel()
        nest.resolution = plan["dt"]
        nest.local_num_threads = plan["threads"]
        nest.rng_seed = plan["seed"]
        nest.keep_source_table = False  # 8 B for each synapse, freed once spikes know their way
        neurons: Any = None
        for each in plan["populations"]:
            created = nest.Create(each["model"], each["n"], params=each["params"])
            neurons = created if neurons is None else neurons + created
        held = nest.GetLocalNodeCollection(neurons)
        held.V_m = arrays["V_m"][np.array(held.tolist()) - 1]
        connect_pairs(nest, plan, path, neurons)
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
    if nest.num_processes > 1:
        out = out.with_name(f"{out.stem}-{nest.Rank()}.npz")
    np.savez(out, steps=steps[order], neurons=senders[order])


if __name__ == "__main__":
    main(sys.argv[1:])
