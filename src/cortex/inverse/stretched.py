"""Frequency of a rhythm in a measured spectrum: how far a predicted one has to be stretched."""

from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.typing import FloatArray

BAND: Final = (0.5, 1.8)
"""Frequencies that count, over the predicted one."""
STRETCHES: Final = np.geomspace(0.6, 1.65, 203)


def stretch(f: FloatArray, seen: FloatArray, told: FloatArray, rhythm: float) -> float:
    r"""Return the factor by which the rhythm is faster in the measured spectrum.

    The predicted spectrum, its frequencies stretched by s and its height free, is fitted to the
    measured one by the likelihood of a periodogram,

    .. math:: \sum_f \ln P(f/s) + n \ln \Big( \tfrac1n \sum_f S(f) / P(f/s) \Big).

    Parameters
    ----------
    f : ndarray of shape (n_freqs,)
        Frequencies, Hz, increasing.
    seen, told : ndarray of shape (n_freqs,)
        Measured and predicted spectrum there, in any common unit.
    rhythm : float
        Predicted frequency, Hz; from half of it to 1.8 times it the spectrum counts.

    Returns
    -------
    float
        Measured over predicted frequency, between 0.6 and 1.65.

    Raises
    ------
    ParameterError
        Fewer than six frequencies lie there: record longer segments.

    Notes
    -----
    A damped rhythm has no sharp peak, and the highest bin of a measured spectrum scatters; the
    whole shape does less so.

    Examples
    --------
    >>> f = np.arange(1.0, 200.0)
    >>> told = 1.0 + 5.0 / (1.0 + ((f - 50.0) / 10.0) ** 2)
    >>> seen = 1.0 + 5.0 / (1.0 + ((f / 1.1 - 50.0) / 10.0) ** 2)
    >>> round(stretch(f, 3.0 * seen, told, 50.0), 2)
    1.1
    """
    kept = (f >= BAND[0] * rhythm) & (f <= BAND[1] * rhythm) & (seen > 0.0)
    if np.count_nonzero(kept) < 6:
        msg = (
            f"fewer than six frequencies between {BAND[0] * rhythm:.3g} and "
            f"{BAND[1] * rhythm:.3g} Hz; a longer `analysis.segment_ms` has more"
        )
        raise ParameterError(msg)
    known = told > 0.0
    logs = np.log(told[known])
    cost = []
    for s in STRETCHES:
        moved = np.interp(f[kept] / s, f[known], logs)
        cost.append(np.mean(moved) + np.log(np.mean(seen[kept] / np.exp(moved))))
    return float(STRETCHES[int(np.argmin(cost))])
