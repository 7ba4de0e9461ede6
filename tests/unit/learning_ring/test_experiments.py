"""Experiments agree with their predictions and depend on nothing but parameters and seed."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.learning_ring import (
    TravellingWave,
    first_harmonic_frequency,
    learned_wave,
    learning_observables,
    locking_amplitude,
    locking_lead,
    replay,
    replay_frequency,
    rotation_frequency,
    standard_params,
    trace_residual,
    train,
)
from cortex.learning_ring.experiments import predicted_replay, residual_steps

QUICK = {"n_neurons": 200, "tau_d": 6e-3, "beta": 0.2, "periods": 60}


def quick(**changes):
    return standard_params(**{**QUICK, **changes})


def test_observables_agree_with_their_predictions():
    seen = learning_observables(quick(), seed=1)
    assert seen["residual_transient"] < 1e-4
    assert seen["kernel_max"] == pytest.approx(seen["kernel_max_predicted"], rel=2e-4)
    assert seen["kernel_max"] > 0.0
    # exp(-59 periods x 40 ms x lambda beta) of random weights that differ by about w* itself
    assert 0.5e-4 < seen["residual"] < 2e-4
    assert seen["frequency_ratio"] == pytest.approx(1.0, abs=1e-6)
    assert seen["replay_frequency"] == pytest.approx(seen["replay_frequency_predicted"], rel=1e-3)
    assert seen["spread"] == seen["spread_predicted"] == 0.0


def test_observables_of_the_full_matrix_show_the_predicted_spread():
    params = quick(rule="pairwise", n_neurons=100, tau_d=3e-3, beta=1.0)
    seen = learning_observables(params, seed=1)
    assert seen["spread"] == pytest.approx(seen["spread_predicted"], rel=1e-6)
    assert seen["spread"] > 0.05


def test_observables_depend_on_parameters_and_seed_only():
    params = quick(periods=4, noise_sd=0.05)
    first, again, other = (str(learning_observables(params, seed)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_residual_over_time_follows_the_transient():
    steps = residual_steps(quick(), 12)
    trace = trace_residual(train(quick(), seed=1, weight_steps=steps))
    np.testing.assert_allclose(trace.residual, trace.predicted, rtol=1e-3)
    assert np.all(np.diff(trace.residual) < 0.0)
    assert trace.error[-1] < 1e-6  # what the unlocked start left is forgotten with the rest
    assert trace.time[-1] == pytest.approx(60 * 0.04)


def test_too_weak_a_drive_is_seen_as_a_slipping_wave():
    limit = locking_amplitude(quick(), learned_wave(quick()).kernel, 25.0)
    slipping = learning_observables(quick(u_scale=0.8 * limit, periods=150), seed=1)
    held = learning_observables(quick(u_scale=1.1 * limit, periods=150), seed=1)
    assert slipping["frequency_ratio"] > 1.1
    assert held["frequency_ratio"] == pytest.approx(1.0, abs=1e-3)


def test_ring_trained_at_one_speed_follows_another_and_leads_by_the_predicted_phase():
    params = quick()
    kernel = learned_wave(params).kernel
    frequency = 1.3 / params.ring.period
    amplitude = 2.0 * locking_amplitude(params, kernel, frequency)
    drive = TravellingWave(amplitude=amplitude, period=1.0 / frequency)
    seen = replay(params, kernel, drive=drive)
    assert seen.frequency == pytest.approx(frequency, rel=1e-3)
    lead = locking_lead(params.at(u_scale=amplitude), kernel, frequency)
    assert lead == pytest.approx(np.arcsin(0.5))
    assert np.degrees(seen.lead) == pytest.approx(30.0, abs=1.8)  # one neuron


@pytest.mark.parametrize(
    ("changes", "ratio"),
    [
        ({"n_neurons": 400, "dt": 1e-3, "tau_x": 5e-3, "tau_d": 3e-3}, 17.0),
        ({"n_neurons": 200, "dt": 5e-4, "tau_x": 1e-3, "tau_d": 1e-3}, 18.0),
    ],
    ids=["long period", "short delay"],
)
def test_replay_far_above_the_training_frequency_has_the_predicted_frequency(changes, ratio):
    params = standard_params(**changes)
    kernel = learned_wave(params).kernel
    frequency = replay(params, kernel).frequency
    assert frequency > ratio / params.ring.period
    # a few steps per delay: the switch falls between two of them
    assert frequency == pytest.approx(replay_frequency(params, kernel), rel=3e-4)
    # the first harmonic of a profile that is nearly square
    assert frequency == pytest.approx(first_harmonic_frequency(params), rel=4e-2)


def test_a_fast_drive_is_seen_at_its_own_frequency():
    params = quick()
    drive = TravellingWave(amplitude=5000.0, period=params.ring.period / 12.0)
    seen = replay(params, learned_wave(params).kernel, drive=drive)
    assert seen.frequency == pytest.approx(300.0, rel=1e-6)  # held: whole cycles between rows


def test_control_rule_replays_backwards_at_the_predicted_speed():
    params = standard_params(derivative="presynaptic")
    kernel = learned_wave(params).kernel
    seen = replay(params, kernel)
    assert seen.frequency == pytest.approx(predicted_replay(params, kernel), rel=1e-3)
    assert seen.frequency == pytest.approx(-5.0, abs=0.01)


def test_a_dead_wave_has_no_frequency():
    seen = replay(quick(), np.zeros(200))
    assert np.isnan(seen.frequency)
    assert seen.amplitude < 1e-6


def test_an_observation_says_whether_its_fixed_point_settled():
    assert learning_observables(quick(periods=4), seed=1)["converged"] == 1.0
    assert learning_observables(quick(periods=4, u_scale=25.0), seed=1)["converged"] == 0.0


def test_a_run_of_one_period_is_measured_over_what_it_learned():
    params = quick(periods=1, init_travel=0.0)  # the initial phase is as long as the delay
    training = train(params, seed=1)
    assert training.run.recording.rates[0] == params.init_steps == 30
    assert np.isfinite(training.frequency)


def test_residual_of_a_training_without_recorded_weights_is_refused():
    with pytest.raises(ParameterError, match=r"recorded no weights: pass weight_steps="):
        trace_residual(train(quick(periods=4), seed=1))


def test_frequency_of_a_single_time_is_refused():
    with pytest.raises(ParameterError, match=r"rates hold 1 time\(s\)"):
        rotation_frequency(np.zeros((1, 8)), 1e-3)


def test_training_keeps_the_asked_for_weights():
    training = train(quick(periods=5), seed=2, weight_steps=np.array([0, 999]))
    first = training.run.weights_over_time[0]  # stored by its Fourier modes: rounding
    np.testing.assert_allclose(first, training.w_init, rtol=0, atol=1e-15)
    np.testing.assert_array_equal(training.run.weights_over_time[1], training.kernel)
