"""Lists of targets cut into slices: the synapses of one source with one delay on one thread.

The targets of a source stand by delay, those of one delay ascending. So what a spike of d
steps ago does now is one run of consecutive targets, and each thread finds its own part.
"""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray


@njit(cache=True, nogil=True)
def mark_delays(span: tuple[int, int], start: IntArray, delays: AnyArray, seen: AnyArray) -> bool:
    """Mark the delays that occur; tell whether all sources of a span have them in order."""
    for source in range(span[0], span[1]):
        last = np.int64(-1)
        for j in range(np.uint64(start[source]), np.uint64(start[source + 1])):
            delay = np.int64(delays[j])
            if delay != last:
                if delay < last:
                    return False
                last = delay
                seen[delay] = True
    return True


@njit(cache=True, nogil=True)
def sort_by_delay(
    span: tuple[int, int],
    start: IntArray,
    targets: AnyArray,
    delays: AnyArray,
    weights: AnyArray,
    n_delays: int,
) -> None:
    """Put the synapses of each source of a span by delay, keeping their order within a delay.

    `weights` has size 0 when there are none; delays lie below `n_delays`.
    """
    longest = 0
    for source in range(span[0], span[1]):
        longest = max(longest, start[source + 1] - start[source])
    old_targets, old_delays = np.empty(longest, targets.dtype), np.empty(longest, delays.dtype)
    old_weights = np.empty(longest if weights.size > 0 else 0, weights.dtype)
    place = np.empty(n_delays + 1, dtype=np.int64)
    for source in range(span[0], span[1]):
        first, n = np.uint64(start[source]), np.uint64(start[source + 1] - start[source])
        for d in range(place.size):
            place[d] = 0
        for j in range(n):
            old_targets[j] = targets[first + j]
            old_delays[j] = delays[first + j]
            place[np.uint64(old_delays[j]) + np.uint64(1)] += 1
        for j in range(n if weights.size > 0 else np.uint64(0)):
            old_weights[j] = weights[first + j]
        for d in range(n_delays):
            place[d + 1] += place[d]
        for j in range(n):
            own = np.uint64(old_delays[j])
            to = first + np.uint64(place[own])
            place[own] += 1
            targets[to] = old_targets[j]
            delays[to] = old_delays[j]
            if weights.size > 0:
                weights[to] = old_weights[j]


@njit(cache=True, nogil=True)
def _is_ascending(values: AnyArray) -> bool:
    falls = 0
    for i in range(1, values.size):
        falls += values[i] < values[i - 1]
    return falls == 0


@njit(cache=True, nogil=True)
def _first_from(values: AnyArray, least: int) -> int:
    """Return the place of the first of ascending values that is `least` or more."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) // 2
        if values[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def cut(
    span: tuple[int, int],
    start: IntArray,
    targets: AnyArray,
    delays: AnyArray,
    place_of: IntArray,
    bounds: IntArray,
    edges: AnyArray,
) -> bool:
    """Write where the slices of the sources of a span begin, counted from ``start[source]``.

    Slice ``d * n_threads + k`` of a source holds its synapses with the d-th delay on neurons
    ``bounds[b, k]:bounds[b, k + 1]`` of its block; it ends where the next one begins. Delays must
    be in order; False when targets have to be split and are not.
    """
    n_threads = bounds.shape[1] - 1
    n_sources = edges.shape[0] // bounds.shape[0]
    for source in range(span[0], span[1]):
        row, block = edges[source], source // n_sources
        first, stop = start[source], start[source + 1]
        begin, done = first, 0
        while begin < stop:
            end = stop
            place = done
            if delays.size > 0:
                end = begin + 1
                while end < stop and delays[end] == delays[begin]:
                    end += 1
                place = n_threads * place_of[delays[begin]]
            own = targets[begin:end]
            if n_threads > 1 and not _is_ascending(own):
                return False
            while done < place:
                row[done] = begin - first
                done += 1
            for k in range(n_threads):
                row[done] = begin - first + (_first_from(own, bounds[block, k]) if k > 0 else 0)
                done += 1
            begin = end
        while done < row.size:
            row[done] = stop - first
            done += 1
    return True


@njit(cache=True, nogil=True)
def copy_within(
    span: tuple[int, int], lists: tuple[AnyArray, ...], into: tuple[AnyArray, ...]
) -> None:
    """Copy the synapses on neurons of a span, in their order; `into` is as long as they are.

    Both hold start, targets, delays, weights, the last two of size 0 when there are none. Without
    room for targets only the starts of the sources are written, to count them.
    """
    start, targets, delays, weights = lists
    own_start, own_targets, own_delays, own_weights = into
    n = 0
    for source in range(start.size - 1):
        own_start[source] = n
        for j in range(np.uint64(start[source]), np.uint64(start[source + 1])):
            if span[0] <= targets[j] < span[1]:
                if own_targets.size > 0:
                    own_targets[n] = targets[j]
                    if delays.size > 0:
                        own_delays[n] = delays[j]
                    if weights.size > 0:
                        own_weights[n] = weights[j]
                n += 1
    own_start[start.size - 1] = n
