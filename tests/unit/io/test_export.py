"""Results for other tools: what was recorded comes back, in the units and places of the format."""

import json
import sys

import h5py
import numpy as np
import pytest

from cortex.cli import main
from cortex.errors import ParameterError, TableError
from cortex.io import export
from cortex.io.export import export_tables, to_neo, write_nwb, write_sonata
from cortex.io.recording import Recording, Signal, read_recording
from cortex.io.schemas.brunel import LFP
from cortex.io.schemas.lfp import ELECTRODES, FITS, TRACES
from cortex.io.schemas.spiking import SPIKES
from cortex.io.spike_table import write_spikes
from cortex.io.spikes import read_spikes
from cortex.io.tables import read_provenance, write_table
from cortex.provenance import Provenance
from cortex.spikes import Spikes

DT = 1e-4
SETTLE = 0.06
TIMES = DT * np.arange(1, 51)
SPIKE_SOURCE = Provenance(rule="simulate", params={"g": 5.0}, code="abc", seed=7)
PROBE_SOURCE = Provenance(rule="probe", params={"analysis": {"settle_ms": 60.0}}, code="def")


def drawn_spikes(names=("E", "quiet", "I"), sizes=(30, 4, 10), n_steps=5000):
    """Return Poisson spikes of all populations but the one called quiet."""
    rng = np.random.default_rng(3)
    rate = np.repeat([0.0 if name == "quiet" else 2e-3 for name in names], sizes)
    steps, neurons = np.nonzero(rng.random((n_steps, len(rate))) < rate)
    return Spikes(
        steps=steps.astype(np.int32),
        neurons=neurons.astype(np.int32),
        dt=DT,
        n_steps=n_steps,
        names=names,
        sizes=np.array(sizes),
    )


SPIKES_OF_RUN = drawn_spikes()


@pytest.fixture
def spike_table(tmp_path):
    write_spikes(tmp_path / "spikes.parquet", SPIKES_OF_RUN, SPIKE_SOURCE)
    return tmp_path / "spikes.parquet"


@pytest.fixture
def write_probe(tmp_path):
    """Return a function that writes traces and contacts of a probe, and returns their paths."""

    def write(time=TIMES, source=PROBE_SOURCE, late=0.0):
        values = 1e-6 * np.arange(3 * len(time), dtype=np.float64)
        electrode = np.repeat(np.arange(3), len(time))
        traces = {
            "electrode": electrode,
            "time": np.tile(time, 3) + late * (electrode == 2),
            **dict.fromkeys(("per_neuron", "population", "physical"), values),
        }
        write_table(tmp_path / "traces.parquet", TRACES, traces, source)
        contacts = {name: np.zeros(3) for name in ELECTRODES.columns} | {
            "electrode": np.arange(3),
            "x": np.array([0.0, 0.0, 2.5e-4]),
            "z": np.array([-1e-4, 1e-4, 0.0]),
            "reliable": np.ones(3, dtype=bool),
        }
        write_table(tmp_path / "electrodes.parquet", ELECTRODES, contacts, source)
        return tmp_path / "traces.parquet", tmp_path / "electrodes.parquet"

    return write


@pytest.mark.parametrize("population", SPIKES_OF_RUN.names)
def test_sonata_spikes_come_back_at_the_steps_and_neurons_they_had(spike_table, population):
    path = spike_table.with_suffix(".h5")
    export_tables([spike_table], path)
    own, found = SPIKES_OF_RUN.of(population), read_spikes(path, population=population)
    np.testing.assert_array_equal(found.neurons, own.neurons)
    np.testing.assert_array_equal(np.rint(found.times / DT) - 1, own.steps)
    # one division and one multiplication by the scale of ms
    np.testing.assert_allclose(found.times, own.times, rtol=4e-16, atol=0)


