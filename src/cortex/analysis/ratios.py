"""How far a predicted spectrum lies from the simulated ones, band by band."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import finite, reals
from cortex.params.arrays import whole as whole_number
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpectralRatio:
    """Predicted over simulated mean density in bands of equal width on a log scale.

    Parameters
    ----------
    low, high : ndarray of shape (n_bands,)
        Edges of the bands, Hz; a band holds at least one frequency.
    ratio : ndarray of shape (n_bands,)
        Mean of the prediction over the mean of the simulations; nan where there is no prediction.
    error : ndarray of shape (n_bands,)
        Standard error of the ratio over independent simulations; nan with one.
    """

    low: FloatArray
    high: FloatArray
    ratio: FloatArray
    error: FloatArray


def spectral_ratio(
    frequency: FloatArray, predicted: FloatArray, simulated: FloatArray, *, per_octave: int = 3
) -> SpectralRatio:
    """Return a predicted spectrum over simulated ones in bands of a fraction of an octave.

    Parameters
    ----------
    frequency : ndarray of shape (n_freqs,)
        Hz, increasing; zero is left out.
    predicted : ndarray of shape (n_freqs,)
        Predicted density, any unit.
    simulated : ndarray of shape (n_networks, n_freqs)
        Density of every independent network, in the same unit.
    per_octave : int
        Bands per octave.

    Raises
    ------
    ParameterError
        The spectra do not have the same frequencies.

    References
    ----------
    Definition.

    Examples
    --------
    >>> f = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    >>> r = spectral_ratio(f, np.full(5, 3.0), np.array([[1.0] * 5, [2.0] * 5]), per_octave=1)
    >>> r.low.tolist(), r.ratio.tolist(), r.error.round(3).tolist()
    ([1.0, 2.0], [2.0, 2.0], [0.667, 0.667])
    """
    frequency, predicted = finite("frequency", frequency, 1), reals("predicted", predicted)
    simulated = reals("simulated", simulated)
    per_octave = int(whole_number("per_octave", per_octave, 1))
    if predicted.shape != frequency.shape or simulated.shape[1:] != frequency.shape:
        msg = (
            f"predicted {predicted.shape} and simulated {simulated.shape} spectra need the "
            f"frequencies {frequency.shape}"
        )
        raise ParameterError(msg)
    kept = frequency > 0.0
    f, told, seen = frequency[kept], predicted[kept], simulated[:, kept]
    # the small offset keeps f = low exactly in the band that starts there
    band = np.floor(per_octave * np.log2(f / f[0]) + 1e-9).astype(int)
    whole = int(np.floor(per_octave * np.log2(f[-1] / f[0]) + 1e-9))
    band = np.minimum(band, max(whole - 1, 0))  # what is left of a band joins the last whole one
    present = np.unique(band)
    means = np.stack([seen[:, band == i].mean(axis=1) for i in present], axis=1)
    ratio = np.array([told[band == i].mean() for i in present]) / means.mean(axis=0)
    n = len(seen)
    spread = np.std(means, axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(ratio), np.nan)
    return SpectralRatio(
        low=f[0] * 2.0 ** (present / per_octave),
        high=np.append(f[0] * 2.0 ** ((present[:-1] + 1) / per_octave), f[-1]),
        ratio=ratio,
        error=ratio * spread / means.mean(axis=0),
    )
