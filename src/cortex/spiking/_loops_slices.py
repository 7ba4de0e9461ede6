"""Lists of targets cut into slices: the synapses of one source with one delay on one thread.

The targets of a source stand by delay, those of one delay ascending. So what a spike of d
steps ago does now is one run of consecutive targets, and each thread finds its own part.
"""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray


@njit(cache=True, nogil=True)
def _is_ascending(values: AnyArray) -> bool:
    falls = False
    for i in range(np.uint64(1), np.uint64(max(values.size, 1))):
        falls |= values[i] < values[i - np.uint64(1)]  # without a branch: many at a time
    return not falls


@njit(cache=True, nogil=True)
def _end_of_run(values: AnyArray, first: int, stop: int) -> int:
    """Return where the values equal to that at `first` end, in ascending values up to `stop`."""
    value = values[first]
    low, reach = first, 1
    while first + reach < stop and values[first + reach] == value:
        low = first + reach
        reach *= 2
    high = min(first + reach, stop)
    while low + 1 < high:
        middle = (low + high) // 2
        if values[middle] == value:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True, nogil=True)
def mark_delays(span: tuple[int, int], start: IntArray, delays: AnyArray, seen: AnyArray) -> bool:
    """Mark the delays that occur; tell whether all sources of a span have them in order."""
    for source in range(span[0], span[1]):
        first, stop = start[source], start[source + 1]
        if not _is_ascending(delays[first:stop]):
            return False
        if first == stop or seen[delays[first] : delays[stop - 1] + 1].all():
            continue  # nothing new can occur, as in almost all sources
        while first < stop:
            seen[delays[first]] = True
            first = _end_of_run(delays, first, stop)
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
    ``bounds[b, k]:bounds[b, k + 1]`` of its block, from 0 to its size; it ends where the next one
    begins. Delays must be in order; False when targets that threads share are not.
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
                end = _end_of_run(delays, begin, stop)
                place = n_threads * place_of[delays[begin]]
            own, is_split = targets[begin:end], False
            for k in range(1, n_threads):
                is_split |= 0 < bounds[block, k] < bounds[block, n_threads]
            if is_split and not _is_ascending(own):
                return False
            while done < place:
                row[done] = begin - first
                done += 1
            for k in range(n_threads):
                before = 0 if bounds[block, k] == 0 else own.size
                if is_split:
                    before = _first_from(own, bounds[block, k])
                row[done] = begin - first + before
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
