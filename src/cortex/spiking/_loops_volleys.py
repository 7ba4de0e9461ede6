"""Counting volleys that repeat: only what differs from an earlier volley is counted anew.

In regular synchrony thousands of neurons fire in one step, and the same ones again one or
two delays later. The planes of such a volley are kept; a later one adds the rows of the
neurons that joined and takes off those that left. Counts are whole numbers, so the result
is the same to the bit, at the cost of the difference.
"""

import numpy as np
from numba import njit

from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_bits import bit_length, count_rows
from cortex.typing import AnyArray

LEAST = 512  # spikes from which a volley is kept
KEPT = 4  # volleys kept of each population
NEAR = 4  # a volley is like a kept one when less than 1/NEAR of it differs


Memory = tuple[AnyArray, AnyArray, AnyArray, AnyArray, AnyArray]


@njit(cache=True, nogil=True)
def volley_memory(n_neurons: int, planes: AnyArray) -> Memory:
    """Return room for kept volleys: ids, their numbers and the next slot, planes; scratch."""
    n_planes, n_words = planes.shape
    return (
        np.empty((KEPT, n_neurons), dtype=np.int32),
        np.zeros(KEPT + 1, dtype=np.int64),
        np.zeros((KEPT, n_planes, n_words), dtype=np.uint64),
        np.empty((2, n_neurons + 8), dtype=np.int32),
        np.zeros((n_planes, n_words), dtype=np.uint64),
    )


@uncounted
def _split_differences(
    ids: AnyArray, kept: AnyArray, most: int, joined: AnyArray, left: AnyArray
) -> tuple[int, int]:
    """Write who is in `ids` alone and who in `kept` alone, both ascending; -1 beyond `most`."""
    i = j = n_joined = n_left = 0
    while i < ids.size and j < kept.size and n_joined + n_left <= most:
        if ids[i] == kept[j]:
            i += 1
            j += 1
        elif ids[i] < kept[j]:
            joined[n_joined] = ids[i]
            n_joined += 1
            i += 1
        else:
            left[n_left] = kept[j]
            n_left += 1
            j += 1
    if n_joined + n_left + (ids.size - i) + (kept.size - j) > most:
        return -1, -1
    for k in range(i, ids.size):
        joined[n_joined] = ids[k]
        n_joined += 1
    for k in range(j, kept.size):
        left[n_left] = kept[k]
        n_left += 1
    return n_joined, n_left


@uncounted
def _copy(planes: AnyArray, to: AnyArray) -> None:
    """Copy by a loop: slices that are assigned take seconds to compile."""
    for k in range(planes.shape[0]):
        for w in range(planes.shape[1]):
            to[k, w] = planes[k, w]


@uncounted
def _kept_like(
    ids: AnyArray, kept_ids: AnyArray, kept_n: AnyArray, lists: AnyArray
) -> tuple[int, tuple[int, int]]:
    """Return a kept volley like this one, who joined and left written to `lists`; or -1."""
    for k in range(KEPT):
        kept = kept_ids[k, : kept_n[k]]
        n_joined, n_left = _split_differences(ids, kept, ids.size // NEAR, lists[0], lists[1])
        if n_joined >= 0:
            return k, (n_joined, n_left)
    return -1, (ids.size, 0)


@uncounted
def _add_planes(planes: AnyArray, other: AnyArray, n: int, carry: AnyArray, sign: int) -> None:
    """Add (sign 1) or take off (sign -1) the number held in `n` planes of `other`."""
    for w in range(carry.size):
        carry[w] = 0
    flip = np.uint64(0) if sign > 0 else ~np.uint64(0)
    for k in range(planes.shape[0]):
        plane, addend = planes[k], other[min(k, n - 1)]
        mask = ~np.uint64(0) if k < n else np.uint64(0)
        for w in range(np.uint64(carry.size)):
            p, b, c = plane[w], addend[w] & mask, carry[w]
            s = p ^ b
            plane[w] = s ^ c
            carry[w] = ((p ^ flip) & (b | c)) | (b & c)


@uncounted
def count_volley(
    rows: AnyArray,
    first: np.uint64,
    ids: AnyArray,
    n: int,
    scratch: AnyArray,
    planes: AnyArray,
    memory: Memory,
) -> int:
    """Sum words of the rows of ids[:n], ascending, into bit planes as `count_rows` does.

    Large volleys go through `memory`; smaller ones straight to `count_rows`.
    """
    kept_ids, kept_n, kept_planes, lists, other = memory
    like, sizes = _kept_like(ids[:n], kept_ids, kept_n, lists) if n >= LEAST else (-1, (n, 0))
    if like >= 0:
        _copy(kept_planes[like], planes)
    for side in range(2 if like >= 0 else 1):  # one call, so that it is compiled once
        part, total = (lists[side], other) if like >= 0 else (ids, planes)
        used = count_rows(rows, first, part, sizes[side], scratch, total)
        if like >= 0 and used:
            _add_planes(planes, other, used, scratch[0], 1 - 2 * side)
    if n >= LEAST:
        slot = like if like >= 0 else kept_n[KEPT]
        kept_n[KEPT] = (kept_n[KEPT] + (like < 0)) % KEPT
        kept = kept_ids[slot]
        for i in range(n):
            kept[i] = ids[i]
        kept_n[slot] = n
        _copy(planes, kept_planes[slot])
    return bit_length(n)
