r"""From the delayed rate model to the spiking network along M_alpha.

M_alpha = (1 - alpha) M_rate + alpha M_spiking with M_rate = W_rate exp(-lambda d)/(1 + lambda tau)
from the low-pass fit of the transfer function. Every solution of the rate model is followed to
alpha = 1 in two independent ways (Senk et al. 2020, Phys. Rev. Research 2:023174, Sec. III C):
solving det(1 - M_alpha) = 0 at each alpha, and integrating d lambda / d alpha.
"""

import numpy as np
from scipy.integrate import solve_ivp

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixFunction
from cortex.meanfield.stability.characteristic import blend
from cortex.meanfield.stability.roots import newton_roots
from cortex.typing import ComplexArray, FloatArray


def follow_by_solving(
    rate: MatrixFunction,
    spiking: MatrixFunction,
    start: ComplexArray,
    alphas: FloatArray,
    *,
    max_jump: float = 0.05,
) -> ComplexArray:
    """Return the solutions of det(1 - M_alpha) = 0 that continue those of the rate model.

    Parameters
    ----------
    rate, spiking : callable
        The two matrix functions.
    start : ndarray of shape (n_modes,)
        Solutions at alpha = 0, 1/s, finite: `rate_eigenvalues` returns ``-inf`` for a branch
        that does not exist.
    alphas : ndarray of shape (n_alphas,)
        Increasing shares in [0, 1].
    max_jump : float
        Largest distance of a solution from its prediction along the branch, relative to
        |lambda|; a larger one halves the step in alpha, so that no branch is exchanged for
        another.

    Returns
    -------
    lam : ndarray of shape (n_alphas, n_modes)
        Growth rates, 1/s.

    Raises
    ------
    ConvergenceError
        A branch could not be followed; carries the solutions so far.
    ParameterError
        `alphas` do not increase within [0, 1], or a start is not finite.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174, sec. III.C.

    Examples
    --------
    >>> from cortex.meanfield.stability.characteristic import rate_characteristic
    >>> tau, delay, W = np.array([0.01]), np.array([[0.005]]), np.array([[-5.0]])
    >>> rate, other = (rate_characteristic(w, tau, delay) for w in (W, 1.1 * W))
    >>> from cortex.meanfield.patterns.rate_model import rate_eigenvalues
    >>> start = rate_eigenvalues(W, 0.01, 0.005, np.array([0]))[0]
    >>> follow_by_solving(rate, other, start, np.array([0.0, 1.0])).real.round(1).ravel().tolist()
    [40.2, 54.4]
    """
    wanted, lam = _checked(alphas, start)
    solutions, alpha = np.full((wanted.size, lam.size), np.nan, dtype=np.complex128), 0.0
    for i, target in enumerate(wanted):
        step = target - alpha
        while alpha < target or step == 0.0:
            step = min(step, target - alpha)
            predicted = lam + step * branch_slope(rate, spiking, lam, alpha)
            roots = newton_roots(blend(rate, spiking, alpha + step), predicted)
            jump = np.abs(roots.lam - predicted) / np.maximum(np.abs(predicted), 1.0)
            if np.all(roots.converged) and np.all(jump <= max_jump):
                lam, alpha = roots.lam, alpha + step
                if step == 0.0:
                    break
                continue
            step *= 0.5
            if step < 1e-6:
                msg = f"a branch is lost at alpha = {alpha:.6g}: {lam} 1/s"
                raise ConvergenceError(msg, solutions)
        solutions[i] = lam
    return solutions


def follow_by_integration(
    rate: MatrixFunction,
    spiking: MatrixFunction,
    start: ComplexArray,
    alphas: FloatArray,
    *,
    rtol: float = 1e-8,
) -> ComplexArray:
    """Return the same branches by integrating d lambda/d alpha from alpha = 0.

    Parameters
    ----------
    rate, spiking, start, alphas
        As in `follow_by_solving`.
    rtol : float
        Tolerance of the Runge-Kutta method of order 8, relative to lambda.

    Returns
    -------
    lam : ndarray of shape (n_alphas, n_modes)
        Growth rates, 1/s.

    Raises
    ------
    ConvergenceError
        The integration failed; carries the solutions so far.
    ParameterError
        As in `follow_by_solving`.

    Notes
    -----
    The derivative is exact, no finite difference enters.

    References
    ----------
    Senk et al. (2020), Phys. Rev. Research 2:023174, sec. III.C.

    Examples
    --------
    >>> from cortex.meanfield.stability.characteristic import rate_characteristic
    >>> tau, delay, W = np.array([0.01]), np.array([[0.005]]), np.array([[-5.0]])
    >>> rate, other = (rate_characteristic(w, tau, delay) for w in (W, 1.1 * W))
    >>> from cortex.meanfield.patterns.rate_model import rate_eigenvalues
    >>> start = rate_eigenvalues(W, 0.01, 0.005, np.array([0]))[0]
    >>> lam = follow_by_integration(rate, other, start, np.array([0.0, 1.0]))
    >>> lam.real.round(1).ravel().tolist()
    [40.2, 54.4]
    """
    wanted, modes = _checked(alphas, start)

    def slope(alpha: float, lam: ComplexArray) -> ComplexArray:
        return branch_slope(rate, spiking, lam, alpha)

    result = solve_ivp(
        slope, (0.0, 1.0), modes, method="DOP853", t_eval=wanted, rtol=rtol, atol=1e-6
    )
    if not result.success:
        msg = f"integration over alpha failed: {result.message}"
        raise ConvergenceError(msg, result.y.T)
    return np.asarray(result.y.T, dtype=np.complex128)


def branch_slope(
    rate: MatrixFunction, spiking: MatrixFunction, lam: ComplexArray, alpha: float
) -> ComplexArray:
    """Return d lambda/d alpha = -v (M_spiking - M_rate) u / (v M_alpha' u).

    Parameters
    ----------
    rate, spiking : callable
        The two matrix functions.
    lam : ndarray of any shape
        Solutions of det(1 - M_alpha) = 0, 1/s.
    alpha : float
        From 0, the rate model, to 1, the spiking model.

    Returns
    -------
    ndarray of the shape of `lam`
        1/s; u and v are the right and left null vectors of 1 - M_alpha.
    """
    at_rate, at_spiking = rate(lam), spiking(lam)
    M = (1.0 - alpha) * at_rate.M + alpha * at_spiking.M
    slope = (1.0 - alpha) * at_rate.slope + alpha * at_spiking.slope
    left, _, right = np.linalg.svd(np.eye(M.shape[-1]) - M)
    v, u = left[..., :, -1].conj(), right[..., -1, :].conj()
    change = np.einsum("...i,...ij,...j", v, at_spiking.M - at_rate.M, u)
    return np.asarray(-change / np.einsum("...i,...ij,...j", v, slope, u), dtype=np.complex128)


def _checked(alphas: FloatArray, start: ComplexArray) -> tuple[FloatArray, ComplexArray]:
    wanted, modes = np.asarray(alphas, dtype=float), np.array(start, dtype=np.complex128)
    steps = np.diff(wanted, prepend=-1e-300, append=2.0) if wanted.ndim == 1 else np.zeros(1)
    if wanted.size == 0 or np.any(steps <= 0.0) or np.any(wanted > 1.0):
        msg = f"alphas must increase within [0, 1], got {alphas}"
        raise ParameterError(msg)
    if modes.ndim != 1 or not np.all(np.isfinite(modes)):
        msg = f"start = {start} 1/s must be finite, of shape (n_modes,): leave out missing branches"
        raise ParameterError(msg)
    return wanted, modes
