"""Compiled draws of sources, one independent random stream per target.

A stream is SplitMix64 (Steele, Lea & Flood 2014) started at a hash of (key, target), so
what a target receives does not depend on the order or the chunk in which rows are drawn.
Distinct sources are marked in a bitmap of two levels, which also hands them out sorted.
"""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_A = np.uint64(0xBF58476D1CE4E5B9)
MIX_B = np.uint64(0x94D049BB133111EB)
LOW_32 = np.uint64(0xFFFFFFFF)
ONE = np.uint64(1)
UNIT = 1.0 / 9007199254740992.0  # 2**-53
# index of the only set bit of a 64-bit word, by a de Bruijn sequence
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT_INDEX = np.zeros(64, dtype=np.int64)
BIT_INDEX[[((0x03F79D71B4CB0A89 << _i) & (2**64 - 1)) >> 58 for _i in range(64)]] = range(64)


@njit(cache=True, inline="always")
def _mix(z: np.uint64) -> np.uint64:
    """Return the SplitMix64 hash of a 64-bit word."""
    z = (z ^ (z >> np.uint64(30))) * MIX_A
    z = (z ^ (z >> np.uint64(27))) * MIX_B
    return z ^ (z >> np.uint64(31))


@njit(cache=True, inline="always")
def _stream_state(key: AnyArray, target: int) -> np.uint64:
    """Return the first state of the stream of one target."""
    return _mix(key[0] + _mix(key[1] + GOLDEN * np.uint64(target + 1)))


@njit(cache=True, inline="always")
def _below(state: AnyArray, n: np.uint64) -> np.uint64:
    """Return a uniform integer in [0, n), n < 2**32, without modulo bias (Lemire 2019)."""
    state[0] += GOLDEN
    product = (_mix(state[0]) >> np.uint64(32)) * n
    if (product & LOW_32) < n:
        floor = (np.uint64(0x100000000) - n) % n
        while (product & LOW_32) < floor:
            state[0] += GOLDEN
            product = (_mix(state[0]) >> np.uint64(32)) * n
    return product >> np.uint64(32)


@njit(cache=True, inline="always")
def _uniform(state: AnyArray) -> float:
    """Return a uniform number in (0, 1]."""
    state[0] += GOLDEN
    return (np.float64(_mix(state[0]) >> np.uint64(11)) + 1.0) * UNIT


@njit(cache=True, inline="always")
def _set_bit(words: AnyArray, summary: AnyArray, index: np.uint64) -> bool:
    """Set one bit; tell whether it was clear."""
    word = index >> np.uint64(6)
    bit = ONE << (index & np.uint64(63))
    if words[word] & bit:
        return False
    words[word] |= bit
    summary[word >> np.uint64(6)] |= ONE << (word & np.uint64(63))
    return True


@njit(cache=True, inline="always")
def _source(draw: np.uint64, skip: np.uint64, first: np.uint64, n: np.uint64) -> np.uint64:
    """Return the source at place `draw` of a window, leaving out place `skip`."""
    place = draw + first
    if draw >= skip:
        place += ONE
    return place - n if place >= n else place


@njit(cache=True, nogil=True)
def _mark_repeated(
    state: AnyArray, k: int, window: AnyArray, words: AnyArray, summary: AnyArray, times: AnyArray
) -> None:
    """Mark `k` sources drawn with replacement; `times` counts the repeats."""
    first, m, skip, n = window[0], window[1], window[2], window[3]
    for _ in range(k):
        source = _source(_below(state, m), skip, first, n)
        _set_bit(words, summary, source)
        times[source] += 1


@njit(cache=True, nogil=True)
def _mark_distinct(
    state: AnyArray, k: int, window: AnyArray, words: AnyArray, summary: AnyArray
) -> None:
    """Mark `k` distinct sources; when more than half are wanted, draw those left out."""
    first, m, skip, n = window[0], window[1], window[2], window[3]
    if 2 * k <= m:
        while k > 0:
            if _set_bit(words, summary, _source(_below(state, m), skip, first, n)):
                k -= 1
        return
    for draw in range(m):
        _set_bit(words, summary, _source(np.uint64(draw), skip, first, n))
    left_out = m - np.uint64(k)
    while left_out > 0:
        source = _source(_below(state, m), skip, first, n)
        bit = ONE << (source & np.uint64(63))
        if words[source >> np.uint64(6)] & bit:
            words[source >> np.uint64(6)] ^= bit
            left_out -= ONE


