"""A SONATA circuit of point neurons as a network: populations by type, edges as their means."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from cortex.errors import TableError
from cortex.params.synapses import MOST_J_CV
from cortex.typing import AnyArray, FloatArray, IntArray

MODELS: Final = ("iaf_psc_delta", "iaf_psc_exp")
MEMBRANE: Final = ("tau_m", "t_ref", "E_L", "V_th", "V_reset", "C_m")
ALIKE: Final = 1e-9  # relative spread below which weights and delays are one number
STEP: Final = 1e-3  # ms; shortest delay of a network file


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nodes:
    """One node population: type and name in the network of each node."""

    types: IntArray
    of_type: Mapping[int, Mapping[str, str]]


def from_circuit(config: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the keys of a network file for a SONATA circuit, and what is averaged away.

    Parameters
    ----------
    config : mapping
        Content of ``circuit_config.json``.
    path : path
        The file; its manifest counts from its folder.

    Raises
    ------
    TableError
        Files or columns are missing, neurons are of a model that is no LIF neuron of NEST.
    """
    names = _manifest(config, path)
    nodes: dict[str, Nodes] = {}
    for each in config["networks"]["nodes"]:
        types = _types(_file(each["node_types_file"], names), "node_type_id")
        with _opened(_file(each["nodes_file"], names)) as file:
            for name, group in file["nodes"].items():
                nodes[name] = Nodes(types=group["node_type_id"][:], of_type=types)
    block: dict[str, Any] = {
        "title": path.name,
        "populations": {},
        "receptors": {},
        "projections": {},
        "drive": {},
        "wiring": {"rule": "fixed_in_degree"},
    }
    models = _models(nodes, Path(_file(config["components"]["point_neuron_models_dir"], names)))
    for name, (size, template, params) in models.items():
        _add_neurons(block, name, size, template, params)
    notes: list[str] = []
    for each in config["networks"].get("edges", []):
        types = _types(_file(each["edge_types_file"], names), "edge_type_id")
        with _opened(_file(each["edges_file"], names)) as file:
            for group in file["edges"].values():
                _add_edges(block, notes, nodes, models, (group, types))
    return block, notes


def _manifest(config: Mapping[str, Any], path: Path) -> dict[str, str]:
    names = {key: str(value) for key, value in config.get("manifest", {}).items()}
    return {key: str(path.parent / value) for key, value in names.items()}


def _file(text: str, names: Mapping[str, str]) -> Path:
    for key in sorted(names, key=len, reverse=True):
        text = text.replace(f"${{{key.strip('$')}}}", names[key]).replace(key, names[key])
    return Path(text)


def _opened(path: Path) -> Any:
    try:
        return h5py.File(path, "r")
    except OSError:
        msg = f"{path}: no such file, or no HDF5"
        raise TableError(msg) from None


