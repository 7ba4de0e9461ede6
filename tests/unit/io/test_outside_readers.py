"""Other tools read what cortex writes (in an environment of their own: make test-formats)."""

import json
import re

import numpy as np
import pytest

from cortex.io.export import to_neo, write_nwb, write_sonata
from cortex.io.recording import Recording, Signal
from cortex.io.spikes import read_spikes
from cortex.spikes import Spikes

for package in ("bmtk", "elephant", "libsonata", "neo", "nwbinspector", "pynwb"):
    pytest.importorskip(package, reason="not in the locked environment: make test-formats")
pytestmark = pytest.mark.filterwarnings("ignore")

RNG = np.random.default_rng(5)
DT = 1e-4
STEPS, NEURONS = np.nonzero(RNG.random((4000, 44)) < np.repeat([2e-3, 0.0, 2e-3], [30, 4, 10]))
SPIKES = Spikes(
    steps=STEPS.astype(np.int32),
    neurons=NEURONS.astype(np.int32),
    dt=DT,
    n_steps=4000,
    names=("E", "quiet", "I"),
    sizes=np.array([30, 4, 10]),
    positions=1e-3 * RNG.random((44, 2)),
)
TRAINS = [SPIKES.times[neuron == NEURONS] for neuron in range(44)]
POPULATIONS = ["E"] * 30 + ["quiet"] * 4 + ["I"] * 10
SHARED = {"start": 0.06 + DT, "step": DT}
POTENTIAL = Signal(
    name="lfp", description="potential", values=1e-6 * RNG.random((50, 3)), unit="V", **SHARED
)
PROXY = Signal(
    name="proxy", description="currents", values=1e-12 * RNG.random((50, 1)), unit="A", **SHARED
)
RECORDING = Recording(
    spikes=SPIKES,
    signals=(POTENTIAL, PROXY),
    electrodes=1e-6 * np.array([[0.0, 0.0, -100.0], [0.0, 0.0, 100.0], [250.0, 0.0, 0.0]]),
    sources={"spikes": {"rule": "simulate", "params": {"g": 5.0}}},
)


@pytest.fixture
def sonata(tmp_path):
    write_sonata(tmp_path / "spikes.h5", Recording(spikes=SPIKES))
    return str(tmp_path / "spikes.h5")


@pytest.fixture
def nwb(tmp_path):
    write_nwb(tmp_path / "run.nwb", RECORDING)
    return tmp_path / "run.nwb"


@pytest.fixture
def block():
    return to_neo(RECORDING)


def test_libsonata_reads_the_same_spikes(sonata):
    import libsonata

    reader = libsonata.SpikeReader(sonata)
    assert set(reader.get_population_names()) == set(SPIKES.names)
    for name in SPIKES.names:
        own, found = SPIKES.of(name), reader[name]
        assert (found.sorting, found.time_units) == ("by_time", "milliseconds")
        np.testing.assert_array_equal(found.get_dict()["node_ids"], own.neurons)
        # one division by the scale of ms on either side
        np.testing.assert_allclose(found.get_dict()["timestamps"], own.times / 1e-3, rtol=2e-16)


def test_bmtk_reads_the_same_spikes(sonata):
    from bmtk.utils.reports.spike_trains import SpikeTrains

    frame = SpikeTrains.load(sonata).to_dataframe()
    for name in SPIKES.names:
        own, found = SPIKES.of(name), frame[frame.population == name]
        np.testing.assert_array_equal(found.node_ids, own.neurons)
        np.testing.assert_allclose(found.timestamps, own.times / 1e-3, rtol=2e-16)


def test_the_units_table_holds_every_neuron_with_its_spikes_and_its_place(nwb):
    from pynwb import NWBHDF5IO

    with NWBHDF5IO(nwb, "r") as file:
        units = file.read().units
        assert units.resolution == DT
        frame = units.to_dataframe()
    assert frame.index.tolist() == list(range(44))
    assert frame.population.tolist() == POPULATIONS
    for found, own in zip(frame.spike_times, TRAINS, strict=True):
        np.testing.assert_array_equal(found, own)  # seconds on either side
    np.testing.assert_array_equal(np.concatenate(list(frame.obs_intervals)), [[0.0, 0.4]] * 44)
    np.testing.assert_allclose(
        frame[["x", "y"]], 1e6 * np.asarray(SPIKES.positions), rtol=4e-16
    )  # µm


