"""What leaves cortex for other tools: spikes, places, signals, and what they were made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from cortex.errors import ParameterError, TableError
from cortex.io.schemas.brunel import LFP
from cortex.io.schemas.lfp import ELECTRODES, TRACES
from cortex.io.schemas.spiking import SPIKES
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import read_provenance, read_table
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray
from cortex.units import GRID_TOLERANCE, to_si

TABLES: Final = {each.name: each for each in (SPIKES, LFP, TRACES, ELECTRODES)}
SIGNAL_UNITS: Final = ("V", "A")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signal:
    """An evenly sampled signal in one or several channels.

    Parameters
    ----------
    name, description : str
        What it is; the name is one of a file, without slash and colon.
    values : ndarray of shape (n_times, n_channels)
        In `unit`.
    unit : {"V", "A"}
        V for potentials at electrodes, A for a proxy made of currents, which has no place.
    start, step : float
        Time of the first sample on the clock of the spikes, and between samples, s.

    Raises
    ------
    ParameterError
        Values that are no matrix, another unit, a step that is not positive, a bad name.
    """

    name: str
    description: str
    values: FloatArray
    unit: str
    start: float
    step: float

    def __post_init__(self) -> None:
        """Refuse what a reader of the file would misread."""
        if np.ndim(self.values) != 2 or self.unit not in SIGNAL_UNITS or not self.step > 0.0:
            msg = (
                f"Signal {self.name!r}: values of shape {np.shape(self.values)}, unit "
                f"{self.unit!r}, step {self.step} s; needs (n_times, n_channels), "
                f"{' or '.join(SIGNAL_UNITS)}, a positive step"
            )
            raise ParameterError(msg)
        if not self.name or set(self.name) & set("/:"):
            msg = f"Signal.name = {self.name!r} must be a word without '/' and ':'"
            raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """Spikes, signals or both of one run, on one clock.

    Parameters
    ----------
    spikes : Spikes, optional
        From a table (`cortex.io.spike_table.read_spike_table`) or a run (``run.spikes``).
    signals : tuple of Signal
        Potentials and proxies.
    electrodes : ndarray of shape (n_electrodes, 3), optional
        Places of the channels of every signal in V, m.
    sources : mapping
        Provenance, JSON-serialisable: of each table under the name of its schema.

    Raises
    ------
    ParameterError
        Neither spikes nor signals, no populations, places that do not fit, two signals of
        one name.
    """

    spikes: Spikes | None = None
    signals: tuple[Signal, ...] = ()
    electrodes: FloatArray | None = None
    sources: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together."""
        if self.spikes is None and not self.signals:
            msg = "a Recording needs spikes or signals; got neither"
            raise ParameterError(msg)
        if self.spikes is not None and not self.spikes.names:
            msg = "Recording.spikes name no populations; give names and sizes"
            raise ParameterError(msg)
        names = [signal.name for signal in self.signals]
        if len(set(names)) < len(names):
            msg = f"Recording.signals share a name: {names}"
            raise ParameterError(msg)
        self._check_places()

    def sentence(self) -> str:
        """Return in one sentence what it holds."""
        parts = []
        if self.spikes is not None:
            populations = zip(self.spikes.names, self.spikes.sizes, strict=True)
            sizes = ", ".join(f"{name} ({size})" for name, size in populations)
            parts.append(f"spikes of {sizes} over {self.spikes.duration:g} s")
        if self.signals:
            parts.append(f"signals {', '.join(signal.name for signal in self.signals)}")
        return f"simulated {' and '.join(parts)}"

    def _check_places(self) -> None:
        for signal in self.signals:
            if signal.unit != "V":
                continue
            if self.electrodes is None:
                msg = f"signal {signal.name!r} (V) has no electrodes; give their places"
                raise ParameterError(msg)
            n, shape = signal.values.shape[1], np.shape(self.electrodes)
            if shape != (n, 3):
                msg = f"Recording.electrodes has shape {shape}, needs {n} rows of 3 coordinates (m)"
                raise ParameterError(msg)


