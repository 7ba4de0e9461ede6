"""Slopes of the rate and CV against independent values, limits and peers' known faults."""

import warnings
from dataclasses import astuple

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.meanfield import firing_rate, input_rate_slope, isi_cv, rate_slopes
from cortex.params.lif import LIFParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
PD = LIFParams(tau_m=0.01, tau_ref=0.002, V_th=0.015, V_reset=0.0)


def test_slopes_agree_with_independent_values(stored, neuron):
    for case in stored("derivatives_and_cv"):
        cell, tau_s = neuron(case.i), case.i["tau_s"]
        mu, sigma = case.i["mu"][:, None], case.i["sigma"]
        got = {
            "dnu_dmu_delta": rate_slopes(mu, sigma, cell).by_mu,
            "dnu_dmu_exp_taylor": rate_slopes(mu, sigma, cell, tau_s=tau_s, method="taylor").by_mu,
            "dnu_dnuin_exp_shift": input_rate_slope(case.i["j"], mu, sigma, cell, tau_s=tau_s),
        }
        for key, value in got.items():
            np.testing.assert_allclose(value, case.check[key], rtol=1e-9, atol=1e-290)


@pytest.mark.parametrize(("mu", "sigma", "slope"), [(0.020, 0.002, 5686.0), (0.025, 0.004, 4567.0)])
def test_slopes_hold_where_the_mean_lies_far_above_reset(mu, sigma, slope):
    # exp(y^2) (1 + erf y) taken directly gives 7750 and 7914 Hz/V here
    assert rate_slopes(mu, sigma, PD).by_mu == pytest.approx(slope, rel=2e-4)


@pytest.mark.parametrize("method", ["shift", "taylor"])
@pytest.mark.parametrize(("mu", "sigma"), [(0.005, 0.004), (0.014, 0.002), (0.03, 0.005)])
def test_slopes_are_the_derivatives_of_the_rate(method, mu, sigma):
    args = {"neuron": PD, "tau_s": 5e-4, "method": method}
    slopes, h = rate_slopes(mu, sigma, **args), 1e-6

    def difference(by_mu, by_sigma):
        steps = np.array([-2, -1, 1, 2]) * h
        nu = firing_rate(mu + by_mu * steps, sigma + by_sigma * steps, **args)
        return (nu @ [1.0, -8.0, 8.0, -1.0]) / (12.0 * h)

    assert slopes.by_mu == pytest.approx(difference(1, 0), rel=1e-8)
    assert slopes.by_sigma == pytest.approx(difference(0, 1), rel=1e-8)
    assert slopes.by_variance == pytest.approx(slopes.by_sigma / (2.0 * sigma), rel=1e-15)


def test_slopes_without_noise_are_refused():
    with pytest.raises(ParameterError, match="sigma must be positive"):
        rate_slopes(0.03, 0.0, LIF)


def test_cv_agrees_with_independent_values(stored, neuron):
    for case in stored("derivatives_and_cv"):
        mu, sigma = case.i["mu"][:, None], case.i["sigma"]
        for key, tau_s, rtol in (("cv_delta", 0.0, 2e-9), ("cv_exp_shift", case.i["tau_s"], 1e-13)):
            want = case.check.get(key, case.o[key])  # NNMT's quadrature is good to 1.5e-9
            got = isi_cv(mu, sigma, neuron(case.i), tau_s=tau_s)
            known = np.isfinite(want)
            np.testing.assert_allclose(got[known], want[known], rtol=rtol)


@pytest.mark.parametrize(
    ("mu", "sigma"), [(0.012, 0.005), (0.021, 0.007), (0.03, 0.003), (0.005, 0.004), (-0.02, 0.04)]
)
def test_cv_agrees_with_the_double_integral(mu, sigma, exact):
    want = np.sqrt(exact.squared_cv(mu, sigma, astuple(LIF)))
    assert isi_cv(mu, sigma, LIF) == pytest.approx(want, rel=1e-8)


def test_cv_of_a_nearly_noiseless_neuron_is_not_lost_by_the_quadrature():
    # the peak is narrower than the nodes of a fixed quadrature, which then finds 6.1e-8
    assert isi_cv(0.02, 1e-6, PD) == pytest.approx(8.6e-5, rel=5e-3)


def test_cv_is_one_for_rare_spikes_and_zero_without_noise():
    assert isi_cv(0.0, 1e-3, LIF) == pytest.approx(1.0, abs=1e-8)
    assert isi_cv(0.03, 0.0, LIF) == 0.0
    assert isi_cv(0.01, 0.0, LIF) == 1.0


def test_cv_is_finite_over_the_whole_grid_without_warning():
    mu = np.linspace(-0.05, 0.15, 41)[:, None]
    sigma = np.geomspace(1e-5, 0.04, 25)
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        cv = isi_cv(mu, sigma, LIF, tau_s=5e-4)
        slopes = rate_slopes(mu, sigma, LIF, tau_s=5e-4)
    assert np.all((cv > 0.0) & (cv < 3.0))
    for values in (slopes.by_mu, slopes.by_sigma, slopes.by_variance):
        assert np.all(np.isfinite(values))


def test_cv_grows_in_proportion_to_a_rate_that_is_given():
    nu = firing_rate(0.02, 0.005, LIF)
    got = isi_cv(0.02, 0.005, LIF, nu=2.0 * nu)
    assert got == pytest.approx(2.0 * isi_cv(0.02, 0.005, LIF), rel=1e-13)


def test_a_negative_rate_has_no_cv_and_one_that_is_not_finite_is_refused():
    # first-order rates are negative at low noise; before, they stood for the Siegert rate
    got = isi_cv(0.02, 0.005, LIF, nu=np.array([-0.3, 20.0]))
    assert np.isnan(got[0])
    assert got[1] == isi_cv(0.02, 0.005, LIF, nu=20.0)
    assert np.isnan(isi_cv(0.03, 0.0, LIF, nu=-1.0))
    with pytest.raises(ParameterError, match="nu = nan Hz is outside"):
        isi_cv(0.02, 0.005, LIF, nu=np.nan)
    with pytest.raises(ParameterError, match=r"do not broadcast: mu \(2,\), .* nu \(3,\)"):
        isi_cv(np.full(2, 0.02), 0.005, LIF, nu=np.ones(3))


def test_the_rate_given_broadcasts_like_every_other_argument():
    nu = np.array([[10.0], [20.0]])
    got = isi_cv(np.array([0.015, 0.02, 0.025]), 0.005, LIF, nu=nu)
    assert got.shape == (2, 3)
    np.testing.assert_allclose(got[1], 2.0 * got[0], rtol=1e-13)
