"""Recordings for other tools: SONATA, NWB, Neo.

SONATA is plain HDF5. The packages that write NWB and Neo are not cortex's own; they are loaded
when asked for, and an error says which one is missing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from uuid import uuid4
from warnings import catch_warnings, filterwarnings

import h5py
import numpy as np

from cortex.errors import TableError
from cortex.installation import cortex_version
from cortex.io.recording import Recording, Signal, read_recording
from cortex.provenance import canonical_json
from cortex.spikes import Spikes
from cortex.typing import FloatArray, IntArray
from cortex.units import array_from_si
from cortex.whole_files import written_whole

SONATA_MAGIC: Final = 0x0A7A
SONATA_VERSION: Final = (0, 1)
SORTING: Final = {"none": 0, "by_id": 1, "by_time": 2}
NWB_UNITS: Final = {"V": "volts", "A": "amperes"}


def export_tables(tables: Sequence[Path], destination: Path, *, replace: bool = False) -> Recording:
    """Write tables of the workflow as one file of the kind its name ends in; return them.

    Parameters
    ----------
    tables : sequence of path
        See `cortex.io.recording.read_recording`.
    destination : path
        ``.h5``: SONATA spikes; ``.nwb``: NWB.
    replace : bool
        Whether a file that is there may go.

    Raises
    ------
    TableError
        A file is there; another ending, tables that cannot be exported, a package that is not
        installed.
    """
    writers = {".h5": write_sonata, ".nwb": write_nwb}
    if destination.suffix not in writers:
        msg = (
            f"{destination}: unknown kind {destination.suffix!r}; known: .h5 (SONATA spikes), "
            ".nwb (NWB)"
        )
        raise TableError(msg)
    if destination.exists() and not replace:
        msg = f"{destination}: exists already; choose another name, or say that it may be replaced"
        raise TableError(msg)
    recording = read_recording(*tables)
    writers[destination.suffix](destination, recording)
    return recording


def write_sonata(path: Path | str, recording: Recording) -> None:
    """Write spikes as SONATA: a group of each population, sorted by time, in ms.

    Parameters
    ----------
    path : path
        Destination; it appears whole or not at all.
    recording : Recording
        Spikes; node ids are numbered from 0 within a population. The provenance stands as
        JSON in ``/cortex/provenance``.

    Raises
    ------
    TableError
        There are no spikes, or signals, which a SONATA spike file does not hold; a name of a
        population that HDF5 would read as a path.

    Notes
    -----
    SONATA developer guide 0.1, sections "HDF5" and "Spike file".
    """
    spikes = recording.spikes
    if spikes is None or recording.signals:
        msg = f"{path}: a SONATA spike file holds spikes and nothing else; export signals to .nwb"
        raise TableError(msg)
    bad = [name for name in spikes.names if "/" in name or name in {"", "."}]
    if bad:
        msg = f"{path}: HDF5 cannot name a population {bad[0]!r}; rename it, without '/'"
        raise TableError(msg)
    with written_whole(Path(path)) as aside, h5py.File(aside, "w") as file:
        file.attrs["magic"] = np.uint32(SONATA_MAGIC)
        file.attrs["version"] = np.array(SONATA_VERSION, dtype=np.uint32)
        for name in spikes.names:
            _write_population(file.create_group(f"spikes/{name}"), spikes.of(name))
            if spikes.positions is not None:
                file[f"cortex/positions_m/{name}"] = spikes.of(name).positions
        file.require_group("spikes").attrs.update({"start_s": spikes.start, "stop_s": spikes.stop})
        file["cortex/provenance"] = canonical_json(recording.sources)


def _write_population(group: Any, spikes: Spikes) -> None:
    kind = h5py.enum_dtype(SORTING, basetype=np.uint8)
    group.attrs.create("sorting", SORTING["by_time"], dtype=kind)
    # not compressed: the wheels of libsonata come without HDF5's deflate filter
    group["timestamps"] = array_from_si(spikes.times, "ms")
    group["timestamps"].attrs["units"] = "milliseconds"
    group["node_ids"] = spikes.neurons.astype(np.uint64)
    group.attrs["n_neurons"] = spikes.n_neurons  # of which the silent ones are in no list


def write_nwb(path: Path | str, recording: Recording) -> None:
    """Write spikes and signals as NWB.

    Parameters
    ----------
    path : path
        Destination; it appears whole or not at all.
    recording : Recording
        Spikes become the units table (times in s, population, interval of the recording,
        x, y, z in µm where known), signals in V an LFP with its electrodes, signals in A
        time series. The provenance stands as JSON in the notes.

    Raises
    ------
    TableError
        pynwb is not installed.
    """
    pynwb = _package("pynwb", "NWB files")
    file = pynwb.NWBFile(
        session_description=f"{recording.sentence()}; times from the start of the recording",
        experiment_description=f"Simulation with cortex {cortex_version()}",
        identifier=str(uuid4()),
        session_start_time=datetime.now(UTC),
        keywords=["simulation"],
        notes=canonical_json(recording.sources),
        # readers ask for a subject; any age, unknown sex and no species is what a model has
        subject=pynwb.file.Subject(
            subject_id="simulation", description="A model, no animal", age="P0D/", sex="U"
        ),
    )
    if recording.spikes is not None:
        file.units = _nwb_units(pynwb, recording.spikes)
    if recording.signals:
        _add_signals(pynwb, file, recording)
    with written_whole(Path(path)) as aside, catch_warnings():
        filterwarnings("ignore", message=".*does not end in '.nwb'")  # it will, when it is whole
        with pynwb.NWBHDF5IO(str(aside), "w") as io:
            io.write(file)


def _nwb_units(pynwb: Any, spikes: Spikes) -> Any:
    """Return the units table, a row for each neuron, silent ones included."""
    times, ends = _by_neuron(spikes)
    data = import_module("hdmf.common")
    n = len(ends)
    packed = pynwb.H5DataIO(times, compression="gzip") if len(times) else times
    spike_times = data.VectorData(name="spike_times", description="Spike times, s", data=packed)
    observed = data.VectorData(
        name="obs_intervals",
        description="The recording, s",
        data=np.tile([spikes.start, spikes.stop], (n, 1)),
    )
    columns = [
        spike_times,
        data.VectorIndex(name="spike_times_index", target=spike_times, data=ends),
        observed,
        data.VectorIndex(name="obs_intervals_index", target=observed, data=np.arange(1, n + 1)),
        data.VectorData(
            name="population",
            description="Population of the neuron",
            data=np.repeat(spikes.names, spikes.sizes).tolist(),
        ),
    ]
    if spikes.positions is not None:
        columns += [
            data.VectorData(name=axis, description=f"{axis} of the neuron, µm", data=place)
            for axis, place in zip("xyz", array_from_si(spikes.positions, "um").T, strict=False)
        ]
    return pynwb.misc.Units(
        name="units",
        description="Neurons of the network, numbered through all populations",
        id=np.arange(n),
        columns=columns,
        resolution=spikes.dt if spikes.has_grid else None,
    )


def _add_signals(pynwb: Any, file: Any, recording: Recording) -> None:
    """Add the processing module of signals, and the electrodes of those in V."""
    module = file.create_processing_module("ecephys", "Signals computed from the simulation")
    potentials = [signal for signal in recording.signals if signal.unit == "V"]
    if potentials and recording.electrodes is not None:
        region = _nwb_electrodes(file, recording.electrodes)
        lfp = pynwb.ecephys.LFP()
        module.add(lfp)  # first: electrodes and series need a common ancestor
        for signal in potentials:
            lfp.create_electrical_series(**_nwb_series(pynwb, signal), electrodes=region)
    for signal in recording.signals:
        if signal.unit != "V":
            module.add(pynwb.TimeSeries(**_nwb_series(pynwb, signal), unit=NWB_UNITS[signal.unit]))


def _nwb_electrodes(file: Any, places: FloatArray) -> Any:
    """Add the electrode table; rel_x, rel_y, rel_z (µm), for x, y, z are anatomical in NWB."""
    device = file.create_device(name="simulation", description="Virtual probe")
    probe = file.create_electrode_group(
        name="probe", description="Virtual electrodes", location="model", device=device
    )
    for x, y, z in array_from_si(places, "um"):
        file.add_electrode(rel_x=x, rel_y=y, rel_z=z, location="model", group=probe)
    return file.create_electrode_table_region(list(range(len(places))), "All electrodes")


def _nwb_series(pynwb: Any, signal: Signal) -> dict[str, Any]:
    return {
        "name": signal.name,
        "description": signal.description,
        "data": pynwb.H5DataIO(signal.values, compression="gzip"),
        "starting_time": signal.start,
        "rate": 1.0 / signal.step,
    }


def to_neo(recording: Recording) -> Any:
    """Return a Neo block, which Elephant reads, of one segment.

    Parameters
    ----------
    recording : Recording
        Each neuron becomes a spike train (s), annotated with its population and number in
        the network and gathered in a group per population; each signal an analog signal
        (V or A) with its electrodes as array annotations x, y, z.

    Returns
    -------
    neo.Block
        The provenance stands as JSON in its annotation ``provenance``.

    Raises
    ------
    TableError
        neo is not installed.
    """
    neo = _package("neo", "Neo blocks")
    block = neo.Block(
        description=recording.sentence(), provenance=canonical_json(recording.sources)
    )
    segment = neo.Segment(name="simulation")
    block.segments.append(segment)
    if recording.spikes is not None:
        _add_trains(neo, block, recording.spikes)
    signals = [_analog_signal(neo, each, recording.electrodes) for each in recording.signals]
    segment.analogsignals.extend(signals)
    block.check_relationships()
    return block


def _add_trains(neo: Any, block: Any, spikes: Spikes) -> None:
    times, ends = _by_neuron(spikes)
    trains = [
        neo.SpikeTrain(own, units="s", t_start=spikes.start, t_stop=spikes.stop)
        for own in np.split(times, ends[:-1])
    ]
    block.segments[0].spiketrains.extend(trains)
    for p, name in enumerate(spikes.names):
        mine = range(spikes.first[p], spikes.first[p + 1])
        for neuron in mine:
            trains[neuron].annotate(population=name, neuron=neuron)
        block.groups.append(neo.Group([trains[neuron] for neuron in mine], name=name))


def _analog_signal(neo: Any, signal: Signal, electrodes: FloatArray | None) -> Any:
    quantities = import_module("quantities")
    places = {}
    if signal.unit == "V" and electrodes is not None:
        places = dict(zip("xyz", electrodes.T * quantities.m, strict=True))
    return neo.AnalogSignal(
        signal.values,
        units=signal.unit,
        sampling_rate=1.0 / signal.step * quantities.Hz,
        t_start=signal.start * quantities.s,
        name=signal.name,
        description=signal.description,
        array_annotations=places,
    )


def _by_neuron(spikes: Spikes) -> tuple[FloatArray, IntArray]:
    """Return spike times neuron by neuron, s, and where those of each neuron end."""
    order = np.argsort(spikes.neurons, kind="stable")
    counts = np.bincount(spikes.neurons, minlength=int(spikes.first[-1]))
    return spikes.times[order], np.cumsum(counts)


def _package(name: str, what: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        msg = f"{what} need a package that is not installed: python -m pip install {name}"
        raise TableError(msg) from None
