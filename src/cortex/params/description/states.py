"""The states of a network, as plain config keys."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from cortex.errors import Amount, ParameterError, Problem, shown
from cortex.params.description.overrides import lay_over

ALONE: Final = "default"
"""Name of the only state of a network without states."""
DESCRIPTIVE: Final = frozenset({"title"})
"""Keys of a network and of its states that change no number: words on pages."""
WAY_BACK: Final = frozenset({"free", "target"})
"""Keys that no job of the workflow reads, but `cortex design` and `cortex infer`."""


def states_of(block: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the states of a network, `default` where it has none."""
    states = block.get("states") or {ALONE: {}}
    if not isinstance(states, Mapping):
        msg = f"states = {shown(states)}: must be named blocks of keys"
        raise ParameterError(msg)
    return tuple(states)


def block_at(block: Mapping[str, Any], state: str) -> dict[str, Any]:
    """Return the block of a network at one of its states, alone.

    Raises
    ------
    ParameterError
        There is no such state, a key of it leads nowhere, or it changes nothing.
    """
    plain = {key: value for key, value in block.items() if key != "states"}
    states = block.get("states") or {ALONE: {}}
    if state not in states:
        msg = f"no state {state!r}; there are {', '.join(states)}"
        raise ParameterError(msg)
    for name, keys in states.items():
        if not isinstance(keys, Mapping | None):
            msg = f"states.{name} = {shown(keys)}: must be a block of keys"
            raise ParameterError(msg)
    changed = lay_over(plain, states[state] or {})
    refuse_same(states, state)
    return changed


def refuse_same(states: Mapping[str, Any], *chosen: str) -> None:
    """Refuse states of the same numbers as those that are chosen; as any where none is."""
    for state in chosen or states:
        same = [name for name in states if numbers_of(states[name]) == numbers_of(states[state])]
        if len(same) > 1:
            msg = f"states {' and '.join(same)} have the same numbers; every state needs its own"
            raise ParameterError(msg)


def numbers_of(state: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the keys of a state that change a number; none: the network as it is."""
    return {key: value for key, value in (state or {}).items() if key not in DESCRIPTIVE}


def state_named(
    networks: Mapping[str, Mapping[str, Any]], network: str, state: str, form: str = ""
) -> str:
    """Return the state that a part of the configuration names, or the only one.

    Raises
    ------
    ParameterError
        There is no such network or state, the network has several states and none is named, or
        its `model` is not the form that is needed.
    """
    known = [name for name, block in networks.items() if form in ("", block.get("model"))]
    if network not in known:
        kind = f"network of model {form}" if form else "network"
        raise ParameterError(_lost("network", network, f"is no {kind}", known), edge=True)
    states = states_of(networks[network])
    if state in states:
        return state
    if state or len(states) > 1:
        reason = f"is no state of network {network}"
        raise ParameterError(_lost("state", state, reason, states), edge=True)
    return states[0]


def _lost(key: str, value: str, reason: str, there: Iterable[str]) -> Problem:
    """Return what is wrong with a name that leads nowhere, and the names that lead somewhere."""
    fix = f"there are: {', '.join(there) or 'none'}"
    place = Amount(place=(key,), value=value, entry=value)
    return Problem(subject=place, reason=reason, fix=fix)


def part_of(
    block: Mapping[str, Any],
    state: str | None,
    left_out: Collection[str],
    *,
    is_shown: bool = False,
) -> dict[str, Any]:
    """Return what one job reads of a network, so that other keys cause no rerun of it.

    Parameters
    ----------
    block : mapping
        Keys of the network.
    state : str or None
        The state that the job is about; None for all.
    left_out : collection of str
        Keys that the job does not read.
    is_shown : bool
        Whether the job shows words that change no number, such as titles; all others do without.
    """
    unread = {*left_out, *WAY_BACK, *(() if is_shown else DESCRIPTIVE)}
    whole = dict(block) if state is None else block_at(block, state)
    if not is_shown and isinstance(whole.get("states"), Mapping):
        whole["states"] = {name: numbers_of(keys) for name, keys in whole["states"].items()}
    return {key: value for key, value in whole.items() if key not in unread}
