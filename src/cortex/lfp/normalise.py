"""Standardise signals: an explicit last step, never part of a proxy."""

import numpy as np

from cortex.errors import ParameterError
from cortex.typing import FloatArray


def z_score(
    signal: FloatArray,
    *,
    mean: FloatArray | float | None = None,
    std: FloatArray | float | None = None,
) -> FloatArray:
    """Return the signal minus its mean, over its standard deviation, along time.

    Parameters
    ----------
    signal : ndarray of shape (n_steps, ...)
        Any signal; finite.
    mean, std : ndarray of shape (...), optional
        Mean and standard deviation of a reference recording; by default those of the
        signal (population standard deviation). A z-score over the window itself is
        neither causal nor comparable between runs.

    Returns
    -------
    ndarray of shape (n_steps, ...)
        Dimensionless; a signal that is constant up to rounding gives zeros.

    Examples
    --------
    >>> z_score(np.array([1.0, 3.0])), z_score(np.full(2, 5.0))
    (array([-1.,  1.]), array([0., 0.]))
    """
    if not np.all(np.isfinite(signal)):
        msg = "z_score: the signal holds values that are not finite"
        raise ParameterError(msg)
    mean = np.mean(signal, axis=0) if mean is None else np.asarray(mean)
    if std is None:
        std = np.std(signal, axis=0)
        rounding = 8.0 * np.finfo(np.float64).eps * np.max(np.abs(signal), axis=0, initial=0.0)
        std = np.where(std > rounding, std, 0.0)
    elif np.any(np.asarray(std) < 0.0):
        msg = f"z_score: std = {std} must not be negative"
        raise ParameterError(msg)
    scale = np.asarray(std, dtype=np.float64)
    centred = signal - mean
    return np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0.0)
