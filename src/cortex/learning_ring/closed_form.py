"""Closed forms of the learned kernel for a drive that saturates the rates."""

import numpy as np
from numpy.fft import irfft, rfft

from cortex.learning_ring.state import fixed_point_decay
from cortex.params.learning import LearningParams
from cortex.typing import FloatArray


def saturated_kernel(params: LearningParams, *, discrete: bool = True) -> FloatArray:
    """Return the kernel learned when the rates are a low-passed square wave, (n_neurons,).

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity; a single delay.
    discrete : bool, optional
        Whether to use the time constant of the Euler step, tau = -dt/ln(1 - dt/tau_x), and
        the half step by which the derivative is centred; the continuum limit otherwise.

    Returns
    -------
    kernel : ndarray of shape (n_neurons,)
        w by k = target - source, dimensionless.

    Raises
    ------
    ParameterError
        The decay is 0.

    Notes
    -----
    Recurrent input small against the drive. With ``s = -(k dt + tau_d)`` the lag by which the
    source leads, wrapped to (-T/2, T/2]::

        w(s) = sign(s)/(lambda T) [1 - cosh((|s| - T/4)/tau) / cosh(T/(4 tau))]

    Sources that lead by more than the delay excite, those that lead by less inhibit. The
    presynaptic derivative has the opposite sign.

    References
    ----------
    Derived in docs/models/learning-ring.md from the rule of Kosko (1986), AIP Conf. Proc.
    151:277.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> w = saturated_kernel(standard_params(), discrete=False)
    >>> [float(x) for x in (w.max().round(5), w[0].round(5), w[-75].round(5))]
    [0.49326, -0.47465, 0.0]
    """
    lag = source_lead(params)
    on_target = params.plasticity.derivative == "postsynaptic"
    tau, period = params.ring.tau_x, params.ring.period
    if discrete:
        tau = -params.ring.dt / np.log1p(-params.ring.leak)
        lag = _wrapped(lag + (0.5 if on_target else -0.5) * params.ring.dt, period)
    shape = 1.0 - np.cosh((np.abs(lag) - period / 4.0) / tau) / np.cosh(period / (4.0 * tau))
    is_edge = np.isclose(np.abs(lag), period / 2.0, rtol=1e-9)
    sign = np.where(is_edge, 0.0, np.sign(lag)) * (1.0 if on_target else -1.0)
    kernel: FloatArray = sign * shape / (fixed_point_decay(params) * period)
    return kernel


def standing_kernel(params: LearningParams, *, discrete: bool = True) -> FloatArray:
    """Return the kernel learned from two opposite waves of equal amplitude.

    Parameters
    ----------
    params : LearningParams
        Ring and plasticity; a single delay.
    discrete : bool, optional
        As for `saturated_kernel`.

    Returns
    -------
    kernel : ndarray of shape (n_neurons,)
        w by k = target - source, dimensionless, averaged over the sources and over one period.

    Raises
    ------
    ParameterError
        The decay is 0.

    Notes
    -----
    Saturated rates, recurrent input small against the drive. The sum of `opposite_waves`
    stands: one half of the ring switches at once, the other half opposite to it, and the two
    nodes not at all. With ``s_k = sgn sin(2 pi k/N)`` and w(0) the weight that a travelling
    wave gives a pair at zero distance::

        W[x, y] = w(0) s_x s_y,      w[k] = w(0) (1 - 4 |k|/N)  up to 2/N

    even about zero: what stands teaches no direction.

    References
    ----------
    As for `saturated_kernel`.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> standing_kernel(standard_params(), discrete=False)[[0, 50, 200, 250]].round(3).tolist()
    [-0.473, -0.285, 0.285, 0.473]
    """
    n = params.ring.n_neurons
    half = np.sign(np.round(np.sin(2.0 * np.pi * np.arange(n) / n), 12))
    shared = irfft(np.abs(rfft(half)) ** 2, n) / n
    kernel: FloatArray = saturated_kernel(params, discrete=discrete)[0] * shared
    return kernel


def source_lead(params: LearningParams) -> FloatArray:
    """Return by how much the wave reaches the source before the target, less the delay.

    Returns
    -------
    lead : ndarray of shape (n_neurons,)
        By target - source, s.

    Notes
    -----
    ``s = -(k dt + tau_d)`` wrapped to (-T/2, T/2]; kernels of all delays collapse on it.

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> source_lead(standard_params())[[0, 100, 400]].round(4).tolist()
    [-0.015, -0.035, 0.005]
    """
    ring = params.ring
    place = np.arange(ring.n_neurons, dtype=np.float64)
    return _wrapped(-ring.dt * place - ring.tau_d, ring.period)


def saturated_maximum(params: LearningParams) -> float:
    """Return the largest weight of `saturated_kernel` in the continuum.

    Raises
    ------
    ParameterError
        The decay is 0.

    Notes
    -----
    ``(1 - 1/cosh(T/(4 tau_x)))/(lambda T)``, at a lead of a quarter period.
    """
    period = params.ring.period
    shape = 1.0 - 1.0 / np.cosh(period / (4.0 * params.ring.tau_x))
    return float(shape / (fixed_point_decay(params) * period))


def _wrapped(lag: FloatArray, period: float) -> FloatArray:
    """Return lags wrapped to (-T/2, T/2], s; zero and the edge free of rounding."""
    turns = np.round(lag / period, 12)
    wrapped: FloatArray = period * (0.5 - np.mod(0.5 - turns, 1.0))
    return wrapped
