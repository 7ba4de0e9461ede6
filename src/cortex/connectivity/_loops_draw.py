"""Compiled draws of sources, one independent random stream per target.

A stream is SplitMix64 (Steele, Lea & Flood 2014) started at a hash of (key, target), so
what a target receives does not depend on the order or the chunk in which rows are drawn.
Distinct sources are marked in a bitmap of two levels, which also hands them out sorted.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from cortex.typing import AnyArray, IntArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_A = np.uint64(0xBF58476D1CE4E5B9)
MIX_B = np.uint64(0x94D049BB133111EB)
LOW_32 = np.uint64(0xFFFFFFFF)
ONE = np.uint64(1)
UNIT = 1.0 / 9007199254740992.0  # 2**-53


def _count_trailing_zeros(_context: Any, _word: Any) -> Any:
    """Return the index of the lowest set bit of a 64-bit word: one machine instruction."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


lowest_bit: Any = intrinsic(_count_trailing_zeros)


@njit(cache=True, inline="always")
def _mix(z: np.uint64) -> np.uint64:
    """Return the SplitMix64 hash of a 64-bit word."""
    z = (z ^ (z >> np.uint64(30))) * MIX_A
    z = (z ^ (z >> np.uint64(27))) * MIX_B
    return z ^ (z >> np.uint64(31))


@njit(cache=True, inline="always")
def _first_state(key: AnyArray, target: int) -> np.uint64:
    """Return the first state of the stream of one target."""
    return _mix(key[0] + _mix(key[1] + GOLDEN * np.uint64(target + 1)))


