"""Spikes and weights made elsewhere: CSV, Parquet, SONATA, NWB.

Every time, weight and delay carries its unit: in the name of the column (``time_ms``), in
the attributes of the file (SONATA), or by the standard (NWB: seconds). A bare number is
refused unless the unit is given.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from cortex.errors import ParameterError, TableError
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray
from cortex.units import UNITS, array_to_si
from cortex.units import unit as unit_called

SONATA_UNITS = {"milliseconds": "ms", "ms": "ms", "seconds": "s", "s": "s"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutsideWeights:
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


def read_outside_spikes(
    path: Path | str,
    *,
    neuron: str = "neuron",
    population: str | None = None,
    unit: str | None = None,
    sort: bool = False,
) -> Spikes:
    """Return the spikes of a file made elsewhere.

    Parameters
    ----------
    path : path
        ``.csv``, ``.tsv``, ``.parquet``; SONATA spikes (``.h5``); NWB units (``.nwb``).
    neuron : str
        Column of the neuron in tables.
    population : str, optional
        Population of a SONATA file; needed when it holds several.
    unit : str, optional
        Unit of the times, for tables whose column ``time`` or ``t`` does not say it; one
        that contradicts the file is refused.
    sort : bool
        Whether to sort by time; unsorted spikes are refused otherwise (NWB stores them
        per neuron and is always sorted).

    Returns
    -------
    Spikes
        Off a grid; neurons as numbered in the file.

    Raises
    ------
    TableError
        Missing or damaged file, unknown kind, missing columns or units, units other than
        those of time, text instead of numbers.
    ParameterError
        Times that are not finite or, without `sort`, not ascending; a `unit` that is none of
        time.
    """
    path = Path(path)
    if not path.is_file():
        msg = f"{path}: no such file"
        raise TableError(msg)
    if unit is not None and unit_called(unit).dimension != "time":
        msg = f"unit = {unit!r} of the spike times is no unit of time; take s, ms or us"
        raise ParameterError(msg)
    match path.suffix:
        case ".h5" | ".hdf5":
            time, source = _sonata(path, population, unit)
        case ".nwb":
            _check_unit(path, "spike_times", "s", unit)
            time, source = _nwb(path)
            sort = True
        case _:
            frame = _frame(path)
            time = _column_si(frame, path, ("time", "t"), unit, "time")
            source = _integers(frame, path, neuron)
    return Spikes.at(time, source.astype(np.int64), sort=sort)


def read_outside_weights(
    path: Path | str, *, n_targets: int, n_sources: int, unit: str | None = None
) -> OutsideWeights:
    """Return synapses from a table with one row each.

    Parameters
    ----------
    path : path
        ``.csv``, ``.tsv`` or ``.parquet`` with columns ``target``, ``source``,
        ``weight_<unit>`` and, if synapses have delays, ``delay_<unit>``.
    n_targets, n_sources : int
        Shape of the matrix.
    unit : str, optional
        Unit of the weights when the column ``weight`` does not say it ("1" for none); one
        that contradicts the column is refused.

    Raises
    ------
    TableError
        Missing columns or units, neurons outside the matrix, weights or delays that are
        not finite, negative delays, or, with delays, two synapses of one pair (a matrix
        holds one delay per pair).
    """
    path = Path(path)
    frame = _frame(path)
    target, source = (_integers(frame, path, name) for name in ("target", "source"))
    for name, index, n in (("target", target, n_targets), ("source", source, n_sources)):
        if len(index) and not 0 <= index.min() <= index.max() < n:
            msg = f"{path}: {name} {index.min()} to {index.max()}, the matrix has {n}"
            raise TableError(msg)
    shape = (n_targets, n_sources)
    weight = _finite(path, "weight", _column_si(frame, path, ("weight",), unit))
    has_delay = any(str(name).split("_")[0] == "delay" for name in frame.columns)
    if not has_delay:
        return OutsideWeights(weights=csc_array((weight, (target, source)), shape), delays=None)
    if len(np.unique(target * np.int64(n_sources) + source)) < len(target):
        msg = f"{path}: two synapses of one pair have delays; split the table into classes"
        raise TableError(msg)
    delay = _finite(path, "delay", _column_si(frame, path, ("delay",), None, "time"))
    if np.any(delay < 0.0):
        msg = f"{path}: a delay of {delay.min():g} s; none may be negative"
        raise TableError(msg)
    return OutsideWeights(
        weights=csc_array((weight, (target, source)), shape),
        delays=csc_array((delay, (target, source)), shape),
    )


def _frame(path: Path) -> pd.DataFrame:
    try:
        match path.suffix:
            case ".parquet":
                return pd.read_parquet(path)
            case ".csv":
                return pd.read_csv(path)
            case ".tsv" | ".txt":
                return pd.read_csv(path, sep="\t")
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise TableError(msg) from None
    msg = f"{path}: unknown kind {path.suffix!r}; known: .csv .tsv .txt .parquet .h5 .hdf5 .nwb"
    raise TableError(msg)


def _column_si(
    frame: pd.DataFrame,
    path: Path,
    names: tuple[str, ...],
    unit: str | None,
    dimension: str | None = None,
) -> FloatArray:
    """Return the column called ``name_<unit>``, or ``name`` with the given unit, in SI."""
    said = {
        column: suffix
        for column in map(str, frame.columns)
        for name, _, suffix in [column.partition("_")]
        if name in names and suffix in UNITS
    }
    bare = {column: unit for column in map(str, frame.columns) if column in names and unit}
    found = said | bare
    if len(found) != 1:
        problem = f"columns {list(found)} mean the same" if found else f"no column {_wanted(names)}"
        msg = f"{path}: {problem} among {list(frame.columns)}; rename one or pass unit="
        raise TableError(msg)
    ((column, suffix),) = found.items()
    if dimension is not None and UNITS[suffix].dimension != dimension:
        msg = f"{path}: column {column!r} is in {UNITS[suffix].label}, needs a unit of {dimension}"
        raise TableError(msg)
    _check_unit(path, column, suffix, unit)
    return array_to_si(_numbers(frame, path, column), suffix)


def _wanted(names: tuple[str, ...]) -> str:
    return f"{' or '.join(f'{name}_<unit>' for name in names)} (for example {names[0]}_ms)"


def _check_unit(path: Path, column: str, said: str, unit: str | None) -> None:
    if unit is not None and unit != said:
        msg = f"{path}: {column} is in {said!r}, unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)


def _numbers(frame: pd.DataFrame, path: Path, column: str) -> FloatArray:
    try:
        return frame[column].to_numpy(dtype=np.float64)
    except (ValueError, TypeError) as error:
        msg = f"{path}: column {column!r} holds more than numbers ({error})"
        raise TableError(msg) from None


def _finite(path: Path, name: str, values: FloatArray) -> FloatArray:
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        msg = f"{path}: {wrong.size} values of {name} are not finite, the first in row {wrong[0]}"
        raise TableError(msg)
    return values


def _integers(frame: pd.DataFrame, path: Path, name: str) -> AnyArray:
    if name not in frame.columns:
        msg = f"{path}: no column {name!r} among {list(frame.columns)}"
        raise TableError(msg)
    values = frame[name].to_numpy()
    if not np.issubdtype(values.dtype, np.integer):
        msg = f"{path}: column {name!r} holds {values.dtype}, needs whole numbers"
        raise TableError(msg)
    whole: AnyArray = values.astype(np.int64)
    return whole


@contextmanager
def _hdf5(path: Path) -> Iterator[h5py.File]:
    """Open a file; what HDF5 cannot read is a damaged table."""
    try:
        with h5py.File(path) as file:
            yield file
    except OSError as error:
        msg = f"{path}: cannot be read as HDF5 ({error})"
        raise TableError(msg) from None


def _sonata(path: Path, population: str | None, unit: str | None) -> tuple[FloatArray, AnyArray]:
    """Read /spikes/<population>/timestamps and node_ids."""
    with _hdf5(path) as file:
        groups = list(file["spikes"]) if "spikes" in file else []
        if population is None and len(groups) == 1:
            population = str(groups[0])
        if population not in groups:
            msg = f"{path}: population {population!r}; the file holds {groups}; choose one"
            raise TableError(msg)
        group: Any = file["spikes"][population]
        missing = [name for name in ("timestamps", "node_ids") if name not in group]
        if missing:
            msg = f"{path}: /spikes/{population} has no {' and no '.join(missing)}"
            raise TableError(msg)
        said = group["timestamps"].attrs.get("units", "")
        said = said.decode() if isinstance(said, bytes) else str(said)
        if said not in SONATA_UNITS:
            msg = f"{path}: timestamps have units {said!r}, known are {', '.join(SONATA_UNITS)}"
            raise TableError(msg)
        _check_unit(path, "timestamps", SONATA_UNITS[said], unit)
        time, source = group["timestamps"][:], np.asarray(group["node_ids"][:])
    if not (np.issubdtype(source.dtype, np.integer) and np.issubdtype(time.dtype, np.number)):
        msg = f"{path}: timestamps ({time.dtype}) must be numbers, node_ids ({source.dtype}) whole"
        raise TableError(msg)
    return array_to_si(time, SONATA_UNITS[said]), source


def _nwb(path: Path) -> tuple[FloatArray, AnyArray]:
    """Read the ragged /units/spike_times, s; units are numbered in the order of the file."""
    with _hdf5(path) as file:
        if "units/spike_times" not in file or "units/spike_times_index" not in file:
            msg = f"{path}: no /units/spike_times with its index; not an NWB file with units"
            raise TableError(msg)
        time = np.asarray(file["units/spike_times"][:], dtype=np.float64)
        ends = np.asarray(file["units/spike_times_index"][:], dtype=np.int64)
    counts = np.diff(ends, prepend=0)
    if np.any(counts < 0) or counts.sum() != len(time):
        msg = f"{path}: the index of /units/spike_times does not fit its {len(time)} times"
        raise TableError(msg)
    return time, np.repeat(np.arange(len(ends)), counts)
