"""Inputs that never fire draw no random numbers, and change nothing."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.cells.eif import EIFNeurons
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import Inputs, draw_wiring, simulate

COMMON = {"tau_m": 0.02, "tau_ref": 2e-3, "V_th": 0.015, "V_reset": 0.005}
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.2, precision="float32")


def network(neurons, rate):
    """Return 2,600 neurons, more than fit a tile, in 8 strips of random numbers that are padded."""
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array([2000, 600]),
        neurons=neurons,
        synapses=Synapses(in_degrees=[20.0, 10.0], J=[2e-4, -8e-4], tau_s=[3e-3, 6e-3], delay=1e-4),
        drive=Drive(rate=rate, J=2e-3, tau_s=3e-3, mu_dc=0.016),
    )


@pytest.mark.parametrize(
    ("neurons", "kernel"),
    [
        (LIFNeurons(**COMMON), "lists"),
        (EIFNeurons(**COMMON, Delta_T=2e-3, V_peak=0.03), "cells"),
    ],
)
def test_a_silent_input_leaves_the_spikes_of_one_that_all_but_never_fires(neurons, kernel):
    silent, rare = network(neurons, 0.0), network(neurons, 1e-9)
    wiring = draw_wiring(silent, SETTINGS, seed=1)
    runs = [simulate(each, SETTINGS, seed=1, wiring=wiring) for each in (silent, rare)]
    assert [each.kernel for each in runs] == [kernel, kernel]
    assert len(runs[0].spikes) > 1000
    np.testing.assert_array_equal(runs[0].spikes.steps, runs[1].spikes.steps)
    np.testing.assert_array_equal(runs[0].spikes.neurons, runs[1].spikes.neurons)


def test_an_input_that_sets_in_later_fires_from_then_on():
    net = network(LIFNeurons(**COMMON), 0.0)
    net = replace(net, synapses=replace(net.synapses, J=0.0), drive=replace(net.drive, mu_dc=0.0))
    late = np.array([0.0, 2000.0])[:, np.newaxis, np.newaxis] * np.ones((2, 2, 1))
    run = simulate(net, SETTINGS, seed=1, inputs=Inputs(rates=late, rate_interval=0.1))
    assert run.spikes.steps.min() >= 1000
    assert len(run.spikes) > 1000
