"""Statistics of populations: rate in bins, spectrum, correlation, synchrony."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import finite
from cortex.spikes import Spikes
from cortex.typing import FloatArray, IntArray


def population_counts(spikes: Spikes, width: float) -> IntArray:
    """Return the spikes of each population in bins of `width` s, shape (n_bins, n_pops).

    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04], [0.03]]}, stop=0.1)
    >>> population_counts(spikes, 0.05).tolist()
    [[4], [0]]
    """
    from cortex.analysis._loops_spikes import count_in_bins  # noqa: PLC0415  # numba is slow to import

    binned = spikes.binned(width)
    counts: IntArray = count_in_bins(binned.steps, binned.neurons, spikes.first, binned.n_steps)
    return counts


def population_rate(spikes: Spikes, width: float) -> FloatArray:
    """Return the rate per neuron of each population in bins, shape (n_bins, n_pops), Hz.

    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04], [0.03]]}, stop=0.1)
    >>> population_rate(spikes, 0.05).tolist()
    [[40.0], [0.0]]
    """
    rates: FloatArray = population_counts(spikes, width) / (spikes.sizes * width)
    return rates


def network_rate(spikes: Spikes, width: float) -> FloatArray:
    """Return the rate per neuron of all populations together, shape (n_bins,), Hz.

    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.02, 0.04], [0.03]]}, stop=0.1)
    >>> network_rate(spikes, 0.05).tolist()
    [40.0, 0.0]
    """
    n: float = float(spikes.sizes.sum())
    rate: FloatArray = population_counts(spikes, width).sum(axis=1) / (n * width)
    return rate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RateSpectrum:
    """One-sided power spectral density of a rate.

    Parameters
    ----------
    frequency : ndarray, shape (n_freqs,)
        Hz, from zero.
    density : ndarray, shape (n_freqs, ...)
        Hz^2/Hz. One-sided: twice the two-sided density of the theory, so that its sum
        times the frequency step is the variance.
    """

    frequency: FloatArray
    density: FloatArray

    def peak(self, lowest: float = 4.0) -> float:
        """Return the frequency of the largest value at or above `lowest`, Hz."""
        return float(self.frequency[self._above(lowest)][np.argmax(self._values(lowest))])

    def centroid(self, lowest: float = 4.0, half_width: float = 15.0) -> float:
        """Return the power-weighted mean frequency within `half_width` of the peak, Hz."""
        near = np.abs(self.frequency - self.peak(lowest)) <= half_width
        near &= self._above(lowest)
        return float(np.average(self.frequency[near], weights=self.density[near]))

    def peak_over_mean(self, lowest: float = 4.0) -> float:
        """Return the largest value over the mean above `lowest`: about 1 without a peak."""
        values = self._values(lowest)
        return float(values.max() / values.mean())

    def _above(self, lowest: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        return self.frequency >= lowest

    def _values(self, lowest: float) -> FloatArray:
        if self.density.ndim != 1:
            msg = "peaks are defined for one rate; take one column of the density"
            raise ParameterError(msg)
        return self.density[self._above(lowest)]


def rate_spectrum(rate: FloatArray, dt: float, *, segment: float = 0.512) -> RateSpectrum:
    """Return Welch's estimate of the spectrum of a rate sampled every `dt`.

    Parameters
    ----------
    rate : ndarray, shape (n_times,) or (n_times, n_pops)
        Rate in bins of `dt`, Hz.
    dt : float
        Bin width, s.
    segment : float
        Length of the Hann windows, s, half overlapping; its inverse is the resolution.

    Returns
    -------
    RateSpectrum
        One-sided density, mean of each segment removed.

    References
    ----------
    Welch (1967), IEEE Trans. Audio Electroacoust. 15:70.

    Examples
    --------
    >>> t = np.arange(4096) * 1e-3
    >>> rate_spectrum(10 + np.sin(2 * np.pi * 50 * t), 1e-3).peak()
    50.78125
    """
    from scipy.signal import welch  # noqa: PLC0415  # slow to import, and few callers need it

    rate = finite("rate", rate)
    n = round(float(finite("segment", segment, 0)) / float(finite("dt", dt, 0)))
    if rate.ndim not in {1, 2}:
        msg = f"rate has shape {rate.shape}, needs (n_times,) or (n_times, n_pops)"
        raise ParameterError(msg)
    if not 8 <= n <= rate.shape[0]:
        msg = (
            f"segments of {segment:g} s ({n} bins) do not fit a rate of {rate.shape[0]} bins of "
            f"{dt:g} s; record longer or shorten the segment"
        )
        raise ParameterError(msg)
    frequency, density = welch(rate, fs=1.0 / dt, nperseg=n, noverlap=n // 2, axis=0)
    return RateSpectrum(frequency=frequency, density=density)


def count_correlation(spikes: Spikes, width: float = 5e-3) -> float:
    """Return the mean Pearson correlation of spike counts over all pairs of neurons.

    Parameters
    ----------
    spikes : Spikes
        Spikes in time order.
    width : float
        Bin width of the counts, s.

    Notes
    -----
    With z-scored counts z_i of n neurons whose counts vary, the mean over pairs is
    (var(sum_i z_i) / n - 1) / (n - 1): linear in neurons, no pair is formed. Neurons
    without variance are left out; nan when fewer than two remain.
    """
    from cortex.analysis._loops_spikes import count_moments, weighted_bin_sums  # noqa: PLC0415  # numba is slow to import

    binned = spikes.binned(width)
    n_bins = binned.n_steps
    total, squares = count_moments(binned.steps, binned.neurons, spikes.n_neurons)
    variance = np.maximum(squares / n_bins - (total / n_bins) ** 2, 0.0)
    varies = variance > 1e-12
    n = int(varies.sum())
    if n < 2:
        return float("nan")
    inverse = np.zeros(variance.size)
    inverse[varies] = 1.0 / np.sqrt(variance[varies])
    summed = weighted_bin_sums(binned.steps, binned.neurons, inverse, n_bins)
    return float((np.var(summed) / n - 1.0) / (n - 1.0))


def population_fano(spikes: Spikes, width: float = 1e-3) -> float:
    """Return variance over mean of the population count: 1 for independent Poisson trains."""
    counts = population_counts(spikes, width).sum(axis=1)
    return float(np.var(counts) / np.mean(counts)) if counts.any() else float("nan")


def rate_variation(spikes: Spikes, width: float = 5e-4) -> float:
    """Return standard deviation over mean of the population rate in bins of `width` s."""
    rate = network_rate(spikes, width)
    return float(np.std(rate) / np.mean(rate)) if rate.any() else float("nan")
