"""Volleys that repeat are counted by their differences: the same whole numbers, spike for spike."""

import numpy as np
import pytest

from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import draw_bit_rows, draw_source_lists, simulate
from cortex.spiking._loops_bits import count_rows
from cortex.spiking._loops_volleys import KEPT, LEAST, count_volley, volley_memory

N_NEURONS, N_WORDS, N_PLANES = 2000, 8, 12


def summed(planes):
    """Return the number held in each bit column, bit by bit in plain NumPy."""
    bits = np.unpackbits(planes.view(np.uint8), axis=1)
    return (bits.astype(np.int64) << np.arange(len(planes))[:, np.newaxis]).sum(axis=0)


def volleys(rng):
    """Yield volleys of every kind: new, repeated, nearly repeated, grown, shrunk, small."""
    groups = [np.sort(rng.choice(N_NEURONS, 900 + 40 * k, replace=False)) for k in range(KEPT + 2)]
    for group in [*groups, *groups, *groups[::-1]]:
        yield group
        gone = rng.random(group.size) < rng.choice([0.01, 0.1, 0.3])
        newcomers = rng.choice(N_NEURONS, 60, replace=False)
        yield np.union1d(group[~gone], newcomers)
        yield group[: LEAST - 1]
        yield group[:LEAST]


@pytest.mark.parametrize("first", [0, 8])
def test_every_volley_is_counted_as_its_rows_say(first):
    """From any word on, as threads count that share the words of a row."""
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 2**64, (N_NEURONS + 1, first + N_WORDS), dtype=np.uint64)
    rows[-1] = 0
    own = np.ascontiguousarray(rows[:, first:]).view(np.uint8)
    single = np.unpackbits(own, axis=1).astype(np.int64)
    planes, plain = np.zeros((2, N_PLANES, N_WORDS), dtype=np.uint64)
    scratch = np.zeros((8, N_WORDS), dtype=np.uint64)
    ids = np.empty(N_NEURONS + 8, dtype=np.int32)
    memory = volley_memory(N_NEURONS, planes)
    for volley in volleys(rng):
        n = volley.size
        ids[:n] = volley
        used = count_volley(rows, np.uint64(first), ids, n, scratch, planes, memory)
        assert used == count_rows(rows, np.uint64(first), ids, n, scratch, plain)
        assert np.array_equal(summed(planes[:used]), single[volley].sum(axis=0))


def test_a_locked_network_fires_the_same_spikes_as_on_lists():
    model = BrunelParams(
        n_exc=2000,
        n_inh=500,
        in_degree_exc=200,
        in_degree_inh=50,
        J=5e-4,
        g=3.0,
        nu_ext_ratio=2.0,
    )
    network = model.network()
    settings = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.1, precision="float32")
    bits = simulate(network, settings, seed=1, wiring=draw_bit_rows(network, seed=1)).spikes
    wiring = draw_source_lists(network, seed=1, dt=1e-4)
    lists = simulate(network, settings, seed=1, wiring=wiring).spikes
    assert np.bincount(bits.steps).max() > 2 * LEAST  # volleys that are kept occur
    assert np.array_equal(bits.steps, lists.steps)
    assert np.array_equal(bits.neurons, lists.neurons)
