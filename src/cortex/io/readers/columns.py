"""Columns called time, neuron and population, whatever a table is stored in.

Every time carries its unit, in the name of its column (``time_ms``, ``t (ms)``), by its type
(durations) or by the caller; a bare number is refused, and so is a near miss.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from cortex.errors import TableError
from cortex.io.readers.events import Events, Found
from cortex.typing import AnyArray, FloatArray
from cortex.units import UNITS
from cortex.units import unit as unit_called


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A column of text as its different words, sorted, and the place of each row's among them."""

    names: tuple[str, ...]
    codes: AnyArray

    @classmethod
    def of(cls, column: "AnyArray | Words") -> "Words":
        """Return any column as words."""
        if isinstance(column, Words):
            return column
        found, places = np.unique(np.asarray(column).astype(str), return_inverse=True)
        names, codes = np.unique(np.char.strip(found), return_inverse=True)
        return cls(tuple(map(str, names)), codes[places])

    def __len__(self) -> int:
        return len(self.codes)


Columns = Mapping[str, AnyArray | Words]
TIME: Final = ("time", "times", "t", "timestamp", "timestamps", "spike_time", "spike_times")
NEURON: Final = (
    "neuron", "neurons", "neuron_id", "neuron_ids", "node_id", "node_ids", "id", "ids", "i",
    "sender", "senders", "gid", "gids", "cell", "cell_id", "unit_id",
)  # fmt: skip
POPULATION: Final = ("population", "populations", "pop")
BMTK: Final = {"timestamps", "population", "node_ids"}
EXACT: Final = 2.0**53  # doubles from here on skip whole numbers
NEST_IDS: Final = frozenset({"sender", "senders", "gid", "gids"})  # counted from 1
UNIT_WORDS: Final = {
    "milliseconds": "ms", "millisecond": "ms", "msec": "ms", "ms": "ms", "seconds": "s",
    "second": "s", "sec": "s", "s": "s", "microseconds": "us", "µs": "us", "us": "us",
    "\u03bcs": "us", "minutes": "min", "min": "min",
}  # fmt: skip


def in_words(name: str) -> str:
    """Return a column's name with its unit as a suffix: ``t (ms)`` is ``t_ms``."""
    bracketed = re.fullmatch(r"\s*(.+?)\s*[\(\[]\s*(\S+)\s*[\)\]]\s*", name)
    stem, unit = bracketed.groups() if bracketed else ("", "")
    return f"{stem}_{UNIT_WORDS.get(unit, unit)}" if bracketed else name.strip()


def unit_of(name: str, stems: tuple[str, ...]) -> str | None:
    """Return the unit that a column's name says, "" if it is bare, None if it is another's."""
    plain = in_words(name)
    for stem in stems:
        if plain.lower() == stem:
            return ""
        if plain.lower().startswith(f"{stem}_"):
            suffix = plain[len(stem) + 1 :]
            if suffix in UNITS or suffix in UNIT_WORDS:
                return UNIT_WORDS.get(suffix, suffix)
    return None


def is_event_column(name: str) -> bool:
    """Return whether a column may hold times, neurons or populations."""
    return unit_of(name, TIME) is not None or _plain_name(name) in {*NEURON, *POPULATION}


def _plain_name(name: str) -> str:
    """Return a name as the lists above have it: ``Neuron ID`` is ``neuron_id``."""
    return name.strip().lower().replace(" ", "_")


def events_of_columns(
    path: Path,
    columns: Columns,
    *,
    unit: str | None = None,
    neuron: str | None = None,
) -> Found:
    """Return the spikes of named columns.

    Parameters
    ----------
    path : path
        For messages.
    columns : mapping of str to ndarray of shape (n_spikes,)
        Columns of a table; those that are not used cost nothing.
    unit : str, optional
        Unit of a time column that does not say it.
    neuron : str, optional
        Name of the column of the neurons, where it is none of the known.

    Raises
    ------
    TableError
        Naming the file, the column, and what would be read.
    """
    time, said = _time_column(path, columns, unit)
    times = seconds(path, time, columns[time], said)
    ids, by = _neuron_column(path, columns, neuron)
    first_id = None if by.lower() in NEST_IDS else 0
    named = [name for name in columns if name.lower() in POPULATION]
    if len(named) > 1:
        msg = f"{path}: columns {named} both name populations; keep one"
        raise TableError(msg)
    if len(times) != len(ids):
        msg = f"{path}: {len(times)} values of {time!r}, {len(ids)} of {by!r}; one of each a spike"
        raise TableError(msg)
    if not named:
        return Found(parts=(Events(times=times, ids=ids, first_id=first_id),))
    _refuse_missing(path, named[0], columns[named[0]])
    words = Words.of(columns[named[0]])
    if len(words) != len(times):
        msg = f"{path}: {len(times)} values of {time!r}, {len(words)} of {named[0]!r}"
        raise TableError(msg)
    parts = [
        Events(times=times[mine], ids=ids[mine], name=name, first_id=first_id)
        for p, name in enumerate(words.names)
        for mine in [words.codes == p]
    ]
    return Found(parts=tuple(parts))


def _refuse_missing(path: Path, name: str, column: AnyArray | Words) -> None:
    missing = np.zeros(0, dtype=bool) if isinstance(column, Words) else pd.isna(column)
    if np.any(missing):
        msg = (
            f"{path}: {np.count_nonzero(missing)} values of {name} are missing (or read NA, None, "
            f"nan), the first in row {int(np.argmax(missing))}"
        )
        raise TableError(msg)


