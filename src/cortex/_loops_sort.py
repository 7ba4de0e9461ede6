"""Spikes into the order of time: a stable radix sort, three times as fast as comparing."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray

BITS = 11
SIGN = np.uint64(1 << 63)
REST = ~SIGN


@njit(cache=True, nogil=True)
def sort_by_time(times: AnyArray, neurons: AnyArray) -> tuple[AnyArray, AnyArray]:
    """Return times in ascending order and their neurons; equal times keep their order.

    Both arrays are overwritten. Bits of doubles are in the order of the numbers once negative
    ones are turned over.
    """
    n = times.size
    for i in range(n):
        times[i] += 0.0  # minus zero is zero
    keys, spare = times.view(np.uint64), np.empty(n, np.uint64)
    own, other = neurons, np.empty_like(neurons)
    for i in range(n):
        keys[i] = ~keys[i] if keys[i] & SIGN else keys[i] | SIGN
    for low in range(0, 64, BITS):
        shift, mask = np.uint64(low), np.uint64((1 << BITS) - 1)
        start = np.zeros((1 << BITS) + 1, np.int64)
        for i in range(n):
            start[((keys[i] >> shift) & mask) + np.uint64(1)] += 1
        if start.max() == n:
            continue  # all share this digit, as small times share their highest bits
        for digit in range(1 << BITS):
            start[digit + 1] += start[digit]
        for i in range(n):
            digit = (keys[i] >> shift) & mask
            spare[start[digit]], other[start[digit]] = keys[i], own[i]
            start[digit] += 1
        keys, spare = spare, keys
        own, other = other, own
    for i in range(n):
        keys[i] = keys[i] & REST if keys[i] & SIGN else ~keys[i]
    return keys.view(np.float64), own
