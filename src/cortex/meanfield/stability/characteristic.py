r"""Characteristic equations det(1 - M(lambda)) = 0 of rate models and spiking networks."""

import numpy as np

from cortex.meanfield.exponents import exponents
from cortex.meanfield.matrix_function import MatrixAndSlope, MatrixFunction
from cortex.meanfield.shapes import require_square
from cortex.params.arrays import finite
from cortex.typing import ComplexArray, FloatArray


def rate_characteristic(
    connectivity: FloatArray, tau: FloatArray, delay: FloatArray
) -> MatrixFunction:
    """Return M_ab = W_ab exp(-lambda d_ab)/(1 + lambda tau_a) of a delayed rate model.

    Parameters
    ----------
    connectivity, delay : ndarray of shape (n_pops, n_pops)
        W and the delays, s, ``[target, source]``; scalars broadcast.
    tau : ndarray of shape (n_pops,)
        Time constants of the targets, s.

    Notes
    -----
    For unequal time constants or delays, where the Lambert W function has no answer.
    det(1 - M) has poles at lambda = -1/tau_a: search to the right of them.

    References
    ----------
    Definition.

    Examples
    --------
    >>> at = rate_characteristic(np.array([[-2.0]]), np.array([0.01]), np.array([[1e-3]]))
    >>> found = at(np.array([0j]))
    >>> found.M.real.ravel().tolist(), found.slope.real.ravel().round(3).tolist()
    ([-2.0], [0.022])
    """
    (W,) = require_square(connectivity, "connectivity")
    tau_target = np.broadcast_to(finite("tau", tau), W.shape[:1])[:, np.newaxis]
    d = np.broadcast_to(finite("delay", delay), W.shape)

    def function(lam: ComplexArray) -> MatrixAndSlope:
        at = exponents(lam)[..., np.newaxis, np.newaxis]
        low_pass = 1.0 / (1.0 + at * tau_target)
        M = np.asarray(W * np.exp(-at * d) * low_pass, dtype=np.complex128)
        return MatrixAndSlope(M, -(d + tau_target * low_pass) * M)

    return function


def blend(rate: MatrixFunction, spiking: MatrixFunction, alpha: float) -> MatrixFunction:
    """Return (1 - alpha) M_rate + alpha M_spiking (Senk et al. 2020, Eq. 30)."""

    def function(lam: ComplexArray) -> MatrixAndSlope:
        a, b = rate(lam), spiking(lam)
        return MatrixAndSlope(
            (1 - alpha) * a.M + alpha * b.M, (1 - alpha) * a.slope + alpha * b.slope
        )

    return function
