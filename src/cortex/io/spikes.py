"""Spikes of any common file, recognised by its content, as the one type of cortex."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import h5py
import numpy as np
import pyarrow.parquet as pq

from cortex.errors import ParameterError, TableError
from cortex.io.readers.arrow import read_parquet
from cortex.io.readers.columns import events_of_columns, is_event_column
from cortex.io.readers.events import Choice, Found, Numbering, joined, to_spikes
from cortex.io.readers.hdf5 import opened, text_of
from cortex.io.readers.matlab import read_matlab
from cortex.io.readers.neo_blocks import read_neo
from cortex.io.readers.nwb import read_nwb
from cortex.io.readers.sonata import read_sonata
from cortex.io.readers.text import read_text
from cortex.io.spike_table import read_spike_table
from cortex.spikes import Spikes
from cortex.typing import AnyArray
from cortex.units import unit as unit_called

# first bytes of each kind, and endings that a damaged file of the kind still has
MAGIC: Final = {
    "matlab": ((b"MATLAB",), (".mat",)),
    "parquet": ((b"PAR1",), (".parquet",)),
    "numpy": ((b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY"), ()),
    "edf": ((b"0       ", b"\xffBIOSEMI"), ()),
    "hdf5": ((), (".h5", ".hdf5", ".nwb")),
}


def read_spikes(
    path: Path | str | Sequence[Path | str],
    *,
    population: str | None = None,
    populations: Mapping[str, int] | None = None,
    unit: str | None = None,
    sort: bool = False,
    start: float | None = None,
    stop: float | None = None,
    neuron: str | None = None,
    first_id: int | None = None,
    numbering: Numbering = "range",
    separator: str | None = None,
    columns: Sequence[str] | None = None,
    population_column: str = "population",
) -> Spikes:
    """Return the spikes of a file.

    Parameters
    ----------
    path : path, or sequence of paths
        Tables of cortex; SONATA; NWB; Parquet; text (CSV, TSV, BMTK, NEST, any separator); NumPy
        ``.npz`` and ``.npy``; MATLAB; what Neo reads, where it is installed. Several files are
        one recording, such as those of NEST's threads; they are sorted.
    population : str, optional
        Read this population alone.
    populations : mapping of str to int, optional
        Numbers of neurons, silent ones included, in the order of the result. Where the file
        names no populations, its ids run through all of them.
    unit : str, optional
        Unit of times that do not say it; one that contradicts the file is refused.
    sort : bool
        Whether to sort by time; a file that claims the order of time and breaks it is refused
        otherwise. Trains, and SONATA files that say they are sorted by id, are sorted anyway.
    start, stop : float, optional
        Interval of the recording, s; by default what the file says, else from 0 (or the first
        spike, if that is earlier) to the last spike.
    neuron : str, optional
        Column of the neurons in a table, where it is none of the known names.
    first_id : int, optional
        Id of the first neuron: 0, or 1 in NEST's files with `populations`; without them NEST's
        neurons are counted from the smallest id.
    numbering : {"range", "distinct"}
        Neurons are the ids from the first to the largest, or those alone that spiked.
    separator : str, optional
        Of columns of text; recognised by default.
    columns : sequence of str, optional
        Names of the columns of text without a header, such as ``["neuron", "time_ms"]``.
    population_column : str
        Column of the units of NWB that names populations.

    Returns
    -------
    Spikes
        On the grid of a table of cortex, else off a grid; `Spikes.ids` are those of the file.

    Raises
    ------
    TableError
        Missing or damaged file, no known kind, columns or units that are missing, doubled or
        impossible, values that are missing, text, dates, ids beyond the populations, spikes out
        of order; each with file and place.
    ParameterError
        A `unit` that is none of time.
    """
    paths = [Path(path)] if isinstance(path, str | Path) else [Path(each) for each in path]
    if not paths or numbering not in get_args(Numbering):
        msg = f"{len(paths)} files, numbering = {numbering!r}; needs a file and range or distinct"
        raise ParameterError(msg)
    if isinstance(columns, str):
        msg = f"columns = {columns!r} must be a list of names, such as {columns.split(',')}"
        raise ParameterError(msg)
    for each in paths:
        if not each.is_file():
            msg = f"{each}: no such file"
            raise TableError(msg)
        if len(paths) > 1 and _is_cortex_table(each):
            msg = f"{each}: a table of cortex is a whole recording; read it alone"
            raise TableError(msg)
    if unit is not None and unit_called(unit).dimension != "time":
        msg = f"unit = {unit!r} of the spike times is no unit of time; take s, ms or us"
        raise ParameterError(msg)
    if len(paths) == 1 and _is_cortex_table(paths[0]):
        spikes = read_spike_table(paths[0])
        _refuse_other(paths[0], spikes, populations, (start, stop))
        return spikes if population is None else spikes.of(population)
    choice = Choice(
        population=population,
        populations=populations,
        first_id=first_id,
        numbering=numbering,
        start=start,
        stop=stop,
        sort=sort,
    )
    text = {"separator": separator, "columns": columns}
    given = (unit, neuron, population_column, text)
    if len(paths) == 1:
        return to_spikes(paths[0], _found(paths[0], *given), choice)
    return to_spikes(paths[0], joined(paths[0], [_found(each, *given) for each in paths]), choice)


def kind_of(path: Path) -> str:
    """Return the kind of a file by its content.

    One of parquet, numpy, matlab, edf, hdf5, text, and other, which may be a format of Neo.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for kind, (begins, suffixes) in MAGIC.items():
        if head.startswith(begins) or path.suffix in suffixes:
            return kind
    if h5py.is_hdf5(path):
        with opened(path) as file:
            return "other" if text_of(file.attrs.get("format", "")) == "nix" else "hdf5"
    return "other" if b"\x00" in head else "text"


