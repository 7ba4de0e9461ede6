r"""Transmission delays in the frequency domain: D(lambda) = E[exp(-lambda d)].

One sign for every distribution: a perturbation exp(lambda t) that arrives after a delay d
is multiplied by exp(-lambda d). `delay_factor` takes frequencies f in Hz, lambda = 2 pi i f;
`delay_transform` takes the Laplace exponent itself.
"""

from collections.abc import Callable
from typing import Final, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc, lambertw, wofz

from cortex.errors import ParameterError
from cortex.meanfield.exponents import angular, exponents
from cortex.params.arrays import argument, broadcast
from cortex.params.synapses import DELAY, DELAY_SD, DelayDistribution
from cortex.typing import ComplexArray, FloatArray

Pair = tuple[ComplexArray, ComplexArray]

# Trapezoidal rule of the log-normal integral: the integrand is below 1e-18 of its peak
# outside |u| < 9 and analytic, so that 241 nodes leave an error at rounding level.
NODES: Final[FloatArray] = np.linspace(-9.0, 9.0, 241)


def delay_factor(
    frequencies: ArrayLike,
    delay: FloatArray,
    delay_sd: FloatArray,
    distribution: DelayDistribution = "none",
) -> ComplexArray:
    """Return the factor D(2 pi i f) by which a delay multiplies an oscillation.

    Parameters
    ----------
    frequencies : array_like of any shape
        Hz.
    delay, delay_sd, distribution
        As in `delay_transform`.

    Returns
    -------
    D : ndarray of shape frequencies.shape + delay.shape
        Dimensionless; D(0) = 1 exactly.

    References
    ----------
    Definition.

    Examples
    --------
    >>> d = np.array([1.5e-3])
    >>> delay_factor([100.0], d, 0 * d).round(4)
    array([[0.5878-0.809j]])
    """
    return delay_transform(angular(frequencies), delay, delay_sd, distribution)[0]


def delay_transform(
    lam: ArrayLike,
    delay: FloatArray,
    delay_sd: FloatArray,
    distribution: DelayDistribution = "none",
) -> Pair:
    """Return the Laplace transform D(lambda) = E[exp(-lambda d)] of the delays, and its slope.

    Parameters
    ----------
    lam : array_like of complex, any shape
        Laplace exponents, 1/s.
    delay, delay_sd : ndarray of shape (...,)
        Mean and standard deviation, s. For "truncated_gaussian" those of the Gaussian
        before it is cut at zero; "none" ignores the deviation.
    distribution : {"none", "gaussian", "truncated_gaussian", "lognormal"}
        Law of the delays. A vanishing deviation gives exp(-lambda d) for all of them.

    Returns
    -------
    D, slope : ndarray of shape lam.shape + delay.shape
        D(0) = 1 exactly; dD/dlambda = -E[d exp(-lambda d)], s.

    Raises
    ------
    ParameterError
        Delays or deviations that can be none in s, an unknown law; `lam` real or not finite.

    Notes
    -----
    - none: exp(-lambda d)
    - gaussian: exp(-lambda d + lambda^2 s^2 / 2)
    - truncated_gaussian: the same times erfc((lambda s - d/s)/sqrt 2)/erfc(-d/(s sqrt 2))
    - lognormal: integral through the saddle point, see `_lognormal`. For Re lambda < 0
      the integral diverges and the analytic continuation is returned, with its cut on
      the negative real axis.

    References
    ----------
    Definition.

    Examples
    --------
    >>> D, slope = delay_transform([100j], np.array([1e-3]), np.array([0.0]))
    >>> D.round(4).tolist(), slope.real.round(7).tolist()
    ([[(0.995-0.0998j)]], [[-0.000995]])
    """
    d, s = broadcast(
        delay=argument("delay", delay, DELAY), delay_sd=argument("delay_sd", delay_sd, DELAY_SD)
    )
    if distribution not in get_args(DelayDistribution):
        laws = ", ".join(get_args(DelayDistribution))
        msg = f"delay distribution {distribution!r} is none of {laws}"
        raise ParameterError(msg)
    at = exponents(lam)
    at = at.reshape(at.shape + (1,) * d.ndim)
    sharp = np.asarray(np.exp(-at * d) + 0.0 * s, dtype=np.complex128)
    fixed = (s == 0.0) | (d == 0.0) if distribution == "lognormal" else s == 0.0
    if distribution == "none" or np.all(fixed):
        return sharp, -d * sharp
    width = np.where(fixed, np.min(s[~fixed]), s)  # of those left out nothing is kept
    mean = np.where(fixed, 1.0, d) if distribution == "lognormal" else d
    D, slope = LAWS[distribution](at, mean, width)
    return np.where(fixed, sharp, D), np.where(fixed, -d * sharp, slope)


