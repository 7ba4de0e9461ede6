"""Fixed point, closed forms, transient, ripple, replay and locking against simulation."""

import json
from pathlib import Path

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.learning_ring import (
    Recorder,
    TravellingWave,
    diagonal_average,
    diagonal_spread,
    first_harmonic_frequency,
    kernel_spectrum,
    learned_wave,
    locking_amplitude,
    locking_lead,
    noise_weight,
    opposite_waves,
    predicted_kernel,
    random_weights,
    relative_residual,
    replay_frequency,
    rotation_frequency,
    saturated_kernel,
    saturated_maximum,
    simulate,
    source_lead,
    standard_params,
    standing_kernel,
    steady_ripple,
    switch_input,
    wave_amplitude,
)
from cortex.rng import stream

DATA = Path(__file__).parents[2] / "data" / "learning"
QUICK = {"n_neurons": 200, "tau_d": 6e-3, "beta": 1.0, "periods": 60}  # forgets in 50 ms


def quick(**changes):
    return standard_params(**{**QUICK, **changes})


def learned(params, name="learn", **keywords):
    w_init = random_weights(params, stream(1, "learning", name))
    return w_init, simulate(params, w_init, **keywords)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"decay": 200.0, "u_scale": 10.0},
        {"derivative": "presynaptic"},
        {"tau_d_sd": 1e-3},
        {"tau_d": 10e-3},
        {"n_neurons": 101, "periods": 120},
    ],
    ids=["saturated", "graded", "presynaptic", "distributed delays", "other delay", "odd ring"],
)
def test_simulation_ends_at_the_fixed_point(changes):
    params = quick(**changes)
    wave = learned_wave(params)
    w_init, run = learned(params)
    steps = np.array([params.n_steps - 1])
    predicted = predicted_kernel(params, w_init, wave, steps)[0]
    # 1e-9 asked for fast learning: what is left is rounding and the first, unlocked steps
    assert relative_residual(run.weights, predicted) < 1e-9
    phase = (steps[0] + np.arange(params.ring.n_neurons)) % params.ring.n_neurons
    np.testing.assert_allclose(run.last_rates, wave.rates[phase], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["circ_mean_seed", "circ_mean_weak_input", "circ_mean_tau_d_2ms"])
def test_fixed_point_equals_the_stored_independent_solution(name):
    stored = json.loads((DATA / f"{name}.json").read_text())
    inputs = stored["inputs"]
    params = standard_params(
        n_neurons=inputs["N"],
        tau_d=inputs["tau_d_s"],
        decay=inputs["lambda"],
        u_scale=inputs["u_scale"],
    )
    kernel = learned_wave(params).kernel
    # stored with ten digits
    np.testing.assert_allclose(kernel, stored["outputs"]["theory"]["w_fixed_point"], 0, 1e-10)


def test_weights_follow_the_predicted_transient():
    params = quick(beta=0.02, periods=60)
    steps = np.arange(199, params.n_steps, 400)
    w_init, run = learned(params, recording=Recorder(weights=steps))
    predicted = predicted_kernel(params, w_init, learned_wave(params), steps)
    # 1e-4 asked for a saturating drive: the rates need some steps to lock
    assert relative_residual(run.weights_over_time, predicted) < 1e-4


def test_single_source_rule_follows_transient_and_ripple():
    params = quick(rule="single", beta=0.02, periods=60)
    steps = np.arange(300, params.n_steps, 333)
    wave = learned_wave(params)
    w_init, run = learned(params, recording=Recorder(weights=steps))
    predicted = predicted_kernel(params, w_init, wave, steps)
    # one neuron sees the start of the rates, of which (1-a)^200 = 3e-4 is left at first
    assert relative_residual(run.weights_over_time, predicted) < 1e-3
    mean_only = predicted_kernel(params.at(rule="mean"), w_init, wave, steps)
    assert relative_residual(run.weights_over_time, mean_only) > 5e-3  # the ripple is seen


def test_spread_along_the_diagonals_is_the_predicted_ripple():
    params = quick(rule="pairwise", n_neurons=100, tau_d=3e-3)
    wave = learned_wave(params)
    average = diagonal_average(learned(params)[1].weights)
    np.testing.assert_allclose(average.kernel, wave.kernel, rtol=0, atol=1e-9)
    np.testing.assert_allclose(average.spread, diagonal_spread(params, wave), rtol=0, atol=1e-9)


def test_ripple_grows_in_proportion_to_the_learning_rate():
    spreads = [
        diagonal_spread(quick(beta=beta), learned_wave(quick())).max() / beta
        for beta in (1e-4, 1e-3, 1e-2)
    ]
    np.testing.assert_allclose(spreads, spreads[0], rtol=1e-3)  # relative order lambda beta T


