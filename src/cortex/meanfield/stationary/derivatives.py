"""Slopes of the stationary rate by mean, standard deviation, variance and input rate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.meanfield.stationary.packed import ClosedForm, pack
from cortex.meanfield.stationary.siegert import rate_and_slopes
from cortex.params.arrays import argument, reals
from cortex.params.lif import Neuron
from cortex.params.synapses import JUMP


@dataclass(frozen=True, slots=True, eq=False)
class RateSlopes:
    """Stationary rate and its derivatives, arrays of one shape.

    Attributes
    ----------
    nu : ndarray
        Rate, Hz.
    by_mu, by_sigma : ndarray
        d nu / d mu and d nu / d sigma, Hz/V.
    by_variance : ndarray
        d nu / d sigma^2, Hz/V^2.
    """

    nu: Any
    by_mu: Any
    by_sigma: Any
    by_variance: Any


def rate_slopes(
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
    method: ClosedForm = "shift",
) -> RateSlopes:
    r"""Return the rate and its slopes by mean and noise of the input.

    .. math::
        \frac{\partial\nu}{\partial\mu} = \sqrt\pi \tau_m \frac{\nu^2}{\sigma}
            [e(y_\theta) - e(y_r)], \quad
        \frac{\partial\nu}{\partial\sigma} = \sqrt\pi \tau_m \frac{\nu^2}{\sigma}
            \Big[\frac{V - \mu}{\sigma} e(y)\Big]_{y_r}^{y_\theta}

    with :math:`e(y) = e^{y^2} (1 + \mathrm{erf}\,y) = \mathrm{erfcx}(-y)`, evaluated in log
    space and without cancellation on either side of threshold.

    Parameters
    ----------
    mu, sigma : array_like
        Mean and standard deviation of the input, V; `sigma` positive.
    neuron, tau_s, method
        As in `firing_rate`; "taylor" differentiates the first-order rate.

    Returns
    -------
    RateSlopes
        Rate and slopes in the shape to which all arguments broadcast.

    Raises
    ------
    ParameterError
        sigma is not positive, or shapes do not broadcast.

    Warns
    -----
    RegimeWarning
        tau_s is not small against tau_m.

    References
    ----------
    Derived from Siegert (1951), see `firing_rate`.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> slopes = rate_slopes(0.021, 0.007, neuron)
    >>> float(slopes.by_mu.round(2)), float(slopes.by_variance.round(1))
    (3631.81, 173177.4)
    """
    if np.any(reals("sigma", sigma, "V") <= 0.0):
        msg = f"sigma must be positive for slopes, got min {np.min(sigma)} V"
        raise ParameterError(msg)
    neurons = pack(mu, sigma, neuron, tau_s)
    nu, by_mu, by_sigma = np.moveaxis(rate_and_slopes(neurons, method), -1, 0)
    by_variance = 0.5 * by_sigma / np.asarray(sigma)
    return RateSlopes(nu[()], by_mu[()], by_sigma[()], by_variance[()])


def input_rate_slope(
    J: ArrayLike,
    mu: ArrayLike,
    sigma: ArrayLike,
    neuron: Neuron,
    *,
    tau_s: ArrayLike = 0.0,
    method: ClosedForm = "shift",
) -> Any:
    r"""Return the slope of the rate by the rate of one input of weight J.

    .. math:: \frac{\partial\nu}{\partial\nu_{in}} = \tau_m \Big( J
              \frac{\partial\nu}{\partial\mu} + J^2 \frac{\partial\nu}{\partial\sigma^2} \Big)

    Parameters
    ----------
    J : array_like
        Membrane jump of one input spike, V.
    mu, sigma, neuron, tau_s, method
        As in `rate_slopes`.

    Returns
    -------
    ndarray or float
        Dimensionless (Hz per Hz), in the shape to which all arguments broadcast.

    Raises
    ------
    ParameterError
        As in `rate_slopes`.

    References
    ----------
    Helias, Tetzlaff & Diesmann (2013), New J. Phys. 15:023002.

    Examples
    --------
    >>> from cortex.params.lif import LIFParams
    >>> neuron = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
    >>> float(input_rate_slope(1e-4, 0.021, 0.007, neuron).round(5))
    0.0073
    """
    slopes = rate_slopes(mu, sigma, neuron, tau_s=tau_s, method=method)
    weight = argument("J", J, JUMP)
    return np.asarray(neuron.tau_m) * weight * (slopes.by_mu + weight * slopes.by_variance)
