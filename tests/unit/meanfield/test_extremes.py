"""Where formulas degenerate: no bounded state, lost states, branch points, no noise, far lambda."""

from dataclasses import replace

import mpmath as mp
import numpy as np
import pytest
from published import BRUNEL, LIF

from cortex.errors import ConvergenceError, RegimeWarning
from cortex.meanfield import (
    all_fixed_points,
    effective_connectivity,
    external_rates,
    firing_rate,
    hold_input,
    input_std,
    isi_cv,
    linear_response,
    rate_eigenvalues,
    solve_working_point,
    transfer_function,
)


def without_refractory_time(g):
    return replace(BRUNEL, neuron=replace(LIF, tau_ref=0.0), g=g).network()


def filtered(tau_s, **changes):
    network = replace(BRUNEL, **changes).network()
    drive, synapses = network.drive, network.synapses
    return replace(
        network, drive=replace(drive, tau_s=tau_s), synapses=replace(synapses, tau_s=tau_s)
    )


@pytest.mark.parametrize("g", [0.0, 3.0, 3.5, 3.58, 3.6])
@pytest.mark.parametrize("method", [None, "taylor", "nodes"])
def test_rates_that_nothing_bounds_are_said_to_run_away(g, method):
    """Closed form: J (K_E - g K_I) reaches V_th - V_reset at g = 3.6; before, LAPACK failed."""
    network = without_refractory_time(g)
    with pytest.raises(ConvergenceError, match=r"rates run away .* tau_ref > 0") as caught:
        solve_working_point(network, method=method)
    assert not caught.value.partial.converged  # type: ignore[attr-defined]
    assert not solve_working_point(network, method=method, throw=False).converged


@pytest.mark.parametrize(("g", "nu"), [(3.9, 180.764), (4.2, 90.488), (5.0, 39.067)])
def test_rates_that_inhibition_bounds_need_no_refractory_time(g, nu):
    # stated with three decimals
    np.testing.assert_allclose(solve_working_point(without_refractory_time(g)).nu, nu, atol=5e-4)


def test_a_network_may_drive_itself_as_far_as_no_input_of_a_user_may_be():
    """M(0) is the slope of the rate equation; 19 V were refused as a slip of units before."""
    network = replace(BRUNEL, J=2e-3, g=0.0).network()
    point = solve_working_point(network)
    assert np.all(point.mu > 10.0)
    M = effective_connectivity(network, point, np.zeros(1))[0]
    np.testing.assert_allclose(np.trace(M).real, np.sum(point.slope_eigenvalues).real, rtol=1e-8)


def test_a_state_that_the_first_order_theory_loses_is_missed_aloud():
    """Shifted boundaries have three states; to first order the quiet one turns negative."""
    network = filtered(2e-3, g=3.0, nu_ext_ratio=0.8)
    assert all_fixed_points(network).nu.shape == (3, 2)
    with pytest.warns(RegimeWarning, match=r"2 states found, their indices sum to 0 .* missing"):
        assert not all_fixed_points(network, method="taylor").is_complete


def test_the_silent_state_is_found_to_first_order_too():
    silent = all_fixed_points(filtered(5e-4, g=4.5, nu_ext_ratio=0.5), method="taylor")
    assert silent.is_complete
    np.testing.assert_allclose(silent.nu, 0.0, atol=1e-30)


def test_negative_external_rates_and_variances_warn():
    network = BRUNEL.network()
    for ask in (external_rates, hold_input):
        two = replace(network, drive=replace(network.drive, rate=[1e4, 1e4], J=[1e-4, -5e-4]))
        with pytest.warns(RegimeWarning, match="negative ones cannot be realized"):
            ask(two, 0.03, 1e-4)
    with pytest.warns(RegimeWarning, match="variance reaches -.* counts as zero"):
        assert np.all(input_std(network, np.full(2, -1e6)) == 0.0)


