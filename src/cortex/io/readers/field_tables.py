"""Fields in columns: a clock and one column for each channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cortex.errors import TableError
from cortex.io.readers.columns import TIME, Columns, numbers, seconds, unit_of
from cortex.typing import FloatArray
from cortex.units import UNITS

UNEVEN = 1e-3  # of a step: clocks are often printed with few digits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """A field as a file holds it.

    Parameters
    ----------
    name : str
        Its own.
    values : ndarray of shape (n_times, n_channels)
        In `unit`.
    unit : str
        As the file says it; anything where it does not.
    start : float
        Time of the first sample, s.
    step : float, optional
        Between samples, s; None without a clock.
    """

    name: str
    values: FloatArray
    unit: str
    start: float = 0.0
    step: float | None = None


def sampled_columns(
    path: Path, columns: Columns, channels: Sequence[str] | None, unit: str | None
) -> Sampled:
    """Return the channels of a table and its clock, where it has one.

    Raises
    ------
    TableError
        Channels of no or of different units, two clocks, uneven samples.
    """
    clocks = [name for name in columns if unit_of(name, TIME)]
    if len(clocks) > 1:
        msg = f"{path}: columns {clocks} both are times; drop one"
        raise TableError(msg)
    units = {name: _unit(name) for name in columns if name not in clocks}
    names = [name for name, said in units.items() if said] if channels is None else list(channels)
    missing = [name for name in names if name not in columns]
    if missing or not names:
        what = f"no channels {missing}" if missing else "no column with a unit of V or A"
        msg = f"{path}: {what} among {list(columns)}; call one lfp_uV or pass channels= and unit="
        raise TableError(msg)
    said = {units[name] or unit for name in names}
    if len(said) > 1 or None in said:
        msg = f"{path}: channels {names} are in {sorted(map(str, said))}; one unit, or pass unit="
        raise TableError(msg)
    values = np.column_stack([numbers(path, name, columns[name]) for name in names])
    start, step = 0.0, None
    if clocks:
        unit_of_time = unit_of(clocks[0], TIME)
        time = seconds(path, clocks[0], columns[clocks[0]], str(unit_of_time))
        start, step = even_grid(path, clocks[0], time)
    stem = names[0].rpartition("_")[0] if units[names[0]] else names[0]
    return Sampled(
        name=stem if len(names) == 1 else "field",
        values=values,
        unit=str(next(iter(said))),
        start=start,
        step=step,
    )


def even_grid(path: Path, name: str, time: FloatArray) -> tuple[float, float]:
    """Return first time and step of evenly spaced samples, s; refuse others with their row."""
    if len(time) < 2:
        msg = f"{path}: {len(time)} sample(s); an evenly sampled field needs two"
        raise TableError(msg)
    step = float(time[-1] - time[0]) / (len(time) - 1)
    off = np.abs(time - time[0] - step * np.arange(len(time)))
    if not step > 0.0 or off.max() > max(UNEVEN * step, 1e-9 * abs(float(time[-1]))):
        row = int(np.argmax(np.abs(np.diff(time) - step)))
        msg = (
            f"{path}: {name} is not evenly spaced ({step:g} s on average, "
            f"{time[row + 1] - time[row]:g} s after row {row}); interpolate onto an even grid"
        )
        raise TableError(msg)
    return float(time[0]), step


def _unit(name: str) -> str | None:
    _, _, suffix = name.rpartition("_")
    is_one = suffix in UNITS and UNITS[suffix].dimension in {"voltage", "current"}
    return suffix if is_one else None
