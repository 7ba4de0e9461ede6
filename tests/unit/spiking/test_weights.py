"""Weights that scatter from synapse to synapse: their law, their input variance, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ParameterError, SimulationError
from cortex.meanfield.stationary.moments import input_variance, mean_input
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.synapses import Synapses
from cortex.spiking import (
    Inputs,
    Recorder,
    SpikeInputs,
    draw_source_lists,
    draw_wiring,
    simulate,
)

RATE, K, N_SOURCES, N_TARGETS = 50.0, 200, 1000, 200


def feed_forward(J_cv: float = 0.3) -> PopulationNetwork:
    """Return Poisson sources (each external event is a spike) and targets that never fire."""
    return PopulationNetwork(
        names=("S", "T"),
        sizes=np.array([N_SOURCES, N_TARGETS]),
        neurons=LIFNeurons(tau_m=0.01, tau_ref=0.0, V_th=[1e-3, 0.2], V_reset=0.0),
        synapses=Synapses(
            in_degrees=[[0, 0], [K, 0]],
            J=[[0.0, 0.0], [1e-4, 0.0]],
            J_cv=J_cv,
            tau_s=0.0,
            delay=1e-3,
        ),
        drive=Drive(rate=[[RATE], [0.0]], J=[[2e-3], [1e-4]], tau_s=0.0),
    )


def test_weights_are_normal_about_J_and_keep_their_sign():
    lists = draw_source_lists(feed_forward(), seed=1, dt=1e-4)
    relative = np.asarray(lists.weights) / 1e-4
    n = relative.size
    assert n == K * N_TARGETS
    # standard errors of a mean and of a standard deviation; four of them
    assert relative.mean() == pytest.approx(1.0, abs=4 * 0.3 / np.sqrt(n))
    assert relative.std() == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(2 * n))
    assert relative.min() >= 0.0
    central = np.mean(np.abs(relative - 1.0) < 0.3)
    assert central == pytest.approx(0.6827, abs=4 * np.sqrt(0.6827 * 0.3173 / n))


def test_connections_do_not_depend_on_the_scatter():
    plain = draw_source_lists(feed_forward(0.0), seed=1, dt=1e-4)
    scattered = draw_source_lists(feed_forward(), seed=1, dt=1e-4)
    assert plain.weights is None
    assert np.array_equal(plain.targets, scattered.targets)


def test_weights_scatter_only_in_the_projection_that_says_so():
    cv = np.array([[0.0, 0.2], [0.1, 0.0]])
    network = feed_forward()
    synapses = replace(network.synapses, in_degrees=100, J=1e-4, J_cv=cv)
    lists = draw_source_lists(replace(network, synapses=synapses), seed=1, dt=1e-4)
    population = np.repeat([0, 1], network.sizes)
    source = np.repeat(population, np.diff(lists.start))
    target = population[lists.targets]
    for a, b in np.ndindex(2, 2):
        relative = lists.weights[(target == a) & (source == b)] / np.float32(1e-4)
        # four standard errors of a standard deviation
        error = 4 * cv[a, b] / np.sqrt(2 * relative.size)
        assert relative.std() == pytest.approx(cv[a, b], abs=error)
    # the scatter of one projection alone leaves the draws of the others as they are
    plain = replace(network, synapses=replace(synapses, J_cv=0.0))
    assert np.array_equal(draw_source_lists(plain, seed=1, dt=1e-4).targets, lists.targets)
    rates = np.array([5.0, 7.0])
    added = input_variance(replace(network, synapses=synapses), rates) - input_variance(
        plain, rates
    )
    np.testing.assert_allclose(added, 0.01 * 100 * 1e-8 * (cv**2 @ rates), rtol=1e-12)


def test_scatter_adds_its_square_to_the_simulated_input_variance():
    network = feed_forward()
    settings = SimulationParams(dt=1e-4, warm_up=0.1, duration=8.0, precision="float64")
    record = Recorder(spikes=False, voltages=range(N_SOURCES, N_SOURCES + N_TARGETS))
    traces = simulate(network, settings, seed=2, record=record).traces["V"]
    rates = np.array([RATE, 0.0])
    # shot noise through the membrane: <V> = mu, var V = sigma^2 / 2, averaged over targets;
    # 8 s are 8 / (2 tau) = 400 independent samples of each of 200 targets: 0.5 % of a
    # variance; the mean over K weights scatters by 0.3 / sqrt(K N_TARGETS) = 0.15 %
    mu, variance = mean_input(network, rates)[1], input_variance(network, rates)[1] / 2.0
    assert traces.mean() == pytest.approx(mu, rel=0.006)
    assert traces.var(axis=0).mean() == pytest.approx(variance, rel=0.02)
    without = input_variance(feed_forward(0.0), rates)[1] / 2.0
    assert traces.var(axis=0).mean() > 1.05 * without  # the test sees the scatter: 9 %


def test_explicit_input_leaves_the_scattered_weights():
    network = feed_forward()
    one = np.array([1])
    inputs = Inputs(events=SpikeInputs(steps=one, targets=one, weights=one * 1e-4))
    settings = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.1, precision="float64")
    wiring = draw_wiring(network, settings, seed=1, inputs=inputs)
    assert np.ptp(wiring.weights) > 0


def test_a_scatter_in_volts_and_a_wiring_without_it_are_refused():
    with pytest.raises(ParameterError, match=r"J_cv = 1\.5 is outside \[0, 0\.3\].*not in volts"):
        feed_forward(1.5)
    network = feed_forward()
    settings = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.1, precision="float64")
    plain = draw_source_lists(feed_forward(0.0), seed=1, dt=1e-4)
    with pytest.raises(SimulationError, match="those of the wiring do not"):
        simulate(network, settings, seed=1, wiring=plain)
