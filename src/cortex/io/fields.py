"""Fields of any common file, LFP, ECoG or EEG, as an evenly sampled signal in V or A."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cortex.errors import ParameterError, TableError
from cortex.io.readers.arrow import read_parquet
from cortex.io.readers.columns import TIME, Columns, finite, numbers, seconds, unit_of
from cortex.io.readers.field_files import read_edf, read_neo_field, read_nwb_field
from cortex.io.readers.field_tables import Sampled, even_grid, sampled_columns
from cortex.io.readers.matlab import matlab_arrays
from cortex.io.readers.text import read_text
from cortex.io.recording import Signal
from cortex.io.spikes import kind_of, read_numpy
from cortex.typing import AnyArray
from cortex.units import unit as unit_called


def read_field(
    path: Path | str,
    *,
    name: str | None = None,
    channels: Sequence[str] | None = None,
    unit: str | None = None,
    step: float | None = None,
    start: float | None = None,
    time_axis: int | None = None,
) -> Signal:
    """Return a field.

    Parameters
    ----------
    path : path
        NWB (an ElectricalSeries); EDF and BDF (with pyedflib); NumPy; Parquet and text with a
        column of time; MATLAB; what Neo reads, where it is installed.
    name : str, optional
        Which series or array, where the file holds several.
    channels : sequence of str, optional
        Columns or channels to read, in this order; by default all that carry a unit of voltage
        or current.
    unit : str, optional
        Unit of values that do not say it, such as "uV"; one that contradicts the file is refused.
    step, start : float, optional
        Time between samples, and of the first (0 by default), s, for arrays without a clock.
    time_axis : {0, 1}, optional
        Axis of time of an array; needed where it is the shorter one.

    Returns
    -------
    Signal
        Values of shape (n_times, n_channels) in V or A; ``name`` is the file's own.

    Raises
    ------
    TableError
        Missing or damaged file, no such series, no unit or clock, samples that are missing or
        unevenly spaced; each with file and place.
    ParameterError
        A unit that is none of voltage or current, a step that is not positive.
    """
    path = Path(path)
    if not path.is_file():
        msg = f"{path}: no such file"
        raise TableError(msg)
    if unit is not None and unit_called(unit).dimension not in {"voltage", "current"}:
        msg = f"unit = {unit!r} of a field is none of voltage or current; take V, mV, uV, A, ..."
        raise ParameterError(msg)
    if step is not None and not step > 0.0:
        msg = f"step = {step} s must be positive"
        raise ParameterError(msg)
    if time_axis not in {None, 0, 1}:
        msg = f"time_axis = {time_axis} must be 0 or 1"
        raise ParameterError(msg)
    found = _sampled(path, name, channels, unit, time_axis)
    return _signal(path, found, unit, step, start)


def _sampled(
    path: Path,
    name: str | None,
    channels: Sequence[str] | None,
    unit: str | None,
    time_axis: int | None,
) -> Sampled:
    match kind_of(path):
        case "edf":
            return read_edf(path, channels)
        case "hdf5":
            return read_nwb_field(path, name)
        case "parquet" | "text" as kind:
            whole = kind == "parquet"
            columns: Columns = read_parquet(path, lambda _: True) if whole else read_text(path)
            return sampled_columns(path, columns, channels, unit)
        case "matlab" | "numpy" as kind:
            arrays = matlab_arrays(path) if kind == "matlab" else read_numpy(path, whole=True)
            if len(arrays) > 1 and all(np.ndim(each) == 1 for each in arrays.values()):
                return sampled_columns(path, arrays, channels, unit)
            return _array(path, arrays, name, time_axis)
    return read_neo_field(path, name)


def _array(
    path: Path, arrays: dict[str, AnyArray], name: str | None, time_axis: int | None
) -> Sampled:
    """Return one array of a file, time along its first axis, and its clock where there is one."""
    clocks = [each for each in arrays if unit_of(each, TIME) and each != name]
    long = [each for each in arrays if np.size(arrays[each]) > 1 and each not in clocks]
    if name is None and len(long) == 1:
        name = long[0]
    if name not in arrays:
        wanted = "several arrays" if name is None else f"no array {name!r}"
        msg = f"{path}: {wanted}; the file holds {', '.join(arrays)}; say which: name="
        raise TableError(msg)
    values = numbers(path, name, arrays[name])
    if values.ndim == 2 and 1 in values.shape and time_axis is None:
        values = values.reshape(-1, 1)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or (time_axis is None and values.shape[0] < values.shape[1]):
        msg = f"{path}: {name} has shape {values.shape}; which axis is time? time_axis=0 or 1"
        raise TableError(msg)
    _, _, suffix = name.rpartition("_")
    values = values.T if time_axis == 1 else values
    if len(clocks) != 1:
        return Sampled(name=name, values=values, unit=suffix)
    time = np.ravel(arrays[clocks[0]])
    if len(time) != len(values):
        msg = f"{path}: {len(time)} values of {clocks[0]}, {len(values)} samples of {name}"
        raise TableError(msg)
    time = seconds(path, clocks[0], time, str(unit_of(clocks[0], TIME)))
    start, step = even_grid(path, clocks[0], time)
    return Sampled(name=name, values=values, unit=suffix, start=start, step=step)


def _signal(
    path: Path, found: Sampled, unit: str | None, step: float | None, start: float | None
) -> Signal:
    said = found.unit if _is_field_unit(found.unit) else None
    if said is not None and unit not in {None, said}:
        msg = f"{path}: {found.name} is in {said!r}, unit = {unit!r} contradicts it; leave unit out"
        raise TableError(msg)
    if (said or unit) is None:
        msg = f"{path}: {found.name} has no unit of voltage or current; pass unit="
        raise TableError(msg)
    apart = found.step if step is None else step
    if apart is None:
        msg = f"{path}: {found.name} has no clock; pass step= (s)"
        raise TableError(msg)
    if found.step is not None and step is not None and not np.isclose(step, found.step):
        msg = f"{path}: samples are {found.step:g} s apart, step = {step:g} s contradicts it"
        raise TableError(msg)
    values = finite(path, found.name, found.values)
    scale = unit_called(str(said or unit))
    return Signal(
        name=found.name.replace("/", "_").replace(":", "_"),
        description=f"{found.name} of {path.name}",
        values=values * scale.scale,
        unit="V" if scale.dimension == "voltage" else "A",
        start=found.start if start is None else start,
        step=apart,
    )


def _is_field_unit(unit: str) -> bool:
    try:
        return unit_called(unit).dimension in {"voltage", "current"}
    except ParameterError:
        return False
