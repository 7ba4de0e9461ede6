"""Correlations of spike counts: all pairs, their mean with its confidence, population coupling."""

from dataclasses import dataclass

import numpy as np

from cortex.analysis._loops_pairs import (
    block_moments,
    correlate_pairs,
    entries_of_bins,
    entries_of_neurons,
    own_smoothed_rate,
)
from cortex.analysis._loops_spikes import count_moments, weighted_bin_sums
from cortex.analysis.population import count_correlation
from cortex.errors import ParameterError
from cortex.spikes import Spikes
from cortex.typing import FloatArray, IntArray

OKUN_WIDTH = 12e-3 / 2**0.5  # s, standard deviation of the Gaussian of Okun et al. (2015)
NO_MATRIX = np.zeros((0, 0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairCorrelations:
    """Correlations of spike counts over all pairs of neurons whose counts vary.

    Parameters
    ----------
    mean, sd : float
        Over pairs; nan without a pair.
    n_pairs : int
        Number of pairs.
    edges, counts : ndarray
        Histogram, of shapes (n + 1,) and (n,); empty when not asked for.
    """

    mean: float
    sd: float
    n_pairs: int
    edges: FloatArray
    counts: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate and the ends of its confidence interval."""

    value: float
    low: float
    high: float


def pair_correlations(
    spikes: Spikes, width: float = 5e-3, *, edges: FloatArray | None = None
) -> PairCorrelations:
    """Return mean and distribution of the count correlations over all pairs of neurons.

    Parameters
    ----------
    spikes : Spikes
        Spikes, on a grid or off it.
    width : float
        Bin width of the counts, s.
    edges : ndarray of shape (n_bins + 1,), optional
        Evenly spaced edges of a histogram, dimensionless; what lies outside goes to the bins at
        the ends.

    Raises
    ------
    ParameterError
        Bins longer than the recording, edges that are not evenly spaced and ascending.

    Notes
    -----
    Pearson's correlation (ddof 0), as `elephant.spike_train_correlation.correlation_coefficient`.
    Takes (neurons that share a bin)^2 x bins steps: 10,000 neurons at 5 Hz over 60 s take a few
    seconds on one core. The mean alone is cheaper: `cortex.analysis.count_correlation`.

    References
    ----------
    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.03], [0.01, 0.03], [0.02]]}, stop=0.04)
    >>> round(pair_correlations(spikes, 0.01).mean, 3)
    -0.052
    """
    edges = np.zeros(0) if edges is None else np.asarray(edges, dtype=np.float64)
    even = edges.size < 2 or (edges[1] > edges[0] and np.ptp(np.diff(edges)) < 1e-9)
    if edges.size == 1 or not even:
        msg = f"edges of a histogram must be evenly spaced and ascending, got {edges}"
        raise ParameterError(msg)
    sums, counts = _correlate(spikes, width, edges, NO_MATRIX)
    n, total, squares = sums.tolist()
    mean = total / n if n else float("nan")
    sd = float(np.sqrt(max(squares / n - mean**2, 0.0))) if n else float("nan")
    return PairCorrelations(mean=mean, sd=sd, n_pairs=int(n), edges=edges, counts=counts)


def correlation_matrix(spikes: Spikes, width: float = 5e-3) -> FloatArray:
    """Return the count correlation of every pair, shape (n_neurons, n_neurons), dimensionless.

    One on the diagonal; nan in rows and columns of neurons whose counts do not vary. See
    `pair_correlations`, which needs no matrix.

    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.01, 0.03], [0.01, 0.03], [0.02]]}, stop=0.04)
    >>> correlation_matrix(spikes, 0.01).round(3).tolist()
    [[1.0, 1.0, -0.577], [1.0, 1.0, -0.577], [-0.577, -0.577, 1.0]]
    """
    matrix = np.full((spikes.n_neurons, spikes.n_neurons), np.nan)
    _correlate(spikes, width, np.zeros(0), matrix)
    varies = spikes_vary(spikes, width)
    matrix[varies, varies] = 1.0
    return matrix


def spikes_vary(spikes: Spikes, width: float) -> IntArray:
    """Return the neurons whose counts in bins of `width` s are not always the same."""
    binned = spikes.binned(width)
    total, squares = count_moments(binned.steps, binned.neurons, spikes.n_neurons)
    return np.flatnonzero(_variance(total, squares, binned.n_steps) > 1e-12)


def correlation_interval(
    spikes: Spikes, width: float = 5e-3, *, n_blocks: int = 20, level: float = 0.95
) -> Interval:
    """Return the mean count correlation with a confidence interval over time.

    Parameters
    ----------
    spikes : Spikes
        Spikes, on a grid or off it.
    width : float
        Bin width of the counts, s.
    n_blocks : int
        Blocks of time, each left out once; they should outlast the memory of the network.
    level : float
        Confidence of the interval.

    Notes
    -----
    Pairs share neurons, so their spread tells little of the error of their mean. Blocks of time
    are independent: delete-one jackknife (Efron & Tibshirani 1993, eq. 11.5), with Student's t.
    """
    from scipy.stats import t  # noqa: PLC0415  # slow to import, and few callers need it

    binned = spikes.binned(width)
    per_block = binned.n_steps // n_blocks
    if n_blocks < 2 or per_block < 2:
        msg = f"{n_blocks} blocks of {binned.n_steps} bins: needs two blocks of two bins at least"
        raise ParameterError(msg)
    left_out = _leave_one_out(binned, per_block, n_blocks)
    value = count_correlation(spikes, width)
    error = np.sqrt((n_blocks - 1) / n_blocks * np.sum((left_out - left_out.mean()) ** 2))
    reach = float(t.ppf(0.5 + 0.5 * level, n_blocks - 1) * error)
    return Interval(value=value, low=value - reach, high=value + reach)


def population_coupling(
    spikes: Spikes, *, width: float = 1e-3, smoothing: float = OKUN_WIDTH
) -> FloatArray:
    """Return how much more the others fire when a neuron does, shape (n_neurons,), Hz.

    The spike-triggered population rate at lag zero: the summed rate of all other neurons,
    smoothed by a Gaussian, at the spikes of a neuron, less the mean of that over the recording.

    Parameters
    ----------
    spikes : Spikes
        Spikes, on a grid or off it.
    width : float
        Bin of time, s.
    smoothing : float
        Standard deviation of the Gaussian, s.

    Returns
    -------
    ndarray, shape (n_neurons,)
        Hz, summed over the others; nan for silent neurons.

    Notes
    -----
    Okun et al. (2015), Nature 521:511. Rates count as zero outside the recording, in the mean
    too: what falls off at the ends of a recording is no coupling.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.1], [0.1, 0.5], [0.9]]}, stop=1.0)
    >>> population_coupling(spikes).round().tolist()
    [44.0, 22.0, -3.0]
    """
    from scipy.ndimage import correlate1d  # noqa: PLC0415  # slow to import, few callers need it

    binned = spikes.binned(width)
    if not smoothing > 0.0:
        msg = f"smoothing = {smoothing} s must be positive"
        raise ParameterError(msg)
    reach = int(np.ceil(5.0 * smoothing / width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * width / smoothing) ** 2)
    kernel /= kernel.sum() * width
    total = np.bincount(binned.steps, minlength=binned.n_steps).astype(np.float64)
    smooth = correlate1d(total, kernel, mode="constant")
    n_own = np.bincount(binned.neurons, minlength=spikes.n_neurons)
    seen = np.bincount(binned.neurons, weights=smooth[binned.steps], minlength=spikes.n_neurons)
    first, own = entries_of_neurons(binned.neurons, spikes.n_neurons)
    seen -= own_smoothed_rate(binned.steps, first, own, kernel[reach:])
    # what of each spike's kernel falls into the recording: the mean of the smoothed rate
    held = correlate1d(np.ones(binned.n_steps), kernel, mode="constant")[binned.steps]
    own_held = np.bincount(binned.neurons, weights=held, minlength=spikes.n_neurons)
    with np.errstate(invalid="ignore", divide="ignore"):
        coupling: FloatArray = seen / n_own - (held.sum() - own_held) / binned.n_steps
    return coupling


def _variance(total: FloatArray, squares: FloatArray, n_bins: int) -> FloatArray:
    variance: FloatArray = np.maximum(squares / n_bins - (total / n_bins) ** 2, 0.0)
    return variance


def _inverse_sd(total: FloatArray, squares: FloatArray, n_bins: int) -> FloatArray:
    """Return one over the standard deviation of the counts, zero where they do not vary."""
    variance = _variance(total, squares, n_bins)
    varies = variance > 1e-12
    return np.where(varies, 1.0 / np.sqrt(np.where(varies, variance, 1.0)), 0.0)


def _correlate(
    spikes: Spikes, width: float, edges: FloatArray, matrix: FloatArray
) -> tuple[FloatArray, IntArray]:
    binned, n = spikes.binned(width), spikes.n_neurons
    total, squares = count_moments(binned.steps, binned.neurons, n)
    inverse_sd = _inverse_sd(total, squares, binned.n_steps)
    entries = entries_of_bins(binned.steps, binned.neurons, n, binned.n_steps)
    sums, counts = correlate_pairs(*entries, total / binned.n_steps, inverse_sd, edges, matrix)
    return sums, counts


def _leave_one_out(binned: Spikes, per_block: int, n_blocks: int) -> FloatArray:
    """Return the mean correlation without each block; bins behind the last block are left out."""
    n_bins = per_block * n_blocks
    kept = slice(0, int(np.searchsorted(binned.steps, n_bins)))
    steps, neurons = binned.steps[kept], binned.neurons[kept]
    moments = block_moments(steps, neurons, binned.n_neurons, per_block, n_blocks)
    rest = moments.sum(axis=1)[:, None] - moments
    n_rest, found = n_bins - per_block, []
    for block, (total, squares) in enumerate(rest.transpose(1, 0, 2)):
        inverse_sd = _inverse_sd(total, squares, n_rest)
        n = np.count_nonzero(inverse_sd)
        summed = weighted_bin_sums(steps, neurons, inverse_sd, n_bins)
        others = np.delete(summed, slice(block * per_block, (block + 1) * per_block))
        found.append((np.var(others) / n - 1.0) / (n - 1.0) if n > 1 else np.nan)
    return np.array(found)