def _found(
    path: Path, unit: str | None, neuron: str | None, column: str, text: Mapping[str, Any]
) -> Found:
    match kind_of(path):
        case "parquet":
            return events_of_columns(
                path,
                read_parquet(path, lambda name: name == neuron or is_event_column(name)),
                unit=unit,
                neuron=neuron,
            )
        case "numpy":
            return events_of_columns(path, read_numpy(path), unit=unit, neuron=neuron)
        case "matlab":
            return read_matlab(path, unit, neuron)
        case "hdf5":
            return _hdf5(path, unit, column)
        case "edf":
            msg = f"{path}: EDF holds fields, no spikes; read_field reads it (--lfp)"
            raise TableError(msg)
        case "text":
            return events_of_columns(path, read_text(path, **text), unit=unit, neuron=neuron)
    return read_neo(path)


def _hdf5(path: Path, unit: str | None, column: str) -> Found:
    if not h5py.is_hdf5(path):
        msg = f"{path}: cannot be read as HDF5 (another kind, or damaged)"
        raise TableError(msg)
    with opened(path) as file:
        names, attributes = set(file), set(file.attrs)
    if "nwb_version" in attributes or "units" in names or path.suffix == ".nwb":
        return read_nwb(path, unit, column)
    return read_sonata(path, unit)


def read_numpy(path: Path, *, whole: bool = False) -> dict[str, AnyArray]:
    """Return the arrays of a ``.npz`` file or the fields of a structured ``.npy`` by name.

    With `whole`, arrays keep their shape, and one without fields is called as its file.

    Raises
    ------
    TableError
        A damaged file, an array without names, objects.
    """
    try:
        with path.open("rb") as stream:
            array = np.load(stream)
            if isinstance(array, np.lib.npyio.NpzFile):
                return {name: array[name] if whole else np.ravel(array[name]) for name in array}
    except Exception as error:  # a damaged file fails wherever it is damaged
        msg = f"{path}: cannot be read ({error})"
        raise TableError(msg) from None
    if array.dtype.names is None and whole:
        return {path.stem: array}
    if array.dtype.names is None:
        msg = (
            f"{path}: an array {array.shape} without names; save times and neurons by name: "
            "numpy.savez(path, t_ms=..., i=...)"
        )
        raise TableError(msg)
    return {name: np.atleast_1d(array[name]) for name in array.dtype.names}


def _refuse_other(
    path: Path,
    spikes: Spikes,
    populations: Mapping[str, int] | None,
    interval: tuple[float | None, float | None],
) -> None:
    """Refuse what contradicts a table of cortex, which says populations and interval itself."""
    own = dict(zip(spikes.names, map(int, spikes.sizes), strict=True))
    if populations is not None and dict(populations) != own:
        msg = f"{path}: populations = {dict(populations)} contradict the table, which has {own}"
        raise TableError(msg)
    limits = (spikes.start, spikes.start + spikes.duration)
    for given, said in zip(interval, limits, strict=True):
        if given is not None and not np.isclose(given, said, rtol=1e-9, atol=1e-9):
            msg = (
                f"{path}: the table is a recording of {limits[0]:g} to {limits[1]:g} s, not to "
                f"{given:g} s; leave start and stop out, or cut it: Spikes.between"
            )
            raise TableError(msg)


def _is_cortex_table(path: Path) -> bool:
    if kind_of(path) != "parquet":
        return False
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, ValueError):
        return False  # the reader of any Parquet file says what is wrong
    return b"cortex.schema" in metadata
