"""Linear response between single neurons: effective weights, spectral bound, covariances."""

import numpy as np

from cortex.errors import ParameterError
from cortex.meanfield.shapes import require_square
from cortex.params.arrays import finite
from cortex.typing import AnyArray, FloatArray


def pairwise_weights(
    J: FloatArray, tau_m: AnyArray, slope_mu: FloatArray, slope_sigma2: FloatArray
) -> FloatArray:
    """Return the effective weights w_ij = d nu_i / d nu_j of single connections.

    Parameters
    ----------
    J : ndarray of shape (n, n)
        Jump of neuron i per spike of neuron j, V.
    tau_m : float or ndarray of shape (n,)
        Membrane time constants of the targets, s.
    slope_mu, slope_sigma2 : ndarray of shape (n,)
        Derivatives of the rate of neuron i with respect to the mean (Hz/V) and the
        variance (Hz/V^2) of its input.

    Returns
    -------
    w : ndarray of shape (n, n)
        w_ij = tau_i (J_ij dnu_i/dmu + J_ij^2 dnu_i/dsigma^2), dimensionless (Helias, Tetzlaff &
        Diesmann 2013, New J. Phys. 15:023002).

    Raises
    ------
    ParameterError
        J is not square or does not fit the slopes.

    Examples
    --------
    >>> J = np.array([[0.0, -1e-4], [1e-4, 0.0]])
    >>> pairwise_weights(J, 0.02, np.array([4e3, 4e3]), np.array([0.0, 0.0])).round(4).tolist()
    [[0.0, -0.008], [0.008, 0.0]]
    """
    J, slope_mu, slope_sigma2 = require_square(J, "J", slope_mu=slope_mu, slope_sigma2=slope_sigma2)
    tau = np.broadcast_to(finite("tau_m", tau_m), slope_mu.shape)[:, np.newaxis]
    return tau * J * (slope_mu[:, np.newaxis] + J * slope_sigma2[:, np.newaxis])


def spectral_bound(w: FloatArray) -> float:
    """Return the largest real part of the eigenvalues of w, with its sign.

    Parameters
    ----------
    w : ndarray of shape (n, n)
        Effective weights, dimensionless.

    Returns
    -------
    float
        Dimensionless; below 1 the linear dynamics is stable.

    References
    ----------
    Definition.

    Examples
    --------
    >>> spectral_bound(np.array([[-0.5, 0.0], [0.0, -2.0]]))
    -0.5
    """
    (w,) = require_square(w, "w")
    return float(np.max(np.linalg.eigvals(w).real))


def noise_strengths(w: FloatArray, nu: FloatArray, cv: FloatArray) -> FloatArray:
    """Return white-noise strengths D_i that give auto-covariances nu CV^2, Hz, shape (n,).

    Parameters
    ----------
    w : ndarray of shape (n, n)
        Effective weights, dimensionless.
    nu, cv : ndarray of shape (n,)
        Rates, Hz, and coefficients of variation.

    Notes
    -----
    Spike trains near renewal processes have long-window count variances nu CV^2 per time.
    D solves sum_j B_ij^2 D_j = nu_i CV_i^2 with B = (1 - w)^-1 (Dahmen et al. 2019, PNAS
    116:13051).

    Raises
    ------
    ParameterError
        The network is unstable, see `pairwise_covariances`.

    Examples
    --------
    >>> noise_strengths(np.zeros((2, 2)), np.array([5.0, 8.0]), np.array([1.0, 0.5])).tolist()
    [5.0, 2.0]
    """
    w, nu, cv = require_square(w, "w", nu=nu, cv=cv)
    _refuse_unstable(w)
    B = np.linalg.inv(np.eye(w.shape[0]) - w)
    return np.asarray(np.linalg.solve(B**2, nu * cv**2))


def pairwise_covariances(w: FloatArray, D: FloatArray) -> FloatArray:
    """Return time-integrated covariances (1 - w)^-1 diag(D) (1 - w)^-T, Hz, shape (n, n).

    Parameters
    ----------
    w : ndarray of shape (n, n)
        Effective weights, dimensionless, with spectral bound below 1.
    D : ndarray of shape (n,)
        Noise strengths, Hz.

    Raises
    ------
    ParameterError
        The network is unstable: the covariances do not exist.

    References
    ----------
    Dahmen et al. (2019), PNAS 116:13051.

    Examples
    --------
    >>> pairwise_covariances(np.array([[0.0, -0.5], [0.5, 0.0]]), np.full(2, 5.0)).round(3)
    array([[4., 0.],
           [0., 4.]])
    """
    w, D = require_square(w, "w", D=D)
    _refuse_unstable(w)
    B = np.linalg.inv(np.eye(w.shape[0]) - w)
    return np.asarray((B * D) @ B.T)


def _refuse_unstable(w: FloatArray) -> None:
    bound = spectral_bound(w)
    if bound >= 1.0:
        msg = f"spectral bound {bound:.4g} is not below 1: no stationary covariances; lower J"
        raise ParameterError(msg)
