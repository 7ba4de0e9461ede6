"""Spikes and fields: the field around a spike, coherence of both, phases at which spikes fall.

Sample k of a field stands at ``start + k step``, on the clock of the spikes. A spike belongs to
the last sample not after it. Populations stand in the order of the spikes.
"""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import finite, reals
from cortex.spikes import Spikes
from cortex.typing import ComplexArray, FloatArray, IntArray
from cortex.units import GRID_TOLERANCE, whole_steps


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriggeredField:
    """Mean field around the spikes of each population.

    Parameters
    ----------
    lag : ndarray of shape (n_lags,)
        Time after the spike's sample, s.
    mean : ndarray of shape (n_lags, n_channels, n_pops)
        In the unit of the field; nan for a population without spikes.
    chance : ndarray of shape (n_channels, n_pops)
        Half width around the mean of the field of what 95 % of shifts in time beyond the window
        show; nan where fewer samples than those of the window are left.
    n_spikes : ndarray of int, shape (n_pops,)
        Spikes whose whole window lies in the field.
    """

    lag: FloatArray
    mean: FloatArray
    chance: FloatArray
    n_spikes: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coherence:
    """Magnitude-squared coherence of population spike counts and a field.

    Parameters
    ----------
    frequency : ndarray of shape (n_freqs,)
        Hz.
    value : ndarray of shape (n_freqs, n_channels, n_pops)
        From 0 to 1; about one over the number of segments without any relation.
    chance : float
        What 95 % of the values stay below without any relation.
    """

    frequency: FloatArray
    value: FloatArray
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhaseLocking:
    """Phases of a field at the spikes of each population.

    Parameters
    ----------
    strength : ndarray of shape (n_channels, n_pops)
        Length of the mean phasor: 1 if all spikes share a phase, about 1/sqrt(n) without any.
    phase : ndarray of shape (n_channels, n_pops)
        Its angle, rad; 0 at the peaks of the field.
    consistency : ndarray of shape (n_channels, n_pops)
        Pairwise phase consistency: the same without the bias of few spikes.
    n_spikes : ndarray of int, shape (n_pops,)
        Spikes within the field.
    """

    strength: FloatArray
    phase: FloatArray
    consistency: FloatArray
    n_spikes: IntArray


def spike_triggered_field(
    spikes: Spikes,
    field: FloatArray,
    *,
    step: float,
    window: tuple[float, float],
    start: float = 0.0,
) -> TriggeredField:
    """Return the mean field around the spikes of each population.

    Parameters
    ----------
    spikes : Spikes
        Spikes, on a grid or off it.
    field : ndarray of shape (n_times,) or (n_times, n_channels)
        Any unit.
    step, start : float
        Time between samples, and of the first, s.
    window : (float, float)
        First and last time around a spike, s, multiples of `step`; the last is left out.

    Raises
    ------
    ParameterError
        A window that is no multiple of the step, or longer than the field.

    Notes
    -----
    As `elephant.sta.spike_triggered_average`. Computed as a correlation of counts and field. The
    chance level takes field and spikes shifted in a circle, 1.96 standard deviations over all
    shifts beyond the window: it holds where their relation ends within the window.

    References
    ----------
    Definition.

    Examples
    --------
    >>> t = np.arange(0.0, 1.0, 1e-3)
    >>> spikes = Spikes.of_trains({"E": [[0.2, 0.4, 0.6]]}, stop=1.0)
    >>> field = np.cos(2 * np.pi * 5.0 * t)
    >>> found = spike_triggered_field(spikes, field, step=1e-3, window=(-0.05, 0.05))
    >>> found.mean[50].round(3).ravel().tolist()
    [1.0]
    """
    from scipy.signal import correlate  # noqa: PLC0415  # slow to import, few callers need it

    field = _channels(field)
    low, high = (int(np.rint(edge / step)) for edge in window)
    for edge in window:
        whole_steps("window", abs(edge), step)
    if not low < high <= low + len(field):
        msg = f"window {window} s does not fit a field of {len(field) * step:g} s"
        raise ParameterError(msg)
    sample, population = _samples(spikes, len(field), step, start)
    whole = (sample + low >= 0) & (sample + high <= len(field))
    counts = _counts(sample[whole], population[whole], len(field), len(spikes.sizes))
    n_spikes = counts.sum(axis=0).astype(np.int64)
    chance = _by_shifts(field, counts, max(-low, 0), max(high, 0))
    padded = np.pad(field - field.mean(axis=0), ((max(-low, 0), max(high, 0)), (0, 0)))
    offset = low + max(-low, 0)
    total = np.empty((high - low, field.shape[1], len(spikes.sizes)))
    for e, p in np.ndindex(*total.shape[1:]):
        swept = correlate(padded[:, e], counts[:, p], mode="valid", method="fft")
        total[:, e, p] = swept[offset : offset + high - low]
    with np.errstate(invalid="ignore"):
        mean = total / np.where(n_spikes > 0, n_spikes, np.nan) + field.mean(axis=0)[:, None]
    lag = step * np.arange(low, high, dtype=np.float64)
    return TriggeredField(lag=lag, mean=mean, chance=chance, n_spikes=n_spikes)