def _types(path: Path, key: str) -> dict[int, dict[str, str]]:
    """Return the rows of a table of types by their id; NULL is left out."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise TableError(msg) from None
    rows = csv.DictReader(text.splitlines(), delimiter=" ")
    return {int(row[key]): {k: v for k, v in row.items() if v != "NULL"} for row in rows}


def _name(population: str, kind: int, nodes: Nodes) -> str:
    return nodes.of_type[kind].get("pop_name", f"{population}_{kind}")


def _models(nodes: Mapping[str, Nodes], folder: Path) -> dict[str, tuple[int, str, Any]]:
    """Return size, model of NEST and its parameters of each population that is no input."""
    found: dict[str, tuple[int, str, Any]] = {}
    for population, each in nodes.items():
        for kind in np.unique(each.types).tolist():
            row = each.of_type[kind]
            if row.get("model_type") == "virtual":
                continue
            template = row.get("model_template", "").removeprefix("nest:")
            if template not in MODELS:
                msg = (
                    f"nodes of {population}, type {kind}: {template or 'no model_template'}; "
                    f"cortex reads {', '.join(MODELS)}"
                )
                raise TableError(msg)
            params = json.loads((folder / row["dynamics_params"]).read_text(encoding="utf-8"))
            missing = [key for key in MEMBRANE if key not in params]
            if missing:
                msg = f"{folder / row['dynamics_params']}: {', '.join(missing)} missing"
                raise TableError(msg)
            size = int(np.sum(each.types == kind))
            found[_name(population, kind, each)] = (size, template, params)
    return found


def _add_neurons(
    block: dict[str, Any], name: str, size: int, template: str, params: Mapping[str, Any]
) -> None:
    block["populations"][name] = {
        "size": size,
        "tau_m_ms": float(params["tau_m"]),
        "tau_ref_ms": float(params["t_ref"]),
        "E_L_mV": float(params["E_L"]),
        "V_th_mV": float(params["V_th"]),
        "V_reset_mV": float(params["V_reset"]),
        "C_pF": float(params["C_m"]),
    }
    for sign in ("ex", "in") if template == "iaf_psc_exp" else ():
        block["receptors"][f"{name}_{sign}"] = {"tau_s_ms": float(params[f"tau_syn_{sign}"])}
    if params.get("I_e"):
        block["drive"][f"current_to_{name}"] = {"target": name, "current_pA": float(params["I_e"])}


def _add_edges(
    block: dict[str, Any],
    notes: list[str],
    nodes: Mapping[str, Nodes],
    models: Mapping[str, tuple[int, str, Any]],
    edges: tuple[Any, Mapping[int, Mapping[str, str]]],
) -> None:
    """Add the edges of one group as projections and drives, pair by pair of populations."""
    group, types = edges
    ends = [group[f"{end}_node_id"] for end in ("source", "target")]
    homes = [_text(end.attrs["node_population"]) for end in ends]
    ids = [end[:] for end in ends]
    kinds = [nodes[home].types[own] for home, own in zip(homes, ids, strict=True)]
    weight, delay = (_values(group, types, key) for key in ("syn_weight", "delay"))
    for source, target, on in _pairs(*kinds):
        to = _name(homes[1], target, nodes[homes[1]])
        row = nodes[homes[0]].of_type[source]
        name = f"{_name(homes[0], source, nodes[homes[0]])}_to_{to}"
        size, template, _ = models[to]
        degrees = np.bincount(ids[1][on], minlength=len(nodes[homes[1]].types))
        degrees = degrees[nodes[homes[1]].types == target]
        mean = float(weight[on].mean())
        receptor = f"{to}_{'in' if mean < 0.0 else 'ex'}" if template == "iaf_psc_exp" else "delta"
        size_of = {"w_pA" if template == "iaf_psc_exp" else "J_mV": mean, "receptor": receptor}
        if row.get("model_type") == "virtual":
            if "rate_Hz" not in row:
                notes.append(f"input {name}: its spikes stand elsewhere; mean in-degree "
                             f"{on.sum() / size:g}")  # fmt: skip
                continue
            rate = float(row["rate_Hz"]) * on.sum() / size
            block["drive"][name] = {"target": to, "rate_Hz": float(rate), **size_of}
            continue
        block["projections"][name] = {
            "source": _name(homes[0], source, nodes[homes[0]]),
            "target": to,
            "in_degree": float(on.sum() / size),
            **size_of,
            **_spread(notes, name, weight[on], delay[on]),
        }
        if degrees.max() - degrees.min() > 1:
            block["wiring"] = {"multapses": True, "autapses": True, "rule": "fixed_total_number"}
            notes.append(f"in-degrees of {name}: {degrees.min()} to {degrees.max()}, drawn anew")


def _pairs(source: IntArray, target: IntArray) -> Iterator[tuple[int, int, AnyArray]]:
    """Yield types of source and target, and which edges join them."""
    for s, t in np.unique(np.stack([source, target], axis=1), axis=0).tolist():
        yield s, t, (source == s) & (target == t)


def _values(group: Any, types: Mapping[int, Mapping[str, str]], key: str) -> FloatArray:
    """Return a number of each edge: its own, or that of its type."""
    if f"0/{key}" in group:
        return np.asarray(group[f"0/{key}"][:], dtype=np.float64)
    own = group["edge_type_id"][:]
    if any(key not in types[kind] for kind in np.unique(own).tolist()):
        msg = f"{group.name}: edges have no {key}, neither has their type"
        raise TableError(msg)
    return np.array([float(types[kind][key]) for kind in own.tolist()])


def _spread(notes: list[str], name: str, weight: FloatArray, delay: FloatArray) -> dict[str, Any]:
    """Return mean and spread of delays, spread of weights; say what a network cannot hold."""
    keys: dict[str, Any] = {"delay_ms": max(float(delay.mean()), STEP)}
    if np.ptp(delay) > ALIKE * delay.max():
        keys |= {"delay_sd_ms": float(delay.std()), "delay_law": "truncated_gaussian"}
        notes.append(f"delays of {name}: their mean and standard deviation are kept")
    if np.ptp(weight) > ALIKE * np.abs(weight).max():
        cv = float(weight.std() / abs(weight.mean()))
        keys |= {"weight_cv": min(cv, MOST_J_CV)}
        notes.append(f"weights of {name}: mean and spread are kept, {cv:.3g} of the mean, at most "
                     f"{MOST_J_CV:g}")  # fmt: skip
    return keys


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
