"""The hidden prune thresholds of braintools 0.3.0, to compare with it; never a default."""

from math import pi

from cortex.connectivity.kernels import (
    DifferenceOfGaussians,
    Gabor,
    Gaussian,
    Kernel,
    MexicanHat,
)

THRESHOLDS: dict[type, float] = {
    Gaussian: 1e-6,
    DifferenceOfGaussians: 1e-4,
    MexicanHat: 1e-4,
    Gabor: 1e-3,
}


def braintools_prune(kernel: Kernel, *, normalized: bool, position_unit: float) -> float | None:
    """Return the `prune` of `kernel_weights` that braintools 0.3.0 applies unasked.

    Parameters
    ----------
    kernel : Kernel
        Kernels without a hidden threshold give None.
    normalized : bool
        Whether a Gaussian is divided by its integral. Its threshold of 1e-6 is then a
        number per squared *unit of the positions*, so it depends on that unit.
    position_unit : float
        Unit in which the positions would be handed to braintools, m.

    Examples
    --------
    >>> braintools_prune(Gaussian(100e-6), normalized=True, position_unit=1e-6)
    1000000.0
    """
    threshold = THRESHOLDS.get(type(kernel))
    if threshold is None or not (normalized and isinstance(kernel, Gaussian)):
        return threshold
    return round(threshold / position_unit**2, 9)


def braintools_peak_prune(sigma: float, *, position_unit: float) -> float:
    """Return the threshold on a normalised Gaussian, expressed at a peak of 1.

    Examples
    --------
    >>> round(braintools_peak_prune(100e-6, position_unit=1e-6), 4)
    0.0628
    """
    return THRESHOLDS[Gaussian] * 2.0 * pi * (sigma / position_unit) ** 2
