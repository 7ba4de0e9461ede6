r"""Linear stability of delayed rate models, tau dr/dt = -r + W r(t - d).

Perturbations exp(lambda t) of a mode with connectivity eigenvalue c obey

    (1 + lambda tau) exp(lambda d) = c,

whose solutions are lambda = -1/tau + W_b(c (d/tau) exp(d/tau))/d with the branches b of
the Lambert W function (Senk et al. 2020, Phys. Rev. Research 2:023174, Eq. 8).
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from cortex.errors import ParameterError
from cortex.meanfield.patterns.lambert import lambertw_of_exp
from cortex.meanfield.shapes import require_square
from cortex.params.arrays import finite, reals, whole
from cortex.typing import ComplexArray, IntArray


@dataclass(frozen=True, slots=True)
class RateHopf:
    """Onset of an oscillation of the delayed rate model.

    Parameters
    ----------
    frequency : float
        Frequency at the onset, Hz; zero for a static instability.
    connectivity : float
        Connectivity eigenvalue at the onset.
    """

    frequency: float
    connectivity: float


def rate_eigenvalues(
    connectivity: ComplexArray, tau: float, delay: float, branches: IntArray
) -> ComplexArray:
    """Return the growth rates of all branches for every connectivity eigenvalue.

    Parameters
    ----------
    connectivity : ndarray of shape (..., n_pops, n_pops)
        Connectivity matrix W, dimensionless.
    tau, delay : float
        Time constant (positive) and delay (not negative) shared by all populations, s.
        For unequal ones see `roots.find_roots` with `characteristic.rate_characteristic`.
    branches : ndarray of int, shape (n_branches,)
        Branches of the Lambert W function; 0 and -1 hold the largest real parts. Without
        delay there is one solution, returned for each branch.

    Returns
    -------
    lam : ndarray of shape (n_branches, ..., n_pops)
        Growth rates, 1/s, in the order of `numpy.linalg.eigvals`; ``-inf`` where a
        branch does not exist because an eigenvalue of W vanishes.

    Raises
    ------
    ParameterError
        `connectivity` is not square, `tau` not positive, or `delay` negative.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174, by the Lambert W function.

    Examples
    --------
    >>> W = np.array([[0.9, 0.0], [0.0, -1.0]])
    >>> rate_eigenvalues(W, 1e-3, 1e-3, np.array([0])).real.round(0)
    array([[ -52., -605.]])
    """
    (matrix,) = require_square(connectivity, "connectivity")
    modes = np.linalg.eigvals(matrix).astype(np.complex128)
    return mode_eigenvalues(modes, tau, delay, branches)


def mode_eigenvalues(c: ComplexArray, tau: float, delay: float, branches: IntArray) -> ComplexArray:
    """Return lambda, shape (n_branches, ...), for connectivity eigenvalues `c` of any shape.

    `tau`, `delay`, `branches`, missing branches and errors as in `rate_eigenvalues`.
    """
    _check_times(tau, delay)
    modes: ComplexArray = finite("c", c).astype(np.complex128)
    branch = np.reshape(whole("branches", branches, -(2**31), 2**31), (-1,) + (1,) * modes.ndim)
    if delay == 0.0:
        shape = branch.shape[:1] + modes.shape
        return np.asarray(np.broadcast_to((modes - 1.0) / tau, shape), dtype=np.complex128)
    modulus = np.abs(modes) * delay / tau
    # the logarithm keeps exp(delay/tau) from overflowing; log 0 = -inf is meant
    log_modulus = np.log(modulus, out=np.full(modes.shape, -np.inf), where=modulus > 0.0)
    log_z = log_modulus + delay / tau + 1j * np.angle(modes)
    w = lambertw_of_exp(log_z, branch)
    growth = w.real / delay - 1.0 / tau
    turn = np.where(np.isfinite(w.real), w.imag, 0.0) / delay
    # (-inf) + 1j * 0 would be nan
    return np.asarray(
        np.stack([growth, turn], axis=-1).view(np.complex128)[..., 0], dtype=np.complex128
    )


def _check_times(tau: float, delay: float, *, positive: bool = False) -> None:
    """Refuse a time constant that is not positive and finite, and a delay that is negative."""
    if not 0.0 < float(reals("tau", tau, "s")) < np.inf:
        msg = f"tau = {tau} s must be positive and finite"
        raise ParameterError(msg)
    if not 0.0 <= float(reals("delay", delay, "s")) < np.inf or (positive and delay == 0.0):
        msg = f"delay = {delay} s must be {'positive' if positive else 'at least zero'} and finite"
        raise ParameterError(msg)


def rate_hopf(tau: float, delay: float, order: int = 0) -> RateHopf:
    """Return the onset of the oscillation for a negative connectivity eigenvalue.

    Parameters
    ----------
    tau, delay : float
        Time constant and delay, s, both positive.
    order : int
        0 for the slowest oscillation, the only one that becomes unstable first.

    Raises
    ------
    ParameterError
        `tau` or `delay` is not positive, or `order` negative.

    Notes
    -----
    omega d + arctan(omega tau) = (2 order + 1) pi and c = -sqrt(1 + (omega tau)^2): the
    closed form of (1 + i omega tau) exp(i omega d) = c. A positive eigenvalue becomes
    unstable at c = 1 with frequency zero.

    Examples
    --------
    >>> onset = rate_hopf(1.0, 0.1)
    >>> round(2 * np.pi * onset.frequency, 4), round(onset.connectivity, 4)
    (16.3199, -16.3506)
    """
    _check_times(tau, delay, positive=True)
    phase = (2 * int(whole("order", order, 0)) + 1) * np.pi

    def excess(omega: float) -> float:
        return float(omega * delay + np.arctan(omega * tau) - phase)

    omega = brentq(excess, (phase - 0.5 * np.pi) / delay, phase / delay, xtol=1e-14, rtol=1e-15)
    return RateHopf(omega / (2.0 * np.pi), -float(np.hypot(1.0, omega * tau)))
