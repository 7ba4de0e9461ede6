r"""A white part of slow noise, and how far it moves the boundaries.

The density of a neuron in filtered noise has a corner at threshold, where trajectories graze
it, which nodes resolve slowly. A small part of every filtered input is therefore handed to
white noise of the same strength at zero frequency, which rounds the corner. White noise pushes
more trajectories across: threshold and reset are raised in return, by the difference of the two
extrapolation lengths of the boundary layer. That length is known for filtered noise alone
(|zeta(1/2)| sqrt(D tau_s), Doering et al. 1987) and computed once, to 1e-4, for any white part
from the layer (Milne problem) of one input. No constant is fitted to rates.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cortex.typing import FloatArray

LAYER: Final = (1.72754, -0.373561, 0.128353, 0.00436779, -0.0458422, 0.0195128)
"""Series in sqrt(e) of (l(0) - l(e)) / e^(3/4), with l(e) the length at white share e."""
SPREAD: Final = 0.3
"""Exponent with which unlike time constants lengthen the layer of one input of equal
curvature, read off the Milne problem of two inputs."""
QUASI_STATIC: Final = 3.0
"""Inputs slower than so many membrane time constants hardly take part in the layer."""


def layer_length(share: FloatArray | float) -> FloatArray:
    r"""Return how much shorter the boundary layer is with a white share of the noise.

    Parameters
    ----------
    share : array_like
        White part of the noise strength at zero frequency, 0 to 1.

    Returns
    -------
    ndarray
        l(0) - l(share), in units of sqrt(D tau_s); 1.4604 = |zeta(1/2)| for white noise alone.
    """
    root = np.sqrt(np.asarray(share, dtype=np.float64))
    series: FloatArray = np.polynomial.polynomial.polyval(root, LAYER) * root**1.5
    return series


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WhiteRest:
    """Noise of one neuron, split into a white part and slow inputs.

    Attributes
    ----------
    variance : ndarray of shape (n_receptors,)
        Input variance sigma^2 through each receptor, V^2; zero time constants are white.
    tau_s : ndarray of shape (n_receptors,)
        Synaptic time constants, s.
    tau_m : float
        Membrane time constant, s.
    share : float
        Part of an input of tau_m/10 that becomes white.
    white : ndarray of shape (n_receptors,)
        White part of each receptor, 0 to 1. It falls like tau_s^(-2/3), so that the white layer is
        as wide for every receptor, and faster for inputs that hardly change between spikes.
    """

    variance: FloatArray
    tau_s: FloatArray
    tau_m: float
    share: float
    white: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Find the white parts."""
        ratio = self.tau_s / self.tau_m
        with np.errstate(divide="ignore"):
            alike = np.minimum(1.0, self.share * (0.1 / ratio) ** (2.0 / 3.0))
        object.__setattr__(self, "white", alike / (1.0 + (ratio / QUASI_STATIC) ** 2))

    @property
    def white_variance(self) -> float:
        """Variance of the white input, V^2."""
        return float(self.white @ self.variance)

    @property
    def slow_std(self) -> FloatArray:
        """Standard deviation of each slow input as a current, V; zero where it is white."""
        with np.errstate(divide="ignore", invalid="ignore"):
            slow = (1.0 - self.white) * self.variance * self.tau_m / (2.0 * self.tau_s)
        return np.sqrt(np.where(self.white < 1.0, slow, 0.0))

    @property
    def unskewed(self) -> FloatArray:
        """Skew of each slow input over that of its receptor, since white noise has none."""
        slow = np.where(self.white < 1.0, 1.0 - self.white, np.inf)
        return np.asarray(slow**-1.5)

    def shift(self) -> float:
        """Return by how much threshold and reset move, V."""
        return _shift(self.variance, self.white, self.tau_s / self.tau_m)

    def shift_slopes(self) -> FloatArray:
        """Return the derivative of the shift by the variance of each receptor, 1/V.

        Central differences of a smooth function: good to 1e-9.
        """
        step = 1e-5 * np.sum(self.variance)
        ratio = self.tau_s / self.tau_m
        ends = [
            [
                _shift(np.abs(self.variance + sign * step * unit), self.white, ratio)
                for sign in (1, -1)
            ]
            for unit in np.eye(self.variance.size)
        ]
        return np.array([(up - down) / (2.0 * step) for up, down in ends])


def _shift(variance: FloatArray, white: FloatArray, ratio: FloatArray) -> float:
    """Return the shift for a white part of each receptor, V.

    One input of the same noise strength and curvature stands for several; delta synapses are
    white from the start and count on both sides.
    """
    filtered = ratio > 0.0
    strength = np.where(filtered, variance / (1.0 + (ratio / QUASI_STATIC) ** 2), 0.0)
    total = float(np.sum(strength))
    if total <= 0.0:
        return 0.0
    safe = np.where(filtered, ratio, 1.0)
    time = np.sqrt(total / np.sum(strength / safe**2))
    spread = (np.sum(strength * np.sqrt(safe)) / total / np.sqrt(time)) ** SPREAD
    before = float(np.sum(np.where(filtered, 0.0, variance)))
    added = float(np.sum(np.where(filtered, white * strength, 0.0)))
    whole = total + before
    shorter = layer_length((before + added) / whole) - layer_length(before / whole)
    return float(shorter * np.sqrt(time) * spread * np.sqrt(0.5 * whole))
