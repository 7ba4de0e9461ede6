"""MATLAB files: cell arrays of trains, and vectors of times and neurons."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
from scipy.io import loadmat

from cortex.errors import TableError
from cortex.io.readers.columns import (
    POPULATION,
    TIME,
    events_of_columns,
    finite,
    in_words,
    numbers,
    unit_of,
)
from cortex.io.readers.events import Events, Found
from cortex.io.readers.hdf5 import opened, text_of
from cortex.typing import AnyArray
from cortex.units import UNITS
from cortex.units import unit as unit_called

Cells = list[AnyArray]
NAMELESS: Final = {*TIME, "spikes", "train", "trains", "spike_train", "spike_trains", "data", "all"}
"""What a single cell array may be called without naming a population."""


def read_matlab(path: Path, unit: str | None, neuron: str | None) -> Found:
    """Return the spikes of a ``.mat`` file, of version 7.3 too.

    A cell array holds a vector of times per neuron; its name may end in the unit (``E_ms``) and
    is that of its population, unless a single one is called spikes, trains or like times. A file
    without cell arrays holds vectors like a table (``time_ms``, ``neuron``).

    Raises
    ------
    TableError
        Naming the file and the variable.
    """
    variables = _variables_73(path) if h5py.is_hdf5(path) else _variables(path)
    cells = {name: value for name, value in variables.items() if isinstance(value, list)}
    if not cells:
        columns = {
            name: np.asarray(value).ravel()
            for name, value in variables.items()
            if np.size(value) == max(np.shape(value), default=0) or np.size(value) == 0
        }
        if not columns and variables:
            shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in variables.items())
            msg = f"{path}: {shapes}: needs cell arrays of trains, or vectors of times and neurons"
            raise TableError(msg)
        return events_of_columns(path, _whole_ids(columns), unit=unit, neuron=neuron)
    parts = [_trains(path, name, trains, unit) for name, trains in cells.items()]
    if len(parts) == 1 and str(parts[0].name).lower() in NAMELESS:
        parts = [replace(parts[0], name=None)]
    return Found(parts=tuple(parts), ordered=False)


def matlab_arrays(path: Path) -> dict[str, AnyArray]:
    """Return the numeric variables of a ``.mat`` file, of version 7.3 too, as MATLAB shows them."""
    is_73 = h5py.is_hdf5(path)
    variables = _variables_73(path) if is_73 else _variables(path)
    arrays = {name: value for name, value in variables.items() if not isinstance(value, list)}
    return {name: value.T if is_73 else value for name, value in arrays.items()}


def _trains(path: Path, name: str, trains: Cells, unit: str | None) -> Events:
    plain = in_words(name)
    stem, _, suffix = plain.rpartition("_")
    said = suffix if stem and suffix in UNITS and UNITS[suffix].dimension == "time" else unit
    if said is None:
        msg = f"{path}: cell array {name!r} has no unit; call it {name}_ms or pass unit="
        raise TableError(msg)
    if unit is not None and said != unit:
        msg = f"{path}: {name} is in {said!r}, unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)
    for k, train in enumerate(trains):
        if train.size != max(train.shape, default=0) and train.size:
            msg = f"{path}: cell {k} of {name} has shape {train.shape}, needs a vector of times"
            raise TableError(msg)
    rows = [numbers(path, f"{name}{{{k + 1}}}", train).ravel() for k, train in enumerate(trains)]
    times = np.concatenate([np.zeros(0), *rows]) * unit_called(said).scale
    return Events(
        times=finite(path, name, times),
        ids=np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows]),
        name=stem if said == suffix and stem else name,
        known=np.arange(1, len(rows) + 1),
    )


def _whole_ids(columns: Mapping[str, AnyArray]) -> dict[str, AnyArray]:
    """Return columns with whole doubles as integers, but for times: MATLAB knows doubles only."""
    kept = dict(columns)
    for name, values in columns.items():
        is_time = unit_of(name, TIME) is not None or name.lower() in POPULATION
        if not is_time and values.dtype.kind == "f" and np.all(values == np.rint(values)):
            kept[name] = values.astype(np.int64)
    return kept


def _variables(path: Path) -> dict[str, Any]:
    try:
        loaded = loadmat(path)
    except Exception as error:  # a damaged file fails wherever it is cut
        msg = f"{path}: cannot be read as a MATLAB file ({error})"
        raise TableError(msg) from None
    found = {name: value for name, value in loaded.items() if not name.startswith("__")}
    return {name: _cells(path, name, value) for name, value in found.items()}


def _cells(path: Path, name: str, value: AnyArray) -> AnyArray | Cells:
    if value.dtype.names is not None:
        msg = f"{path}: {name} is a struct; save its fields as variables (save -struct)"
        raise TableError(msg)
    if value.dtype != object:
        return value
    return [np.asarray(each) for each in _row_of_cells(path, name, value)]


def _row_of_cells(path: Path, name: str, cells: AnyArray) -> AnyArray:
    if cells.size != max(cells.shape, default=0) and cells.size:
        msg = f"{path}: {name} has {cells.shape} cells, needs one row, of one train per neuron"
        raise TableError(msg)
    return cells.ravel()


def _variables_73(path: Path) -> dict[str, Any]:
    with opened(path) as file:
        found: dict[str, Any] = {}
        for name, each in file.items():
            if str(name).startswith("#"):
                continue
            if not isinstance(each, h5py.Dataset):
                msg = f"{path}: {name} is a struct; save its fields as variables (save -struct)"
                raise TableError(msg)
            cells = text_of(each.attrs.get("MATLAB_class", b"")) == "cell"
            found[name] = _cells_73(path, file, each) if cells else _array_73(each)
        return found


def _cells_73(path: Path, file: Any, cell: Any) -> Cells:
    if "MATLAB_empty" in cell.attrs:
        return []
    references = _row_of_cells(path, str(cell.name)[1:], cell[()])
    return [_array_73(file[reference]) for reference in references]


def _array_73(dataset: Any) -> AnyArray:
    """Return a variable; MATLAB stores the shape of an empty one in place of its values."""
    return np.zeros(0) if "MATLAB_empty" in dataset.attrs else np.asarray(dataset[()])
