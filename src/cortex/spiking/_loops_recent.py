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
    at ``before[k]`` and are ``n_before[k, r]``. Afterwards part k holds the neurons from
    ``after[k]`` to ``after[k + 1]``, counted within the row, and zeros behind them.
    """
    width = recent.shape[1]
    ids = np.empty(width, dtype=recent.dtype)
    for r in range(recent.shape[0]):
        n = 0
        for k in range(before.size - 1):
            for i in range(n_before[k, r]):
                ids[n] = recent[r, before[k] + i]
                n += 1
        read = 0
        for k in range(after.size - 1):
            place = after[k]
            while read < n and ids[read] % width < after[k + 1]:
                recent[r, place] = ids[read]
                place += 1
                read += 1
            n_after[k, r] = place - after[k]
            while place < after[k + 1]:
                recent[r, place] = 0
                place += 1


@njit(cache=True, nogil=True)
def to_threads(
    recent: AnyArray, n_recent: IntArray, bounds: IntArray, lists: AnyArray, ends: IntArray
) -> None:
    """List the spikes of each step by thread, as `run_bits` keeps them.

    Strip s of row r of `recent` holds ``n_recent[r, s]`` ascending neurons; thread k owns the
    places from ``bounds[k]`` to ``bounds[k + 1]`` of every strip, as wide as the last bound. It
    gets its neurons without gaps in ``lists[k, r]``, of strip s those before ``ends[k, r, s + 1]``.
    """
    width = bounds[-1]
    for k in range(bounds.size - 1):
        for r in range(recent.shape[0]):
            n = 0
            for strip in range(n_recent.shape[1]):
                first = strip * width
                for i in range(first, first + n_recent[r, strip]):
                    if bounds[k] <= recent[r, i] - first < bounds[k + 1]:
                        lists[k, r, n] = recent[r, i]
                        n += 1
                ends[k, r, strip + 1] = n


@njit(cache=True, nogil=True)
def from_threads(
    bounds: IntArray, lists: AnyArray, ends: IntArray, recent: AnyArray, n_recent: IntArray
) -> None:
    """Undo `to_threads`; behind the neurons of a strip stand zeros."""
    width = bounds[-1]
    for r in range(recent.shape[0]):
        for strip in range(n_recent.shape[1]):
            place = strip * width
            for k in range(bounds.size - 1):
                for i in range(ends[k, r, strip], ends[k, r, strip + 1]):
                    recent[r, place] = lists[k, r, i]
                    place += 1
            n_recent[r, strip] = place - strip * width
            recent[r, place : (strip + 1) * width] = 0