def _gaussian(lam: ComplexArray, d: FloatArray, s: FloatArray) -> Pair:
    value: ComplexArray = np.exp(-lam * d + 0.5 * (lam * s) ** 2)
    return value, value * (lam * s**2 - d)


def _truncated(lam: ComplexArray, d: FloatArray, s: FloatArray) -> Pair:
    """Gaussian cut at zero; erfc(z) exp(z^2) = w(iz) keeps every factor bounded.

    exp(-lambda d + lambda^2 s^2/2) erfc(z) = exp(-d^2/(2 s^2)) w(iz) with
    z = (lambda s - d/s)/sqrt 2; for Re z < 0 the reflection erfc(z) = 2 - erfc(-z).
    """
    z = (lam * s - d / s) / np.sqrt(2.0)
    norm = erfc(-d / (s * np.sqrt(2.0)))
    edge = np.exp(-0.5 * (d / s) ** 2)
    right = z.real >= 0.0
    tail = edge * wofz(1j * np.where(right, z, -z))
    full = np.exp(np.where(right, 0.0, -lam * d + 0.5 * (lam * s) ** 2))
    value: ComplexArray = np.where(right, tail, 2.0 * full - tail) / norm
    # d/dlambda of the two factors; the Gaussian of erfc' is again `edge`.
    return value, value * (lam * s**2 - d) - s * np.sqrt(2.0 / np.pi) * edge / norm


def _lognormal(lam: ComplexArray, d: FloatArray, s: FloatArray) -> Pair:
    """Integrate along the horizontal line through the saddle point of the integrand.

    With v = log(1 + (s/d)^2), m = log d - v/2 and w = W_0(lambda v e^m) (Lambert) the
    saddle lies at log t = m - w, and

    D = exp(-(w + w^2/2)/v) int dy/sqrt(2 pi v) exp(-(w/v)(e^y - 1 - y) - y^2/(2v)).

    The exponent has no large cancelling terms. Where Re w < 0 the line is bent at its
    right end into the sector in which exp(-lambda t) decays.
    """
    v = np.log1p((s / d) ** 2)
    median = d * np.exp(-0.5 * v)
    w = _lambertw(lam * v * median)[..., np.newaxis]
    v, median = v[..., np.newaxis], median[..., np.newaxis]
    y, dy = _bent_line(w, np.sqrt(v))
    exponent = -(w + 0.5 * w**2) / v - (w / v) * (np.expm1(y) - y) - 0.5 * y**2 / v
    step = (NODES[1] - NODES[0]) / np.sqrt(2.0 * np.pi)
    integrand, delay = np.exp(exponent), median * np.exp(y - w)
    value = np.sum(integrand * dy, axis=-1) * step
    return value, np.sum(-delay * integrand * dy, axis=-1) * step


def _lambertw(z: ComplexArray) -> ComplexArray:
    return np.asarray(lambertw(z.ravel(), 0)).reshape(z.shape)


def _bent_line(w: ComplexArray, sd: FloatArray) -> tuple[ComplexArray, ComplexArray]:
    """Return the path y(u) and dy/du / sd: straight where Re w >= 0."""
    x = sd * NODES
    side = np.where(w.imag >= 0.0, 1.0, -1.0)
    excess = np.maximum(np.abs(np.angle(w)) - 0.5 * np.pi, 0.0)
    # where the Gaussian factor ends the integrand before exp(-lambda t) grows, stay straight
    end = sd * NODES[-1]
    growth = -w.real / sd**2 * (np.expm1(end) - end)
    turn = side * np.where((excess > 0.0) & (growth > 8.0), excess + 0.25 * np.pi, 0.0)
    ramp = 0.5 * (1.0 + np.tanh(x - 1.5))
    slope = 0.5 / np.cosh(x - 1.5) ** 2
    return x - 1j * turn * ramp, 1.0 - 1j * turn * slope


LAWS: Final[dict[str, Callable[[ComplexArray, FloatArray, FloatArray], Pair]]] = {
    "gaussian": _gaussian,
    "truncated_gaussian": _truncated,
    "lognormal": _lognormal,
}