@njit(cache=True, nogil=True)
def _emit(words: AnyArray, summary: AnyArray, times: AnyArray, out: AnyArray) -> None:
    """Write the marked sources in ascending order and clear the marks."""
    position = 0
    repeated = times.size > 0
    for block in range(summary.size):
        upper = summary[block]
        while upper:
            low = upper & (~upper + ONE)
            upper ^= low
            word = 64 * block + BIT_INDEX[(low * DE_BRUIJN) >> np.uint64(58)]
            bits = words[word]
            words[word] = np.uint64(0)
            while bits:
                low = bits & (~bits + ONE)
                bits ^= low
                source = 64 * word + BIT_INDEX[(low * DE_BRUIJN) >> np.uint64(58)]
                copies = times[source] if repeated else 1
                for _ in range(copies):
                    out[position] = source
                    position += 1
                if repeated:
                    times[source] = 0
        summary[block] = np.uint64(0)


@njit(cache=True, nogil=True)
def draw_windows(
    key: AnyArray,
    first_target: int,
    start: IntArray,
    windows: IntArray,
    n_sources: int,
    multapses: bool,
    out: AnyArray,
) -> None:
    """Draw the sources of each target from a window of consecutive sources on a circle.

    Row t of `windows` holds (first source, width, excluded place in the window or -1);
    target `first_target + t` receives ``start[t+1] - start[t]`` sources, written sorted.
    """
    n_words = (n_sources + 63) // 64
    words = np.zeros(n_words, dtype=np.uint64)
    summary = np.zeros((n_words + 63) // 64, dtype=np.uint64)
    times = np.zeros(n_sources if multapses else 0, dtype=np.int32)
    state = np.zeros(1, dtype=np.uint64)
    window = np.zeros(4, dtype=np.uint64)
    window[3] = n_sources
    for t in range(start.size - 1):
        state[0] = _stream_state(key, first_target + t)
        excludes = windows[t, 2] >= 0
        window[0] = windows[t, 0]
        window[1] = windows[t, 1] - (1 if excludes else 0)
        window[2] = windows[t, 2] if excludes else n_sources
        k = start[t + 1] - start[t]
        if multapses:
            _mark_repeated(state, k, window, words, summary, times)
        else:
            _mark_distinct(state, k, window, words, summary)
        _emit(words, summary, times, out[start[t] : start[t + 1]])


@njit(cache=True, nogil=True)
def count_bernoulli(
    key: AnyArray, first_target: int, n_sources: int, excluded: IntArray, p: float, counts: IntArray
) -> None:
    """Count the sources each target receives when each pair is joined with probability p."""
    scale = 1.0 / np.log1p(-p)
    state = np.zeros(1, dtype=np.uint64)
    for t in range(counts.size):
        state[0] = _stream_state(key, first_target + t)
        n = n_sources - (1 if excluded[t] >= 0 else 0)
        place = np.floor(np.log(_uniform(state)) * scale)
        count = 0
        while place < n:
            count += 1
            place += 1.0 + np.floor(np.log(_uniform(state)) * scale)
        counts[t] = count


@njit(cache=True, nogil=True)
def draw_bernoulli(
    key: AnyArray, first_target: int, start: IntArray, excluded: IntArray, p: float, out: AnyArray
) -> None:
    """Write the sources counted by `count_bernoulli`, walking by geometric gaps."""
    scale = 1.0 / np.log1p(-p)
    state = np.zeros(1, dtype=np.uint64)
    for t in range(start.size - 1):
        state[0] = _stream_state(key, first_target + t)
        place = -1.0
        for i in range(start[t], start[t + 1]):
            place += 1.0 + np.floor(np.log(_uniform(state)) * scale)
            source = np.int64(place)
            out[i] = source + 1 if 0 <= excluded[t] <= source else source


@njit(cache=True, nogil=True)
def thin_rows(
    key: AnyArray, first_target: int, start: IntArray, probability: AnyArray, keep: AnyArray
) -> None:
    """Keep candidate i of each target with its own probability."""
    state = np.zeros(1, dtype=np.uint64)
    for t in range(start.size - 1):
        state[0] = _stream_state(key, first_target + t)
        for i in range(start[t], start[t + 1]):
            keep[i] = _uniform(state) <= probability[i]


@njit(cache=True, nogil=True)
def transpose_rows(
    start: IntArray, sources: AnyArray, source_start: IntArray, targets: AnyArray, order: AnyArray
) -> None:
    """Regroup connections by source: counting sort, targets ascending within a source.

    `source_start` of shape (n_sources + 1,) must be zero; `order` gives the old position of
    each connection, or has size 0 when not wanted.
    """
    n_sources = source_start.size - 1
    for i in range(sources.size):
        source_start[sources[i] + 1] += 1
    for s in range(n_sources):
        source_start[s + 1] += source_start[s]
    place = source_start[:-1].copy()
    for t in range(start.size - 1):
        for i in range(start[t], start[t + 1]):
            s = sources[i]
            targets[place[s]] = t
            if order.size > 0:
                order[place[s]] = i
            place[s] += 1
