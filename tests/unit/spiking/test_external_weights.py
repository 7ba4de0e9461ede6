"""Which weight the external drive has, however it is given, on both compiled runs."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.params.brunel import BrunelParams
from cortex.params.lif import LIFParams
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import (
    Inputs,
    PerNeuron,
    SourceLists,
    SpikeInputs,
    draw_bit_rows,
    draw_source_lists,
    simulate,
)

DELTA = BrunelParams(
    neuron=LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01),
    n_exc=400,
    n_inh=100,
    in_degree_exc=40,
    in_degree_inh=10,
    J=0.5e-3,
    g=5.0,
    nu_ext_ratio=2.0,
    delay=1.5e-3,
    multapses=False,
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


def same(a, b):
    return np.array_equal(a.steps, b.steps) and np.array_equal(a.neurons, b.neurons)


def constant(network):
    """Return the rates of a network as rates in intervals."""
    return {"rates": network.rate_ext[np.newaxis], "rate_interval": 0.1}


STRONG = replace(DELTA, J_ext=3 * DELTA.J_ext, rate_ext=DELTA.rate_ext / 3)
STRONG_CURRENTS = replace(CURRENTS, J_ext=3 * CURRENTS.J_ext, rate_ext=CURRENTS.rate_ext / 9)


@pytest.mark.parametrize("network", [STRONG, STRONG_CURRENTS], ids=["delta", "currents"])
def test_rates_over_a_zero_baseline_act_like_constant_rates(network):
    """The external weight is not the recurrent one, so counts of the two must stay apart."""
    silent = replace(network, rate_ext=0 * network.rate_ext)
    expected = spikes(network)
    assert expected.steps.size > 500
    assert same(spikes(silent, **constant(network)), expected)
    each = PerNeuron(rate_ext=np.repeat(network.rate_ext, network.sizes, axis=0))
    assert same(spikes(silent, neurons=each), expected)


def test_rows_of_bits_run_rates_over_a_zero_baseline_and_refuse_another_weight():
    silent = replace(DELTA, rate_ext=0 * DELTA.rate_ext)
    expected = spikes(DELTA, rows_of_bits=True)
    assert expected.steps.size > 500
    assert same(spikes(silent, rows_of_bits=True, **constant(DELTA)), expected)
    assert same(spikes(silent, **constant(DELTA)), expected)
    strong = replace(STRONG, rate_ext=0 * DELTA.rate_ext)
    assert simulate(strong, SETTINGS, seed=1).kernel == "bits"  # nothing is driven
    driven = simulate(strong, SETTINGS, seed=1, inputs=Inputs(**constant(STRONG)))
    assert driven.kernel == "lists"
    assert same(driven.spikes, spikes(STRONG))


@pytest.mark.parametrize("unused", [0.0, 0.5e-3, 2e-3, 8e-3])
def test_an_entry_of_J_without_synapses_decides_nothing(unused):
    """I receives no E synapses: its only excitatory weight is the external one, 0.8 mV."""
    in_degrees, J, J_ext = DELTA.in_degrees.copy(), DELTA.J.copy(), DELTA.J_ext.copy()
    in_degrees[1, 0], J[1, 0], J_ext[1, 0] = 0.0, unused, 0.8e-3
    network = replace(DELTA, in_degrees=in_degrees, J=J, J_ext=J_ext)
    by_bits = spikes(network, rows_of_bits=True)
    assert by_bits.steps.size > 500
    assert same(by_bits, spikes(network))
    plain = replace(network, J=np.where(in_degrees > 0, J, 0.0))
    assert same(by_bits, spikes(plain))


def test_the_weight_of_a_source_without_synapses_is_not_taken_for_the_excitatory_one():
    """Of two E populations the second does not reach E1; J_ext equals its unused weight."""
    weak, strong, inhibitory = 0.5e-3, 2e-3, -2.5e-3
    row = np.ones(3)
    network = replace(
        DELTA,
        names=("E1", "E2", "I"),
        sizes=np.array([200, 200, 100]),
        in_degrees=np.array([[20.0, 0.0, 10.0], [20.0, 20.0, 10.0], [0.0, 20.0, 10.0]]),
        J=np.array([[weak, strong, inhibitory]] + 2 * [[weak, weak, inhibitory]]),
        J_ext=np.array([[strong], [weak], [weak]]),
        rate_ext=DELTA.rate_ext[0, 0] * np.array([[0.3], [1.2], [1.2]]),
        **{name: 0.0 * np.ones((3, 3)) for name in ("tau_s", "delay_sd")},
        delay=np.full((3, 3), 1.5e-3),
        tau_s_ext=np.zeros((3, 1)),
        **{name: getattr(DELTA, name)[0] * row for name in ("tau_m", "tau_ref", "V_th")},
        V_reset=DELTA.V_reset[0] * row,
        mu_dc=0.0 * row,
    )
    run = simulate(network, SETTINGS, seed=1)
    assert run.kernel == "lists"
    assert same(run.spikes, spikes(network))
    one_weight = replace(network, J_ext=np.full((3, 1), weak))
    by_bits = spikes(one_weight, rows_of_bits=True)
    assert by_bits.steps.size > 500
    assert same(by_bits, spikes(one_weight))


@pytest.mark.parametrize("rows_of_bits", [True, False], ids=["bits", "lists"])
def test_given_connections_keep_their_weight_where_the_network_states_no_in_degree(rows_of_bits):
    """A wiring made elsewhere joins E to I with 0.8 mV, which nothing else at I has."""
    J, rate_ext, in_degrees = DELTA.J.copy(), DELTA.rate_ext.copy(), DELTA.in_degrees.copy()
    J[1, 0], rate_ext[1], in_degrees[1, 0] = 0.8e-3, 0.0, 0.0
    stated = replace(DELTA, J=J, rate_ext=rate_ext)
    bits = draw_bit_rows(stated, seed=1)
    wiring = bits if rows_of_bits else SourceLists.from_bits(bits, delay=15)
    expected = simulate(stated, SETTINGS, seed=1, wiring=wiring).spikes
    assert np.sum(expected.neurons >= 400) > 100
    silent = replace(stated, in_degrees=in_degrees)
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
