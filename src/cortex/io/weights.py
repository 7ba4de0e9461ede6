"""Synapses made elsewhere, from a table with one row each."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csc_array

from cortex.errors import TableError
from cortex.io.readers.arrow import read_parquet
from cortex.io.readers.columns import (
    UNIT_WORDS,
    Columns,
    finite,
    in_words,
    numbers,
    unit_of,
    whole,
)
from cortex.io.readers.text import read_text
from cortex.io.spikes import kind_of
from cortex.typing import FloatArray
from cortex.units import UNITS, array_to_si
from cortex.units import unit as unit_called

WEIGHTS: Final = ("current", "conductance", "voltage", "number")
KNOWN: Final = ("target", "source", "weight", "delay")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """Synapses read from a table.

    Parameters
    ----------
    weights : sparse array of shape (n_targets, n_sources)
        W[target, source], SI.
    delays : sparse array of the same pattern, optional
        Transmission delays, s; None when the table has none.
    """

    weights: csc_array
    delays: csc_array | None


def read_weights(
    path: Path | str,
    *,
    n_targets: int,
    n_sources: int,
    unit: str | None = None,
    separator: str | None = None,
) -> Weights:
    """Return synapses from a table with one row each.

    Parameters
    ----------
    path : path
        Text or Parquet with columns ``target``, ``source``, ``weight_<unit>`` and, if synapses
        have delays, ``delay_<unit>``. Other columns are left alone, unless they look like one of
        these or carry a unit of time.
    n_targets, n_sources : int
        Shape of the matrix.
    unit : str, optional
        Unit of the weights when the column ``weight`` does not say it ("1" for none); one
        that contradicts the column is refused.
    separator : str, optional
        Of columns of text; recognised by default.

    Raises
    ------
    TableError
        Missing columns or units, columns called nearly like these, weights in a unit of time or
        length, neurons outside the matrix, weights or delays that are not finite, negative
        delays, or, with delays, two synapses of one pair (a matrix holds one delay per pair).
    """
    path = Path(path)
    columns = _columns(path, separator)
    _refuse_near_misses(path, columns)
    index = {}
    for name, n in (("target", n_targets), ("source", n_sources)):
        if name not in columns:
            msg = f"{path}: no column {name!r} among {list(columns)}"
            raise TableError(msg)
        index[name] = whole(path, name, columns[name]).astype(np.int64)
        if len(index[name]) and index[name].max() >= n:
            low, high = index[name].min(), index[name].max()
            msg = f"{path}: {name} {low} to {high}, the matrix has {n}"
            raise TableError(msg)
    target, source = index["target"], index["source"]
    shape = (n_targets, n_sources)
    weight = _values(path, columns, "weight", WEIGHTS, unit)
    weights = csc_array((weight, (target, source)), shape)
    if not any(unit_of(name, ("delay",)) is not None for name in columns):
        return Weights(weights=weights, delays=None)
    if len(np.unique(target * np.int64(n_sources) + source)) < len(target):
        msg = f"{path}: two synapses of one pair have delays; split the table into classes"
        raise TableError(msg)
    delay = _values(path, columns, "delay", ("time",), None)
    if np.any(delay < 0.0):
        msg = f"{path}: a delay of {delay.min():g} s; none may be negative"
        raise TableError(msg)
    return Weights(weights=weights, delays=csc_array((delay, (target, source)), shape))


def _columns(path: Path, separator: str | None) -> Columns:
    if not path.is_file():
        msg = f"{path}: no such file"
        raise TableError(msg)
    kind = kind_of(path)
    if kind == "text":
        return read_text(path, separator=separator)
    if kind != "parquet":
        msg = f"{path}: holds {kind}; a table of synapses is text or Parquet"
        raise TableError(msg)
    return read_parquet(path, lambda _: True)


def _refuse_near_misses(path: Path, columns: Columns) -> None:
    """Refuse what was meant as one of the columns and would be left out."""
    for name in columns:
        plain = in_words(name)
        stem, _, suffix = plain.rpartition("_")
        has_unit = suffix in UNITS or suffix in UNIT_WORDS
        if plain in KNOWN or (stem in {"weight", "delay"} and has_unit):
            continue
        word = (stem or plain).lower()
        near = get_close_matches(word, KNOWN, n=1, cutoff=0.8)
        if not near and (suffix in UNITS and UNITS[suffix].dimension == "time"):
            near = ["delay"]
        if near:
            ending = f"_{suffix if has_unit else '<unit>'}"
            meant = near[0] + ("" if near[0] in {"target", "source"} else ending)
            msg = f"{path}: column {name!r} would be left out; is it {meant!r}? rename or drop it"
            raise TableError(msg)


def _values(
    path: Path,
    columns: Columns,
    stem: str,
    dimensions: tuple[str, ...],
    unit: str | None,
) -> FloatArray:
    """Return the column ``<stem>_<unit>``, or `stem` with the given unit, in SI."""
    units = {name: unit_of(name, (stem,)) for name in columns}
    found = {name: said for name, said in units.items() if said or (said == "" and unit)}
    if len(found) != 1:
        problem = f"columns {list(found)} mean the same" if found else f"no column {stem}_<unit>"
        msg = f"{path}: {problem} among {list(columns)}; rename one or pass unit="
        raise TableError(msg)
    ((name, said),) = found.items()
    if unit is not None and (said or unit) != unit:
        msg = f"{path}: {name} is in {said!r}, unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)
    dimension = unit_called(said or str(unit)).dimension
    if dimension not in dimensions:
        label = unit_called(said or str(unit)).label
        msg = f"{path}: column {name!r} is in {label}, needs a unit of {' or '.join(dimensions)}"
        raise TableError(msg)
    return finite(path, stem, array_to_si(numbers(path, name, columns[name]), said or str(unit)))
