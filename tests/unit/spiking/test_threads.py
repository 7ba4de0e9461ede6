"""Any number of threads gives the bytes of one: spikes, traces, rates and the final state."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.connectivity import fixed_in_degree
from cortex.params.brunel import BrunelParams
from cortex.params.microcircuit import PUBLISHED_WIRING, MicrocircuitParams
from cortex.params.nmda import NMDA
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import (
    BitRows,
    Inputs,
    Recorder,
    SourceLists,
    SpikeInputs,
    draw_bit_rows,
    draw_wiring,
    scale_down,
    simulate,
)
from cortex.spiking.layouts import lay_out
from cortex.spiking.slices import neuron_shares

BRUNEL = BrunelParams(
    n_exc=1600,
    n_inh=400,
    in_degree_exc=160,
    in_degree_inh=40,
    J=6e-4,
    g=5.0,
    nu_ext_ratio=2.0,
)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.02, duration=0.08, precision="float32")
MICROCIRCUIT = scale_down(
    replace(MicrocircuitParams(), delay_distribution="truncated_gaussian").network(),
    0.03,
    np.full(8, 4.0),
)
SCATTERED = replace(
    MICROCIRCUIT,
    synapses=replace(MICROCIRCUIT.synapses, J_cv=np.full_like(MICROCIRCUIT.synapses.J, 0.2)),
)
TRACED = Recorder(voltages=(0, 700, 1999), currents="population", trace_dt=3e-4, rate_bin=1e-3)
EVENTS = Inputs(
    events=SpikeInputs(
        steps=np.arange(5, 900, 7),
        targets=np.arange(128) * 15 % 2000,
        weights=np.where(np.arange(128) % 3, 4e-3, -2e-3),
    )
)
# what lists do not hold: synapses that tire, NMDA receptors, jumps beside currents
TIRED = replace(
    SCATTERED,
    synapses=replace(
        SCATTERED.synapses, U=np.full_like(MICROCIRCUIT.synapses.J, 0.5), tau_rec=np.array(0.1)
    ),
)
SLOW = replace(
    MICROCIRCUIT,
    nmda=NMDA(
        g=np.full((8, 8), 2e-3) * (np.arange(8) % 2 == 0),
        block=20.0,
        E_rev=0.07,
        tau_rise=2e-3,
        tau_s=0.1,
        alpha=500.0,
    ),
)
# regular synchrony, in which volleys repeat, irregular states, every kind of list
CASES = {
    "bits, regular": (BRUNEL.at(3.0, 2.0).network(), {}),
    "bits, irregular": (BRUNEL.network(), {}),
    "lists of one delay": (BRUNEL.network(), {"record": replace(TRACED, currents="none")}),
    "lists with events": (MICROCIRCUIT, {"inputs": EVENTS, "record": TRACED}),
    "lists of many delays": (MICROCIRCUIT, {}),
    "lists with weights": (SCATTERED, {"record": TRACED}),
    "cells that tire": (TIRED, {"inputs": EVENTS, "record": TRACED}),
    "cells with gates": (SLOW, {"record": TRACED}),
}


def wired(network, options):
    rule = {} if network.is_delta else {"rule": PUBLISHED_WIRING}
    return draw_wiring(network, SETTINGS, seed=5, **rule, **options)


def assert_same(one, other):
    assert one.spikes.steps.size > 300
    assert one.spikes.steps.tobytes() == other.spikes.steps.tobytes()
    assert one.spikes.neurons.tobytes() == other.spikes.neurons.tobytes()
    assert one.rates.tobytes() == other.rates.tobytes()
    for name, trace in one.traces.items():
        assert trace.tobytes() == other.traces[name].tobytes(), name
    for name, array in one.state.arrays.items():
        assert array.tobytes() == other.state.arrays[name].tobytes(), name


@pytest.mark.parametrize("case", CASES)
def test_threads_change_no_byte(case):
    network, options = CASES[case]
    wiring = wired(network, options)
    alone = simulate(network, SETTINGS, seed=5, wiring=wiring, threads=1, **options)
    assert alone.kernel == case[:5].rstrip(",").split()[0]
    for threads in (2, 3, 7):
        shared = simulate(network, SETTINGS, seed=5, wiring=wiring, threads=threads, **options)
        assert_same(alone, shared)


@pytest.mark.parametrize(
    "case", ["bits, irregular", "lists of many delays", "cells that tire", "cells with gates"]
)
def test_a_run_goes_on_with_another_number_of_threads(case):
    network, options = CASES[case]
    wiring = wired(network, options)
    first, rest = replace(SETTINGS, duration=0.0307), replace(SETTINGS, warm_up=0.0)

    def run(before, after):
        state = simulate(network, first, seed=5, wiring=wiring, threads=before).state
        return simulate(network, rest, seed=5, wiring=wiring, threads=after, state=state)

    alone = run(1, 1)
    for before, after in ((3, 1), (1, 3), (3, 2)):
        assert_same(alone, run(before, after))


def test_synapses_in_any_order_give_the_spikes_of_ordered_ones():
    """Lists made by hand are put in order by the run, for any number of threads."""
    network = BRUNEL.network()
    lists = SourceLists.from_bits(draw_bit_rows(network, seed=5), delay=15)
    rng = np.random.default_rng(1)
    source = np.repeat(np.arange(lists.n_neurons), np.diff(lists.start))
    order = np.lexsort((rng.random(source.size), source))
    delays = np.full(source.size, 15, dtype=np.uint8)
    mixed = replace(lists, targets=lists.targets[order], delays=delays)
    expected = simulate(network, SETTINGS, seed=5, wiring=lists, threads=1)
    for threads in (1, 3):
        got = simulate(network, SETTINGS, seed=5, wiring=mixed, threads=threads)
        assert_same(expected, got)


@pytest.mark.parametrize("case", [name for name in CASES if name.startswith("lists")])
def test_lists_cut_into_blocks_of_targets_give_the_same_bytes(case, monkeypatch):
    """Beyond 65,536 neurons targets are 16 bits within a block; here blocks are of 960."""
    network, options = CASES[case]
    rule = {} if network.is_delta else {"rule": PUBLISHED_WIRING}
    plain = draw_wiring(network, SETTINGS, seed=5, **rule, **options)
    monkeypatch.setattr("cortex.spiking.layouts.target_blocks", lambda n, *_: np.arange(0, n, 960))
    cut = draw_wiring(network, SETTINGS, seed=5, threads=2, **rule, **options)
    if case != "lists with events":  # their weights are written out, in whole lists
        assert len(cut.blocks) > 1
        assert cut.targets.max() < 960
    assert np.array_equal(cut.joins(network.first), plain.joins(network.first))
    for mine, whole in zip(sorted_arrays(plain), sorted_arrays(cut.whole()), strict=True):
        assert np.array_equal(mine, whole)
    alone = simulate(network, SETTINGS, seed=5, wiring=plain, threads=1, **options)
    for threads in (1, 2, 5):
        got = simulate(network, SETTINGS, seed=5, wiring=cut, threads=threads, **options)
        assert_same(alone, got)


def sorted_arrays(lists):
    """Return source, target, delay and weight of all synapses, in an order of their own."""
    source = np.repeat(np.arange(lists.n_neurons), np.diff(lists.start))
    columns = [
        each for each in (source, lists.targets, lists.delays, lists.weights) if each is not None
    ]
    order = np.lexsort(columns)
    return [each[order] for each in columns]


def arrays_of(wiring):
    if isinstance(wiring, BitRows):
        return [wiring.rows]
    return [wiring.start, wiring.targets, wiring.delays, wiring.weights]


@pytest.mark.parametrize("case", ["bits, irregular", "lists of one delay", "lists with weights"])
@pytest.mark.parametrize("chunk", [4096, 100])
def test_threads_change_no_byte_of_the_wiring(case, chunk, monkeypatch):
    network, options = CASES[case]
    rule = {} if network.is_delta else {"rule": PUBLISHED_WIRING}

    def drawn(threads):
        return arrays_of(draw_wiring(network, SETTINGS, seed=5, threads=threads, **rule, **options))

    monkeypatch.setattr("cortex.spiking.sources.CHUNK", chunk)
    alone = drawn(1)
    for threads in (2, 3, 7):
        for one, other in zip(alone, drawn(threads), strict=True):
            assert (one is None and other is None) or one.tobytes() == other.tobytes()


def test_projections_are_laid_out_alike_by_any_number_of_threads(monkeypatch):
    monkeypatch.setattr("cortex.spiking.layouts.CHUNK", 100)
    network = BRUNEL.network()
    rules = {"rng": np.random.default_rng(1), "multapses": True, "autapses": True}
    wiring = {
        ("E", "E"): fixed_in_degree(1600, 1600, 50, **rules),
        ("I", "E"): fixed_in_degree(1600, 400, 20, **rules),
        ("E", "I"): fixed_in_degree(400, 1600, 30, **rules),
    }
    spread = replace(
        network,
        synapses=replace(
            network.synapses,
            delay_sd=np.full((2, 2), 5e-4),
            delay_distribution="truncated_gaussian",
        ),
    )
    alone = arrays_of(lay_out(spread, wiring, seed=1, dt=1e-4, threads=1))
    for threads in (2, 5):
        other = arrays_of(lay_out(spread, wiring, seed=1, dt=1e-4, threads=threads))
        assert all(a is b or a.tobytes() == b.tobytes() for a, b in zip(alone, other, strict=True))


@pytest.mark.parametrize(
    ("blocks", "expected"), [([0, 2304], 2304), ([0], 2560)], ids=["block", "strip"]
)
def test_shares_of_neurons_end_with_blocks_and_strips_that_are_near(blocks, expected):
    # 5,000 neurons of equal in-degree: equal work ends at 2,496, strips at multiples of 640
    shares = neuron_shares(SenkParams().network(), 2, np.array(blocks))
    assert shares.tolist() == [0, expected, 5120]


def test_a_far_block_does_not_unbalance_the_threads():
    shares = neuron_shares(SenkParams().network(), 2, np.array([0, 1280]))
    assert abs(int(shares[1]) - 2500) < 64