def test_a_sonata_file_holds_what_the_developer_guide_demands(tmp_path):
    write_sonata(tmp_path / "spikes.h5", Recording(spikes=SPIKES_OF_RUN))
    with h5py.File(tmp_path / "spikes.h5") as file:
        assert (file.attrs["magic"], file.attrs["magic"].dtype) == (0x0A7A, np.uint32)
        assert file.attrs["version"].tolist() == [0, 1]
        assert file.attrs["version"].dtype == np.uint32
        assert list(file["spikes"]) == ["E", "I", "quiet"]
        for name, group in file["spikes"].items():
            kind = group.attrs.get_id("sorting").dtype
            assert h5py.check_enum_dtype(kind) == {"none": 0, "by_id": 1, "by_time": 2}
            assert group.attrs["sorting"] == 2
            assert group["timestamps"].attrs["units"] == "milliseconds"
            assert group["timestamps"].dtype == np.float64
            assert group["node_ids"].dtype == np.uint64
            # plain: libsonata 0.2.2 comes without the deflate filter
            assert group["timestamps"].compression is group["node_ids"].compression is None
            assert np.all(np.diff(group["timestamps"]) >= 0.0)
            assert (
                group["node_ids"].shape
                == group["timestamps"].shape
                == SPIKES_OF_RUN.of(name).steps.shape
            )


def test_a_spike_of_step_14_of_a_tenth_of_a_millisecond_stands_at_one_and_a_half(tmp_path):
    spikes = Spikes(
        steps=np.array([14], dtype=np.int32),
        neurons=np.array([3], dtype=np.int32),
        dt=DT,
        n_steps=20,
        names=("E", "I"),
        sizes=np.array([2, 2]),
    )
    write_sonata(tmp_path / "spikes.h5", Recording(spikes=spikes))
    with h5py.File(tmp_path / "spikes.h5") as file:
        assert file["spikes/I/timestamps"][:].tolist() == [1.5]
        assert file["spikes/I/node_ids"][:].tolist() == [1]  # the second of its population


def test_a_file_that_is_there_is_not_replaced_unless_asked(spike_table):
    path = spike_table.with_suffix(".h5")
    path.write_text("mine")
    with pytest.raises(TableError, match="exists already"):
        export_tables([spike_table], path)
    assert path.read_text() == "mine"
    export_tables([spike_table], path, replace=True)
    assert path.read_bytes().startswith(b"\x89HDF")


def test_the_file_keeps_the_provenance_of_the_table(spike_table):
    path = spike_table.with_suffix(".h5")
    export_tables([spike_table], path)
    with h5py.File(path) as file:
        kept = json.loads(file["cortex/provenance"][()])
    assert kept == {"spikes": read_provenance(spike_table)}
    assert kept["spikes"]["params"] == {"g": 5.0}


def test_traces_of_a_probe_stand_on_the_clock_of_the_spikes(spike_table, write_probe):
    recording = read_recording(spike_table, *write_probe())
    assert [signal.name for signal in recording.signals] == ["per_neuron", "population", "physical"]
    for signal in recording.signals:
        # the times of the table count from the end of what was left out
        assert signal.start == pytest.approx(SETTLE + DT, rel=1e-12)
        assert signal.step == pytest.approx(DT, rel=1e-12)
        assert signal.unit == "V"
        np.testing.assert_allclose(signal.values.T.ravel(), 1e-6 * np.arange(150.0), rtol=4e-16)
    expected = 1e-6 * np.array([[0.0, 0.0, -100.0], [0.0, 0.0, 100.0], [250.0, 0.0, 0.0]])
    np.testing.assert_allclose(recording.electrodes, expected, rtol=4e-16)
    assert set(recording.sources) == {"spikes", "lfp_traces", "lfp_electrodes"}


def test_a_proxy_of_currents_stays_in_amperes(tmp_path, spike_table):
    time = DT * np.arange(1, 101)
    columns = {"time": time, "lfp": 1e-12 * np.arange(100.0)}
    write_table(tmp_path / "lfp.parquet", LFP, columns, SPIKE_SOURCE)
    (signal,) = read_recording(spike_table, tmp_path / "lfp.parquet").signals
    assert (signal.unit, signal.values.shape) == ("A", (100, 1))
    np.testing.assert_allclose(signal.values[:, 0], columns["lfp"], rtol=4e-16)


