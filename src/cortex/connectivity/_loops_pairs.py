"""Compiled comparison of all pairs of places: the distances of one target, a vector at a time."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, FloatArray, IntArray


@njit(cache=True, nogil=True)
def _shortest(difference: float, period: float, half: float) -> float:
    """Return a difference the shortest way round, as `displacements` does."""
    way: float = difference - period * np.ceil(difference / period - half)
    return way


@njit(cache=True, nogil=True)
def list_offsets(
    start: IntArray,
    sources: AnyArray,
    source: FloatArray,
    target: FloatArray,
    period: FloatArray,
    half: float,
    offset: FloatArray,
) -> None:
    """Write source minus target of every connection, places of shape (n, dim).

    `period` has size 0 in open space; `half` is a half with its slack (`displacements`).
    """
    for t in range(start.size - 1):
        for i in range(start[t], start[t + 1]):
            place = source[np.uint64(sources[i])]
            for d in range(place.size):
                difference = place[d] - target[t, d]
                if period.size > 0:
                    difference = _shortest(difference, period[d], half)
                offset[i, d] = difference


@njit(cache=True, nogil=True)
def _square_distances(
    source: FloatArray, place: FloatArray, period: FloatArray, half: float, square: FloatArray
) -> None:
    """Write the squared distances of all sources, (dim, n), from one place, the shortest way."""
    for d in range(source.shape[0]):
        row, own = source[d], place[d]
        for i in range(square.size):
            difference = row[i] - own
            if period.size > 0:
                difference = _shortest(difference, period[d], half)
            square[i] = difference * difference + (square[i] if d > 0 else 0.0)


@njit(cache=True, nogil=True)
def count_within(
    source: FloatArray,
    target: FloatArray,
    period: FloatArray,
    half: float,
    limit: float,
    counts: IntArray,
) -> None:
    """Count the sources whose squared distance from each target, (n, dim), is at most `limit`.

    `period` and `half` as in `list_offsets`.
    """
    square = np.empty(source.shape[1])
    for t in range(counts.size):
        _square_distances(source, target[t], period, half, square)
        n = 0
        for i in range(square.size):
            n += square[i] <= limit
        counts[t] = n


@njit(cache=True, nogil=True)
def list_within(
    source: FloatArray,
    target: FloatArray,
    period: FloatArray,
    half: float,
    limit: float,
    start: IntArray,
    sources: AnyArray,
) -> None:
    """Write the sources that `count_within` counted, ascending, from ``start[t]`` on."""
    square = np.empty(source.shape[1])
    row = np.empty(source.shape[1] + 1, dtype=sources.dtype)
    for t in range(start.size - 1):
        _square_distances(source, target[t], period, half, square)
        n = 0
        for i in range(square.size):  # written in any case, kept when counted: no branch
            row[n] = i
            n += square[i] <= limit
        for i in range(n):
            sources[start[t] + i] = row[i]
