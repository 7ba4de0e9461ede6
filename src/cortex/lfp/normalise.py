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

    Raises
    ------
    ParameterError
        A signal, mean or standard deviation that is not finite, or a negative one of the last.

    Examples
    --------
    >>> z_score(np.array([1.0, 3.0])), z_score(np.full(2, 5.0))
    (array([-1.,  1.]), array([0., 0.]))
    """
    values = np.asarray(signal, dtype=np.float64)
    if not np.all(np.isfinite(values)):
        msg = "z_score: the signal holds values that are not finite"
        raise ParameterError(msg)
    centre = np.mean(values, axis=0) if mean is None else np.asarray(mean, dtype=np.float64)
    scale = _std(values) if std is None else np.asarray(std, dtype=np.float64)
    if not (np.all(np.isfinite(centre)) and np.all(np.isfinite(scale)) and np.all(scale >= 0.0)):
        msg = f"z_score: mean = {mean} and std = {std} must be finite, std not negative"
        raise ParameterError(msg)
    centred = values - centre
    return np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0.0)


def _std(values: FloatArray) -> FloatArray:
    """Return the standard deviation along time, zero where it is rounding."""
    std = np.std(values, axis=0)
    rounding = 8.0 * np.finfo(np.float64).eps * np.max(np.abs(values), axis=0, initial=0.0)
    return np.where(std > rounding, std, 0.0)
