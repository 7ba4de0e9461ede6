"""The hidden prune thresholds of braintools 0.3.0, to compare with it; never a default."""

from collections.abc import Mapping
from math import pi
from types import MappingProxyType
from typing import Final

from cortex.connectivity.kernels import (
    DifferenceOfGaussians,
    Gabor,
    Gaussian,
    Kernel,
    MexicanHat,
)

MICROMETRE: Final = 1e-6
"""Unit of the positions in the tutorial of braintools, m."""

THRESHOLDS: Final[Mapping[type, float]] = MappingProxyType(
    {Gaussian: 1e-6, DifferenceOfGaussians: 1e-4, MexicanHat: 1e-4, Gabor: 1e-3}
)


def braintools_prune(kernel: Kernel) -> float | None:
    """Return the `prune` of `kernel_weights` that braintools 0.3.0 applies unasked.

    For a kernel as it stands; a Gaussian divided by its integral has `braintools_peak_prune`.
    Kernels without a hidden threshold give None.

    Examples
    --------
    >>> braintools_prune(Gaussian(100e-6))
    1e-06
    """
    return THRESHOLDS.get(type(kernel))


def braintools_peak_prune(sigma: float, *, position_unit: float = MICROMETRE) -> float:
    """Return the threshold on a Gaussian divided by its integral, expressed at a peak of 1.

    The threshold is a number per squared *unit of the positions*, so it depends on that unit.

    Parameters
    ----------
    sigma : float
        Width of the Gaussian, m.
    position_unit : float
        Unit in which the positions would be handed to braintools, m.

    Examples
    --------
    >>> round(braintools_peak_prune(100e-6), 4)
    0.0628
    """
    return THRESHOLDS[Gaussian] * 2.0 * pi * (sigma / position_unit) ** 2
