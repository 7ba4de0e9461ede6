"""The Siegert rate against 40-digit values, stored values, limits and invariants."""

import warnings
from dataclasses import astuple, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from cortex.errors import ParameterError, RegimeWarning
from cortex.meanfield import boundary_shift, firing_rate, log_firing_rate
from cortex.meanfield.stationary import _loops_siegert as loops
from cortex.params.lif import LIFParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)


@pytest.mark.parametrize("x", [0.0, 1e-9, 0.1, 0.29, 0.31, 1.0, 3.0, 7.9, 8.1, 50.0, 1e6])
def test_special_functions_agree_with_scipy(x):
    assert loops.erfcx(x) == pytest.approx(special.erfcx(x), rel=3e-15)
    assert loops.dawson(x) == pytest.approx(special.dawsn(x), rel=3e-15, abs=0)


@pytest.mark.parametrize(("a", "b"), [(-8.0, -7.0), (-3.0, 2.0), (0.3, 0.31), (1.0, 5.0)])
def test_integrand_slope_is_the_derivative(a, b, exact):
    mp = exact.mp
    with mp.workdps(30):
        for y in (a, b):
            e = mp.exp(mp.mpf(y) ** 2) * mp.erfc(-mp.mpf(y))
            slope = 2 * mp.mpf(y) + 2 / mp.sqrt(mp.pi) / e
            assert loops.log_integrand_slope(y) == pytest.approx(float(slope), rel=1e-13)


def test_agrees_with_40_digit_rates_in_log_space(stored, neuron):
    for case in stored("siegert_delta"):
        mu, sigma = np.meshgrid(case.i["mu"], case.i["sigma"], indexing="ij")
        got = log_firing_rate(mu, sigma, neuron(case.i))
        text = case.raw["independent_check"]["rate_decimal_strings"]
        want = np.array([[float(Decimal(each).ln()) for each in row] for row in text])
        # a rounding of the boundary y moves log nu by 2 y^2 eps, and log nu is about -y^2
        np.testing.assert_allclose(got, want, rtol=1e-15, atol=1e-12)


def test_agrees_with_stored_rates_at_their_tolerance(stored, neuron):
    for case in stored("siegert_delta"):
        mu, sigma = np.meshgrid(case.i["mu"], case.i["sigma"], indexing="ij")
        text = case.raw["independent_check"]["rate_decimal_strings"]
        want = np.array([[float(each) for each in row] for row in text])
        got = firing_rate(mu, sigma, neuron(case.i))
        np.testing.assert_allclose(got, want, rtol=1e-11, atol=1e-290)


@pytest.mark.filterwarnings("ignore::cortex.errors.RegimeWarning")  # tau_s / tau_m up to 0.4
def test_colored_noise_agrees_with_stored_rates(stored, neuron):
    for case in stored("siegert_exp"):
        cell = neuron(case.i)
        mu, sigma = np.meshgrid(case.i["mu"], case.i["sigma"], indexing="ij")
        shift = firing_rate(mu, sigma, cell, tau_s=case.i["tau_s"])
        known = np.isfinite(case.o["rate_shift"])  # NNMT raises where mu is midway
        np.testing.assert_allclose(shift[known], case.o["rate_shift"][known], 1e-10, 1e-290)
        white = firing_rate(mu, sigma, cell)
        taylor = firing_rate(mu, sigma, cell, tau_s=case.i["tau_s"], method="taylor")
        known = np.isfinite(case.o["rate_taylor"])
        error = np.abs(taylor - case.o["rate_taylor"])[known]
        assert np.all(error <= 1e-10 * white[known] + 1e-290)  # it cancels at low noise


def test_agrees_with_30_digit_quadrature_on_a_random_sample(exact):
    rng = np.random.default_rng(7)
    checked = 0
    while checked < 60:
        mu, sigma = rng.uniform(-0.05, 0.15), 10 ** rng.uniform(-5, np.log10(0.04))
        cell = replace(LIF, tau_ref=rng.choice([0.0, 0.002]), V_reset=rng.choice([0.0, 0.01]))
        got = firing_rate(mu, sigma, cell, tau_s=5e-4)
        shift = float(boundary_shift(5e-4, cell.tau_m))
        if got < 1e-100 or abs(cell.V_reset - mu) > 30 * sigma:
            continue  # the oracle needs more than 900 digits there
        want = float(exact.rate(mu, sigma, astuple(cell), shift))
        assert got == pytest.approx(want, rel=1e-11)
        checked += 1


