"""Mean-field theory of networks of binary neurons that update at random times.

A neuron is active after an update when its summed input exceeds a threshold. With many
inputs the sum is Gaussian, and the mean activity of population a is the probability
erfc((theta_a - mu_a)/(sqrt 2 sigma_a))/2 (van Vreeswijk & Sompolinsky 1998, Neural Comput.
10:1321; Helias, Tetzlaff & Diesmann 2014, PLoS Comput. Biol. 10:e1003428).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from cortex.errors import ConvergenceError, ParameterError, shown
from cortex.params.arrays import finite
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BinaryNetwork:
    """Populations of binary neurons, dimensionless, ``[target, source]``.

    Parameters
    ----------
    J, K : ndarray of shape (n_pops, n_pops)
        Weights and in-degrees.
    theta : ndarray of shape (n_pops,)
        Thresholds.
    J_ext, K_ext : ndarray of shape (n_pops, n_ext), optional
        Weights and in-degrees of external populations.
    m_ext : ndarray of shape (n_ext,), optional
        Their mean activities.
    """

    J: FloatArray
    K: FloatArray
    theta: FloatArray
    J_ext: FloatArray | None = None
    K_ext: FloatArray | None = None
    m_ext: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse matrices that do not fit together."""
        given = (getattr(self, name) for name in self.__slots__)
        for name, values in zip(self.__slots__, given, strict=True):
            if values is not None:
                object.__setattr__(self, name, finite(name, values))
        n = np.size(self.theta)
        if np.shape(self.J) != (n, n) or np.shape(self.K) != (n, n):
            msg = f"J {np.shape(self.J)} and K {np.shape(self.K)} need shape ({n}, {n}) of theta"
            raise ParameterError(msg)
        external = [part for part in (self.J_ext, self.K_ext, self.m_ext) if part is not None]
        if len(external) in {1, 2}:
            msg = "J_ext, K_ext and m_ext must be given together"
            raise ParameterError(msg)
        if external:
            shapes, n_ext = [np.shape(part) for part in external], np.size(external[2])
            if shapes != [(n, n_ext), (n, n_ext), (n_ext,)]:
                msg = f"J_ext, K_ext, m_ext of shapes {shapes} need ({n}, n_ext) twice and (n_ext,)"
                raise ParameterError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryWorkingPoint:
    """Self-consistent activity.

    Parameters
    ----------
    m, mu, sigma : ndarray of shape (n_pops,)
        Mean activity, mean and standard deviation of the input.
    slope_eigenvalues : ndarray of shape (n_pops,)
        Eigenvalues of dF/dm, F(m) the activity that the input at m prescribes; the state is
        stable against slow changes when all real parts are below 1.
    residual : float
        Largest difference between the activity and the one its input prescribes.
    converged : bool
        Whether the residual is below the tolerance.
    """

    m: FloatArray
    mu: FloatArray
    sigma: FloatArray
    slope_eigenvalues: ComplexArray
    residual: float
    converged: bool


def binary_mean_input(network: BinaryNetwork, m: FloatArray) -> FloatArray:
    """Return the mean input of each population, external ones included.

    Parameters
    ----------
    network : BinaryNetwork
        Weights and in-degrees.
    m : ndarray of shape (n_pops,)
        Mean activities, between 0 and 1.

    Returns
    -------
    ndarray of shape (n_pops,)
        sum_b K_ab J_ab m_b, dimensionless.

    References
    ----------
    van Vreeswijk & Sompolinsky (1998), Neural Comput. 10:1321.

    Examples
    --------
    >>> network = BinaryNetwork(
    ...     J=np.array([[0.1, -0.2]] * 2), K=np.array([[150.0, 200.0], [350.0, 200.0]]),
    ...     theta=np.array([-5.5, 8.5]),
    ... )
    >>> binary_mean_input(network, np.array([0.7, 0.4])).round(9).tolist()
    [-5.5, 8.5]
    """
    mu = (network.K * network.J) @ _activity(network.J, "m", m)
    if network.J_ext is not None and network.K_ext is not None and network.m_ext is not None:
        mu = mu + (network.K_ext * network.J_ext) @ network.m_ext
    return np.asarray(mu)


