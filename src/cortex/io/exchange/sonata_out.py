"""A network as a SONATA circuit: nodes, edges, their types, parameters of NEST's models."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from cortex.errors import TableError
from cortex.nest.plan import Plan, plan_of
from cortex.networks.case import NetworkCase
from cortex.typing import AnyArray

MAGIC: Final = 0x0A7A
EDGES: Final = "connections"
INPUTS: Final = "poisson"
NODE_COLUMNS: Final = (
    "node_type_id",
    "model_type",
    "model_template",
    "dynamics_params",
    "pop_name",
)
EDGE_COLUMNS: Final = ("edge_type_id", "target_query", "source_query", "model_template", "delay")


def write_circuit(case: NetworkCase, destination: Path, seed: int) -> list[str]:
    """Write ``circuit_config.json`` and the files that it names; return what they leave out.

    Every synapse of the first network of a seed is an edge with weight (mV or pA, NEST's) and
    delay (ms). Poisson inputs are virtual nodes, one of each neuron, whose type has a column
    ``rate_Hz``.

    Raises
    ------
    TableError
        What SONATA's point neurons do not hold: several time constants of one sign.
    """
    plan = plan_of(case.network, case.study.simulation, seed=case.run_seed(seed, 0), rule=case.rule)
    if len(plan.arrays["receptors"]):
        msg = f"{case.name}: SONATA's edges name no receptor; one time constant per sign is needed"
        raise TableError(msg)
    folder, name = destination.parent, destination.name.removesuffix(".sonata.json")
    files = {each: f"{name}_{each}" for each in ("nodes.h5", "node_types.csv", "edges.h5",
                                                 "edge_types.csv", "models")}  # fmt: skip
    (folder / files["models"]).mkdir(exist_ok=True)
    _write_nodes(plan, case.name, folder, files)
    _write_edges(plan, case.name, folder, files)
    nodes = {"nodes_file": files["nodes.h5"], "node_types_file": files["node_types.csv"]}
    edges = {"edges_file": files["edges.h5"], "edge_types_file": files["edge_types.csv"]}
    config = {
        "manifest": {"$BASE_DIR": "."},
        "components": {"point_neuron_models_dir": f"$BASE_DIR/{files['models']}"},
        "networks": {
            "nodes": [{key: f"$BASE_DIR/{file}" for key, file in nodes.items()}],
            "edges": [{key: f"$BASE_DIR/{file}" for key, file in edges.items()}],
        },
    }
    destination.write_text(f"{json.dumps(config, indent=2)}\n", encoding="utf-8")
    left_out = {
        "courses of drives": bool(case.courses),
        "scatter of neurons": bool(case.scatter),
        "times of recorded spikes": bool(case.recorded),
        "initial potentials": True,
        "what is run on it (simulation, analysis, lfp, states)": True,
    }
    return [what for what, is_there in left_out.items() if is_there]


def _write_nodes(plan: Plan, name: str, folder: Path, files: Mapping[str, str]) -> None:
    populations, rows = plan.words["populations"], []
    for i, each in enumerate(populations):
        own = f"{each['name']}.json"
        text = json.dumps(each["params"], indent=2)
        (folder / files["models"] / own).write_text(f"{text}\n", encoding="utf-8")
        rows.append((i, "point_neuron", f"nest:{each['model']}", own, each["name"], "NULL"))
    types = np.repeat(np.arange(len(populations)), [each["n"] for each in populations])
    inputs = plan.words["poisson"]
    first = len(populations)
    rows += [
        (first + p, "virtual", "NULL", "NULL", f"{INPUTS}_{p}", repr(each["rate"]))
        for p, each in enumerate(inputs)
    ]
    sizes = [each["target"][1] - each["target"][0] for each in inputs]
    with h5py.File(folder / files["nodes.h5"], "w") as file:
        _stamp(file)
        _write_population(file, name, types)
        if inputs:
            _write_population(file, INPUTS, np.repeat(first + np.arange(len(inputs)), sizes))
    _write_table(folder / files["node_types.csv"], (*NODE_COLUMNS, "rate_Hz"), rows)


def _write_population(file: Any, name: str, types: AnyArray) -> None:
    group = file.create_group(f"nodes/{name}")
    group["node_type_id"] = types
    group["node_id"] = np.arange(len(types))  # the format can do without, BMTK cannot
    group["node_group_id"] = np.zeros(len(types), dtype=np.int64)
    group["node_group_index"] = np.arange(len(types))
    group.create_group("0")


def _write_edges(plan: Plan, name: str, folder: Path, files: Mapping[str, str]) -> None:
    arrays, inputs, n = plan.arrays, plan.words["poisson"], len(plan.arrays["V_m"])
    rows = [(0, "*", "*", "static_synapse", "NULL"), (1, "*", "*", "static_synapse", "NULL")]
    _write_table(folder / files["edge_types.csv"], EDGE_COLUMNS, rows)
    with h5py.File(folder / files["edges.h5"], "w") as file:
        _stamp(file)
        ends = {"source": (name, arrays["sources"]), "target": (name, arrays["targets"])}
        delays = arrays["delays"] * plan.words["dt"]
        values = {"syn_weight": arrays["weights"], "delay": delays}
        _write_projection(file, EDGES, ends, values, (0, n))
        if not inputs:
            return
        targets = np.concatenate([np.arange(*each["target"]) for each in inputs])
        sizes = [each["target"][1] - each["target"][0] for each in inputs]
        values = {
            "syn_weight": np.repeat([each["synapse"]["weight"] for each in inputs], sizes),
            "delay": np.repeat([each["synapse"]["delay"] for each in inputs], sizes),
        }
        ends = {"source": (INPUTS, np.arange(len(targets))), "target": (name, targets)}
        _write_projection(file, f"{INPUTS}_to_{name}", ends, values, (1, n))


def _write_projection(
    file: Any,
    name: str,
    ends: Mapping[str, tuple[str, AnyArray]],
    values: Mapping[str, AnyArray],
    types: tuple[int, int],
) -> None:
    """Write edges, all of one type, onto so many nodes: `types` is (type, nodes)."""
    edge_type, n_targets = types
    group = file.create_group(f"edges/{name}")
    order = np.argsort(ends["target"][1], kind="stable")
    for end, (population, nodes) in ends.items():
        group[f"{end}_node_id"] = nodes[order]
        group[f"{end}_node_id"].attrs["node_population"] = population
    n = len(ends["target"][1])
    group["edge_type_id"] = np.full(n, edge_type)
    group["edge_group_id"] = np.zeros(n, dtype=np.int64)
    group["edge_group_index"] = np.arange(n)
    for key, array in values.items():
        group[f"0/{key}"] = array[order]
    # edges by target: so each node has one range of them, which BMTK looks up
    ranges = np.searchsorted(ends["target"][1][order], np.arange(n_targets + 1))
    nodes = np.arange(n_targets)
    group["indicies/target_to_source/node_id_to_range"] = np.stack([nodes, nodes + 1], axis=1)
    group["indicies/target_to_source/range_to_edge_id"] = np.stack(
        [ranges[:-1], ranges[1:]], axis=1
    )


def _stamp(file: Any) -> None:
    file.attrs["magic"] = np.uint32(MAGIC)
    file.attrs["version"] = np.array([0, 1], dtype=np.uint32)


def _write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=" ", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
