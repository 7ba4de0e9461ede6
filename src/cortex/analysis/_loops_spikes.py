"""Compiled spike-train statistics: one pass over spikes in time order, no sorting."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray


@njit(cache=True, nogil=True)
def interval_sums(steps: AnyArray, neurons: AnyArray, n_neurons: int) -> AnyArray:
    """Sum intervals, their squares and the local variation of CV2, per neuron.

    Returns an array of shape (5, n_neurons): number of intervals, their sum and sum of
    squares in steps, number of neighbouring pairs, sum of 2 |a - b| / (a + b).
    """
    last = np.full(n_neurons, -1, dtype=np.int64)
    before = np.zeros(n_neurons, dtype=np.int64)
    sums = np.zeros((5, n_neurons), dtype=np.float64)
    for i in range(steps.size):
        n, step = neurons[i], np.int64(steps[i])
        if last[n] >= 0:
            interval = step - last[n]
            sums[0, n] += 1.0
            sums[1, n] += interval
            sums[2, n] += float(interval) * float(interval)
            if before[n] > 0:
                sums[3, n] += 1.0
                sums[4, n] += 2.0 * abs(interval - before[n]) / (interval + before[n])
            before[n] = interval
        last[n] = step
    return sums


@njit(cache=True, nogil=True)
def count_in_bins(
    steps: AnyArray, neurons: AnyArray, first: AnyArray, per_bin: int, n_bins: int
) -> AnyArray:
    """Count the spikes of populations (neurons first[p]:first[p+1]) in bins of steps."""
    n_pops = first.size - 1
    counts = np.zeros((n_bins, n_pops), dtype=np.int64)
    for i in range(steps.size):
        b = steps[i] // per_bin
        if b < n_bins:
            for p in range(n_pops):
                if first[p] <= neurons[i] < first[p + 1]:
                    counts[b, p] += 1
    return counts


@njit(cache=True, nogil=True)
def count_moments(
    steps: AnyArray, neurons: AnyArray, n_neurons: int, per_bin: int, n_bins: int
) -> AnyArray:
    """Sum the counts in bins and their squares for each neuron, shape (2, n_neurons)."""
    last = np.full(n_neurons, -1, dtype=np.int64)
    count = np.zeros(n_neurons, dtype=np.int64)
    sums = np.zeros((2, n_neurons), dtype=np.float64)
    for i in range(steps.size):
        b, n = steps[i] // per_bin, neurons[i]
        if b >= n_bins:
            break
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
    steps: AnyArray, neurons: AnyArray, weights: AnyArray, per_bin: int, n_bins: int
) -> AnyArray:
    """Sum the weight of each spike's neuron over all spikes of a bin, shape (n_bins,)."""
    sums = np.zeros(n_bins, dtype=np.float64)
    for i in range(steps.size):
        b = steps[i] // per_bin
        if b >= n_bins:
            break
        sums[b] += weights[neurons[i]]
    return sums