def test_ripple_solves_its_recursion():
    params = quick(n_neurons=40, tau_d=1e-3)
    wave = learned_wave(params)
    weights = wave.kernel + steady_ripple(params, wave)  # [phase, target]
    rates, d = wave.rates, params.ring.delay_steps
    for n in (0, 7, 39):
        change = rates[(n + np.arange(40)) % 40] - rates[(n + np.arange(40) - 1) % 40]
        expected = (
            params.retention * weights[n - 1] + params.plasticity.beta * change * rates[n - d]
        )
        np.testing.assert_allclose(weights[n], expected, rtol=0, atol=1e-13)


def test_frozen_weights_have_no_ripple():
    params = quick(beta=0.0, n_neurons=40, tau_d=1e-3)
    np.testing.assert_array_equal(steady_ripple(params, learned_wave(params)), np.zeros((40, 40)))


def test_closed_form_agrees_with_the_fixed_point():
    params = standard_params()
    kernel = learned_wave(params).kernel
    # a switch falls between two steps, which costs order (dt/tau)^2 = 2e-3 of a flank of 1/10
    assert relative_residual(saturated_kernel(params), kernel) < 2.5e-4
    assert relative_residual(saturated_kernel(params, discrete=False), kernel) < 2.5e-2


def test_closed_form_extrema_are_the_published_ones():
    params = standard_params()
    kernel = saturated_kernel(params, discrete=False)
    assert saturated_maximum(params) == pytest.approx(0.49326, abs=5e-6)
    assert kernel[0] == pytest.approx(-0.47465, abs=5e-6)
    assert kernel[-75] == 0.0
    assert source_lead(params)[-75] == 0.0


def test_presynaptic_derivative_learns_the_opposite_kernel():
    kernel = saturated_kernel(standard_params(), discrete=False)
    control = saturated_kernel(standard_params(derivative="presynaptic"), discrete=False)
    np.testing.assert_array_equal(control, -kernel)


def taught_by_opposite_waves(params):
    """Return the weights left by a standing drive, averaged over the ripple of one period."""
    last_period = np.arange(params.n_steps - params.ring.n_neurons, params.n_steps)
    w_init = random_weights(params, stream(1, "learning", "standing"))
    recording = Recorder(weights=last_period)
    run = simulate(params, w_init, recording=recording, drive=opposite_waves(params.ring))
    return run.weights_over_time.mean(axis=0)


FEEDBACK_FREE = {"decay": 2000.0, "beta": 0.01}  # recurrent input 1e-3 of the drive beside a node


@pytest.mark.parametrize("derivative", ["postsynaptic", "presynaptic"])
def test_two_opposite_waves_teach_the_even_kernel_of_the_closed_form(derivative):
    params = quick(**FEEDBACK_FREE, derivative=derivative)
    kernel = standing_kernel(params)
    # as for the travelling wave, a switch falls between two steps
    assert relative_residual(taught_by_opposite_waves(params), kernel) < 2.5e-4
    np.testing.assert_allclose(kernel[1:], kernel[:0:-1], rtol=0, atol=1e-16)  # even about zero
    triangle = saturated_kernel(params)[0] * (1.0 - 4.0 * np.abs(np.fft.fftfreq(200)))
    assert relative_residual(kernel, triangle) <= 2.0 / 200 * (1.0 + 1e-9)  # the two nodes


def test_two_opposite_waves_teach_a_matrix_of_the_two_halves():
    weights = taught_by_opposite_waves(quick(**FEEDBACK_FREE, rule="pairwise"))
    half = np.repeat([1.0, -1.0], 99)
    driven = np.delete(np.arange(200), [0, 100])  # the nodes follow the recurrent input alone
    expected = saturated_kernel(quick(**FEEDBACK_FREE))[0] * np.outer(half, half)
    np.testing.assert_allclose(weights[np.ix_(driven, driven)], expected, rtol=2.5e-4)


def test_kernels_of_all_delays_collapse_on_the_lead_of_the_source():
    def by_lead(delay):
        params = quick(tau_d=delay)
        order = np.argsort(source_lead(params))
        return learned_wave(params).kernel[order]

    for delay in (2e-3, 10e-3, 17e-3):
        np.testing.assert_allclose(by_lead(delay), by_lead(6e-3), rtol=0, atol=1e-12)


def test_fourier_form_is_the_kernel_and_odd_about_the_delay():
    params = quick(decay=200.0, u_scale=10.0)
    wave = learned_wave(params)
    spectrum = kernel_spectrum(wave.rates, params)
    np.testing.assert_allclose(np.fft.rfft(wave.kernel), spectrum, rtol=0, atol=1e-12)
    q = np.arange(spectrum.size)
    centred = spectrum * np.exp(-2j * np.pi * q * (params.ring.delay_steps - 0.5) / 200)
    # the middle mode keeps a real part: it has no sine
    np.testing.assert_allclose(centred[:-1].real, 0.0, atol=1e-13)


