"""Down-scaling keeps the moments of the input exactly and the rates closely."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import WiringRule
from cortex.spiking import draw_wiring, scale_down, simulate

PUBLISHED = np.array([0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829])


def moments(network, rates):
    recurrent = network.synapses.in_degrees * network.synapses.J
    mean = recurrent @ rates + np.sum(network.drive.rate * network.drive.J, axis=1)
    variance = (recurrent * network.synapses.J) @ rates
    variance += np.sum(network.drive.rate * network.drive.J**2, axis=1)
    return network.neurons.tau_m * mean + network.drive.mu_dc, network.neurons.tau_m * variance


@pytest.mark.parametrize("factor", [1.0, 0.5, 0.1, 0.02])
def test_mean_and_variance_of_the_input_are_kept(factor):
    full = MicrocircuitParams().network()
    small = scale_down(full, factor, PUBLISHED)
    for kept, expected in zip(moments(small, PUBLISHED), moments(full, PUBLISHED), strict=True):
        np.testing.assert_allclose(kept, expected, rtol=1e-12)


@pytest.mark.parametrize("factor", [0.0, 1.5, -0.1])
def test_factors_outside_the_unit_interval_are_refused(factor):
    with pytest.raises(ParameterError, match="share of neurons"):
        scale_down(MicrocircuitParams().network(), factor, PUBLISHED)


@pytest.mark.slow
def test_rates_of_the_small_microcircuit_approach_those_of_the_full_one():
    full = replace(MicrocircuitParams(), delay_distribution="truncated_gaussian").network()
    settings = SimulationParams(dt=1e-4, warm_up=0.3, duration=1.0, precision="float32")
    errors = []
    for factor in (0.05, 0.3):
        small = scale_down(full, factor, PUBLISHED)
        wiring = draw_wiring(small, settings, seed=1, rule=WiringRule(multapses=True))
        rates = simulate(small, settings, seed=1, wiring=wiring).spikes.mean_rates()
        errors.append(np.abs(rates - PUBLISHED))
    # what is left is the larger jump of a single synapse and the larger correlation
    assert np.all(errors[1] < 0.5 * errors[0])
    assert np.all(errors[1] < 0.12 * PUBLISHED + 0.2)