def binary_std_input(network: BinaryNetwork, m: FloatArray) -> FloatArray:
    """Return the standard deviation of the input of each population, external ones included.

    Parameters
    ----------
    network, m
        As in `binary_mean_input`; activities between 0 and 1.

    Returns
    -------
    ndarray of shape (n_pops,)
        sigma with sigma^2 = sum_b K_ab J_ab^2 m_b (1 - m_b); inputs are independent; dimensionless.

    References
    ----------
    van Vreeswijk & Sompolinsky (1998), Neural Comput. 10:1321.

    Examples
    --------
    >>> network = BinaryNetwork(
    ...     J=np.array([[0.1, -0.2]] * 2), K=np.array([[150.0, 200.0], [350.0, 200.0]]),
    ...     theta=np.array([-5.5, 8.5]),
    ... )
    >>> binary_std_input(network, np.array([0.7, 0.4])).round(3).tolist()
    [1.495, 1.629]
    """
    m = _activity(network.J, "m", m)
    variance = (network.K * network.J**2) @ (m * (1.0 - m))
    if network.J_ext is not None and network.K_ext is not None and network.m_ext is not None:
        spread = network.m_ext * (1.0 - network.m_ext)
        variance = variance + (network.K_ext * network.J_ext**2) @ spread
    return np.asarray(np.sqrt(variance))


def binary_activity(mu: FloatArray, sigma: FloatArray, theta: FloatArray) -> FloatArray:
    """Return the mean activity erfc((theta - mu)/(sqrt 2 sigma))/2; without noise 0, 1/2 or 1.

    Parameters
    ----------
    mu, sigma, theta : ndarray, shapes that broadcast
        Mean and standard deviation of the input, thresholds; dimensionless.

    Returns
    -------
    ndarray, in the shape to which all broadcast
        Activity between 0 and 1.

    Raises
    ------
    ParameterError
        sigma is negative.

    References
    ----------
    van Vreeswijk & Sompolinsky (1998), Neural Comput. 10:1321.

    Examples
    --------
    >>> binary_activity(np.array([0.0, 1.0]), np.array([1.0]), np.array([0.0])).round(3).tolist()
    [0.5, 0.841]
    """
    mu, sigma, theta = finite("mu", mu), finite("sigma", sigma), finite("theta", theta)
    if np.any(sigma < 0.0):
        msg = f"sigma must not be negative, got min {np.min(sigma)}"
        raise ParameterError(msg)
    distance = theta - mu
    silent = sigma == 0.0
    noisy = 0.5 * erfc(distance / (np.sqrt(2.0) * np.where(silent, 1.0, sigma)))
    return np.asarray(np.where(silent, 0.5 * (1.0 - np.sign(distance)), noisy))


def balanced_threshold(J: FloatArray, K: FloatArray, m_expected: FloatArray) -> FloatArray:
    """Return the thresholds at which the recurrent input is on average critical.

    Parameters
    ----------
    J, K : ndarray of shape (n_pops, n_pops)
        Weights and in-degrees.
    m_expected : ndarray of shape (n_pops,)
        Wanted activities m.

    Returns
    -------
    theta : ndarray of shape (n_pops,)
        theta_a = sum_b K_ab J_ab m_b, dimensionless.

    References
    ----------
    van Vreeswijk & Sompolinsky (1998), Neural Comput. 10:1321.

    Examples
    --------
    >>> J, K = np.array([[0.1, -0.2]] * 2), np.array([[150.0, 200.0], [350.0, 200.0]])
    >>> balanced_threshold(J, K, np.array([0.7, 0.4])).round(12)
    array([-5.5,  8.5])
    """
    J, K = finite("J", J, 2), finite("K", K, 2)
    if J.shape != K.shape:
        msg = f"J {J.shape} and K {K.shape} need one shape, (n_pops, n_pops)"
        raise ParameterError(msg)
    return np.asarray((K * J) @ _activity(J, "m_expected", m_expected))


def _activity(J: FloatArray, name: str, m: FloatArray) -> FloatArray:
    """Return activities, one per source and between 0 and 1."""
    values = finite(name, m, 1)
    if values.size != J.shape[1] or np.any((values < 0.0) | (values > 1.0)):
        msg = f"{name} = {shown(m)} must hold {J.shape[1]} activities between 0 and 1"
        raise ParameterError(msg)
    return values