def test_distributed_delays_learn_the_convolution_with_their_density():
    narrow, wide = quick(), quick(tau_d_sd=1e-3)
    lags, shares = wide.ring.delay_law()
    expected = sum(
        share * np.roll(learned_wave(narrow).kernel, narrow.ring.delay_steps - lag)
        for lag, share in zip(lags, shares, strict=True)
    )
    np.testing.assert_allclose(learned_wave(wide).kernel, expected, rtol=0, atol=1e-12)


def test_noise_adds_a_self_weight_of_the_predicted_size():
    params = quick(noise_sd=0.1, tau_d=2e-3, beta=0.02, periods=150)
    w_init = random_weights(params, stream(1, "learning"))
    run = simulate(params, w_init, rng=stream(1, "learning", "noise"))
    last = np.array([params.n_steps - 1])
    excess = run.weights - predicted_kernel(params, w_init, learned_wave(params), last)[0]
    spread = np.std(excess[1:])  # the same fluctuation acts on the weight in question
    assert noise_weight(params) < -0.05
    assert abs(excess[0]) < 4 * spread
    assert 4 * spread < 0.5 * abs(noise_weight(params))  # so that no noise weight would fail


@pytest.mark.parametrize(
    ("changes", "simulated"),
    [
        ({}, 20.557),
        ({"n_neurons": 200, "tau_d": 6e-3}, 42.351),
        ({"n_neurons": 200, "tau_d": 12e-3}, 34.884),
        ({"n_neurons": 400, "tau_d": 10e-3, "decay": 5.0}, 26.462),
    ],
)
def test_replay_frequency_is_predicted(changes, simulated):
    params = standard_params(**changes)
    kernel = learned_wave(params).kernel
    assert first_harmonic_frequency(params) == pytest.approx(simulated, rel=1e-2)
    assert first_harmonic_frequency(params, discrete=False) == pytest.approx(simulated, rel=1e-2)
    # the lattice of neurons is seen at order 1/N^2 relative to the switch
    assert replay_frequency(params, kernel) == pytest.approx(simulated, rel=3e-4)


def crossing_period(trace):
    """Return the mean interval between interpolated upward crossings of one half, in steps."""
    before, after = trace[:-1] - 0.5, trace[1:] - 0.5
    at = np.flatnonzero((before < 0.0) & (after >= 0.0))
    return np.mean(np.diff(at + before[at] / (before[at] - after[at])))


