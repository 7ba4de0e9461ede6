"""Spikes of the last steps, regrouped when another number of threads goes on with them."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray


@njit(cache=True, nogil=True)
def regroup(
    recent: AnyArray, n_before: IntArray, before: IntArray, n_after: IntArray, after: IntArray
) -> None:
    """Move the spikes of each row from the parts of some threads to the parts of others.

    Row r of `recent`, of shape (n_rows, width), holds ascending neurons; those of part k begin
    at ``before[k]`` and are ``n_before[r, k]``. Afterwards part k holds the neurons from
    ``after[k]`` to ``after[k + 1]``, counted within the row, and zeros behind them.
    """
    width = recent.shape[1]
    ids = np.empty(width, dtype=recent.dtype)
    for r in range(recent.shape[0]):
        n = 0
        for k in range(before.size - 1):
            for i in range(n_before[r, k]):
                ids[n] = recent[r, before[k] + i]
                n += 1
        read = 0
        for k in range(after.size - 1):
            place = after[k]
            while read < n and ids[read] % width < after[k + 1]:
                recent[r, place] = ids[read]
                place += 1
                read += 1
            n_after[r, k] = place - after[k]
            while place < after[k + 1]:
                recent[r, place] = 0
                place += 1