def solve_binary_working_point(
    network: BinaryNetwork,
    *,
    m_start: FloatArray | None = None,
    tolerance: float = 1e-12,
    max_steps: int = 10_000,
    throw: bool = True,
) -> BinaryWorkingPoint:
    """Return the activity reached from `m_start` by relaxation and polished by Newton.

    Parameters
    ----------
    network : BinaryNetwork
        Weights, in-degrees, thresholds and external input.
    m_start : ndarray of shape (n_pops,), optional
        Starting activity between 0 and 1; 0.5 when omitted.
    tolerance : float
        Largest residual.
    max_steps : int
        Steps of the relaxation dm/ds = F(m) - m, so that the state found is the one
        whose basin holds the start.
    throw : bool
        False returns an unconverged result instead of raising.

    Raises
    ------
    ConvergenceError
        No fixed point was reached; ``partial`` holds the last iterate.
    ParameterError
        `m_start` has a wrong shape or leaves [0, 1].

    References
    ----------
    Helias, Tetzlaff & Diesmann (2014), PLoS Comput. Biol. 10:e1003428.

    Examples
    --------
    >>> network = BinaryNetwork(
    ...     J=np.array([[0.1, -0.2]] * 2), K=np.array([[150.0, 200.0], [350.0, 200.0]]),
    ...     theta=np.array([-5.5, 8.5]),
    ... )
    >>> solve_binary_working_point(network, m_start=np.array([0.7, 0.4])).m.round(3).tolist()
    [0.644, 0.365]
    """
    n = np.size(network.theta)
    m = np.full(n, 0.5) if m_start is None else np.array(m_start, dtype=float)
    if m.shape != (n,) or not np.all((m >= 0.0) & (m <= 1.0)):
        msg = f"m_start = {m} needs shape ({n},) and values between 0 and 1"
        raise ParameterError(msg)
    for _ in range(max_steps):
        flow = _flow(network, m)
        m = m + 0.1 * flow
        if np.max(np.abs(flow)) < 1e-4:
            break
    for _ in range(50):
        flow = _flow(network, m)
        if np.max(np.abs(flow)) < 0.01 * tolerance:
            break
        m = np.clip(m - np.linalg.solve(_slope(network, m) - np.eye(n), flow), 0.0, 1.0)
    point = _point(network, m, tolerance)
    if not point.converged and throw:
        msg = (
            f"binary activity not self-consistent: residual {point.residual:.3g} at {point.m}; "
            "raise max_steps or start elsewhere"
        )
        raise ConvergenceError(msg, point)
    return point


def _flow(network: BinaryNetwork, m: FloatArray) -> FloatArray:
    mu, sigma = binary_mean_input(network, m), binary_std_input(network, m)
    return binary_activity(mu, sigma, network.theta) - m


def _slope(network: BinaryNetwork, m: FloatArray) -> FloatArray:
    """dF_a/dm_b = exp(-y^2)/sqrt(2 pi) K (J + (theta - mu)/(2 sigma^2) J^2 (1 - 2 m_b))/sigma.

    Zero where no input fluctuates: such a population is silent or active throughout.
    """
    mu = binary_mean_input(network, m)[:, np.newaxis]
    sigma = binary_std_input(network, m)[:, np.newaxis]
    still = sigma == 0.0
    width = np.where(still, 1.0, sigma)
    distance = (network.theta[:, np.newaxis] - mu) / width
    density = np.exp(-0.5 * distance**2) / (np.sqrt(2.0 * np.pi) * width)
    by_variance = distance / (2.0 * width) * network.J**2 * (1.0 - 2.0 * m)
    return np.where(still, 0.0, density * network.K * (network.J + by_variance))


def _point(network: BinaryNetwork, m: FloatArray, tolerance: float) -> BinaryWorkingPoint:
    residual = float(np.max(np.abs(_flow(network, m))))
    return BinaryWorkingPoint(
        m=m,
        mu=binary_mean_input(network, m),
        sigma=binary_std_input(network, m),
        slope_eigenvalues=np.linalg.eigvals(_slope(network, m)).astype(complex),
        residual=residual,
        converged=residual <= tolerance,
    )