def test_is_finite_and_bounded_over_the_whole_grid_without_warning():
    mu = np.linspace(-0.05, 0.15, 81)[:, None]
    sigma = np.geomspace(1e-5, 0.04, 60)
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        for method in ("shift", "taylor"):
            nu = firing_rate(mu, sigma, LIF, tau_s=5e-4, method=method)
            assert np.all(np.isfinite(nu))
        log_nu = log_firing_rate(mu, sigma, LIF, tau_s=5e-4)
    assert np.all(np.isfinite(log_nu))
    assert log_nu.max() < np.log(1 / LIF.tau_ref)


@pytest.mark.parametrize("sigma", [1e-5, 1e-3, 4e-3])
def test_mean_midway_between_reset_and_threshold_is_no_exception(sigma):
    cell = LIFParams(tau_m=0.01, tau_ref=0.002, V_th=0.015, V_reset=0.0)
    around = firing_rate(np.array([0.0075 - 1e-12, 0.0075, 0.0075 + 1e-12]), sigma, cell)
    assert np.all(np.diff(around) >= 0.0)
    assert firing_rate(0.015, 1e-5, cell) > 0.0  # mean at threshold, hardly any noise


def test_without_noise_the_rate_is_that_of_the_deterministic_neuron():
    period = 0.002 + 0.02 * np.log((0.03 - 0.01) / (0.03 - 0.02))
    assert firing_rate(0.03, 0.0, LIF) == pytest.approx(1 / period, rel=1e-14)
    assert firing_rate(0.03, 1e-6, LIF) == pytest.approx(1 / period, rel=1e-6)
    assert firing_rate(0.02, 0.0, LIF) == 0.0


def test_arguments_broadcast_to_any_shape():
    nu = firing_rate(np.full((3, 1, 2), 0.02), np.full((4, 1), 0.005), LIF)
    assert nu.shape == (3, 4, 2)
    assert np.ptp(nu) == 0.0
    assert np.ndim(firing_rate(0.02, 0.005, LIF)) == 0


@settings(max_examples=50, deadline=None)
@given(
    mu=st.floats(-0.05, 0.15),
    step=st.floats(1e-5, 0.02),
    sigma=st.floats(1e-4, 0.04),
)
def test_rate_grows_with_the_mean_and_stays_below_the_refractory_limit(mu, step, sigma):
    low, high = firing_rate(np.array([mu, mu + step]), sigma, LIF)
    assert 0.0 <= low <= high < 1.0 / LIF.tau_ref


@settings(max_examples=50, deadline=None)
@given(mu=st.floats(0.0, 0.05), sigma=st.floats(2e-3, 0.02), scale=st.floats(0.1, 10.0))
def test_only_ratios_of_voltages_and_of_times_matter(mu, sigma, scale):
    want = firing_rate(mu, sigma, LIF)
    larger = replace(LIF, V_th=LIF.V_th * scale, V_reset=LIF.V_reset * scale)
    slower = replace(LIF, tau_m=LIF.tau_m * scale, tau_ref=LIF.tau_ref * scale)
    assert firing_rate(mu * scale, sigma * scale, larger) == pytest.approx(want)
    assert firing_rate(mu, sigma, slower) * scale == pytest.approx(want)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sigma": -1e-3}, r"sigma = -0\.001 V is outside"),
        ({"mu": np.nan}, "mu = nan V is outside"),
        ({"tau_s": -1e-3}, r"tau_s = -0\.001 s is outside"),
        ({"method": "exact"}, "none of shift, taylor"),
        ({"mu": np.zeros(3), "tau_s": np.zeros(2)}, "do not broadcast"),
    ],
)
def test_invalid_input_is_refused(change, message):
    args = {"mu": 0.02, "sigma": 0.005, "neuron": LIF, **change}
    with pytest.raises(ParameterError, match=message):
        firing_rate(**args)


def test_slow_synapses_leave_the_regime_of_the_theory():
    with pytest.warns(RegimeWarning, match="compare with a simulation"):
        firing_rate(0.02, 0.005, LIF, tau_s=0.01)


def test_shift_constant_is_sqrt_2_times_zeta_of_one_half(exact):
    want = float(exact.mp.sqrt(2) * abs(exact.mp.zeta(0.5)))
    assert 2.0 * boundary_shift(0.1, 1.0) / np.sqrt(0.1) == pytest.approx(want, rel=1e-15)
