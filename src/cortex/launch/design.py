"""The command that designs a network: what was found as text, and as a network of two states."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import yaml

from cortex.errors import ParameterError
from cortex.launch.analyse import find_network
from cortex.params.description.states import ALONE, block_at, states_of
from cortex.steps.design import design

BEFORE: Final = "before"
DESIGNED: Final = "designed"


def run(
    given: str,
    *,
    state: str | None = None,
    n_networks: int | None = None,
    destination: Path | None = None,
    out: TextIO = sys.stdout,
) -> int:
    """Design the network of a file, say what was found, and write it; return the exit status.

    Parameters
    ----------
    given : str
        File with one network.
    state : str, optional
        Its state, where it has several.
    n_networks : int, optional
        As in `design`.
    destination : path, optional
        Where the designed network is written, beside the one given, as two states.
    out : text stream
        Where to say it.
    """
    seed, name, block = find_network(given)
    states = states_of(block)
    if state is None and len(states) > 1:
        msg = f"network {name} has the states {', '.join(states)}; name one: --state"
        raise ParameterError(msg)
    chosen = state or states[0]
    found = design(name, block_at(block, chosen), seed=seed, n_networks=n_networks)
    out.writelines(f"{line}\n" for line in found.lines())
    path = destination or Path(f"{name}-designed.yaml")
    study = {"seed": seed, "networks": {name: _with_design(block, chosen, found.last.keys)}}
    path.write_text(yaml.safe_dump(study, sort_keys=False, allow_unicode=True), encoding="utf-8")
    out.write(f"{path}: both states; cortex run {path} shows them beside each other\n")
    return int(not found.last.confirmed)


def _with_design(block: Mapping[str, Any], state: str, keys: Mapping[str, float]) -> dict[str, Any]:
    """Return the network with what was found as a further state."""
    states = dict(block.get("states") or {})
    if state == ALONE and not states:
        states = {BEFORE: {}}
    own = dict(states.get(state) or {}) if state in states else {}
    return {**block, "states": {**states, DESIGNED: {**own, **keys}}}
