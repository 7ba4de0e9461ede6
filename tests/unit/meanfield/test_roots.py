"""Counting and finding zeros, on functions whose zeros and poles are known."""

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixAndSlope
from cortex.meanfield.stability.roots import Rectangle, count_zeros, find_roots, newton_roots

ZEROS = np.array([10 + 200j, -40 + 5j, 30 - 90j, -60 - 1e-3j, 12 + 203j])


def polynomial(lam):
    """1 - M = prod(lam - zero), a 1 x 1 matrix, scaled to order one."""
    lam = np.asarray(lam, dtype=complex)
    factors = (lam[..., None] - ZEROS) / 100
    value = np.prod(factors, axis=-1)
    slope = sum(np.prod(np.delete(factors, i, axis=-1), axis=-1) for i in range(ZEROS.size)) / 100
    return MatrixAndSlope(1 - value[..., None, None], -slope[..., None, None])


def test_all_zeros_inside_are_found_and_none_outside():
    region = Rectangle(real_limits=(-100.0, 50.0), imag_limits=(-50.0, 300.0))
    roots = find_roots(polynomial, region)
    inside = ZEROS[[0, 1, 3, 4]]
    assert count_zeros(polynomial, region) == 4
    np.testing.assert_allclose(np.sort_complex(roots.lam), np.sort_complex(inside), atol=1e-8)
    assert np.all(np.diff(roots.lam.real) <= 0)


def test_a_zero_that_newton_alone_misses_is_found_by_halving():
    # starts that all run to the same zero: the count says that more are missing
    region = Rectangle(real_limits=(-100.0, 50.0), imag_limits=(150.0, 300.0))
    roots = find_roots(polynomial, region, guesses=np.full(3, 10 + 200j))
    assert roots.lam.size == 2


def test_poles_must_be_declared():
    def with_pole(lam):
        at = polynomial(lam)
        shift = (np.asarray(lam)[..., None, None] + 20 - 60j) / 100
        value = (1 - at.M) / shift
        return MatrixAndSlope(1 - value, at.slope / shift + value / shift / 100)

    region = Rectangle(real_limits=(-100.0, 50.0), imag_limits=(-50.0, 300.0))
    pole = np.array(-20 + 60j)
    assert count_zeros(with_pole, region) == 3
    found = find_roots(with_pole, region, n_poles=lambda part: int(part.contains(pole)))
    assert found.lam.size == 4


@pytest.mark.parametrize("right", [10.0, 10.0 + 1e-13])
def test_a_zero_on_the_border_is_reported(right):
    region = Rectangle(real_limits=(-100.0, right), imag_limits=(-50.0, 200.0))
    with pytest.raises(ConvergenceError, match="shift the border"):
        count_zeros(polynomial, region)


def test_newton_reports_what_did_not_converge():
    constant = newton_roots(
        lambda lam: MatrixAndSlope(
            np.zeros((*np.shape(lam), 1, 1), complex), np.zeros((*np.shape(lam), 1, 1), complex)
        ),
        np.array([1.0 + 1j]),
    )
    assert not constant.converged[0]


def test_newton_on_a_pole_or_from_nowhere_is_not_converged():
    def with_pole(lam):  # M = 1/lam has its zero of 1 - M at 1
        at = np.asarray(lam)[..., None, None]
        with np.errstate(all="ignore"):
            return MatrixAndSlope(1 / at, -1 / at**2)

    roots = newton_roots(with_pole, np.array([0.0, complex(-np.inf), 0.9]))
    assert roots.converged.tolist() == [False, False, True]
    assert roots.lam[2] == pytest.approx(1.0)


def test_a_pole_of_one_row_is_no_zero():
    # the second population projects nowhere: det(1 - M) = 1 - 2/(lam + 3), its zero is -1
    def function(lam):
        lam = np.asarray(lam, dtype=complex)
        M, slope = np.zeros((2, *lam.shape, 2, 2), complex)
        M[..., 0, 0], slope[..., 0, 0] = 2 / (lam + 3), -2 / (lam + 3) ** 2
        M[..., 1, 0], slope[..., 1, 0] = 1 / (lam + 2), -1 / (lam + 2) ** 2
        return MatrixAndSlope(M, slope)

    roots = newton_roots(function, np.array([-2.1 + 0.1j, -1.2 + 0.1j]))
    assert roots.lam[0] == pytest.approx(-2.0)  # Newton runs into the pole
    assert roots.converged.tolist() == [False, True]
    assert roots.lam[1] == pytest.approx(-1.0)


def test_without_a_region_points_that_run_off_are_given_up():
    """1 + exp(-lambda / 1e5): the first step leads 3e6 1/s away, where responses never end."""
    asked = []

    def flat(lam):
        asked.append(np.max(np.abs(lam)))
        decay = 0.05 * np.exp(-np.asarray(lam, dtype=complex) / 1e5)
        return MatrixAndSlope(-decay[..., None, None], 1e-5 * decay[..., None, None])

    roots = newton_roots(flat, np.array([0.0j]))
    assert not roots.converged.any()
    assert max(asked) <= 1.5e5  # the diagonal of what may be reached


def test_empty_rectangles_are_refused():
    with pytest.raises(ParameterError, match="real_limits"):
        Rectangle(real_limits=(1.0, 1.0), imag_limits=(0.0, 1.0))
