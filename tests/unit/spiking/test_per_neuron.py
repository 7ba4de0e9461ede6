"""Neurons with parameters and rates of their own, against populations that have them."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking import Inputs, PerNeuron, simulate

RING = replace(SenkParams(), n_exc=400, n_inh=100, in_degree_exc=40, in_degree_inh=10).network()
NETWORK = replace(RING, rate_ext=RING.rate_ext * 0.25, J_ext=RING.J_ext * 2, J=RING.J * 3)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.2, precision="float64")
DIFFERENT = {
    "tau_m": np.array([5e-3, 8e-3]),
    "tau_ref": np.array([1e-3, 2e-3]),
    "V_th": np.array([15e-3, 13e-3]),
    "V_reset": np.array([0.0, 2e-3]),
    "mu_dc": np.array([0.0, 3e-3]),
}


def spikes(network, neurons=None):
    return simulate(network, SETTINGS, seed=1, inputs=Inputs(neurons=neurons)).spikes


def same(a, b):
    return np.array_equal(a.steps, b.steps) and np.array_equal(a.neurons, b.neurons)


def test_single_parameters_equal_to_those_of_the_population_change_nothing():
    repeated = {name: np.repeat(getattr(NETWORK, name), NETWORK.sizes) for name in DIFFERENT}
    plain = spikes(NETWORK)
    assert plain.steps.size > 1000
    assert same(plain, spikes(NETWORK, PerNeuron(**repeated)))


def test_single_parameters_act_like_those_of_populations():
    by_population = replace(NETWORK, **DIFFERENT)
    repeated = {name: np.repeat(values, NETWORK.sizes) for name, values in DIFFERENT.items()}
    one_by_one = spikes(NETWORK, PerNeuron(**repeated))
    assert not same(one_by_one, spikes(NETWORK))
    assert same(one_by_one, spikes(by_population))


def test_single_rates_act_on_their_neuron_only():
    rates = np.repeat(NETWORK.rate_ext, NETWORK.sizes, axis=0)
    rates[:50] = 0.0
    silent = replace(NETWORK, in_degrees=np.zeros((2, 2)))
    fired = np.bincount(spikes(silent, PerNeuron(rate_ext=rates)).neurons, minlength=500)
    assert not np.any(fired[:50])  # the start below threshold fires nobody without input
    assert np.all(fired[60:400] > 0)


def test_wrong_lengths_and_impossible_values_are_refused():
    with pytest.raises(ParameterError, match=r"PerNeuron\.V_th of shape"):
        spikes(NETWORK, PerNeuron(V_th=np.ones(3)))
    with pytest.raises(ParameterError, match="must lie below V_th"):
        spikes(NETWORK, PerNeuron(V_th=np.full(500, -1e-3)))
    with pytest.raises(ParameterError, match="not both"):
        simulate(
            NETWORK,
            SETTINGS,
            seed=1,
            inputs=Inputs(
                rates=NETWORK.rate_ext[np.newaxis],
                rate_interval=0.1,
                neurons=PerNeuron(rate_ext=np.zeros((500, 2))),
            ),
        )
