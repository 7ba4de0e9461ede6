"""Neurons with parameters and rates of their own, against populations that have them."""

from dataclasses import fields, replace

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.params.lif import LIFNeurons
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import Inputs, PerNeuron, simulate

RING = replace(SenkParams(), n_exc=400, n_inh=100, in_degree_exc=40, in_degree_inh=10).network()
NETWORK = replace(
    RING,
    synapses=replace(RING.synapses, J=RING.synapses.J * 3),
    drive=replace(RING.drive, rate=RING.drive.rate * 0.25, J=RING.drive.J * 2),
)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.2, precision="float64")
DIFFERENT = replace(
    NETWORK,
    neurons=LIFNeurons(
        tau_m=[5e-3, 8e-3], tau_ref=[1e-3, 2e-3], V_th=[15e-3, 13e-3], V_reset=[0.0, 2e-3]
    ),
    drive=replace(NETWORK.drive, mu_dc=[0.0, 3e-3]),
)


def spikes(network, neurons=None):
    return simulate(network, SETTINGS, seed=1, inputs=Inputs(neurons=neurons)).spikes


def repeated(network):
    """Return the parameters of the populations, written out neuron by neuron."""
    names = [each.name for each in fields(LIFNeurons)]
    by_population = {name: getattr(network.neurons, name) for name in names}
    by_population["mu_dc"] = network.drive.mu_dc
    return PerNeuron(**{k: np.repeat(v, network.sizes) for k, v in by_population.items()})


def same(a, b):
    return np.array_equal(a.steps, b.steps) and np.array_equal(a.neurons, b.neurons)


def test_single_parameters_equal_to_those_of_the_population_change_nothing():
    plain = spikes(NETWORK)
    assert plain.steps.size > 1000
    assert same(plain, spikes(NETWORK, repeated(NETWORK)))


def test_single_parameters_act_like_those_of_populations():
    one_by_one = spikes(NETWORK, repeated(DIFFERENT))
    assert not same(one_by_one, spikes(NETWORK))
    assert same(one_by_one, spikes(DIFFERENT))


def test_single_rates_act_on_their_neuron_only():
    rates = np.repeat(NETWORK.drive.rate, NETWORK.sizes, axis=0)
    rates[:50] = 0.0
    silent = replace(NETWORK, synapses=replace(NETWORK.synapses, in_degrees=0.0))
    fired = np.bincount(spikes(silent, PerNeuron(rate_ext=rates)).neurons, minlength=500)
    assert not np.any(fired[:50])  # the start below threshold fires nobody without input
    assert np.all(fired[60:400] > 0)


def test_wrong_lengths_and_impossible_values_are_refused():
    with pytest.raises(ParameterError, match=r"PerNeuron\.V_th has shape"):
        spikes(NETWORK, PerNeuron(V_th=np.ones(3)))
    with pytest.raises(ParameterError, match="must lie below V_th"):
        spikes(NETWORK, PerNeuron(V_reset=np.full(500, 0.1)))
    with pytest.raises(ParameterError, match="not both"):
        simulate(
            NETWORK,
            SETTINGS,
            seed=1,
            inputs=Inputs(
                rates=NETWORK.drive.rate[np.newaxis],
                rate_interval=0.1,
                neurons=PerNeuron(rate_ext=np.zeros((500, 2))),
            ),
        )