def spike_field_coherence(
    spikes: Spikes, field: FloatArray, *, step: float, start: float = 0.0, segment: float = 0.512
) -> Coherence:
    """Return the coherence of the spike counts of each population and a field.

    Parameters
    ----------
    spikes, field, step, start
        See `spike_triggered_field`.
    segment : float
        Length of the half-overlapping Hann windows, s.

    Raises
    ------
    ParameterError
        Segments that do not fit at least twice.

    Notes
    -----
    Welch's method, as `elephant.sta.spike_field_coherence`. Without a relation a value stays below
    1 - 0.05^(1/(L - 1)) with 95 % (Halliday et al. 1995, Prog. Biophys. Mol. Biol. 64:237), where
    half-overlapping Hann windows count as L = K / (1 + 2 (1/6)^2 (K - 1)/K) of K (Welch 1967).

    Examples
    --------
    >>> t = np.arange(0.0, 4.0, 1e-3)
    >>> spikes = Spikes.of_trains({"E": [np.arange(0.1, 3.9, 0.1)]}, stop=4.0)
    >>> field = np.cos(2 * np.pi * 10.0 * t)
    >>> found = spike_field_coherence(spikes, field, step=1e-3, segment=0.5)
    >>> round(float(found.value.max()), 2)
    1.0
    """
    from scipy.signal import coherence  # noqa: PLC0415  # slow to import, few callers need it

    field = _channels(field)
    n = round(segment / step)
    if not 8 <= n <= len(field) // 2:
        msg = f"segments of {segment:g} s do not fit twice in a field of {len(field) * step:g} s"
        raise ParameterError(msg)
    sample, population = _samples(spikes, len(field), step, start)
    counts = _counts(sample, population, len(field), len(spikes.sizes))
    with np.errstate(invalid="ignore", divide="ignore"):
        frequency, value = coherence(
            counts[:, None, :], field[:, :, None], fs=1.0 / step, nperseg=n, axis=0
        )
    k = (len(field) - n) // (n - n // 2) + 1
    independent = k / (1.0 + 2.0 / 36.0 * (k - 1) / k)
    chance = 1.0 - 0.05 ** (1.0 / (independent - 1.0))
    return Coherence(frequency=frequency, value=value, chance=chance)


def analytic_signal(
    field: FloatArray, *, step: float, band: tuple[float, float], order: int = 3
) -> ComplexArray:
    """Return a field's analytic signal in a band, without a shift of phase.

    Parameters
    ----------
    field : ndarray of shape (n_times,) or (n_times, n_channels)
        Any unit.
    step : float
        Time between samples, s.
    band : (float, float)
        Edges, Hz.
    order : int
        Of the Butterworth filter, which runs forward and backward.

    Returns
    -------
    ndarray of complex, shape (n_times, n_channels)
        Amplitude, in the unit of the field, and phase; cycles next to the ends are transients.

    References
    ----------
    Definition, by the Hilbert transform.

    Examples
    --------
    >>> t = np.arange(0.0, 1.0, 1e-3)
    >>> found = analytic_signal(np.cos(2 * np.pi * 10.0 * t), step=1e-3, band=(5.0, 20.0))
    >>> abs(found[500]).round(2).tolist()
    [1.0]
    """
    from scipy.signal import butter, hilbert, sosfiltfilt  # noqa: PLC0415  # slow to import

    if not 0.0 < band[0] < band[1] < 0.5 / step:
        msg = f"band {band} Hz must be ascending between 0 and {0.5 / step:g} Hz"
        raise ParameterError(msg)
    filters = butter(order, band, btype="bandpass", fs=1.0 / step, output="sos")
    signal: ComplexArray = hilbert(sosfiltfilt(filters, _channels(field), axis=0), axis=0)
    return signal