def test_an_interrupted_export_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "out" / "spikes.h5"
    write_sonata(path, Recording(spikes=SPIKES_OF_RUN))
    before = path.read_bytes()

    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(export, "_write_population", fail)
    with pytest.raises(KeyboardInterrupt):
        write_sonata(path, Recording(spikes=SPIKES_OF_RUN))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("write", "package"),
    [(write_nwb, "pynwb"), (lambda _, it: to_neo(it), "neo")],
)
def test_a_missing_package_is_named(tmp_path, monkeypatch, write, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TableError, match=f"pip install {package}"):
        write(tmp_path / "x.nwb", Recording(spikes=SPIKES_OF_RUN))
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote_or_why_not(spike_table, capsys):
    path = spike_table.with_suffix(".h5")
    assert main(["export", str(spike_table), str(path)]) == 0
    assert capsys.readouterr().out == (
        f"{path}: simulated spikes of E (30), quiet (4), I (10) over 0.5 s\n"
    )
    assert main(["export", str(spike_table), str(path.with_suffix(".gdf"))]) == 1
    assert "unknown kind '.gdf'; known: .h5 (SONATA spikes), .nwb (NWB)" in capsys.readouterr().err


def test_tables_that_cannot_be_exported_are_refused(tmp_path, spike_table, write_probe):
    traces, contacts = write_probe()
    with pytest.raises(TableError, match="no such file"):
        read_recording(tmp_path / "none.parquet")
    with pytest.raises(TableError, match="a second table 'spikes'"):
        read_recording(spike_table, spike_table)
    with pytest.raises(TableError, match="go together"):
        read_recording(traces)
    with pytest.raises(TableError, match="go together"):
        read_recording(spike_table, contacts)
    with pytest.raises(TableError, match="export signals"):
        export_tables([traces, contacts], tmp_path / "x.h5")
    fits = {name: ["x"] if name == "variant" else np.zeros(1) for name in FITS.columns}
    write_table(tmp_path / "fits.parquet", FITS, fits, SPIKE_SOURCE)
    with pytest.raises(TableError, match="holds 'lfp_fits'; what can be exported is spikes, "):
        read_recording(tmp_path / "fits.parquet")
    bare = {"step": np.zeros(1, dtype=np.int32), "neuron": np.zeros(1, dtype=np.int32)}
    write_table(tmp_path / "bare.parquet", SPIKES, bare, SPIKE_SOURCE)
    with pytest.raises(TableError, match="without grid and populations"):
        read_recording(tmp_path / "bare.parquet")


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"time": np.array([1e-4, 2e-4, 4e-4])}, "not evenly spaced"),
        ({"time": np.array([1e-4])}, "needs two"),
        ({"late": DT}, "sampled at different times"),
        ({"source": SPIKE_SOURCE}, "lack analysis.settle_ms"),
    ],
)
def test_traces_without_an_even_common_clock_are_refused(write_probe, given, match):
    with pytest.raises(TableError, match=match):
        read_recording(*write_probe(**given))


def test_a_population_that_hdf5_reads_as_a_path_is_refused(tmp_path):
    spikes = drawn_spikes(names=("L2/3", "L4"), sizes=(3, 3), n_steps=100)
    with pytest.raises(TableError, match="cannot name a population 'L2/3'"):
        write_sonata(tmp_path / "x.h5", Recording(spikes=spikes))


LFP_SIGNAL = {
    "name": "lfp",
    "description": "test",
    "values": np.zeros((5, 2)),
    "unit": "V",
    "start": 0.0,
    "step": DT,
}


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"values": np.zeros(5)}, "n_times, n_channels"),
        ({"unit": "uV"}, "unit 'uV'"),
        ({"step": 0.0}, "positive step"),
        ({"name": "a/b"}, "without '/'"),
    ],
)
def test_signals_that_a_reader_would_misread_are_refused(changed, match):
    with pytest.raises(ParameterError, match=match):
        Signal(**LFP_SIGNAL | changed)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({}, "got neither"),
        ({"signals": (Signal(**LFP_SIGNAL),)}, "has no electrodes"),
        ({"signals": (Signal(**LFP_SIGNAL),), "electrodes": np.zeros((3, 3))}, "needs 2 rows of 3"),
        ({"signals": (Signal(**LFP_SIGNAL),) * 2, "electrodes": np.zeros((2, 3))}, "share a name"),
        ({"spikes": drawn_spikes((), (), 10)}, "name no populations"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(given, match):
    with pytest.raises(ParameterError, match=match):
        Recording(**given)
