"""Engines against the scheme written out, and what they refuse."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.errors import ParameterError, SimulationError
from cortex.learning_ring import (
    Logistic,
    Recorder,
    circulant_matrix,
    diagonal_average,
    opposite_waves,
    random_weights,
    simulate,
    standard_params,
    training_wave,
)
from cortex.rng import stream

SMALL = {"n_neurons": 24, "tau_d": 1.0e-3, "u_scale": 2.0, "decay": 50.0, "beta": 0.5}


def small(**changes):
    return standard_params(**{**SMALL, "periods": 6, **changes})


def simulate_slowly(params, w_init, rule, *, drive_rows=None):
    """Return (weights, rates of all steps); weights are N x N for every rule."""
    ring, plasticity = params.ring, params.plasticity
    n, d, a = ring.n_neurons, round(ring.tau_d / ring.dt), ring.dt / ring.tau_x
    theta = np.arange(n) * ring.dt
    x = np.zeros((params.n_steps, n))
    w = np.array(w_init)

    def drive(time, row):
        if drive_rows is not None:
            return drive_rows[row]
        return ring.u_scale * np.sin(2 * np.pi * (time + theta) / (n * ring.dt))

    def phi(z):
        return 1 / (1 + np.exp(-np.clip(ring.phi_scale * z, -250, 250)))

    for i in range(1, params.n_steps):
        if i < params.init_steps:
            u = drive(i * ring.dt * params.training.init_travel, i)
            u = u * params.training.init_stimulation
            x[i] = x[i - 1] + a * (-x[i - 1] + phi(u))
            continue
        u = drive(i * ring.dt, i) * params.training.stimulate
        y, y_before = (x[i - d], x[i - d - 1]) if i > d else (0 * u, 0 * u)
        dx = a * (-x[i - 1] + phi(u + _matrix(w) @ y))
        x[i] = x[i - 1] + dx
        if plasticity.derivative == "postsynaptic":
            hebb = np.outer(dx / ring.dt, y)
        else:
            hebb = np.outer(x[i], (y - y_before) / ring.dt)
        dw = -plasticity.decay * w + _averaged(hebb, rule)
        w = w + ring.dt * plasticity.beta * dw
    return w, x


def _matrix(w):
    if w.ndim == 2:
        return w
    n = len(w)
    return np.array([[w[(row - column) % n] for column in range(n)] for row in range(n)])


def _averaged(hebb, rule):
    n = len(hebb)
    if rule == "pairwise":
        return hebb
    if rule == "single":
        return hebb[:, 0]
    return np.array([np.mean([hebb[(y + k) % n, y] for y in range(n)]) for k in range(n)])


@pytest.mark.parametrize("derivative", ["postsynaptic", "presynaptic"])
@pytest.mark.parametrize("rule", ["pairwise", "mean", "single"])
def test_fast_engines_equal_the_scheme_written_out(rule, derivative):
    params = small(rule=rule, derivative=derivative)
    w_init = random_weights(params, stream(3, "twin"))
    run = simulate(params, w_init, recording=Recorder(rates=np.arange(params.n_steps)))
    weights, rates = simulate_slowly(params, w_init, rule)
    # rounding only; graded rates and recurrence of the size of the drive
    np.testing.assert_allclose(run.weights, weights, rtol=0, atol=1e-12)
    np.testing.assert_allclose(run.rates, rates, rtol=0, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    n_neurons=st.integers(3, 17),
    delay=st.integers(1, 20),
    periods=st.integers(3, 8),
    travel=st.sampled_from([1.0, 0.0, 2.0, -1.0, 0.7]),
    is_on=st.booleans(),
    rule=st.sampled_from(["pairwise", "mean", "single"]),
)
def test_fast_engines_equal_the_scheme_for_any_size_delay_and_beginning(
    *, n_neurons, delay, periods, travel, is_on, rule
):
    params = small(
        n_neurons=n_neurons,
        tau_d=delay * 2e-4,
        periods=periods + delay // n_neurons,  # beyond the initial phase
        init_travel=travel,
        stimulate=is_on,
        rule=rule,
    )
    w_init = random_weights(params, stream(1, "any"))
    run = simulate(params, w_init)
    weights, rates = simulate_slowly(params, w_init, rule)
    np.testing.assert_allclose(run.weights, weights, rtol=0, atol=1e-11)
    np.testing.assert_allclose(run.last_rates, rates[-1], rtol=0, atol=1e-11)


def test_circulant_and_full_matrix_give_the_same_rates_from_a_circulant_start():
    frozen = small(beta=0.0)
    kernel = random_weights(frozen, stream(2, "kernel"))
    circulant = simulate(frozen, kernel)
    full = simulate(frozen.at(rule="pairwise"), circulant_matrix(kernel))
    np.testing.assert_allclose(full.last_rates, circulant.last_rates, rtol=0, atol=1e-13)


def test_recording_does_not_change_a_run_and_keeps_the_right_steps():
    params = small(rule="pairwise", periods=4)
    w_init = random_weights(params, stream(2, "record"))
    steps = np.array([0, 1, 24, 30, 31, 95])
    recording = Recorder(rates=steps, neurons=np.array([5, 2]), weights=steps, norms=steps)
    run = simulate(params, w_init, recording=recording)
    plain = simulate(params, w_init)
    np.testing.assert_allclose(run.weights, plain.weights, rtol=0, atol=1e-13)
    _, rates = simulate_slowly(params, w_init, "pairwise")
    np.testing.assert_allclose(run.rates, rates[steps][:, [5, 2]], rtol=0, atol=1e-12)
    np.testing.assert_allclose(run.norms, np.linalg.norm(run.weights_over_time, axis=(1, 2)))
    np.testing.assert_array_equal(run.weights_over_time[0], w_init)
    np.testing.assert_array_equal(run.weights_over_time[-1], run.weights)


def test_norm_of_a_circulant_run_is_that_of_its_matrix():
    params = small()
    run = simulate(
        params, random_weights(params, stream(4, "norm")), recording=Recorder(norms=np.array([99]))
    )
    steps = Recorder(weights=np.array([99]))
    kernel = simulate(params, random_weights(params, stream(4, "norm")), recording=steps)
    matrix = circulant_matrix(kernel.weights_over_time[0])
    assert run.norms[0] == pytest.approx(np.linalg.norm(matrix), rel=1e-13)


@pytest.mark.parametrize("rule", ["pairwise", "mean"])
def test_the_callers_weights_stay_as_they_are(rule):
    params = small(rule=rule)
    w_init = random_weights(params, stream(2, "alias"))
    before = w_init.copy()
    run = simulate(params, w_init)
    np.testing.assert_array_equal(w_init, before)
    assert not np.shares_memory(run.weights, w_init)


def test_custom_drive_and_rate_function_enter_as_given():
    params = small(rule="pairwise")
    w_init = random_weights(params, stream(2, "custom"))
    rows = stream(5, "rows").standard_normal((params.n_steps, 24))
    drive = lambda steps, ring: rows[steps.astype(int)]  # noqa: ARG005, E731
    run = simulate(params, w_init, drive=drive, phi=Logistic(params.ring.phi_scale))
    weights, _ = simulate_slowly(params, w_init, "pairwise", drive_rows=rows)
    np.testing.assert_allclose(run.weights, weights, rtol=0, atol=1e-12)


def test_two_opposite_waves_stand():
    ring = small(u_scale=3.0).ring
    steps = np.arange(7.0)
    place = 2 * np.pi * np.arange(24) / 24
    expected = 6.0 * np.cos(2 * np.pi * steps[:, None] / 24) * np.sin(place)  # sine addition
    np.testing.assert_allclose(opposite_waves(ring)(steps, ring), expected, rtol=0, atol=1e-12)


def test_training_wave_moves_one_neuron_per_step_however_late():
    ring = standard_params().ring
    wave = training_wave(ring)
    late = wave(np.array([74_999.0, 75_000.0]), ring)
    np.testing.assert_allclose(late[0, 1:], late[1, :-1], rtol=0, atol=1e-11)  # 5000 eps


def test_noise_has_the_stationary_deviation_asked_for_and_depends_only_on_its_stream():
    params = small(noise_sd=0.1, beta=0.0, stimulate=False, periods=400, w_init_sd=0.0)
    w_init = np.zeros(24)
    recording = Recorder(rates=np.arange(480, params.n_steps, 25))
    one = simulate(params, w_init, recording=recording, rng=stream(1, "noise"))
    two = simulate(params, w_init, recording=Recorder(norms=np.array([50])), rng=stream(1, "noise"))
    np.testing.assert_array_equal(one.last_rates, two.last_rates)  # blocks cut elsewhere
    # one time constant apart: about 9,000 x 0.46 independent samples, standard error 1.1 %
    assert np.std(one.rates) == pytest.approx(0.1, rel=0.045)
    assert np.mean(one.rates) == pytest.approx(0.5, abs=0.006)


def test_distributed_delays_with_one_delay_left_equal_a_single_delay():
    params, w_init = small(), random_weights(small(), stream(6, "delay"))
    narrow = small(tau_d_sd=1e-6)
    np.testing.assert_array_equal(
        simulate(params, w_init).weights, simulate(narrow, w_init).weights
    )


def test_distributed_delays_average_what_arrives():
    params = small(tau_d_sd=4e-4, beta=0.0, periods=8)
    w_init = random_weights(params, stream(6, "delays"))
    steps = np.arange(params.n_steps)
    rates = simulate(params, w_init, recording=Recorder(rates=steps)).rates
    lags, shares = params.ring.delay_law()
    assert lags @ shares == pytest.approx(params.ring.delay_steps, rel=1e-14)
    i = 150
    arriving = shares @ rates[i - lags]
    u = training_wave(params.ring)(np.array([float(i)]), params.ring)[0]
    target = Logistic(10.0)(u + circulant_matrix(w_init) @ arriving)
    expected = rates[i - 1] + params.ring.leak * (target - rates[i - 1])
    np.testing.assert_allclose(rates[i], expected, rtol=0, atol=1e-13)


def test_zero_delay_is_refused():
    with pytest.raises(ParameterError, match=r"tau_d = 0.0 s is outside"):
        small(tau_d=0.0)


def test_delay_between_two_steps_is_refused_with_its_neighbours():
    with pytest.raises(ParameterError, match=r"take 0.001 s or 0.0012 s"):
        small(tau_d=1.1e-3)


def test_delay_below_one_step_is_refused():
    with pytest.raises(ParameterError, match="whole number of steps, at least one"):
        small(tau_d=1e-4)


def test_milliseconds_given_as_seconds_are_refused_with_the_likely_value():
    with pytest.raises(ParameterError, match="is it in ms"):
        small(tau_x=5.0)


def test_weights_of_the_wrong_shape_are_refused():
    with pytest.raises(ParameterError, match=r"needs \(24, 24\)"):
        simulate(small(rule="pairwise"), np.zeros(24))


def test_noise_without_a_stream_is_refused():
    with pytest.raises(ParameterError, match="needs a stream"):
        simulate(small(noise_sd=0.1), np.zeros(24))


def test_recording_beyond_the_run_is_refused():
    with pytest.raises(ParameterError, match=r"within \[0, 144\)"):
        simulate(small(), np.zeros(24), recording=Recorder(rates=np.array([144])))


def test_overshooting_weights_are_refused():
    with pytest.raises(ParameterError, match="overshoot"):
        small(decay=20_000.0)


def endless(steps, _ring):
    return np.full((len(steps), 24), np.nan)


def test_a_run_that_leaves_the_finite_numbers_is_reported():
    with pytest.raises(ParameterError, match=r"w_init = nan is outside"):
        simulate(small(), np.full(24, np.nan))
    with pytest.raises(SimulationError, match="finite"), np.errstate(all="ignore"):
        simulate(small(), np.zeros(24), drive=endless)


@pytest.mark.parametrize(
    ("changes", "least"),
    [({"periods": 1}, 2), ({"periods": 6, "init_steps": 144}, 7), ({"tau_d": 3e-2}, 8)],
    ids=["one period", "given", "long delay"],
)
def test_an_initial_phase_that_fills_the_run_is_refused_with_the_length_needed(changes, least):
    with pytest.raises(ParameterError, match=rf"initial phase .* take at least {least}"):
        small(**changes)
    assert small(**{**changes, "periods": least}).init_steps < 24 * least


def test_unknown_parameter_is_refused_by_name():
    with pytest.raises(ParameterError, match=r"no parameters \['tau_w'\]"):
        small(tau_w=50.0)


def test_diagonal_average_of_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ParameterError, match=r"square matrix .* got shape \(3, 6\)"):
        diagonal_average(np.zeros((3, 6)))


def test_diagonal_average_of_a_random_matrix_equals_the_loop_over_diagonals():
    weights = stream(7, "matrix").standard_normal((9, 9))
    average = diagonal_average(weights)
    for k in range(9):
        diagonal = [weights[(y + k) % 9, y] for y in range(9)]
        assert average.kernel[k] == pytest.approx(np.mean(diagonal), rel=1e-14)
        assert average.spread[k] == pytest.approx(np.std(diagonal), rel=1e-13)


@pytest.mark.parametrize("rule", ["mean", "pairwise"])
def test_memory_does_not_grow_with_the_number_of_steps(rule):
    def peak(periods):
        params = small(rule=rule, n_neurons=100, periods=periods)
        w_init = random_weights(params, stream(1, "memory"))
        tracemalloc.start()
        simulate(params, w_init)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(40) < 1.02 * peak(4)