def phase_locking(
    spikes: Spikes, analytic: ComplexArray, *, step: float, start: float = 0.0
) -> PhaseLocking:
    """Return how the spikes of each population lock to the phase of a field.

    Parameters
    ----------
    spikes : Spikes
        Spikes, on a grid or off it.
    analytic : ndarray of complex, shape (n_times, n_channels)
        From `analytic_signal`; its amplitude, of any unit, is not used.
    step, start : float
        Time between samples, and of the first, s.

    Notes
    -----
    Phases are interpolated on the circle between samples, as by
    `elephant.phase_analysis.spike_triggered_phase`. Pairwise phase consistency: Vinck et al.
    (2010), NeuroImage 51:112.

    Examples
    --------
    >>> t = np.arange(0.0, 1.0, 1e-3)
    >>> spikes = Spikes.of_trains({"E": [[0.2, 0.4, 0.6]]}, stop=1.0)
    >>> wave = np.exp(2j * np.pi * 5.0 * t)[:, None]
    >>> phase_locking(spikes, wave, step=1e-3).strength.round(6).tolist()
    [[1.0]]
    """
    analytic = finite("analytic", analytic, 2)
    finite("step", step, 0), finite("start", start, 0)
    position = (spikes.times - start) / step
    sample, population = _samples(spikes, len(analytic), step, start)
    inside = sample >= 0
    weight = np.clip(position[inside] - sample[inside], 0.0, 1.0)[:, None]
    before, after = sample[inside], np.minimum(sample[inside] + 1, len(analytic) - 1)
    unit = np.exp(1j * np.angle(analytic))
    phasor = (1.0 - weight) * unit[before] + weight * unit[after]
    phasor /= np.abs(phasor)
    n_pops = len(spikes.sizes)
    total = np.zeros((analytic.shape[1], n_pops), dtype=complex)
    for p in range(n_pops):
        total[:, p] = phasor[population[inside] == p].sum(axis=0)
    n = np.bincount(population[inside], minlength=n_pops)
    with np.errstate(invalid="ignore", divide="ignore"):
        consistency = (np.abs(total) ** 2 - n) / (n * (n - 1.0))
        strength = np.abs(total) / n
    phase = np.where(n > 0, np.angle(total), np.nan)
    return PhaseLocking(strength=strength, phase=phase, consistency=consistency, n_spikes=n)


def _by_shifts(field: FloatArray, counts: FloatArray, before: int, after: int) -> FloatArray:
    """Return 1.96 standard deviations of triggered means at circular shifts beyond a window."""
    kept = slice(after, len(field) - before)
    chance = np.full((field.shape[1], counts.shape[1]), np.nan)
    if len(field) - before - after < before + after:
        return chance
    moving = np.fft.rfft(field - field.mean(axis=0), axis=0)
    for p, n in enumerate(counts.sum(axis=0)):
        if n > 0:
            shifted = np.conj(np.fft.rfft(counts[:, p]))[:, None] * moving
            chance[:, p] = 1.96 / n * np.fft.irfft(shifted, len(field), axis=0)[kept].std(axis=0)
    return chance


def _channels(field: FloatArray) -> FloatArray:
    values = reals("field", field)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or not np.all(np.isfinite(values)):
        msg = f"a field of shape {values.shape} must be (n_times, n_channels), all finite"
        raise ParameterError(msg)
    return values


def _samples(
    spikes: Spikes, n_samples: int, step: float, start: float
) -> tuple[IntArray, IntArray]:
    """Return sample (-1 outside of the field) and population of each spike."""
    sample = np.floor((spikes.times - start) / step + GRID_TOLERANCE).astype(np.int64)
    sample[(sample < 0) | (sample >= n_samples)] = -1
    population = np.searchsorted(spikes.first, spikes.neurons, side="right") - 1
    return sample, population


def _counts(sample: IntArray, population: IntArray, n_samples: int, n_pops: int) -> FloatArray:
    inside = sample >= 0
    flat = sample[inside] * n_pops + population[inside]
    counts = np.bincount(flat, minlength=n_samples * n_pops).reshape(n_samples, n_pops)
    return counts.astype(np.float64)
