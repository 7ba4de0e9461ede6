"""What parameter blocks refuse about themselves, said with the keys and units of the file."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any, Final

from cortex.config.messages import dotted
from cortex.config.validate import Place
from cortex.errors import ParameterError
from cortex.params.base import Block, config_keys
from cortex.params.spec import Nested, Quantity, Spec, Table, Vector, si_label
from cortex.units import UNITS, edge_name, from_si

NUMBER: Final = r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"


def relation_problems(
    block: type[Block], config: Any, path: Place, broken: Collection[Place]
) -> list[str]:
    """Return a sentence for each block, at any depth, whose values contradict each other.

    Parameters
    ----------
    block : type of Block
        What `config` describes.
    config : mapping
        Config keys; anything else is left to the schema.
    path : tuple
        Where `config` stands in the configuration.
    broken : collection of tuple
        Paths the schema complains of: a block around one of them cannot be built.
    """
    if not isinstance(config, Mapping):
        return []
    inner = [
        problem
        for key, (_, spec) in config_keys(block).items()
        if key in config
        for problem in _inner_problems(spec, config[key], (*path, key), broken)
    ]
    if inner or is_broken(path, broken):
        return inner
    try:
        block.from_config(config)
    except ParameterError as error:
        return [_located(str(error), block, dotted(path))]
    return []


def is_broken(path: Place, broken: Collection[Place]) -> bool:
    """Tell whether the schema complains of something at `path` or below it."""
    return any(each[: len(path)] == path for each in broken)


def _inner_problems(spec: Spec, raw: Any, path: Place, broken: Collection[Place]) -> Iterator[str]:
    match spec:
        case Nested():
            yield from relation_problems(spec.block, raw, path, broken)
        case Table() if isinstance(raw, Mapping):
            for name, each in raw.items():
                yield from _inner_problems(spec.item, each, (*path, name), broken)
        case Vector() if isinstance(raw, list):
            for i, each in enumerate(raw):
                yield from _inner_problems(spec.item, each, (*path, i), broken)


def _located(message: str, block: type[Block], where: str) -> str:
    """Return the message of a block with its place in the file and the file's units."""
    text = in_file_units(message, block)
    own = text.removeprefix(block.__name__)
    if own != text and own[0] in ".:":
        return f"{where}{own}".lstrip(".: ")
    return text if text.startswith(where) else f"{where}: {text}"


def in_file_units(message: str, block: type[Block]) -> str:
    """Return a message with SI values replaced by those in the units of the configuration.

    A value is known by the name before it; a bare one where all quantities of the block that
    it may be share one unit.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> in_file_units("V_th = 0.02 V, tau_m = 0.02 s; take 0.015 V", LIFParams)
    'V_th_mV = 20 mV, tau_m_ms = 20 ms; take 15 mV'
    """
    units = dict(_units(block))
    for name, unit in units.items():
        named = rf"\b{name} = ({NUMBER}) {re.escape(si_label(unit))}(?!\w)"
        message = re.sub(named, partial(_with_key, name, unit), message)
    for label in {si_label(unit) for unit in units.values()}:
        alike = {unit for unit in units.values() if si_label(unit) == label}
        if len(alike) == 1:
            bare = rf"({NUMBER}) {re.escape(label)}(?!\w)"
            message = re.sub(bare, partial(_bare, alike.pop()), message)
    return message


def _with_key(name: str, unit: str, found: re.Match[str]) -> str:
    return f"{edge_name(name, unit)} = {_bare(unit, found)}"


def _bare(unit: str, found: re.Match[str]) -> str:
    return f"{from_si(float(found[1]), unit):.12g} {UNITS[unit].label}"


def _units(block: type[Block]) -> Iterator[tuple[str, str]]:
    """Yield the SI name and the unit of each dimensional quantity of a block, at any depth."""
    for field, spec in config_keys(block).values():
        while isinstance(spec, Vector | Table):
            spec = spec.item  # noqa: PLW2901  # what the list or table holds
        if isinstance(spec, Nested):
            yield from _units(spec.block)
        if isinstance(spec, Quantity) and si_label(spec.unit):
            yield field.name, spec.unit
