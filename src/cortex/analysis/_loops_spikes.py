"""Compiled spike-train statistics: one pass over spikes in time order, no sorting."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray


@njit(cache=True, nogil=True)
def interval_sums(clock: AnyArray, neurons: AnyArray, n_neurons: int) -> AnyArray:
    """Sum intervals, their squares and the local variations CV2 and LV, per neuron.

    Returns an array of shape (6, n_neurons): number of intervals, their sum and sum of
    squares in the unit of the clock (whole steps or s), number of neighbouring pairs, sum of
    2 |a - b| / (a + b) and of 3 (a - b)^2 / (a + b)^2.
    """
    # whole steps are exact in doubles: one loop serves grids and free times
    last = np.full(n_neurons, -np.inf, dtype=np.float64)
    before = np.zeros(n_neurons, dtype=np.float64)
    sums = np.zeros((6, n_neurons), dtype=np.float64)
    for i in range(clock.size):
        n, now = neurons[i], np.float64(clock[i])
        if last[n] > -np.inf:
            interval = now - last[n]
            sums[0, n] += 1.0
            sums[1, n] += interval
            sums[2, n] += interval * interval
            if before[n] > 0:
                sums[3, n] += 1.0
                sums[4, n] += 2.0 * abs(interval - before[n]) / (interval + before[n])
                sums[5, n] += 3.0 * ((interval - before[n]) / (interval + before[n])) ** 2
            before[n] = interval
        last[n] = now
    return sums


@njit(cache=True, nogil=True)
def count_in_bins(bins: AnyArray, neurons: AnyArray, first: AnyArray, n_bins: int) -> AnyArray:
    """Count the spikes of populations (neurons first[p]:first[p+1]) in each bin."""
    n_pops = first.size - 1
    counts = np.zeros((n_bins, n_pops), dtype=np.int64)
    for i in range(bins.size):
        for p in range(n_pops):
            if first[p] <= neurons[i] < first[p + 1]:
                counts[bins[i], p] += 1
    return counts


@njit(cache=True, nogil=True)
def count_moments(bins: AnyArray, neurons: AnyArray, n_neurons: int) -> AnyArray:
    """Sum the counts in bins and their squares for each neuron, shape (2, n_neurons)."""
    last = np.full(n_neurons, -1, dtype=np.int64)
    count = np.zeros(n_neurons, dtype=np.int64)
    sums = np.zeros((2, n_neurons), dtype=np.float64)
    for i in range(bins.size):
        b, n = bins[i], neurons[i]
        if b == last[n]:
            # (c + 1)**2 - c**2: the square grows with each spike of the bin
            sums[1, n] += 2.0 * count[n] + 1.0
            count[n] += 1
        else:
            last[n], count[n] = b, 1
            sums[1, n] += 1.0
        sums[0, n] += 1.0
    return sums


@njit(cache=True, nogil=True)
def weighted_bin_sums(
    bins: AnyArray, neurons: AnyArray, weights: AnyArray, n_bins: int
) -> AnyArray:
    """Sum the weight of each spike's neuron over all spikes of a bin, shape (n_bins,)."""
    sums = np.zeros(n_bins, dtype=np.float64)
    for i in range(bins.size):
        sums[bins[i]] += weights[neurons[i]]
    return sums
