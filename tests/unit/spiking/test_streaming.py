"""Spikes stream to a file that equals the one written at once, in bounded memory."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import TableError
from cortex.io.schemas.spiking import SPIKES
from cortex.io.spike_table import SpikeWriter, write_spikes
from cortex.io.spikes import read_spikes
from cortex.io.tables import write_table
from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.provenance import Provenance
from cortex.spikes import Spikes
from cortex.spiking import Recorder, draw_wiring, simulate

NETWORK = BrunelParams(
    n_exc=800,
    n_inh=200,
    in_degree_exc=80,
    in_degree_inh=20,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
).network()
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.05, duration=0.5, precision="float32")
SOURCE = Provenance(rule="test", params={}, code="0", seed=1)


def test_streamed_file_equals_the_one_written_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("cortex.spiking.simulation.CHUNK_SPIKES", 1)
    kept = simulate(NETWORK, SETTINGS, seed=1).spikes
    write_spikes(tmp_path / "whole.parquet", kept, SOURCE)
    with SpikeWriter(tmp_path / "streamed.parquet", SOURCE) as sink:
        simulate(NETWORK, SETTINGS, seed=1, record=Recorder(spikes=False, sink=sink))
    whole, streamed = (read_spikes(tmp_path / f"{n}.parquet") for n in ("whole", "streamed"))
    assert np.array_equal(whole.steps, streamed.steps)
    assert np.array_equal(whole.neurons, streamed.neurons)
    assert (whole.names, whole.dt, whole.n_steps) == (streamed.names, streamed.dt, streamed.n_steps)


def test_start_ids_and_places_of_a_recording_come_back(tmp_path):
    own = Spikes(
        steps=np.array([3, 8], dtype=np.int32),
        neurons=np.array([1, 0], dtype=np.int32),
        dt=1e-4,
        n_steps=10,
        names=("E",),
        sizes=np.array([2]),
        start=0.5,
        ids=np.array([70, 80]),
        positions=np.array([[0.0, 1e-3], [2e-3, 3e-3]]),
    )
    write_spikes(tmp_path / "own.parquet", own, SOURCE)
    found = read_spikes(tmp_path / "own.parquet")
    np.testing.assert_array_equal(found.times, own.times)
    assert (found.ids.tolist(), found.stop) == ([70, 80], own.stop)
    np.testing.assert_array_equal(found.positions, own.positions)


def test_a_failed_run_leaves_no_file(tmp_path):
    path = tmp_path / "spikes.parquet"

    def fail():
        with SpikeWriter(path, SOURCE) as sink:
            sink(simulate(NETWORK, SETTINGS, seed=1).spikes)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TableError, match="no such file"):
        read_spikes(path)


def test_a_file_with_spikes_outside_its_grid_is_refused(tmp_path):
    path, spikes = tmp_path / "spikes.parquet", simulate(NETWORK, SETTINGS, seed=1).spikes
    shifted = {"step": spikes.steps, "neuron": spikes.neurons + 1}
    populations = {"populations": {"E": 800, "I": 200}, "order": ["E", "I"]}
    notes = {"dt_s": spikes.dt, "n_steps": spikes.n_steps, **populations}
    write_table(path, SPIKES, shifted, SOURCE, notes)
    with pytest.raises(TableError, match=r"spikes\.parquet: Spikes\.neurons = .* leaves the 1000"):
        read_spikes(path)


def test_memory_of_a_streamed_run_does_not_grow_with_its_duration():
    wiring = draw_wiring(NETWORK, SETTINGS, seed=1)
    record = Recorder(spikes=False, sink=lambda _: None)

    def peak(duration):
        tracemalloc.start()
        settings = replace(SETTINGS, duration=duration)
        simulate(NETWORK, settings, seed=1, wiring=wiring, record=record)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    short, long = peak(0.5), peak(5.0)
    # the longer run may hold one full chunk of spikes where the short one holds a part
    assert long < short + 12 * 2**20