def _time_column(path: Path, columns: Columns, unit: str | None) -> tuple[str, str]:
    """Return the column of the times and its unit ("" for durations)."""
    units = {name: unit_of(name, TIME) for name in columns}
    found = {name: said for name, said in units.items() if said is not None}
    if {name.lower() for name in columns} == BMTK and unit is None:
        return next(iter(found)), "ms"  # spikes.csv of BMTK: always ms, said nowhere
    typed = {name for name in found if getattr(columns[name], "dtype", np.dtype(str)).kind in "mM"}
    known = [name for name, said in found.items() if said or name in typed or unit]
    if len(known) != 1:
        problem = (
            f"columns {known} mean the same" if known else "no column time_<unit> (such as time_ms)"
        )
        bare = f", {list(found)} has no unit" if found and not known else ""
        msg = f"{path}: {problem} among {list(columns)}{bare}; rename one or pass unit="
        raise TableError(msg)
    (name,) = known
    said = found[name]
    if said and unit_called(said).dimension != "time":
        msg = f"{path}: column {name!r} is in {unit_called(said).label}, needs a unit of time"
        raise TableError(msg)
    if unit is not None and (said or unit) != unit:
        msg = f"{path}: {name} is in {said!r}, unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)
    if name in typed and (said or unit):
        msg = f"{path}: column {name!r} holds durations, which say their unit; leave unit out"
        raise TableError(msg)
    return name, said or (unit or "")


def seconds(path: Path, name: str, values: AnyArray | Words, unit: str) -> FloatArray:
    """Return a column of times or durations in s.

    Raises
    ------
    TableError
        Dates, text, values that are not finite, each with its row.
    """
    values = _plain(path, name, values)
    if values.dtype.kind == "M":
        msg = f"{path}: column {name!r} holds dates; subtract the start of the recording first"
        raise TableError(msg)
    if values.dtype.kind == "m":
        missing = np.isnat(values)
        times = values / np.timedelta64(1, "s")
        times[missing] = np.nan
    else:
        times = numbers(path, name, values)
        times *= unit_called(unit).scale
    return finite(path, name, times)


def numbers(path: Path, name: str, values: AnyArray | Words) -> FloatArray:
    """Return values as doubles of their own memory; refuse text, truth values and objects."""
    values = _plain(path, name, values)
    if values.dtype.kind not in "iuf":
        shown = next((v for v in values.ravel() if not _is_number(v)), values.dtype)
        comma = isinstance(shown, str) and re.fullmatch(r"[+-]?\d+,\d+", shown)
        hint = "; write decimals with a point" if comma else ""
        msg = f"{path}: column {name!r} holds more than numbers ({shown!r}){hint}"
        raise TableError(msg)
    return values.astype(np.float64, copy=not values.flags.writeable)


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return not isinstance(value, bool)


def compact(ids: AnyArray) -> AnyArray:
    """Return whole numbers in half the memory where they fit."""
    limits = np.iinfo(np.int32)
    fits = not ids.size or (ids.min() >= limits.min and ids.max() <= limits.max)
    return ids.astype(np.int32, copy=False) if fits else ids


def _plain(path: Path, name: str, values: AnyArray | Words) -> AnyArray:
    if isinstance(values, Words):
        msg = f"{path}: column {name!r} holds text such as {''.join(values.names[:1])!r}"
        raise TableError(msg)
    return np.asarray(values)


def finite(path: Path, name: str, values: FloatArray) -> FloatArray:
    """Return values that are all finite; refuse others, with number and first row."""
    wrong = ~np.isfinite(values)
    if np.any(wrong):
        msg = (
            f"{path}: {np.count_nonzero(wrong)} values of {name} are missing or not finite, the "
            f"first in row {int(np.argwhere(wrong)[0, 0])}"
        )
        raise TableError(msg)
    return values


def whole(path: Path, name: str, values: AnyArray | Words) -> AnyArray:
    """Return values that are whole numbers, none negative, as integers; refuse others."""
    values = _plain(path, name, values)
    if values.dtype.kind == "f" and np.any(np.isnan(values)):
        finite(path, name, values)
    if values.dtype.kind == "f" and np.all((values == np.rint(values)) & (abs(values) < EXACT)):
        values = values.astype(np.int64)  # tables of one kind of number write 3 as 3.0
    if values.dtype.kind not in "iu":
        held = repr(next(iter(values.ravel()), "")) if values.dtype.kind in "OSU" else values.dtype
        msg = f"{path}: column {name!r} holds {held}, needs whole numbers"
        raise TableError(msg)
    if values.dtype.kind == "i" and values.size and values.min() < 0:
        msg = f"{path}: column {name!r} holds {values.min()}; neurons are counted from 0"
        raise TableError(msg)
    return values


def _neuron_column(path: Path, columns: Columns, neuron: str | None) -> tuple[AnyArray, str]:
    found = [n for n in columns if _plain_name(n) in NEURON] if neuron is None else [neuron]
    if len(found) != 1 or found[0] not in columns:
        problem = f"columns {found} both name neurons" if len(found) > 1 else "no column 'neuron'"
        problem = f"no column {neuron!r}" if neuron is not None else problem
        msg = f"{path}: {problem} among {list(columns)}; say which: neuron="
        raise TableError(msg)
    return compact(whole(path, found[0], columns[found[0]])), found[0]