def read_recording(*paths: Path | str) -> Recording:
    """Return what tables of the workflow hold; each is recognised by its schema.

    Parameters
    ----------
    *paths : path
        At most one of each: spikes, LFP proxy of a Brunel state (A), traces (V) and
        contacts of a probe.

    Raises
    ------
    TableError
        A missing or damaged table, one of another schema, two of one schema, traces without
        contacts or of uneven times, spikes without populations.
    """
    found = _recognised(paths)
    traces, contacts = (found.get(schema.name) for schema in (TRACES, ELECTRODES))
    if (traces is None) != (contacts is None):
        msg = (
            f"{traces or contacts}: traces and contacts of a probe go together; give the tables "
            f"{TRACES.name!r} and {ELECTRODES.name!r}"
        )
        raise TableError(msg)
    spikes, proxy = (found.get(schema.name) for schema in (SPIKES, LFP))
    signals = [_proxy(proxy)] if proxy is not None else []
    return Recording(
        spikes=None if spikes is None else read_spike_table(spikes),
        signals=(*signals, *([] if traces is None else _traces(traces))),
        electrodes=None if contacts is None else _places(contacts),
        sources={name: read_provenance(path) for name, path in found.items()},
    )


def _recognised(paths: tuple[Path | str, ...]) -> dict[str, Path | str]:
    """Return the path of each schema."""
    found: dict[str, Path | str] = {}
    for path in paths:
        name = read_provenance(path).get("schema", "no cortex table")
        if name not in TABLES:
            msg = f"{path}: holds {name!r}; what can be exported is {', '.join(TABLES)}"
            raise TableError(msg)
        if name in found:
            msg = f"{path}: a second table {name!r} besides {found[name]}; export them one by one"
            raise TableError(msg)
        found[name] = path
    return found


def _proxy(path: Path | str) -> Signal:
    table = read_table(path, LFP)
    start, step = _grid(path, table["time"])
    return Signal(
        name="lfp_proxy",
        description=LFP.columns["lfp"].doc,
        values=table["lfp"][:, None],
        unit="A",
        start=start,
        step=step,
    )


def _traces(path: Path | str) -> list[Signal]:
    """Return the traces of a probe, on the clock of the spikes they were made from."""
    table = read_table(path, TRACES)
    order = np.lexsort((table["time"], table["electrode"]))
    n_electrodes = len(np.unique(table["electrode"]))
    columns = {name: _by_channel(path, table[name][order], n_electrodes) for name in table}
    time = columns.pop("time")
    if np.any(time != time[:, :1]):
        msg = f"{path}: the contacts were sampled at different times"
        raise TableError(msg)
    start, step = _grid(path, time[:, 0])
    start += _settled(path)
    del columns["electrode"]
    return [
        Signal(
            name=name,
            description=TRACES.columns[name].doc,
            values=values,
            unit="V",
            start=start,
            step=step,
        )
        for name, values in columns.items()
    ]


def _by_channel(path: Path | str, values: AnyArray, n_channels: int) -> AnyArray:
    if n_channels == 0 or len(values) % n_channels:
        msg = f"{path}: {len(values)} rows do not fill {n_channels} contacts"
        raise TableError(msg)
    return values.reshape(n_channels, -1).T


def _settled(path: Path | str) -> float:
    """Return when an excerpt begins on the clock of the spikes, s: its times count from there."""
    try:
        return to_si(read_provenance(path)["params"]["analysis"]["settle_ms"], "ms")
    except KeyError:
        msg = f"{path}: its parameters lack analysis.settle_ms, the start of the excerpt"
        raise TableError(msg) from None


def _places(path: Path | str) -> FloatArray:
    table = read_table(path, ELECTRODES)
    order = np.argsort(table["electrode"])
    x, z = table["x"][order], table["z"][order]
    return np.stack([x, np.zeros_like(x), z], axis=1)


def _grid(path: Path | str, time: FloatArray) -> tuple[float, float]:
    """Return first time and step of an even grid, s."""
    if len(time) < 2:
        msg = f"{path}: {len(time)} sample(s); an evenly sampled signal needs two"
        raise TableError(msg)
    step = float(time[-1] - time[0]) / (len(time) - 1)
    even = time[0] + step * np.arange(len(time))
    if not step > 0.0 or np.max(np.abs(time - even)) > GRID_TOLERANCE * step:
        msg = f"{path}: times from {time[0]} to {time[-1]} s are not evenly spaced"
        raise TableError(msg)
    return float(time[0]), step
