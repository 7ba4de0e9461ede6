"""Predicted courses of rates against a simulated network: Brunel (2000), g = 5, twice threshold."""

import numpy as np
from published import BRUNEL

from cortex.meanfield import (
    population_transfer,
    rate_course,
    solve_working_point,
)
from cortex.params.simulation import SimulationParams
from cortex.spiking import Inputs, Recorder, draw_wiring, simulate

NETWORK = BRUNEL.network()
POINT = solve_working_point(NETWORK)
SETTINGS = SimulationParams(dt=1e-4, warm_up=0.2, duration=1.0, precision="float32")
INTERVAL, N_SEEDS, FREQUENCY = 1e-3, 12, 20.0
TIMES = INTERVAL * np.arange(1000)
WIRING = draw_wiring(NETWORK, SETTINGS, seed=5)


def simulated_and_predicted(shape):
    """Return rates in bins for every seed, and the prediction; all inputs follow 1 + shape."""
    before = np.repeat(NETWORK.drive.rate[np.newaxis], 200, axis=0)
    course = NETWORK.drive.rate * (1.0 + shape)[:, np.newaxis, np.newaxis]
    inputs = Inputs(rates=np.concatenate([before, course]), rate_interval=INTERVAL)
    record = Recorder(spikes=False, rate_bin=INTERVAL)
    trials = [
        simulate(NETWORK, SETTINGS, seed=s, wiring=WIRING, record=record, inputs=inputs).rates
        for s in range(N_SEEDS)
    ]
    return np.array(trials), rate_course(NETWORK, POINT, INTERVAL, rates=course)


def standard_errors_off(trials, predicted):
    """Return by how many standard errors the mean over seeds (first axis) is off."""
    error = np.std(trials, axis=0, ddof=1) / np.sqrt(N_SEEDS)
    return np.abs(np.mean(trials, axis=0) - predicted) / error


def test_small_sinusoid_of_the_drive_moves_a_simulated_network_as_predicted():
    shape = 0.05 * np.sin(2.0 * np.pi * FREQUENCY * TIMES)
    trials, predicted = simulated_and_predicted(shape)
    wave = 2.0 / TIMES.size * np.exp(-2j * np.pi * FREQUENCY * TIMES)
    found, expected = np.einsum("stp,t->sp", trials, wave), predicted.T @ wave
    assert np.all(standard_errors_off(found.real, expected.real) < 3.0)
    assert np.all(standard_errors_off(found.imag, expected.imag) < 3.0)
    # without recurrent synapses the amplitude would be twice as large
    alone = NETWORK.neurons.tau_m * NETWORK.drive.J[:, 0] * NETWORK.drive.rate[:, 0] * 0.05
    alone = alone * np.abs(population_transfer(NETWORK, POINT, FREQUENCY))
    assert np.all(standard_errors_off(np.abs(found), alone) > 10.0)


def test_small_step_of_the_drive_moves_a_simulated_network_as_predicted():
    trials, predicted = simulated_and_predicted(np.where(TIMES >= 0.5, 0.05, 0.0))
    before = slice(0, 500)
    for after in (slice(500, 510), slice(510, 550), slice(550, 1000)):
        found = trials[:, after].mean(axis=1) - trials[:, before].mean(axis=1)
        expected = predicted[after].mean(axis=0) - predicted[before].mean(axis=0)
        assert np.all(standard_errors_off(found, expected) < 3.0)
    # the rest of the course: a step of nothing is refuted
    assert np.all(standard_errors_off(found, 0.0 * expected) > 10.0)
