"""Fields of NWB, EDF and Neo: formats that hold their own clock and unit."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from cortex.errors import TableError
from cortex.io.readers.field_tables import Sampled, even_grid
from cortex.io.readers.hdf5 import dataset_of, number_of, opened, text_of
from cortex.io.readers.neo_blocks import blocks_of

SERIES: Final = {"ElectricalSeries", "VoltageClampSeries", "CurrentClampSeries", "TimeSeries"}
WORDS: Final = {
    "volts": "V", "volt": "V", "v": "V", "mv": "mV", "millivolts": "mV", "uv": "uV", "µv": "uV",
    "microvolts": "uV", "amperes": "A", "a": "A", "na": "nA", "pa": "pA",
}  # fmt: skip


def read_nwb_field(path: Path, name: str | None) -> Sampled:
    """Return an ElectricalSeries, or another series in V or A if it is named.

    Raises
    ------
    TableError
        None, several without a name, or one without clock or values.
    """
    with opened(path) as file:
        found = _series(file)
        chosen = [place for place in found if name is not None and place.endswith(f"/{name}")]
        if name is None:
            chosen = [place for place, kind in found.items() if kind == "ElectricalSeries"]
        if len(chosen) != 1:
            msg = f"{path}: {len(chosen)} fields{f' {name!r}' if name else ''}; the file holds "
            msg += f"{', '.join(found) or 'no series'}; say which: name="
            raise TableError(msg)
        return _of_series(path, file, chosen[0])


def _series(file: Any) -> dict[str, str]:
    """Return the kind of each series by its place."""
    found: dict[str, str] = {}

    def look(place: str, item: Any) -> None:
        kind = text_of(item.attrs.get("neurodata_type", ""))
        if isinstance(item, h5py.Group) and kind in SERIES:
            found[f"/{place}"] = kind

    file.visititems(look)
    return found


def _of_series(path: Path, file: Any, place: str) -> Sampled:
    group = file[place]
    ndim = group["data"].ndim if isinstance(group.get("data"), h5py.Dataset) else 1
    data = dataset_of(path, group, "data", ndim=ndim if ndim == 2 else 1)
    values = np.asarray(data[()], dtype=np.float64).reshape(len(data), -1)
    if "channel_conversion" in group:
        values *= dataset_of(path, group, "channel_conversion")[:]
    values *= number_of(path, data, "conversion") or 1.0
    values += number_of(path, data, "offset") or 0.0
    said = text_of(data.attrs.get("unit", ""))
    if "timestamps" in group:
        stamps = dataset_of(path, group, "timestamps")[:].astype(np.float64)
        start, step = even_grid(path, f"{place}/timestamps", stamps)
    else:
        clock = dataset_of(path, group, "starting_time", ndim=0)
        start, rate = float(clock[()]), number_of(path, clock, "rate")
        if not rate or rate < 0.0:
            msg = f"{path}: {place}/starting_time has the rate {rate} Hz, needs a positive one"
            raise TableError(msg)
        step = 1.0 / rate
    name = place.rpartition("/")[2]
    unit = WORDS.get(said.lower(), said)
    return Sampled(name=name, values=values, unit=unit, start=start, step=step)


def read_edf(path: Path, channels: Sequence[str] | None) -> Sampled:
    """Return channels of an EDF or BDF file, all of one rate and one unit.

    Raises
    ------
    TableError
        pyedflib is not installed, or the channels differ in rate or unit.
    """
    try:
        pyedflib = import_module("pyedflib")
    except ImportError:
        msg = f'{path}: EDF files need the extra [edf]: pip install "cortex-networks[edf]"'
        raise TableError(msg) from None
    try:
        reader = pyedflib.EdfReader(str(path))
    except OSError as error:
        msg = f"{path}: cannot be read as EDF ({error})"
        raise TableError(msg) from None
    with reader as file:
        labels = [label.strip() for label in file.getSignalLabels()]
        names = labels if channels is None else list(channels)
        missing = [name for name in names if name not in labels]
        if missing or not names:
            msg = f"{path}: no channels {missing}; the file holds {', '.join(labels)}"
            raise TableError(msg)
        places = [labels.index(name) for name in names]
        rates = {file.getSampleFrequency(k) for k in places}
        units = {file.getPhysicalDimension(k).strip() for k in places}
        if len(rates) > 1 or len(units) > 1:
            msg = f"{path}: channels of rates {sorted(rates)} Hz in {sorted(units)}; pass channels="
            raise TableError(msg)
        values = np.column_stack([file.readSignal(k) for k in places])
    said = units.pop()
    return Sampled(
        name=path.stem, values=values, unit=WORDS.get(said.lower(), said), step=1.0 / rates.pop()
    )


def read_neo_field(path: Path, name: str | None) -> Sampled:
    """Return an analog signal of a file that Neo reads.

    Raises
    ------
    TableError
        Neo is not installed or knows no such format; none or several signals.
    """
    blocks = blocks_of(path)
    signals = [s for block in blocks for segment in block.segments for s in segment.analogsignals]
    if not signals:
        msg = f"{path}: holds no analog signal"
        raise TableError(msg)
    chosen = [signal for signal in signals if name in {None, signal.name}]
    if len(chosen) != 1:
        names = ", ".join(str(signal.name) for signal in signals)
        msg = f"{path}: {len(chosen)} signals; the file holds {names}; say which: name="
        raise TableError(msg)
    return of_analog_signal(chosen[0])


def of_analog_signal(signal: Any) -> Sampled:
    """Return a Neo analog signal, in V or A where that is what it is in."""
    base = signal.units.simplified.dimensionality.string
    volts = signal.rescale("V") if base == "kg*m**2/(s**3*A)" else signal
    return Sampled(
        name=signal.name or "field",
        values=np.asarray(volts.magnitude, dtype=np.float64),
        unit=volts.dimensionality.string,
        start=float(signal.t_start.rescale("s")),
        step=float(signal.sampling_period.rescale("s")),
    )
