"""Spikes of NWB files: the table ``/units``, one row for each neuron, silent ones included."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from cortex.errors import TableError
from cortex.io.readers.columns import finite
from cortex.io.readers.events import Events, Found
from cortex.io.readers.hdf5 import dataset_of, group_of, member, opened, text_of, words_of
from cortex.typing import AnyArray, FloatArray
from cortex.units import array_to_si


def read_nwb(path: Path, unit: str | None, column: str = "population") -> Found:
    """Return the spikes of all units, in s as the standard has them.

    Parameters
    ----------
    path : path
        NWB file.
    unit : str, optional
        Refused unless it is "s".
    column : str
        Column of text whose words are the populations; without it there is one, unnamed.

    Raises
    ------
    TableError
        Naming file and place.
    """
    if unit not in {None, "s"}:
        msg = f"{path}: spike_times is in 's', unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)
    with opened(path) as file:
        units = group_of(path, file, "units")
        if units is None:
            msg = f"{path}: no /units; not an NWB file with spikes"
            raise TableError(msg)
        ids = dataset_of(path, units, "id", kinds="iu")[:] if "id" in units else None
        if ids is not None and len(ids) == 0:
            return Found(parts=(_silent(),), ordered=False)
        times, counts = _ragged(path, units, "spike_times")
        finite(path, "/units/spike_times", times)
        ids = np.arange(len(counts)) if ids is None else ids
        if len(ids) != len(counts):
            msg = f"{path}: /units/id has {len(ids)} rows, spike_times {len(counts)}"
            raise TableError(msg)
        words = _words(path, units, column, len(counts))
        start, stop = _interval(path, units, len(counts))
        places = _positions(path, units, len(counts))
    unit_of_spike = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    if words is None:
        parts = [Events(times=times, ids=unit_of_spike, known=ids, positions=places)]
        return Found(parts=tuple(parts), start=start, stop=stop, ordered=False)
    parts = []
    for name in dict.fromkeys(words.tolist()):
        rows = np.flatnonzero(words == name)
        place = np.full(len(counts), -1, dtype=np.int32)
        place[rows] = np.arange(len(rows))
        own = place[unit_of_spike]
        mine = own >= 0
        where = None if places is None else places[rows]
        parts.append(
            Events(times=times[mine], ids=own[mine], name=name, known=ids[rows], positions=where)
        )
    return Found(parts=tuple(parts), start=start, stop=stop, ordered=False)


def _silent() -> Events:
    none = np.zeros(0, dtype=np.int64)
    return Events(times=np.zeros(0), ids=none, known=none)


def _ragged(path: Path, units: Any, name: str) -> tuple[AnyArray, AnyArray]:
    """Return all values of a ragged column and how many each row has."""
    if name not in units or f"{name}_index" not in units:
        msg = f"{path}: /units has no {name} with its index; not an NWB file with spikes"
        raise TableError(msg)
    values = dataset_of(path, units, name).astype(np.float64)[:]
    ends = dataset_of(path, units, f"{name}_index", kinds="iu")[:].astype(np.int64)
    counts = np.diff(ends, prepend=0)
    if np.any(counts < 0) or counts.sum() != len(values):
        msg = f"{path}: the index of /units/{name} does not fit its {len(values)} times"
        raise TableError(msg)
    return values, counts


def _words(path: Path, units: Any, column: str, n: int) -> AnyArray | None:
    found = member(path, units, column)
    if found is None:
        if column == "population":
            return None
        msg = f"{path}: /units has no column {column!r}; it has {', '.join(units)}"
        raise TableError(msg)
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "OS":
        msg = f"{path}: /units/{column} is no column of text, needs the name of a population a row"
        raise TableError(msg)
    return words_of(path, found, n)


def _interval(path: Path, units: Any, n: int) -> tuple[float | None, float | None]:
    """Return the interval in which all units were observed, where there is one."""
    if "obs_intervals" not in units or "obs_intervals_index" not in units:
        return None, None
    intervals = dataset_of(path, units, "obs_intervals", ndim=2)[:]
    if len(intervals) != n or intervals.shape[1] != 2 or not np.all(np.isfinite(intervals)):
        return None, None  # pieces: the gaps between them are not recorded
    return float(intervals[:, 0].min()), float(intervals[:, 1].max())


def _positions(path: Path, units: Any, n: int) -> FloatArray | None:
    """Return the columns x, y, z that say they are in µm, in m."""
    axes = [axis for axis in "xyz" if "µm" in text_of(_attributes(units, axis))]
    columns = [dataset_of(path, units, axis)[:].astype(np.float64) for axis in axes]
    return array_to_si(np.column_stack(columns), "um") if columns and n else None


def _attributes(units: Any, axis: str) -> Any:
    return units[axis].attrs.get("description", "") if axis in units else ""
