"""Fourier transforms of normalised one-dimensional connection profiles.

Each function takes angular wave numbers k (1/m) and a width (m) and returns the
transform p_hat(k) = int p(x) exp(-i k x) dx with p_hat(0) = 1. A `Transform` may be
any other callable of that form, e.g. the transform of a sampled kernel.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.params.network import Profile
from cortex.typing import FloatArray

Transform = Callable[[FloatArray, FloatArray], FloatArray]


def boxcar_transform(k: FloatArray, width: FloatArray) -> FloatArray:
    """Return sin(k R)/(k R): constant probability up to the distance R = `width`.

    Examples
    --------
    >>> boxcar_transform(np.array([0.0, np.pi]), np.array(1.0)).round(12) + 0.0
    array([1., 0.])
    """
    return np.sinc(np.asarray(k) * width / np.pi)


def gaussian_transform(k: FloatArray, width: FloatArray) -> FloatArray:
    """Return exp(-(k s)^2 / 2): Gaussian of standard deviation s = `width`."""
    return np.asarray(np.exp(-0.5 * (np.asarray(k) * width) ** 2))


def exponential_transform(k: FloatArray, width: FloatArray) -> FloatArray:
    """Return 1/(1 + (k l)^2): two-sided exponential of decay length l = `width`."""
    return np.asarray(1.0 / (1.0 + (np.asarray(k) * width) ** 2))


TRANSFORMS: Final[dict[Profile, Transform]] = {
    "boxcar": boxcar_transform,
    "gaussian": gaussian_transform,
    "exponential": exponential_transform,
}


def profile_matrix(k: FloatArray, width: FloatArray, profile: Profile | Transform) -> FloatArray:
    """Return p_hat(k) of every source population, to multiply ``W[target, source]``.

    Parameters
    ----------
    k : ndarray of any shape
        Angular wave numbers, 1/m.
    width : ndarray of shape (n_pops,)
        Width of the projections of each source population, m.
    profile : name or callable
        One of `TRANSFORMS`, or any function of (k, width).

    Returns
    -------
    p_hat : ndarray of shape k.shape + (1, n_pops)
        Broadcasts over the targets.
    """
    if not callable(profile) and profile not in TRANSFORMS:
        msg = f"profile {profile!r} is none of {', '.join(TRANSFORMS)} and not callable"
        raise ParameterError(msg)
    transform = profile if callable(profile) else TRANSFORMS[profile]
    wave = np.asarray(k, dtype=float)[..., np.newaxis, np.newaxis]
    return transform(wave, np.asarray(width, dtype=float))
