"""Lambert W function of arguments too large for a floating-point number."""

from typing import Final

import numpy as np
from scipy.special import lambertw

from cortex.typing import ComplexArray, IntArray

LARGEST_EXPONENT: Final = 500.0  # exp(500) is far from overflow and log w from log z
NEAR: Final = 0.02  # of p: the first term left out is 1e-15
SERIES: Final = (
    *(-1.0, 1.0, -1 / 3, 11 / 72, -43 / 540, 769 / 17280, -221 / 8505),
    *(680863 / 43545600, -1963 / 204120),
)


def lambertw_of_exp(log_z: ComplexArray, branch: IntArray) -> ComplexArray:
    """Return W_b(z) for z = exp(log_z), also where exp(log_z) overflows.

    Parameters
    ----------
    log_z : ndarray
        Logarithm of the argument; ``-inf`` stands for z = 0. The imaginary part is the
        argument of z in (-pi, pi].
    branch : ndarray of int
        Branch numbers; both arguments broadcast.

    Returns
    -------
    w : ndarray
        Solutions of w exp(w) = z; ``-inf`` on all branches but 0 for z = 0.

    Notes
    -----
    Next to the branch point z = -1/e the series in p = sqrt(2 (1 + e z)) is summed (Corless et
    al. 1996, Adv. Comput. Math. 5:329, eq. 4.22). For large |z| the branch b solves
    w + log w = log z + 2 pi i b, where Newton's method from w = L - log L with
    L = log z + 2 pi i b converges in a few steps.

    Examples
    --------
    >>> w = lambertw_of_exp(np.array(1000.0 + 0j), np.array(0))
    >>> bool(abs(w + np.log(w) - 1000.0) < 1e-12)
    True
    """
    log_z, b = np.broadcast_arrays(np.asarray(log_z, dtype=complex), np.asarray(branch))
    large = log_z.real > LARGEST_EXPONENT
    small_log = np.where(large, 0.0, log_z)
    # exp of a complex -inf would be nan
    z = np.where(np.isneginf(log_z.real), 0.0, _exp(small_log))
    w = np.asarray(lambertw(z, b), dtype=complex)
    square = _branch_distance(log_z)
    near = np.abs(square) < NEAR**2
    # the branches 0 and -1 (1 below the cut) meet at the branch point, with +p and -p
    other = np.where(log_z.imag > 0.0, -1, 1)
    near &= (b == 0) | (b == other)
    p = np.sqrt(square[near]) * np.where(b[near] == 0, 1.0, -1.0)
    w[near] = np.polynomial.polynomial.polyval(p, SERIES)
    if np.any(large):
        w[large] = _newton(log_z[large] + 2j * np.pi * b[large])
    return w


def _branch_distance(log_z: ComplexArray) -> ComplexArray:
    """Return p^2 = 2 (1 + e z), which vanishes at the branch point z = -1/e; 1 far from it."""
    v = log_z + 1.0 - 1j * np.where(log_z.imag >= 0.0, np.pi, -np.pi)
    close = np.abs(v) < 0.1
    square = -2.0 * np.expm1(np.where(close, v, 0.0)) + 0.0  # no -0 in the imaginary part
    return np.asarray(np.where(close, square, 1.0))


def _exp(log_z: ComplexArray) -> ComplexArray:
    finite = np.where(np.isfinite(log_z), log_z, 0.0)
    value: ComplexArray = np.exp(finite)
    # a negative real z keeps its place on the branch cut (Im z = +0)
    return np.where(finite.imag == np.pi, -np.exp(finite.real) + 0j, value)


def _newton(target: ComplexArray) -> ComplexArray:
    w: ComplexArray = target - np.log(target)
    for _ in range(8):
        w = w - (w + np.log(w) - target) * w / (1.0 + w)
    return w