@njit(cache=True, inline="always")
def _below(state: np.uint64, n: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return the next state and a uniform integer in [0, n), n < 2**32.

    Without modulo bias, by the multiplication method of Lemire (2019).
    """
    state += GOLDEN
    product = (_mix(state) >> np.uint64(32)) * n
    if (product & LOW_32) < n:
        floor = (np.uint64(0x100000000) - n) % n
        while (product & LOW_32) < floor:
            state += GOLDEN
            product = (_mix(state) >> np.uint64(32)) * n
    return state, product >> np.uint64(32)


@njit(cache=True, inline="always")
def _uniform(state: np.uint64) -> float:
    """Return the uniform number in (0, 1] that belongs to a state."""
    return (np.float64(_mix(state) >> np.uint64(11)) + 1.0) * UNIT


@njit(cache=True, inline="always")
def _mark(words: AnyArray, summary: AnyArray, source: np.uint64) -> bool:
    """Mark one source; tell whether it was unmarked."""
    word = source >> np.uint64(6)
    bit = ONE << (source & np.uint64(63))
    old = words[word]
    words[word] = old | bit
    summary[word >> np.uint64(6)] |= ONE << (word & np.uint64(63))
    is_new: bool = (old & bit) == 0
    return is_new


@njit(cache=True, inline="always")
def _source(
    draw: np.uint64, window: tuple[np.uint64, np.uint64, np.uint64, np.uint64]
) -> np.uint64:
    """Return the source at place `draw` of a window, leaving out its place `skip`."""
    first, _, skip, n = window
    place = draw + first + (ONE if draw >= skip else np.uint64(0))
    return place - n if place >= n else place


@njit(cache=True, inline="always")
def _window(row: IntArray, n: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return first source, number of choices, place left out (n for none), length of circle."""
    first, width, skip = row[0], row[1], row[2]
    return (
        np.uint64(first),
        np.uint64(width - 1 if skip >= 0 else width),
        np.uint64(skip if skip >= 0 else n),
        np.uint64(n),
    )


@njit(cache=True, nogil=True)
def _mark_repeated(
    state: np.uint64, k: int, window: Any, words: AnyArray, summary: AnyArray, times: AnyArray
) -> None:
    """Mark `k` sources drawn with replacement; `times` counts the repeats."""
    for _ in range(k):
        state, draw = _below(state, window[1])
        source = _source(draw, window)
        _mark(words, summary, source)
        times[source] += 1


@njit(cache=True, nogil=True)
def _mark_distinct(
    state: np.uint64, k: int, window: Any, words: AnyArray, summary: AnyArray
) -> None:
    """Mark `k` distinct sources; when more than half are wanted, draw those left out."""
    available = np.int64(window[1])
    if 2 * k <= available:
        while k > 0:
            state, draw = _below(state, window[1])
            k -= _mark(words, summary, _source(draw, window))
        return
    for place in range(available):
        _mark(words, summary, _source(np.uint64(place), window))
    left_out = available - k
    while left_out > 0:
        state, draw = _below(state, window[1])
        source = _source(draw, window)
        bit = ONE << (source & np.uint64(63))
        if words[source >> np.uint64(6)] & bit:
            words[source >> np.uint64(6)] ^= bit
            left_out -= 1


@njit(cache=True, nogil=True)
def _emit(words: AnyArray, summary: AnyArray, out: AnyArray) -> int:
    """Write the marked sources in ascending order, clear the marks, return how many."""
    position = 0
    for block in range(summary.size):
        upper = summary[block]
        while upper:
            word = 64 * block + lowest_bit(upper)
            upper &= upper - ONE
            bits = words[word]
            words[word] = np.uint64(0)
            while bits:
                out[position] = 64 * word + lowest_bit(bits)
                position += 1
                bits &= bits - ONE
        summary[block] = np.uint64(0)
    return position


@njit(cache=True, nogil=True)
def _repeat(times: AnyArray, out: AnyArray, n_distinct: int) -> None:
    """Spread distinct sources, in the first places of `out`, to their repeats, from the end."""
    position = out.size
    for i in range(n_distinct - 1, -1, -1):
        source = out[i]
        for _ in range(times[source]):
            position -= 1
            out[position] = source
        times[source] = 0


@njit(cache=True, nogil=True)
def _count_marked(words: AnyArray, summary: AnyArray, counts: IntArray) -> None:
    """Add one for each marked source, and clear the marks."""
    for block in range(summary.size):
        upper = summary[block]
        while upper:
            word = 64 * block + lowest_bit(upper)
            upper &= upper - ONE
            bits = words[word]
            words[word] = np.uint64(0)
            while bits:
                counts[64 * word + lowest_bit(bits)] += 1
                bits &= bits - ONE
        summary[block] = np.uint64(0)


@njit(cache=True, nogil=True)
def count_windows(
    key: AnyArray,
    first_target: int,
    degrees: IntArray,
    windows: IntArray,
    n_sources: int,
    multapses: bool,
    counts: IntArray,
) -> None:
    """Count how often each source would be drawn by `draw_windows`; `degrees` per target."""
    n_words = (n_sources + 63) // 64
    words = np.zeros(n_words, dtype=np.uint64)
    summary = np.zeros((n_words + 63) // 64, dtype=np.uint64)
    for t in range(degrees.size):
        state = _first_state(key, first_target + t)
        window = _window(windows[t], n_sources)
        if multapses:
            for _ in range(degrees[t]):
                state, draw = _below(state, window[1])
                counts[_source(draw, window)] += 1
        else:
            _mark_distinct(state, degrees[t], window, words, summary)
            _count_marked(words, summary, counts)


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
    target ``first_target + t`` receives ``start[t+1] - start[t]`` sources, written sorted.
    """
    n_words = (n_sources + 63) // 64
    words = np.zeros(n_words, dtype=np.uint64)
    summary = np.zeros((n_words + 63) // 64, dtype=np.uint64)
    times = np.zeros(n_sources if multapses else 0, dtype=np.int32)
    for t in range(start.size - 1):
        state = _first_state(key, first_target + t)
        window = _window(windows[t], n_sources)
        row = out[start[t] : start[t + 1]]
        if multapses:
            _mark_repeated(state, row.size, window, words, summary, times)
            n_distinct = _emit(words, summary, row)
            _repeat(times, row, n_distinct)
        else:
            _mark_distinct(state, row.size, window, words, summary)
            _emit(words, summary, row)


@njit(cache=True, nogil=True)
def draw_bernoulli(
    key: AnyArray,
    first_target: int,
    n_sources: int,
    excluded: IntArray,
    p: float,
    start: IntArray,
    out: AnyArray,
) -> bool:
    """Join each pair with probability p, walking by geometric gaps; fill `start` and `out`.

    Return False when `out` is too small; the caller then comes again with a larger one.
    """
    scale = 1.0 / np.log1p(-p)
    position = 0
    for t in range(start.size - 1):
        state = _first_state(key, first_target + t) + GOLDEN
        own = excluded[t]
        n = n_sources - 1 if own >= 0 else n_sources
        place = np.floor(np.log(_uniform(state)) * scale)
        while place < n:
            if position == out.size:
                return False
            source = np.int64(place)
            out[position] = source + 1 if 0 <= own <= source else source
            position += 1
            state += GOLDEN
            place += 1.0 + np.floor(np.log(_uniform(state)) * scale)
        start[t + 1] = position
    return True


@njit(cache=True, nogil=True)
def thin_rows(
    key: AnyArray, first_target: int, start: IntArray, probability: AnyArray, keep: AnyArray
) -> None:
    """Keep candidate i of each target with its own probability."""
    for t in range(start.size - 1):
        state = _first_state(key, first_target + t)
        for i in range(start[t], start[t + 1]):
            state += GOLDEN
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
        source_start[np.int64(sources[i]) + 1] += 1
    for s in range(n_sources):
        source_start[s + 1] += source_start[s]
    place = source_start[:-1].copy()
    for t in range(start.size - 1):
        for i in range(start[t], start[t + 1]):
            s = int(sources[i])
            targets[place[s]] = t
            if order.size > 0:
                order[place[s]] = i
            place[s] += 1


@njit(cache=True, nogil=True)
def stable_order(keys: IntArray, before: IntArray, n_keys: int) -> IntArray:
    """Return `before` regrouped by key, 0 <= key < n_keys, keeping its order within a key."""
    place = np.zeros(n_keys + 1, dtype=np.int64)
    for i in range(keys.size):
        place[keys[i] + 1] += 1
    for key in range(n_keys):
        place[key + 1] += place[key]
    order = np.empty(before.size, dtype=np.int64)
    for i in before:
        order[place[keys[i]]] = i
        place[keys[i]] += 1
    return order


@njit(cache=True, nogil=True)
def append_rows(
    start: IntArray, values: AnyArray, shift: int, place: IntArray, out: AnyArray
) -> None:
    """Append the values of row t, plus `shift`, to a row that is filled up to ``place[t]``."""
    for t in range(start.size - 1):
        o = place[t]
        for i in range(start[t], start[t + 1]):
            out[o] = values[i] + shift
            o += 1
        place[t] = o