@pytest.mark.parametrize("name", ["replay_N200_tau_d_6ms", "replay_N500_tau_d_15ms"])
def test_simulated_replay_has_the_stored_period_and_one_cycle_per_ring(name):
    stored = json.loads((DATA / f"{name}.json").read_text())
    inputs, outputs = stored["inputs"], stored["outputs"]
    params = standard_params(
        n_neurons=inputs["N"], tau_d=inputs["tau_d_s"], beta=0.0, periods=40, stimulate=False
    )
    n = params.n_steps
    recording = Recorder(rates=np.arange(n - n // 2, n))  # the half that is stored
    run = simulate(params, np.array(inputs["w_init_values"]), recording=recording)
    # rates agree to 1e-10 (README of the numbers), a step moves them by a tenth and more
    assert crossing_period(run.rates[:, 0]) == pytest.approx(outputs["period_steps_mean"], rel=1e-9)
    frequency = rotation_frequency(run.rates, params.ring.dt)
    assert frequency == pytest.approx(outputs["frequency_hz"], rel=1e-3)
    is_active = run.last_rates > 0.5
    assert np.sum(is_active & ~np.roll(is_active, 1)) == 1
    assert wave_amplitude(run.rates) == pytest.approx(outputs["amplitude_neuron0"], rel=5e-3)


@pytest.mark.parametrize(
    ("train_Hz", "replay_Hz"),
    [(10.0, 20.58), (20.0, 28.85), (12.5, 22.61), (5.0, 16.57), (2.5, 14.60)],
)
def test_continuum_replay_frequencies_are_the_published_ones(train_Hz, replay_Hz):
    params = standard_params(n_neurons=round(1.0 / train_Hz / 2e-4))
    frequency = first_harmonic_frequency(params, discrete=False)
    assert frequency == pytest.approx(replay_Hz, abs=5e-3)


def test_speed_up_tends_to_its_limit_for_fast_neurons():
    params = standard_params(tau_x=1e-5, dt=1e-6, n_neurons=20_000, tau_d=3e-3)
    limit = (1.0 + params.ring.period / (4.0 * params.ring.tau_d)) / params.ring.period
    found = first_harmonic_frequency(params, discrete=False)
    assert found == pytest.approx(limit, rel=5e-3)  # order tau_x/tau_d


def test_input_at_the_switch_vanishes_at_the_replay_frequency_and_falls():
    params = quick()
    kernel = learned_wave(params).kernel
    frequency = replay_frequency(params, kernel)
    scale = locking_amplitude(params, kernel, 1.0 / params.ring.period)
    assert abs(switch_input(params, kernel, frequency)) < 1e-8 * scale
    assert switch_input(params, kernel, 0.9 * frequency) > 0.0
    assert switch_input(params, kernel, 1.1 * frequency) < 0.0


def test_input_at_the_switch_agrees_with_the_locked_profile():
    params = quick()
    wave = learned_wave(params)
    predicted = switch_input(params, wave.kernel, 1.0 / params.ring.period)
    # the profile knows the input one step before and at the switch
    assert wave.recurrent[-1] < predicted < wave.recurrent[0]


@pytest.mark.parametrize("factor", [0.94, 1.06])
@pytest.mark.parametrize("speed", [0.8, 1.0, 1.3, 2.0])
def test_drive_holds_the_wave_exactly_inside_the_predicted_tongue(speed, factor):
    params = quick(beta=0.0, periods=80)
    ring = params.ring
    kernel = learned_wave(params).kernel
    frequency = speed / ring.period
    amplitude = factor * locking_amplitude(params, kernel, frequency)
    n = params.n_steps
    recording = Recorder(rates=np.arange(n // 2, n, 5))
    drive = TravellingWave(amplitude=amplitude, period=1.0 / frequency)
    run = simulate(params, kernel, recording=recording, drive=drive)
    slip = rotation_frequency(run.rates, 5 * ring.dt) / frequency - 1.0
    # a locked wave can be off by a fraction of a cycle in the 40 recorded ones
    assert (abs(slip) < 5e-3) == (factor > 1.0)


def test_locked_rates_lead_the_drive_by_the_predicted_phase():
    wave = learned_wave(quick())
    amplitude = 1.5 * locking_amplitude(quick(), wave.kernel, 1.0 / quick().ring.period)
    params = quick(u_scale=amplitude, beta=0.0, periods=40)
    run = simulate(params, wave.kernel)
    shift = np.angle(np.fft.rfft(run.last_rates)[1])
    free = np.angle(np.fft.rfft(np.roll(wave.rates, 1))[1])
    lead = np.degrees(np.angle(np.exp(1j * (shift - free))))
    assert np.degrees(locking_lead(params, wave.kernel, 25.0)) == pytest.approx(41.8, abs=0.1)
    assert lead == pytest.approx(41.8, abs=1.8)  # one neuron is 1.8 degrees


def test_too_weak_a_drive_has_no_lead_and_warns():
    params = quick(u_scale=45.0)
    with pytest.warns(RegimeWarning, match="u_scale = 45 lies below the largest recurrent input"):
        wave = learned_wave(params, throw=False)
    assert np.isfinite(locking_lead(params, wave.kernel, 25.0))
    for weaker in (30.0, 0.0):
        assert np.isnan(locking_lead(quick(u_scale=weaker), wave.kernel, 25.0))


def test_fixed_point_that_does_not_settle_is_reported_with_its_iterate():
    with pytest.raises(ConvergenceError, match="u_scale = 25 too weak") as caught:
        learned_wave(quick(u_scale=25.0), max_iterations=20)
    assert caught.value.partial.n_iterations == 20  # type: ignore[attr-defined]


def test_fixed_point_that_does_not_settle_says_so_where_it_is_not_raised():
    with pytest.warns(RegimeWarning):
        wave = learned_wave(quick(u_scale=25.0), max_iterations=20, throw=False)
    assert not wave.converged
    assert learned_wave(quick()).converged


def test_rates_that_are_not_numbers_have_no_fixed_point():
    def phi(z):
        return np.full_like(z, np.nan)

    with pytest.raises(ConvergenceError, match="changes by nan"):
        learned_wave(quick(), phi=phi)
    assert not learned_wave(quick(), phi=phi, throw=False).converged


@pytest.mark.parametrize(
    "predict",
    [learned_wave, noise_weight, saturated_kernel, saturated_maximum, standing_kernel],
)
def test_weights_without_decay_have_no_prediction(predict):
    with pytest.raises(ParameterError, match="decay = 0 per_s: weights without decay"):
        predict(quick(decay=0.0))


def test_no_stable_replay_is_reported():
    params = quick()
    with pytest.raises(ConvergenceError, match="no stable replay"):
        replay_frequency(params, -learned_wave(params).kernel)
