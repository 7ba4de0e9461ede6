"""Delay factors against stored independent values, quadrature, symmetries and limits."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.errors import ParameterError
from cortex.meanfield.response.delays import (
    delay_factor,
    delay_transform,
)
from cortex.params.synapses import DelayDistribution

LAWS = get_args(DelayDistribution)
MEAN, SD = np.array([1.5e-3, 0.75e-3, 5e-3]), np.array([0.75e-3, 0.75e-3, 0.5e-3])


def test_delay_factors_agree_with_stored_values(stored):
    for case in stored("delay_distributions"):
        f = case.i["frequencies"]
        got = delay_factor(f, case.i["Delay"], case.i["Delay_sd"], case.i["delay_dist"])
        # lognormal: the 25-digit check replaces the stored conjugate with its noise of 6e-8
        raw = case.raw.get("independent_check", {}).get("value")
        want = case.o["D"] if raw is None else np.array(raw, float) @ [1.0, 1j]
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("law", LAWS)
def test_all_laws_share_one_sign_and_are_one_at_zero(law):
    # E[exp(-lambda d)] ~ 1 - lambda E[d]: the imaginary part is negative for f > 0
    at = delay_factor([0.0, 5.0], MEAN, SD, law)
    np.testing.assert_allclose(at[0], 1.0, rtol=1e-14)
    assert np.all(at[1].imag < 0)


@pytest.mark.parametrize("law", ["gaussian", "truncated_gaussian", "lognormal"])
def test_no_spread_is_a_sharp_delay(law):
    lam = np.array([100j, -300.0 + 50j, 2e4j])
    sharp = np.exp(-lam[:, None] * MEAN)
    np.testing.assert_allclose(delay_transform(lam, MEAN, 0 * SD, law)[0], sharp, rtol=1e-15)
    # first order in the variance, for a narrow law
    narrow = delay_transform(lam[:2], MEAN, 1e-3 * MEAN, law)[0]
    np.testing.assert_allclose(narrow, sharp[:2], rtol=3e-6)


@pytest.mark.parametrize("law", ["truncated_gaussian", "lognormal"])
def test_complex_growth_rates_agree_with_quadrature(law):
    # 40001 points over 14 decades of the density, convergent for Re lambda >= 0
    d, s = 1.5e-3, 0.75e-3
    v = np.log1p((s / d) ** 2)
    if law == "lognormal":
        x = np.linspace(-12, 12, 40001) * np.sqrt(v)
        t = d * np.exp(-v / 2 + x)
        density = np.exp(-0.5 * x**2 / v)
    else:
        t = np.linspace(0.0, d + 12 * s, 40001)
        density = np.exp(-0.5 * ((t - d) / s) ** 2)
        x = t
    for lam in (300.0 + 0j, 50.0 + 700j, 900j):
        want = np.trapezoid(density * np.exp(-lam * t), x) / np.trapezoid(density, x)
        got = delay_transform(lam, np.array(d), np.array(s), law)[0]
        assert abs(got - want) < 2e-9  # error of the quadrature at the cut of the Gaussian


@pytest.mark.parametrize("law", LAWS)
def test_derivative_agrees_with_differences(law):
    lam, h = np.array([-200 + 900j, 300 - 50j, 50j, 4000j]), 1e-2
    up, down = (delay_transform(lam + step, MEAN, SD, law)[0] for step in (h, -h))
    # the second-order error of the difference is (h d)^2 ~ 1e-9
    np.testing.assert_allclose(
        delay_transform(lam, MEAN, SD, law)[1], (up - down) / (2 * h), rtol=1e-7, atol=1e-11
    )


@pytest.mark.parametrize("law", LAWS)
@given(f=st.floats(-1e5, 1e5), growth=st.floats(0.0, 500.0))
def test_factor_is_finite_and_at_most_one_for_growing_perturbations(law, f, growth):
    lam = growth + 2j * np.pi * f
    factor = delay_transform(lam, MEAN, SD, law)[0]
    assert np.all(np.isfinite(factor))
    if law != "gaussian":  # an uncut Gaussian has negative delays
        assert np.all(np.abs(factor) <= 1 + 1e-12)


@pytest.mark.parametrize("law", LAWS)
def test_growth_rates_of_decaying_modes_stay_finite(law):
    lam = np.array([-500.0, -500 + 1j, -500 + 6e5j, 0.0])
    assert np.all(np.isfinite(delay_transform(lam, MEAN, SD, law)[0]))


def test_impossible_delays_are_refused():
    with pytest.raises(ParameterError, match=r"delay = -.* s is outside \[0, 0\.5\] s"):
        delay_factor(1.0, -MEAN, SD)
    with pytest.raises(ParameterError, match="none of none, gaussian"):
        delay_factor(1.0, MEAN, SD, "uniform")
