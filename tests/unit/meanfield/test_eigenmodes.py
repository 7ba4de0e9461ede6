"""Trajectories and sensitivity of eigenmodes; binary neurons; pairwise linear response."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.binary import (
    BinaryNetwork,
    balanced_threshold,
    binary_activity,
    binary_mean_input,
    binary_std_input,
    solve_binary_working_point,
)
from cortex.meanfield.fluctuations.modes import (
    critical_indices,
    eigenmodes,
    follow_eigenvalues,
    sensitivities,
    sensitivity,
)
from cortex.meanfield.fluctuations.pairwise import (
    noise_strengths,
    pairwise_covariances,
    pairwise_weights,
    spectral_bound,
)
from cortex.meanfield.stationary.derivatives import rate_slopes


def test_shuffled_trajectories_are_restored(stored):
    (case,) = stored("eigenvalue_matching")
    shuffled, truth = case.i["eigenvalues"], case.o["true_trajectories"]
    restored = np.take_along_axis(shuffled, follow_eigenvalues(shuffled), axis=1)
    # the trajectories come in the order of the first frequency
    first = [int(np.argmin(np.abs(truth[0] - value))) for value in shuffled[0]]
    np.testing.assert_array_equal(restored, truth[:, first])


@given(seed=st.integers(0, 10_000))
def test_crossing_trajectories_keep_their_direction(seed):
    rng = np.random.default_rng(seed)
    t = np.linspace(-1, 1, 81)[:, None]
    lines = np.array([0.3j, 0.3j, 1.0]) + t * np.array([1.0, -1.0, 0.2j]) + 0.02j * t
    shuffled = np.array([rng.permutation(row) for row in lines])
    restored = np.take_along_axis(shuffled, follow_eigenvalues(shuffled), axis=1)
    steps = np.abs(np.diff(restored, axis=0))
    assert steps.max() < 1.01 * np.abs(np.diff(lines, axis=0)).max()


def test_sensitivity_is_the_derivative_of_the_eigenvalue():
    rng = np.random.default_rng(1)
    M = rng.normal(size=(5, 5)) + 1j * rng.normal(size=(5, 5))
    modes = eigenmodes(M[np.newaxis])
    for mode in range(5):
        result = sensitivity(M, modes.left[0, mode], modes.right[0, mode], 1.0)
        assert result.eigenvalue == pytest.approx(modes.values[0, mode])
        a, b, h = 2, 3, 1e-6
        moved = M.copy()
        moved[a, b] *= 1 + h
        change = np.linalg.eigvals(moved) - result.eigenvalue
        nearest = change[np.argmin(np.abs(change))] / h
        assert nearest == pytest.approx(result.Z[a, b], rel=1e-4)


def test_all_modes_are_listed_where_they_come_closest_to_one():
    f = np.linspace(1.0, 100.0, 300)
    response = 3.0 * np.exp(-2j * np.pi * f * 0.01) / (1 + 2j * np.pi * f * 0.005)
    M = response[:, None, None] * np.array([[0.2, 0.1], [0.3, -0.9]])
    results = sensitivities(M, f)
    distances = [abs(1 - result.eigenvalue) for result in results]
    assert distances == sorted(distances)
    values = eigenmodes(M).values
    best = np.min(np.abs(1 - values), axis=0)
    np.testing.assert_allclose(distances, np.sort(best))
    assert critical_indices(values).shape == (2,)


def test_single_neuron_response_agrees_with_stored_network(stored, neuron):
    case = stored("pairwise_effective_connectivity")[0]
    slopes = rate_slopes(case.o["mean_input"], case.o["std_input"], neuron(case.i))
    w = pairwise_weights(case.i["J"], case.i["tau_m"], slopes.by_mu, slopes.by_variance)
    np.testing.assert_allclose(w, case.o["pairwise_effective_connectivity"], rtol=1e-8, atol=1e-14)
    assert spectral_bound(w) == pytest.approx(float(case.o["spectral_bound"]), rel=1e-8)
    D = noise_strengths(w, case.o["firing_rates"], case.o["cvs"])
    np.testing.assert_allclose(D, case.o["noise_strength"], rtol=1e-8)
    covariances = pairwise_covariances(w, D)
    np.testing.assert_allclose(covariances, case.o["pairwise_covariances"], rtol=1e-8, atol=1e-11)


def test_two_population_weights_agree_with_stored_slopes(stored, neuron):
    case = stored("pairwise_effective_connectivity")[1]
    mu, sigma = case.o["mean_input"], case.o["std_input"]
    slopes = rate_slopes(mu, sigma, neuron(case.i), tau_s=case.i["tau_s"])
    w = pairwise_weights(case.i["J"], case.i["tau_m"], slopes.by_mu, slopes.by_variance)
    np.testing.assert_allclose(w, case.o["pairwise_effective_connectivity"], rtol=1e-8)


def test_spectral_bound_keeps_its_sign():
    assert spectral_bound(np.diag([-0.2, -1.5])) == -0.2


def test_unstable_networks_have_no_covariances():
    with pytest.raises(ParameterError, match="not below 1"):
        pairwise_covariances(1.2 * np.eye(2), np.ones(2))
    with pytest.raises(ParameterError, match="not below 1"):
        noise_strengths(1.2 * np.eye(2), np.ones(2), np.ones(2))
    with pytest.raises(ParameterError, match="needs"):
        pairwise_weights(np.ones((2, 3)), 0.02, np.ones(2), np.ones(2))


def binary(case, *, external):
    theta = balanced_threshold(case.i["J"], case.i["K"], case.i["m_expected"])
    extra = {k: case.i[k] for k in ("J_ext", "K_ext", "m_ext")} if external else {}
    return BinaryNetwork(J=case.i["J"], K=case.i["K"], theta=theta, **extra)


def test_binary_neurons_agree_with_stored_values(stored):
    (case,) = stored("binary_neurons")
    plain, driven = binary(case, external=False), binary(case, external=True)
    m, o = case.i["m"], case.o
    np.testing.assert_allclose(plain.theta, o["balanced_threshold"], rtol=1e-12)
    np.testing.assert_allclose(binary_mean_input(plain, m), o["mean_input"], rtol=1e-12)
    np.testing.assert_allclose(binary_std_input(plain, m), o["std_input"], rtol=1e-12)
    np.testing.assert_allclose(binary_mean_input(driven, m), o["mean_input_with_ext"], rtol=1e-12)
    np.testing.assert_allclose(binary_std_input(driven, m), o["std_input_with_ext"], rtol=1e-12)
    activity = binary_activity(o["mean_input"], o["std_input"], plain.theta)
    np.testing.assert_allclose(activity, o["mean_activity_for_given_input"], rtol=1e-11)
    point = solve_binary_working_point(plain)
    stored_m = case.raw["outputs"]["self_consistent_mean_activity"]["from_0.5"]["value"]
    np.testing.assert_allclose(point.m, stored_m, rtol=1e-8)
    assert solve_binary_working_point(driven).converged


def test_binary_limits_and_refusals(stored):
    assert binary_activity(np.array([1.0, -1.0, 0.0]), np.zeros(3), np.zeros(3)).tolist() == [
        1.0,
        0.0,
        0.5,
    ]
    with pytest.raises(ParameterError, match="sigma"):
        binary_activity(np.array(0.0), np.array(-1.0), np.array(0.0))
    with pytest.raises(ParameterError, match="together"):
        BinaryNetwork(J=np.ones((1, 1)), K=np.ones((1, 1)), theta=np.ones(1), m_ext=np.ones(1))
    (case,) = stored("binary_neurons")
    with pytest.raises(ConvergenceError) as caught:
        solve_binary_working_point(binary(case, external=False), tolerance=1e-30)
    assert caught.value.partial.m.shape == (2,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("theta", "m"), [(5.0, 0.0), (-5.0, 1.0)])
def test_a_silent_or_saturated_binary_network_is_a_stable_state(theta, m):
    # |input| <= 2 at any activity: no input reaches the threshold, or every one does
    network = BinaryNetwork(
        J=np.array([[0.1, -0.1]] * 2), K=np.full((2, 2), 20.0), theta=np.full(2, theta)
    )
    point = solve_binary_working_point(network, m_start=np.full(2, m))
    np.testing.assert_array_equal(point.m, m)
    np.testing.assert_array_equal(point.sigma, 0.0)
    np.testing.assert_array_equal(point.slope_eigenvalues, 0.0)
    assert solve_binary_working_point(network).m == pytest.approx(m, abs=1e-10)


def test_binary_shapes_are_refused_by_name():
    J, K, theta = np.ones((2, 2)), np.ones((2, 2)), np.ones(2)
    with pytest.raises(ParameterError, match=r"J_ext, K_ext, m_ext .* need \(2, n_ext\)"):
        BinaryNetwork(
            J=J, K=K, theta=theta, J_ext=np.ones((3, 1)), K_ext=np.ones((2, 1)), m_ext=np.ones(1)
        )
    network = BinaryNetwork(J=J, K=K, theta=theta)
    for m_start in (np.ones(3), np.full(2, 1.5), np.full(2, np.nan)):
        with pytest.raises(ParameterError, match="values between 0 and 1"):
            solve_binary_working_point(network, m_start=m_start)


def test_a_binary_population_that_has_arrived_does_not_stop_the_others():
    # the first is silent at any activity of the others; the second inhibits itself
    network = BinaryNetwork(
        J=np.array([[0.1, -0.1], [0.1, -0.1]]), K=np.full((2, 2), 40.0), theta=np.array([9.0, -1.0])
    )
    point = solve_binary_working_point(network, m_start=np.array([0.0, 0.5]))

    def miss(m):
        return 0.5 * special.erfc((-1.0 + 4.0 * m) / np.sqrt(2.0 * 0.4 * m * (1.0 - m))) - m

    assert point.m[0] < 1e-20
    assert point.m[1] == pytest.approx(optimize.brentq(miss, 0.01, 0.99, xtol=1e-15), abs=1e-12)