def test_signals_stand_in_volts_with_electrodes_and_in_amperes_without(nwb):
    from pynwb import NWBHDF5IO

    with NWBHDF5IO(nwb, "r") as file:
        content = file.read()
        module = content.processing["ecephys"]
        lfp, proxy = module["LFP"]["lfp"], module["proxy"]
        for found, own, unit in ((lfp, POTENTIAL, "volts"), (proxy, PROXY, "amperes")):
            assert (found.unit, found.conversion, found.rate) == (unit, 1.0, 10_000.0)
            assert found.starting_time == own.start
            np.testing.assert_array_equal(found.data[:], own.values)
        places = lfp.electrodes.to_dataframe()[["rel_x", "rel_y", "rel_z"]]
        # the standard stores single precision
        np.testing.assert_allclose(places, 1e6 * np.asarray(RECORDING.electrodes), rtol=1e-7)
        assert json.loads(content.notes) == RECORDING.sources


def test_our_own_reader_finds_the_spikes_of_the_nwb_file(nwb):
    found = read_spikes(nwb)
    np.testing.assert_array_equal(found.times, SPIKES.times)
    np.testing.assert_array_equal(found.neurons, SPIKES.neurons)


@pytest.mark.parametrize(
    "recording",
    [
        RECORDING,
        Recording(spikes=SPIKES),
        Recording(signals=(PROXY,)),
        Recording(signals=(POTENTIAL,), electrodes=RECORDING.electrodes),
    ],
    ids=["all", "spikes", "proxy", "potential"],
)
def test_the_standard_is_met_and_the_inspector_finds_nothing_critical(tmp_path, recording):
    import nwbinspector
    import pynwb

    path = tmp_path / "run.nwb"
    write_nwb(path, recording)
    assert pynwb.validate(path=path) == []
    found = list(nwbinspector.inspect_nwbfile(nwbfile_path=path))
    least = nwbinspector.Importance.CRITICAL
    assert [each for each in found if each.importance.value >= least.value] == []
    # a model has no species; all else below critical is advice
    violations = {
        each.check_function_name
        for each in found
        if each.importance is nwbinspector.Importance.BEST_PRACTICE_VIOLATION
    }
    assert violations <= {"check_subject_species_exists"}


def test_a_run_without_a_spike_is_valid_and_reads_back_empty(tmp_path):
    import pynwb

    # not inspected: three checks of nwbinspector 0.7.2 index the first row of empty columns
    path = tmp_path / "run.nwb"
    write_nwb(path, Recording(spikes=SPIKES.of("quiet")))
    assert pynwb.validate(path=path) == []
    with pynwb.NWBHDF5IO(path, "r") as file:
        trains = file.read().units.to_dataframe().spike_times
    assert [len(train) for train in trains] == [0, 0, 0, 0]
    assert len(read_spikes(path)) == 0


def test_neo_trains_and_signals_equal_ours(block):
    segment = block.segments[0]
    for found, own, population in zip(segment.spiketrains, TRAINS, POPULATIONS, strict=True):
        np.testing.assert_array_equal(found.rescale("s").magnitude, own)
        assert found.annotations["population"] == population
        assert (float(found.t_start), float(found.t_stop)) == (0.0, SPIKES.duration)
    sizes = [(group.name, len(group.spiketrains)) for group in block.groups]
    assert sizes == [("E", 30), ("quiet", 4), ("I", 10)]
    for found, own in zip(segment.analogsignals, RECORDING.signals, strict=True):
        np.testing.assert_array_equal(found.magnitude, own.values)
        assert found.dimensionality.string == own.unit
        assert float(found.sampling_rate) == 10_000.0
    places = segment.analogsignals[0].array_annotations
    np.testing.assert_array_equal(places["z"].magnitude, RECORDING.electrodes[:, 2])
    assert json.loads(block.annotations["provenance"]) == RECORDING.sources


def test_elephant_counts_the_rates_of_the_populations(block):
    from elephant.statistics import mean_firing_rate

    rates = [np.mean([mean_firing_rate(t) for t in group.spiketrains]) for group in block.groups]
    np.testing.assert_allclose(rates, SPIKES.mean_rates(), rtol=1e-12)


def test_the_examples_of_the_page_on_export_run(root, monkeypatch, capsys):
    text = (root / "docs" / "export.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python(?: \w+)?\n(.*?)^```", text, flags=re.M | re.S)
    monkeypatch.chdir(root)
    namespace = {"__name__": "__main__"}
    for block in blocks:
        exec(compile(block, "docs/export.md", "exec"), namespace)
    assert "by_time milliseconds" in capsys.readouterr().out
