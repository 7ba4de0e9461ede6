"""Delayed rate model: Lambert W branches, closed-form onsets, no mode missed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cortex.connectivity.kernels import Gaussian
from cortex.connectivity.transforms import kernel_transform
from cortex.errors import ParameterError
from cortex.meanfield.patterns.lambert import lambertw_of_exp
from cortex.meanfield.patterns.rate_model import mode_eigenvalues, rate_eigenvalues, rate_hopf
from cortex.meanfield.response.spatial_profiles import profile_matrix
from cortex.meanfield.stability.characteristic import rate_characteristic
from cortex.meanfield.stability.roots import Rectangle, find_roots


def test_every_branch_agrees_with_stored_eigenvalues(stored):
    for case in stored("lambertw_and_boxcar"):
        if case.id == "boxcar":
            want = profile_matrix(case.i["k"], case.i["width"], "boxcar")[:, 0]
            np.testing.assert_allclose(want, case.o["ft"], rtol=0, atol=1e-12)
            continue
        used = case.o["eigenvalue_of_connectivity_used"]
        got = mode_eigenvalues(
            used, float(case.i["tau"]), float(case.i["delay"]), np.array(case.i["branches"], int)
        )
        np.testing.assert_allclose(got, case.o["eigenvalue"], rtol=1e-12)


def test_every_connectivity_eigenvalue_counts():
    # the eigenvalue of largest modulus, -1, gives -605 1/s; the critical one is 0.9
    lam = rate_eigenvalues(np.diag([0.9, -1.0]), 1e-3, 1e-3, np.arange(-2, 3))
    assert lam.shape == (5, 2)
    assert np.max(lam.real) == pytest.approx(-52.0, abs=0.5)


@given(
    re=st.floats(-5, 5),
    im=st.floats(-5, 5),
    branch=st.integers(-4, 4),
    ratio=st.floats(0.05, 3000.0),
)
def test_solutions_satisfy_the_characteristic_equation_without_overflow(re, im, branch, ratio):
    # log of (1 + lambda tau) exp(lambda d) = c, for delays up to 3000 time constants
    c, tau = complex(re, im), 1e-3
    if abs(c) < 1e-3:
        return
    lam = mode_eigenvalues(np.array(c), tau, ratio * tau, np.array([branch]))[0]
    error = np.log(1 + lam * tau) + lam * ratio * tau - np.log(c)
    turns = error.imag / (2 * np.pi)
    assert abs(error.real) < 1e-9 * max(1.0, ratio)
    assert abs(turns - round(turns)) < 1e-9 * max(1.0, ratio)


def test_a_vanishing_connectivity_eigenvalue_leaves_only_the_leak():
    lam = rate_eigenvalues(np.zeros((1, 1)), 2e-3, 1e-3, np.array([-1, 0, 1]))[:, 0]
    assert lam[1] == -500.0
    assert np.all(np.isneginf(lam[[0, 2]].real))
    assert not np.any(np.isnan(lam))


def test_no_delay_is_the_ordinary_differential_equation():
    lam = mode_eigenvalues(np.array([0.5, -3.0]), 0.01, 0.0, np.array([0]))
    np.testing.assert_allclose(lam, [[-50.0, -400.0]])


@pytest.mark.parametrize(
    ("delay", "omega", "J0"),
    [(0.1, 16.3199, -16.3506), (0.2, 8.4434, -8.5024), (0.05, 32.0399, -32.0555)],
)
def test_onset_of_oscillations_agrees_with_the_published_condition(delay, omega, J0):
    onset = rate_hopf(1.0, delay)
    got = 2 * np.pi * onset.frequency
    assert got == pytest.approx(omega, abs=1e-4)
    assert onset.connectivity == pytest.approx(J0, abs=1e-4)
    assert got == pytest.approx(-np.tan(got * delay))
    # the Lambert W solution is marginal there
    lam = mode_eigenvalues(np.array(onset.connectivity), 1.0, delay, np.array([0, -1]))
    assert np.max(np.abs(lam.real)) < 1e-10


def test_root_finding_returns_the_lambert_solutions_and_no_other():
    W, tau, delay = np.array([[0.5, -2.0], [1.0, -1.5]]), 5e-3, 1e-3
    region = Rectangle(real_limits=(-4000.0, 500.0), imag_limits=(-10.0, 16000.0))
    roots = find_roots(
        rate_characteristic(W, np.array(tau), np.array(delay)),
        region,
        n_poles=lambda part: 2 * int(part.contains(np.array(-1 / tau + 0j))),
    )
    every = rate_eigenvalues(W, tau, delay, np.arange(-6, 7)).ravel()
    want = every[region.contains(every)]
    np.testing.assert_allclose(np.sort_complex(roots.lam), np.sort_complex(want), rtol=1e-10)


def test_arguments_beyond_the_largest_float_obey_the_logarithmic_equation():
    for L in (800.0 + 0j, 1e5 + 3j, 900.0 + 1j * np.pi):
        w = lambertw_of_exp(np.array(L), np.array([-1, 0, 1]))
        residual = w + np.log(w) - L - 2j * np.pi * np.array([-1, 0, 1])
        np.testing.assert_allclose(residual, 0, atol=1e-10 * abs(L))


def test_impossible_rate_models_are_refused():
    with pytest.raises(ParameterError, match="tau = 0"):
        mode_eigenvalues(np.array(1.0), 0.0, 1e-3, np.array([0]))
    with pytest.raises(ParameterError, match="needs"):
        rate_eigenvalues(np.ones(3), 1e-3, 1e-3, np.array([0]))
    with pytest.raises(ParameterError, match="positive"):
        rate_hopf(1.0, 0.0)


def test_any_kernel_enters_through_its_transform():
    def gaussian(k, width):
        kernel = Gaussian(width)
        norm = kernel_transform(kernel, np.zeros((1, 1))).real
        return kernel_transform(kernel, k[..., None]).real / norm

    k, width = np.linspace(0.0, 4e4, 50), np.array([2e-4, 7e-5])
    np.testing.assert_allclose(
        profile_matrix(k, width, gaussian), profile_matrix(k, width, "gaussian"), atol=1e-15
    )
