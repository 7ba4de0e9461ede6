"""Connection profiles of all source populations at a wave number."""

from collections.abc import Callable

import numpy as np

from cortex.connectivity.transforms import profile_transform
from cortex.params.space import Profile
from cortex.typing import FloatArray

Transform = Callable[[FloatArray, float], FloatArray]
"""Function of angular wave numbers (1/m) and a width (m), 1 at wave number zero."""


def profile_matrix(k: FloatArray, width: FloatArray, profile: Profile | Transform) -> FloatArray:
    """Return p_hat(k) of every source population, to multiply ``W[target, source]``.

    Parameters
    ----------
    k : ndarray of any shape
        Angular wave numbers, 1/m.
    width : ndarray of shape (n_pops,)
        Width of the projections of each source population, m.
    profile : name or callable
        "boxcar", "gaussian", "exponential", or the transform of any other symmetric kernel,
        normalised to 1 at k = 0 (see `cortex.connectivity.transforms.kernel_transform`).

    Returns
    -------
    p_hat : ndarray of shape k.shape + (1, n_pops)
        Broadcasts over the targets.

    Examples
    --------
    >>> profile_matrix(np.array(np.pi), np.array([0.5, 0.25]), "boxcar").round(4)
    array([[0.6366, 0.9003]])
    """
    wave = np.asarray(k, dtype=float)
    columns = [
        profile(wave, float(w)) if callable(profile) else profile_transform(profile, float(w))(wave)
        for w in np.asarray(width, dtype=float)
    ]
    return np.stack(columns, axis=-1)[..., np.newaxis, :]
