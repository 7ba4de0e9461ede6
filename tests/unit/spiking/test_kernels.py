"""The two kernels agree, and nothing depends on chunks, threads or interruptions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import Recorder, SourceLists, draw_bit_rows, draw_source_lists, simulate

SMALL = BrunelParams(
    n_exc=1000,
    n_inh=250,
    in_degree_exc=100,
    in_degree_inh=25,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.05, duration=0.3, precision="float32")


def same(a, b):
    return np.array_equal(a.steps, b.steps) and np.array_equal(a.neurons, b.neurons)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(("g", "ratio"), [(5.0, 2.0), (3.0, 2.0), (4.5, 0.9)])
def test_bit_rows_and_source_lists_give_identical_spikes(precision, g, ratio):
    network = SMALL.at(g, ratio).network()
    settings = replace(SETTINGS, precision=precision)
    bits = draw_bit_rows(network, seed=7)
    lists = SourceLists.from_bits(bits, delay=15)
    by_bits = simulate(network, settings, seed=7, wiring=bits)
    by_lists = simulate(network, settings, seed=7, wiring=lists)
    assert (by_bits.kernel, by_lists.kernel) == ("bits", "lists")
    assert by_bits.spikes.steps.size > 500
    assert same(by_bits.spikes, by_lists.spikes)


def test_both_forms_of_wiring_hold_the_same_connections():
    network = SMALL.network()
    drawn = draw_source_lists(network, seed=3, dt=1e-4)
    unpacked = SourceLists.from_bits(draw_bit_rows(network, seed=3), delay=15)
    assert np.array_equal(drawn.start, unpacked.start)
    assert np.array_equal(drawn.targets, unpacked.targets)
    assert drawn.delay == 15


@pytest.mark.parametrize("kernel", ["bits", "lists"])
@pytest.mark.parametrize("stop", [0.1, 0.1003, 0.0501])
def test_a_run_stopped_and_continued_equals_one_run(kernel, stop):
    network = SMALL.network()
    bits = draw_bit_rows(network, seed=1)
    wiring = bits if kernel == "bits" else SourceLists.from_bits(bits, delay=15)
    at_once = simulate(network, replace(SETTINGS, warm_up=0.0), seed=1, wiring=wiring).spikes
    first = simulate(network, replace(SETTINGS, warm_up=0.0, duration=stop), seed=1, wiring=wiring)
    rest = replace(SETTINGS, warm_up=0.0, duration=round(0.3 - stop, 6))
    second = simulate(network, rest, seed=1, wiring=wiring, state=first.state).spikes
    steps = np.concatenate([first.spikes.steps, second.steps + first.spikes.n_steps])
    assert np.array_equal(steps, at_once.steps)
    assert np.array_equal(np.concatenate([first.spikes.neurons, second.neurons]), at_once.neurons)


@pytest.mark.parametrize("kernel", ["bits", "lists"])
def test_spikes_do_not_depend_on_threads_or_on_the_size_of_chunks(kernel, monkeypatch):
    network = SMALL.network()
    bits = draw_bit_rows(network, seed=1)
    wiring = bits if kernel == "bits" else SourceLists.from_bits(bits, delay=15)

    def run(_):
        return simulate(network, SETTINGS, seed=1, wiring=wiring).spikes

    alone = run(0)
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(run, range(2)))
    monkeypatch.setattr("cortex.spiking.simulation.CHUNK_SPIKES", 1)
    assert all(same(alone, each) for each in [*together, run(0)])


def test_streamed_spikes_are_the_kept_ones_and_rates_are_their_counts():
    network = SMALL.network()
    chunks: list[Any] = []
    kept = simulate(network, SETTINGS, seed=2).spikes
    run = simulate(
        network, SETTINGS, seed=2, record=Recorder(spikes=False, sink=chunks.append, rate_bin=1e-3)
    )
    assert run.spikes.steps.size == 0
    assert np.array_equal(np.concatenate([chunk.neurons for chunk in chunks]), kept.neurons)
    assert run.rates.shape == (300, 2)
    totals = run.rates.sum(axis=0) * 1e-3 * network.sizes
    assert totals.sum() == pytest.approx(kept.neurons.size, abs=1e-6)


def test_a_different_seed_gives_different_spikes_and_the_same_seed_the_same():
    network = SMALL.network()
    first, again, other = (simulate(network, SETTINGS, seed=s).spikes for s in (1, 1, 2))
    assert same(first, again)
    assert not same(first, other)
