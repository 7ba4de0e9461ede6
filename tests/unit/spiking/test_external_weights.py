"""Which weight the external drive has, however it is given, on both compiled runs."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.params.brunel import BrunelParams
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import (
    Inputs,
    PerNeuron,
    SourceLists,
    SpikeInputs,
    draw_bit_rows,
    draw_source_lists,
    simulate,
)

NEURON = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
DELTA = BrunelParams(
    n_exc=400,
    n_inh=100,
    in_degree_exc=40,
    in_degree_inh=10,
    J=0.5e-3,
    g=5.0,
    nu_ext_ratio=2.0,
).network()
CURRENTS = replace(SenkParams(), n_exc=400, n_inh=100, in_degree_exc=40, in_degree_inh=10).network()
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.2, precision="float64")


def spikes(network, *, rows_of_bits=False, **drive):
    """Return the spikes on the wanted kernel; the connections are the same on both."""
    bits = draw_bit_rows(network, seed=1)
    wiring = bits if rows_of_bits else SourceLists.from_bits(bits, delay=15)
    run = simulate(network, SETTINGS, seed=1, wiring=wiring, inputs=Inputs(**drive))
    assert run.kernel == ("bits" if rows_of_bits else "lists")
    return run.spikes


def driven(network, **changes):
    """Return the network with another drive."""
    return replace(network, drive=replace(network.drive, **changes))


def connected(network, **changes):
    """Return the network with other synapses."""
    return replace(network, synapses=replace(network.synapses, **changes))


def same(a, b):
    return np.array_equal(a.steps, b.steps) and np.array_equal(a.neurons, b.neurons)


def constant(network):
    """Return the rates of a network as rates in intervals."""
    return {"rates": network.drive.rate[np.newaxis], "rate_interval": 0.1}


STRONG = driven(DELTA, J=3 * DELTA.drive.J, rate=DELTA.drive.rate / 3)
STRONG_CURRENTS = driven(CURRENTS, J=3 * CURRENTS.drive.J, rate=CURRENTS.drive.rate / 9)


@pytest.mark.parametrize("network", [STRONG, STRONG_CURRENTS], ids=["delta", "currents"])
def test_rates_over_a_zero_baseline_act_like_constant_rates(network):
    """The external weight is not the recurrent one, so counts of the two must stay apart."""
    silent = driven(network, rate=0.0)
    expected = spikes(network)
    assert expected.steps.size > 500
    assert same(spikes(silent, **constant(network)), expected)
    each = PerNeuron(rate_ext=np.repeat(network.drive.rate, network.sizes, axis=0))
    assert same(spikes(silent, neurons=each), expected)


def test_rows_of_bits_run_rates_over_a_zero_baseline_and_refuse_another_weight():
    silent = driven(DELTA, rate=0.0)
    expected = spikes(DELTA, rows_of_bits=True)
    assert expected.steps.size > 500
    assert same(spikes(silent, rows_of_bits=True, **constant(DELTA)), expected)
    assert same(spikes(silent, **constant(DELTA)), expected)
    strong = driven(STRONG, rate=0.0)
    assert simulate(strong, SETTINGS, seed=1).kernel == "bits"  # nothing is driven
    run = simulate(strong, SETTINGS, seed=1, inputs=Inputs(**constant(STRONG)))
    assert run.kernel == "lists"
    assert same(run.spikes, spikes(STRONG))


@pytest.mark.parametrize("unused", [0.0, 0.5e-3, 2e-3, 8e-3])
def test_an_entry_of_J_without_synapses_decides_nothing(unused):
    """I receives no E synapses: its only excitatory weight is the external one, 0.8 mV."""
    in_degrees, J, J_ext = (
        DELTA.synapses.in_degrees.copy(),
        DELTA.synapses.J.copy(),
        DELTA.drive.J.copy(),
    )
    in_degrees[1, 0], J[1, 0], J_ext[1, 0] = 0.0, unused, 0.8e-3
    network = driven(connected(DELTA, in_degrees=in_degrees, J=J), J=J_ext)
    by_bits = spikes(network, rows_of_bits=True)
    assert by_bits.steps.size > 500
    assert same(by_bits, spikes(network))
    plain = connected(network, J=np.where(in_degrees > 0, J, 0.0))
    assert same(by_bits, spikes(plain))


def test_the_weight_of_a_source_without_synapses_is_not_taken_for_the_excitatory_one():
    """Of two E populations the second does not reach E1; J_ext equals its unused weight."""
    weak, strong, inhibitory = 0.5e-3, 2e-3, -2.5e-3
    network = PopulationNetwork(
        names=("E1", "E2", "I"),
        sizes=np.array([200, 200, 100]),
        neurons=LIFNeurons.of(NEURON),
        synapses=Synapses(
            in_degrees=[[20.0, 0.0, 10.0], [20.0, 20.0, 10.0], [0.0, 20.0, 10.0]],
            J=[[weak, strong, inhibitory]] + 2 * [[weak, weak, inhibitory]],
            tau_s=0.0,
            delay=1.5e-3,
        ),
        drive=Drive(
            rate=DELTA.drive.rate[0, 0] * np.array([[0.3], [1.2], [1.2]]),
            J=[[strong], [weak], [weak]],
            tau_s=0.0,
        ),
    )
    run = simulate(network, SETTINGS, seed=1)
    assert run.kernel == "lists"
    assert same(run.spikes, spikes(network))
    one_weight = driven(network, J=weak)
    by_bits = spikes(one_weight, rows_of_bits=True)
    assert by_bits.steps.size > 500
    assert same(by_bits, spikes(one_weight))


@pytest.mark.parametrize("rows_of_bits", [True, False], ids=["bits", "lists"])
def test_given_connections_keep_their_weight_where_the_network_states_no_in_degree(rows_of_bits):
    """A wiring made elsewhere joins E to I with 0.8 mV, which nothing else at I has."""
    J, rate_ext, in_degrees = (
        DELTA.synapses.J.copy(),
        DELTA.drive.rate.copy(),
        DELTA.synapses.in_degrees.copy(),
    )
    J[1, 0], rate_ext[1], in_degrees[1, 0] = 0.8e-3, 0.0, 0.0
    stated = driven(connected(DELTA, J=J), rate=rate_ext)
    bits = draw_bit_rows(stated, seed=1)
    wiring = bits if rows_of_bits else SourceLists.from_bits(bits, delay=15)
    expected = simulate(stated, SETTINGS, seed=1, wiring=wiring).spikes
    assert np.sum(expected.neurons >= 400) > 100
    silent = connected(stated, in_degrees=in_degrees)
    assert same(simulate(silent, SETTINGS, seed=1, wiring=wiring).spikes, expected)


def test_explicit_spikes_act_on_lists_without_weights_as_on_drawn_wiring():
    """Jumps of 5 mV are no whole counts: the lists must carry weights then."""
    targets = np.arange(0, 500, 5)
    events = SpikeInputs(
        steps=np.repeat([200, 900], targets.size),
        targets=np.tile(targets, 2),
        weights=np.full(2 * targets.size, 5e-3),
    )
    inputs = Inputs(events=events)
    expected = simulate(DELTA, SETTINGS, seed=1, inputs=inputs).spikes
    plain = draw_source_lists(DELTA, seed=1, dt=1e-4)
    assert plain.weights is None
    assert same(simulate(DELTA, SETTINGS, seed=1, wiring=plain, inputs=inputs).spikes, expected)
    assert not same(simulate(DELTA, SETTINGS, seed=1, wiring=plain).spikes, expected)
