"""Keys laid over the block of a network: `like`, states, sweeps; all on plain config values."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from cortex.errors import Amount, ParameterError, Problem, shown


def deep_merge(base: Any, over: Any) -> Any:
    """Return a block of keys with another laid over it, block by block; None drops a key.

    Examples
    --------
    >>> deep_merge({"a": {"b": 1, "c": 2}, "d": [3], "e": 5}, {"a": {"b": 4}, "d": [5], "e": None})
    {'a': {'b': 4, 'c': 2}, 'd': [5]}
    """
    if isinstance(over, Mapping) and not over and base is not None:
        return base  # as in Snakemake: nothing is laid over
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return deepcopy(over)
    merged = {**base, **{key: deep_merge(base.get(key), value) for key, value in over.items()}}
    return {key: value for key, value in merged.items() if over.get(key, key) is not None}


def alike(populations: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return populations with each `like: other` replaced by the keys of the other, and mistakes.

    A name that leads nowhere is a mistake; so that the keys beside it are read all the same, those
    of `WIDE` stand for the ones that cannot be known.
    """
    lost: list[Problem] = []
    return {name: _alike(name, populations, (), lost) for name in populations}, lost


QUOTE: Final = "'"
WIDE: Final = {"size": 1, "tau_m_ms": 20.0, "tau_ref_ms": 0.0, "E_L_mV": -200.0, "V_th_mV": 200.0,
               "V_reset_mV": -200.0, "C_pF": 250.0}  # fmt: skip
"""Keys of a population that no single further key contradicts."""


def _alike(
    name: str, populations: Mapping[str, Any], before: tuple[str, ...], lost: list[Problem]
) -> Any:
    block = populations[name]
    if not isinstance(block, Mapping) or "like" not in block:
        return block
    other = block["like"]
    own = {key: value for key, value in block.items() if key != "like"}
    if isinstance(other, str) and other in populations and other not in (*before, name):
        return deep_merge(_alike(other, populations, (*before, name), lost), own)
    reason = (
        ": there is no such population, or it is like this one; populations: "
        f"{', '.join(shown(each).strip(QUOTE) for each in populations)}"
    )
    place = Amount(place=("populations", name, "like"), value=other, entry=other)
    lost += [Problem(subject=place, reason=reason)] * (place not in [p.subject for p in lost])
    return {**({"size": 1} if "neuron" in own else WIDE), **own}


def own_problems(problems: list[Problem], populations: Mapping[str, Any]) -> list[Problem]:
    """Return problems without those that a population has from the one that it is like."""
    return [each for each in problems if _of_other(each, populations) not in problems]


def _of_other(problem: Problem, populations: Mapping[str, Any]) -> Problem | None:
    """Return the same problem of the population that this one is like; None: it is like none."""
    section, *inner = problem.subject.place or ("",)
    own = populations.get(str(inner[0])) if section == "populations" and inner else None
    if not isinstance(own, Mapping) or "like" not in own:
        return None
    place = (section, own["like"], *inner[1:])
    return replace(problem, subject=replace(problem.subject, place=place))


def lay_over(block: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the block of a network with dotted keys changed.

    A key without a dot that names a factor is that factor. A key that does not stand in the
    block may be added where its block exists: whether it means something is checked later.

    Raises
    ------
    ParameterError
        A block on the way does not exist.

    Examples
    --------
    >>> lay_over({"factors": {"g": 4.0}, "drive": {"bg": {"rate_Hz": 1.0}}},
    ...          {"g": 5.0, "drive.bg.rate_Hz": 2.0})
    {'factors': {'g': 5.0}, 'drive': {'bg': {'rate_Hz': 2.0}}}
    """
    changed = deepcopy(dict(block))
    for key, value in keys.items():
        parts = key.split(".")
        if len(parts) == 1 and key in (changed.get("factors") or {}):
            parts = ["factors", key]
        inner: Any = changed
        for depth, part in enumerate(parts[:-1]):
            if not isinstance(inner.get(part), dict):
                raise ParameterError(_no_block(key, parts[:depth], part, inner))
            inner = inner[part]
        inner[parts[-1]] = value
    return changed


def value_of(block: Mapping[str, Any], key: str) -> Any:
    """Return what stands at a dotted key of the block of a network, None where nothing does.

    Examples
    --------
    >>> block = {"factors": {"g": 4.0}, "drive": {"bg": {"rate_Hz": 1.0}}}
    >>> value_of(block, "g"), value_of(block, "drive.bg.rate_Hz"), value_of(block, "drive.no.J")
    (4.0, 1.0, None)
    """
    found: Any = block
    is_factor = "." not in key and key in (block.get("factors") or {})
    for part in ("factors", key) if is_factor else key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _no_block(key: str, before: list[str], part: str, inner: Mapping[str, Any]) -> str:
    there = [name for name, value in inner.items() if isinstance(value, Mapping)]
    close = get_close_matches(part, there, n=1)
    hint = f"did you mean {close[0]}?" if close else f"blocks there: {', '.join(there) or 'none'}"
    return f"{key}: no block {'.'.join([*before, part])}; {hint}"
