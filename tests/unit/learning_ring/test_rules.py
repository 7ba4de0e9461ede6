"""Rules of plasticity that are given as functions."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.learning_ring import (
    Recorder,
    covariance,
    differential_hebbian,
    learned_wave,
    random_weights,
    simulate,
    standard_params,
    train,
)
from cortex.rng import stream

SMALL = standard_params(
    n_neurons=24, tau_d=1e-3, u_scale=2.0, decay=50.0, beta=0.5, periods=6, rule="pairwise"
)
COARSE = standard_params(n_neurons=100, dt=1e-3, rule="pairwise")  # the standard ring, T = 100 ms


def presynaptic(post, pre, _weights):
    return np.outer(post.rate, pre.derivative)


def bounded(post, pre, weights):
    return np.outer(post.rate, pre.rate) - post.rate[:, None] ** 2 * weights  # Oja (1982)


@pytest.mark.parametrize(
    ("derivative", "rule"), [("postsynaptic", differential_hebbian), ("presynaptic", presynaptic)]
)
def test_the_built_in_rule_stated_as_a_function_learns_the_same_bits(derivative, rule):
    params = SMALL.at(derivative=derivative)
    w_init = random_weights(params, stream(1, "weights"))
    steps = np.arange(params.n_steps)
    both = Recorder(weights=steps, rates=steps)  # recorded weights make every step a block
    built_in = simulate(params, w_init, recording=both)
    stated = simulate(params, w_init, recording=both, rule=rule)
    assert np.any(built_in.weights_over_time[-1] != w_init)
    assert np.array_equal(built_in.weights_over_time, stated.weights_over_time)
    assert np.array_equal(built_in.rates, stated.rates)
    # in blocks as long as the delay, sums are taken in another order: rounding only
    assert simulate(params, w_init).weights == pytest.approx(stated.weights, abs=1e-12)


def test_a_rule_that_reads_the_weights_follows_the_scheme_written_out():
    params = SMALL.at(stimulate=True)
    ring, plasticity = params.ring, params.plasticity
    w = random_weights(params, stream(2, "weights"))
    run = simulate(params, w, rule=bounded)
    n, d, a = ring.n_neurons, ring.delay_steps, ring.dt / ring.tau_x
    x = np.zeros((params.n_steps, n))
    for i in range(1, params.n_steps):
        u = ring.u_scale * np.sin(2 * np.pi * (i / n + np.arange(n) / n))
        learns = i >= params.init_steps
        y = x[i - d] if learns else np.zeros(n)
        x[i] = x[i - 1] + a * (1 / (1 + np.exp(-ring.phi_scale * (u + w @ y))) - x[i - 1])
        if learns:
            change = [[x[i, k] * y[j] - x[i, k] ** 2 * w[k, j] for j in range(n)] for k in range(n)]
            w = w + ring.dt * plasticity.beta * (np.array(change) - plasticity.decay * w)
    assert run.weights == pytest.approx(w, abs=1e-12)  # rounding over 144 steps


def test_theory_of_the_built_in_rule_stated_as_a_function_is_the_fourier_form():
    params = COARSE.at(tau_d_sd=2e-3)
    by_call = learned_wave(params, rule=differential_hebbian).kernel
    assert by_call == pytest.approx(learned_wave(params).kernel, abs=1e-12)  # rounding


@pytest.mark.parametrize(
    ("rule", "tolerance"),
    [
        (covariance, 1e-3),  # the ripple, of order beta, moves two neurons whose drive crosses zero
        (bounded, 1e-2),  # reads single weights, which ripple by order beta about their mean
    ],
)
def test_one_call_on_the_wave_predicts_what_a_rule_of_ones_own_learns(rule, tolerance):
    params = COARSE.at(beta=0.2)  # settles within 0.25 s of 15 s
    training = train(params, 1, rule=rule)
    largest = np.max(np.abs(training.wave.kernel))
    assert training.wave.converged
    assert np.max(np.abs(training.kernel - training.wave.kernel)) < tolerance * largest
    built_in = learned_wave(params).kernel
    assert np.max(np.abs(training.kernel - built_in)) > 0.1 * largest  # another rule


def test_the_covariance_rule_joins_most_what_leads_by_the_delay():
    kernel = learned_wave(COARSE, rule=covariance).kernel
    lead = -np.argmax(kernel) % COARSE.ring.n_neurons  # steps by which the source leads
    assert lead == COARSE.ring.delay_steps


def test_rules_for_circulant_weights_are_refused():
    params = SMALL.at(rule="mean")
    with pytest.raises(ParameterError, match=r"needs the weights of all pairs; take params.at\("):
        simulate(params, np.zeros(24), rule=covariance)


@pytest.mark.parametrize("wrong", [np.zeros(24), 1.0, np.zeros((24, 24), dtype=complex)])
def test_rules_that_return_no_real_matrix_are_refused(wrong):
    with pytest.raises(ParameterError, match=r"must return real numbers of shape \(24, 24\)"):
        simulate(SMALL, np.zeros((24, 24)), rule=lambda *_: wrong)


def test_a_rule_cannot_change_the_weights_behind_the_scheme():
    def rude(_post, _pre, weights):
        weights += 1.0
        return weights

    with pytest.raises(ValueError, match="read-only"):
        simulate(SMALL, np.zeros((24, 24)), rule=rude)
