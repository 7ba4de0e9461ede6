"""Spectra of fields as a power law 1/f^x and peaks above it."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.typing import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralPeak:
    """A peak above the power law.

    Parameters
    ----------
    frequency : float
        Where it is highest, Hz.
    height : float
        Decades of power above the power law.
    width : float
        At half its height in decades, Hz.
    """

    frequency: float
    height: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpectralFit:
    """A power law and the peaks above it.

    Parameters
    ----------
    offset : float
        Decadic logarithm of the power at 1 Hz, in the unit of the density.
    exponent : float
        x of 1/f^x, dimensionless.
    peaks : tuple of SpectralPeak
        From the highest on.
    rest : ndarray of shape (n_freqs,)
        Decades of power above the power law, within the band.
    frequency : ndarray of shape (n_freqs,)
        Frequencies of the band, Hz.
    """

    offset: float
    exponent: float
    peaks: tuple[SpectralPeak, ...]
    rest: FloatArray
    frequency: FloatArray


def fit_spectrum(
    frequency: FloatArray,
    density: FloatArray,
    *,
    band: tuple[float, float] = (2.0, 150.0),
    least_height: float = 0.3,
    max_iterations: int = 100,
) -> SpectralFit:
    """Return the power law under a spectrum, and the peaks above it.

    Parameters
    ----------
    frequency, density : ndarray of shape (n_freqs,)
        Hz, and power density in any unit.
    band : (float, float)
        Frequencies that enter, Hz.
    least_height : float
        Prominence that makes a peak, decades of power.
    max_iterations : int
        Fits tried.

    Raises
    ------
    ParameterError
        Fewer than eight frequencies in the band, power that is not positive.
    ConvergenceError
        The peaks cannot be told from the power law.

    Notes
    -----
    A straight line through log power over log frequency, fitted by least squares to the points
    that do not rise above it by more than 2.5 robust standard deviations, until they stay the
    same. Peaks are found in what is left; a knee of the power law counts as none. Against
    specparam (Donoghue et al. 2020, Nat. Neurosci. 23:1655) the definitions differ: it fits
    Gaussians, ours are maxima of the spectrum itself.

    Examples
    --------
    >>> f = np.arange(1.0, 200.0)
    >>> fit = fit_spectrum(f, 1e-3 / f**2 * (1 + 20 * np.exp(-0.5 * ((f - 40) / 3) ** 2)))
    >>> round(fit.exponent, 2), fit.peaks[0].frequency
    (2.0, 40.0)
    """
    from scipy.signal import find_peaks, peak_widths  # noqa: PLC0415  # slow to import

    inside = (frequency >= band[0]) & (frequency <= band[1]) & (frequency > 0.0)
    f, power = frequency[inside], density[inside]
    if np.ndim(density) != 1 or len(f) < 8 or not np.all(power > 0.0):
        msg = (
            f"{len(f)} frequencies in {band} Hz with power from {power.min(initial=np.inf):g} on; "
            "needs one spectrum, eight frequencies, and power above zero"
        )
        raise ParameterError(msg)
    offset, exponent = _power_law(np.log10(f), np.log10(power), max_iterations)
    rest = np.log10(power) - offset + exponent * np.log10(f)
    places, _ = find_peaks(rest, prominence=least_height, height=least_height)
    widths = peak_widths(rest, places, rel_height=0.5)[0] * np.mean(np.diff(f))
    peaks = [
        SpectralPeak(frequency=float(f[k]), height=float(rest[k]), width=float(width))
        for k, width in zip(places, widths, strict=True)
    ]
    peaks.sort(key=lambda peak: -peak.height)
    return SpectralFit(offset=offset, exponent=exponent, peaks=tuple(peaks), rest=rest, frequency=f)


def _power_law(x: FloatArray, y: FloatArray, max_iterations: int) -> tuple[float, float]:
    """Return offset and exponent of the line under the peaks."""
    kept: BoolArray = np.ones(len(x), dtype=bool)
    for _ in range(max_iterations):
        slope, offset = np.polyfit(x[kept], y[kept], 1)
        rest = y - offset - slope * x
        spread = 1.4826 * np.median(np.abs(rest[kept] - np.median(rest[kept])))
        below = rest <= 2.5 * spread + 1e-9
        if np.array_equal(below, kept):
            return float(offset), -float(slope)
        if np.count_nonzero(below) < 4:
            break
        kept = below
    msg = "no power law: the points under the peaks do not settle; narrow the band"
    raise ConvergenceError(msg)
