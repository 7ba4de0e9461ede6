"""Compiled sums over all pairs of neurons, from the few bins in which a neuron spikes.

A dense product of counts costs (neurons)^2 x bins. Spikes are sparse: for each neuron only the
bins in which it spikes are visited, and there only the neurons that spike too. One row of sums
is kept at a time, so that it stays in the cache and no matrix is needed.
"""

import numpy as np
from numba import njit

from cortex.typing import AnyArray


@njit(cache=True, nogil=True)
def entries_of_bins(
    bins: AnyArray, neurons: AnyArray, n_neurons: int, n_bins: int
) -> tuple[AnyArray, AnyArray, AnyArray, AnyArray]:
    """Return where each bin begins, and bin, neuron and count of every entry, bin by bin."""
    last = np.full(n_neurons, -1, dtype=np.int64)
    place = np.zeros(n_neurons, dtype=np.int64)
    first = np.zeros(n_bins + 1, dtype=np.int64)
    who = np.empty(bins.size, dtype=np.int32)
    when = np.empty(bins.size, dtype=np.int32)
    count = np.empty(bins.size, dtype=np.int64)
    n = 0
    for i in range(bins.size):
        b, j = bins[i], neurons[i]
        if last[j] == b:
            count[place[j]] += 1
        else:
            last[j], place[j] = b, n
            when[n], who[n], count[n] = b, j, 1
            first[b + 1] += 1
            n += 1
    for b in range(n_bins):
        first[b + 1] += first[b]
    return first, when[:n], who[:n], count[:n]


@njit(cache=True, nogil=True)
def entries_of_neurons(who: AnyArray, n_neurons: int) -> tuple[AnyArray, AnyArray]:
    """Return where the entries of each neuron begin in a list, and the list."""
    first = np.zeros(n_neurons + 1, dtype=np.int64)
    for j in who:
        first[j + 1] += 1
    for j in range(n_neurons):
        first[j + 1] += first[j]
    free, order = first[:-1].copy(), np.empty(who.size, dtype=np.int64)
    for entry in range(who.size):
        order[free[who[entry]]] = entry
        free[who[entry]] += 1
    return first, order


@njit(cache=True, nogil=True)
def correlate_pairs(
    first: AnyArray,
    when: AnyArray,
    who: AnyArray,
    count: AnyArray,
    mean: AnyArray,
    inverse_sd: AnyArray,
    edges: AnyArray,
    matrix: AnyArray,
) -> tuple[AnyArray, AnyArray]:
    """Sum Pearson correlations over pairs: number, sum, sum of squares; and their histogram.

    Neurons with `inverse_sd` zero are left out. A `matrix` of shape (n, n) is filled, one of
    shape (0, 0) is not. `edges` are evenly spaced; what lies outside goes to the end bins.
    """
    n, n_bins = mean.size, first.size - 1
    own_first, own = entries_of_neurons(who, n)
    sums, histogram = np.zeros(3), np.zeros(max(edges.size - 1, 0), dtype=np.int64)
    products = np.zeros(n, dtype=np.int64)
    scale = histogram.size / (edges[-1] - edges[0]) if histogram.size else 0.0
    for i in range(n):
        if inverse_sd[i] == 0.0:
            continue
        products[:] = 0
        for k in range(own_first[i], own_first[i + 1]):
            b, c = when[own[k]], count[own[k]]
            for entry in range(first[b], first[b + 1]):
                products[who[entry]] += c * count[entry]
        for j in range(i + 1, n):
            if inverse_sd[j] == 0.0:
                continue
            r = (products[j] / n_bins - mean[i] * mean[j]) * inverse_sd[i] * inverse_sd[j]
            sums[0] += 1.0
            sums[1] += r
            sums[2] += r * r
            if histogram.size:
                place = int((r - edges[0]) * scale)
                histogram[min(max(place, 0), histogram.size - 1)] += 1
            if matrix.size:
                matrix[i, j] = matrix[j, i] = r
    return sums, histogram


@njit(cache=True, nogil=True)
def block_moments(
    bins: AnyArray, neurons: AnyArray, n_neurons: int, per_block: int, n_blocks: int
) -> AnyArray:
    """Sum counts and their squares in blocks of bins, shape (2, n_blocks, n_neurons)."""
    last = np.full(n_neurons, -1, dtype=np.int64)
    count = np.zeros(n_neurons, dtype=np.int64)
    sums = np.zeros((2, n_blocks, n_neurons))
    for i in range(bins.size):
        b, n = bins[i], neurons[i]
        block = b // per_block
        if block >= n_blocks:
            break
        count[n] = count[n] + 1 if b == last[n] else 1
        last[n] = b
        sums[0, block, n] += 1.0
        sums[1, block, n] += 2.0 * count[n] - 1.0  # c**2 - (c - 1)**2
    return sums


@njit(cache=True, nogil=True)
def own_smoothed_rate(bins: AnyArray, first: AnyArray, own: AnyArray, kernel: AnyArray) -> AnyArray:
    """Sum a symmetric kernel over all pairs of spikes of one neuron, itself included.

    `own` lists the spikes neuron by neuron in order of time; `kernel` begins at lag zero.
    """
    n = first.size - 1
    sums = np.zeros(n)
    for j in range(n):
        for a in range(first[j], first[j + 1]):
            sums[j] += kernel[0]
            for b in range(a + 1, first[j + 1]):
                lag = bins[own[b]] - bins[own[a]]
                if lag >= kernel.size:
                    break
                sums[j] += 2.0 * kernel[lag]
    return sums