@pytest.mark.parametrize(
    ("W", "tau", "delay", "lam"),
    [(-np.exp(-2.0), 1e-3, 1e-3, -2000.0), (-np.exp(-3.0) / 2.0, 1e-3, 2e-3, -1500.0)],
)
def test_two_branches_meet_at_their_branch_point(W, tau, delay, lam):
    """Closed form lambda = -1/tau - 1/d; both branches were nan."""
    found = rate_eigenvalues([[W]], tau, delay, [0, -1])
    # the root of rounding: sqrt(2 eps) is 2e-8
    np.testing.assert_allclose(found.ravel(), lam, rtol=1e-6)


@pytest.mark.parametrize("step", [1e-7, 1e-5, 1e-3, 1e-2, 0.019, 0.021, 0.1])
@pytest.mark.parametrize("direction", [1.0, 1j, np.exp(0.3j), np.exp(-2.0j)])
def test_rates_next_to_the_branch_point_solve_the_equation(step, direction):
    """From lambda follows c = (1 + lambda tau) exp(lambda d); one of three branches returns it."""
    tau, delay = 1e-3, 1e-3
    w = -1.0 + step * direction
    lam = -1.0 / tau + w / delay
    c = (1.0 + lam * tau) * np.exp(lam * delay)
    found = rate_eigenvalues(np.array([[c]]), tau, delay, [-1, 0, 1]).ravel()
    # c is rounded: an error of eps in c moves lambda by eps/step of 1/delay
    assert np.min(np.abs(found - lam)) < 1e3 * (1e-15 + 1e-15 / step)


@pytest.mark.parametrize("sigma", 10.0 ** np.arange(-300.0, -3.9, 8.0))
def test_irregularity_far_below_threshold_is_one_at_every_noise(sigma):
    """Limit: escapes are a Poisson process; before, 1e-9 V gave 1.00013 and 1e-11 V gave 0."""
    np.testing.assert_allclose(isi_cv(np.array([0.0, 0.01, 0.015, 0.019]), sigma, LIF), 1.0, 1e-12)


@pytest.mark.parametrize("sigma", [1e-5, 1e-8, 1e-11])
def test_irregularity_above_threshold_shrinks_with_the_noise(sigma):
    """First order: a passage of duration T varies by sigma sqrt(tau/2 (e^(2T/tau) - 1)) / drift."""
    passage = LIF.tau_m * np.log((0.03 - LIF.V_reset) / (0.03 - LIF.V_th))
    spread = sigma * np.sqrt(0.5 * (1.0 - np.exp(-2.0 * passage / LIF.tau_m)))
    drift = (0.03 - LIF.V_th) / LIF.tau_m
    cv = spread / drift * float(firing_rate(0.03, 0.0, LIF))
    # corrections of the order of the noise squared over the distance to threshold
    np.testing.assert_allclose(isi_cv(0.03, sigma, LIF), cv, rtol=1e-5)


def test_a_reset_next_to_threshold_makes_volleys_at_low_noise():
    """Independent sum at 40 digits, where (1 + q)/(1 - q), q = exp(a^2 - b^2), takes over."""
    sigma, mu = 1e-7, 0.015
    cell = replace(LIF, V_reset=LIF.V_th - sigma**2 / (LIF.V_th - mu))
    b, climb = (LIF.V_th - mu) / sigma, 2.0 - (sigma / (LIF.V_th - mu)) ** 2
    assert b > 3e4
    q = np.exp(-climb)
    # corrections of order 1/b^2 = 4e-10; the distance of reset and threshold is rounded to 1e-6
    np.testing.assert_allclose(isi_cv(mu, sigma, cell) ** 2, (1 + q) / (1 - q), rtol=1e-4)


