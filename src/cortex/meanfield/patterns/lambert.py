"""Lambert W function of arguments too large for a floating-point number."""

from typing import Final

import numpy as np
from scipy.special import lambertw

from cortex.typing import ComplexArray, IntArray

LARGEST_EXPONENT: Final = 500.0  # exp(500) is far from overflow and log w from log z


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
    For large |z| the branch b solves w + log w = log z + 2 pi i b, where Newton's method
    from w = L - log L with L = log z + 2 pi i b converges in a few steps.

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
    if np.any(large):
        w[large] = _newton(log_z[large] + 2j * np.pi * b[large])
    return w


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
