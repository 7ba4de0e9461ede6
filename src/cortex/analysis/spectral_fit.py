"""Spectra of fields as a power law 1/f^x and peaks above it."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final

import numpy as np

from cortex.errors import ConvergenceError, ParameterError
from cortex.installation import need
from cortex.params.arrays import finite, reals
from cortex.typing import BoolArray, FloatArray

METHODS: Final = ("line", "specparam")


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
    method: str = "line",
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
    method : {"line", "specparam"}
        A line through what stays below the peaks, or specparam's line and Gaussians (the extra
        ``spectra``); only there heights and widths are those of Gaussians.

    Raises
    ------
    ParameterError
        Fewer than eight frequencies in the band, power that is not positive, no such method.
    InstallationError
        specparam is asked for and not installed.
    ConvergenceError
        The peaks cannot be told from the power law.

    Notes
    -----
    A straight line through log power over log frequency, fitted by least squares to the points
    that do not rise above it by more than 2.5 robust standard deviations, until they stay the
    same. Peaks are maxima of what is left; a knee of the power law counts as none. specparam
    (Donoghue et al. 2020, Nat. Neurosci. 23:1655) takes Gaussians away one by one instead.

    Examples
    --------
    >>> f = np.arange(1.0, 200.0)
    >>> fit = fit_spectrum(f, 1e-3 / f**2 * (1 + 20 * np.exp(-0.5 * ((f - 40) / 3) ** 2)))
    >>> round(fit.exponent, 2), fit.peaks[0].frequency
    (2.0, 40.0)
    """
    frequency, density = finite("frequency", frequency, 1), reals("density", density)
    if frequency.shape != density.shape:
        msg = f"density {density.shape} needs one value at each frequency {frequency.shape}"
        raise ParameterError(msg)
    inside = (frequency >= band[0]) & (frequency <= band[1]) & (frequency > 0.0)
    f, power = frequency[inside], density[inside]
    if len(f) < 8 or not np.all((power > 0.0) & (power < np.inf)):
        msg = (
            f"{len(f)} frequencies in {band} Hz with power from {power.min(initial=np.inf):g} on; "
            "needs eight frequencies, and power above zero"
        )
        raise ParameterError(msg)
    if method not in METHODS:
        msg = f"method = {method!r} is none of {', '.join(METHODS)}"
        raise ParameterError(msg)
    if method == "specparam":
        offset, exponent, peaks = _by_specparam(f, power, least_height)
    else:
        offset, exponent = _power_law(np.log10(f), np.log10(power), max_iterations)
        peaks = _maxima(f, np.log10(power) - offset + exponent * np.log10(f), least_height)
    rest = np.log10(power) - offset + exponent * np.log10(f)
    peaks.sort(key=lambda peak: -peak.height)
    return SpectralFit(offset=offset, exponent=exponent, peaks=tuple(peaks), rest=rest, frequency=f)


def _maxima(f: FloatArray, rest: FloatArray, least_height: float) -> list[SpectralPeak]:
    from scipy.signal import find_peaks, peak_widths  # noqa: PLC0415  # slow to import

    places, _ = find_peaks(rest, prominence=least_height, height=least_height)
    widths = peak_widths(rest, places, rel_height=0.5)[0] * np.mean(np.diff(f))
    return [
        SpectralPeak(frequency=float(f[k]), height=float(rest[k]), width=float(width))
        for k, width in zip(places, widths, strict=True)
    ]


def _by_specparam(
    f: FloatArray, power: FloatArray, least_height: float
) -> tuple[float, float, list[SpectralPeak]]:
    """Return offset, exponent and Gaussians that specparam finds."""
    need(["spectra"], "fit_spectrum(method='specparam')")
    apart = float(np.mean(np.diff(f)))  # Gaussians of fewer than two points would fit the noise
    model = import_module("specparam").SpectralModel(
        peak_width_limits=(2.0 * apart, max(12.0, 4.0 * apart)),
        min_peak_height=least_height,
        verbose=False,
    )
    model.fit(f, power)
    offset, exponent = map(float, model.get_params("aperiodic"))
    found = np.asarray(model.get_params("peak"), dtype=np.float64).reshape(-1, 3)
    half = np.sqrt(2.0 * np.log(2.0))  # its bandwidth is two standard deviations
    peaks = [
        SpectralPeak(frequency=float(centre), height=float(height), width=float(half * width))
        for centre, height, width in found[np.isfinite(found).all(axis=1)]
    ]
    return offset, exponent, peaks


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