def exact_response(lam, mu, sigma):
    """Return H_mu and H_sigma2 from parabolic cylinder functions with 30 digits."""
    with mp.workdps(30):
        p, nu = mp.mpc(lam) * LIF.tau_m, mp.mpf(float(firing_rate(mu, sigma, LIF)))
        scale = mp.sqrt(2) / mp.mpf(sigma)
        x_r, x_t = (scale * (mp.mpf(v) - mp.mpf(mu)) for v in (LIF.V_reset, LIF.V_th))

        def psi(q, x):
            return mp.exp(x * x / 4) * mp.pcfu(q - mp.mpf(1) / 2, -x)

        below = psi(p, x_t) - mp.exp(-mp.mpc(lam) * LIF.tau_ref) * psi(p, x_r)
        first = p * (psi(p + 1, x_t) - psi(p + 1, x_r)) / below
        second = p * (p + 1) * (psi(p + 2, x_t) - psi(p + 2, x_r)) / below
        by_mean = scale * nu / (1 + p) * first
        return complex(by_mean), complex(nu / mp.mpf(sigma) ** 2 / (2 + p) * second)


@pytest.mark.parametrize("angle", [-0.5, 0.0, 0.33, 0.5])
@pytest.mark.parametrize("size", [99.0, 101.0, 500.0, 1.49e3, 1.51e3, 1e5])
def test_far_responses_equal_parabolic_cylinder_functions(size, angle):
    lam = complex(size / LIF.tau_m * np.exp(1j * np.pi * angle))
    found = linear_response(lam, 0.015, 0.02, LIF)
    by_mean, by_variance = exact_response(lam, 0.015, 0.02)
    # rounding of the phase p log p
    np.testing.assert_allclose(found.H_mu, by_mean, rtol=1e-11)
    np.testing.assert_allclose(found.H_sigma2, by_variance, rtol=1e-11)
    step = 1e-4 * lam
    ahead, behind = (linear_response(lam + s, 0.015, 0.02, LIF) for s in (step, -step))
    for name in ("H_mu", "H_sigma2"):
        slope = (getattr(ahead, name) - getattr(behind, name)) / (2.0 * step)
        # central difference: (step/lam)^2, and rounding over the step
        scale = abs(getattr(found, name) / lam)
        np.testing.assert_allclose(getattr(found, f"{name}_slope"), slope, atol=1e-6 * scale)


@pytest.mark.parametrize("frequency", [1e5, 1e6, 1e9, 1e12])
def test_far_responses_reach_the_limit_of_white_noise(frequency):
    """H_mu -> sqrt(2) nu / (sigma sqrt(p)), H_sigma2 -> nu/sigma^2; 1 GHz never ended before."""
    lam, nu = 2j * np.pi * frequency, float(firing_rate(0.021, 0.007, LIF))
    limit = np.sqrt(2.0) * nu / 0.007 / np.sqrt(lam * LIF.tau_m)
    # the next order, x/2 over sqrt(p), with |x| below 1
    correction = 1.0 / np.sqrt(abs(lam) * LIF.tau_m)
    np.testing.assert_allclose(transfer_function(frequency, 0.021, 0.007, LIF), limit, correction)
    both = linear_response(lam, 0.021, 0.007, LIF)
    np.testing.assert_allclose(both.H_mu, limit, correction)
    np.testing.assert_allclose(both.H_sigma2, nu / 0.007**2, correction)
    first = linear_response(lam, 0.021, 0.007, LIF, tau_s=1e-4, method="taylor")
    assert np.all(np.isfinite([first.H_mu, first.H_sigma2, first.H_mu_slope]))


def test_newton_that_meets_a_fold_to_the_last_bit_is_no_fault():
    # g = 4: excitation and inhibition cancel, and from one start of the search the Jacobian is
    # singular; before, a LinAlgError of NumPy ended the sweep's point
    network = BRUNEL.at(4.0, 1.0).network()
    states = all_fixed_points(network, n_starts=60).points
    nearest = min(states, key=lambda state: abs(state.nu[0] - solve_working_point(network).nu[0]))
    assert nearest.nu == pytest.approx(solve_working_point(network).nu, rel=1e-9)
