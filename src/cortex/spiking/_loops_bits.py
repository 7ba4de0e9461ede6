"""Bit-packed connectivity: counting the spikes of thousands of synapses 64 at a time.

One row of bits per source. With `n_bytes` bytes to a row, target n sits in byte
``n % n_bytes``, bit ``n // n_bytes``: shifting a whole row by b and masking the lowest
bit of each byte yields the consecutive targets ``b * n_bytes ...`` (strip b), one a byte.
Spiking rows are added by carry-save adders into bit planes 1, 2, 4, ...
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cortex._loops_uncounted import uncounted
from cortex.typing import AnyArray, IntArray

LOW_BITS = np.uint64(0x0101010101010101)
SMALL = 7  # planes that one batch of rows is summed in
BATCH = 120  # rows of one batch, at most 2**SMALL - 1 and a multiple of 8
LINE = 64  # bytes of a cache line


def _ask_for_line(_context: Any, _address: Any) -> Any:
    """Ask for the cache line at an address ahead of its use: a hint, without effect on data."""

    def generate(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        numbers = [ir.IntType(32)] * 3
        kind = ir.FunctionType(ir.VoidType(), [pointer, *numbers])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
        read_near = [ir.Constant(ir.IntType(32), value) for value in (0, 2, 1)]
        builder.call(hint, [builder.inttoptr(args[0], pointer), *read_near])
        return context.get_dummy_value()

    return types.void(types.uint64), generate


prefetch: Any = intrinsic(_ask_for_line)


@uncounted
def _prefetch_rows(rows: AnyArray, first: np.uint64, n_words: int, ids: AnyArray) -> None:
    """Fetch the rows that are added next, while others are being added (a quarter faster)."""
    n_bytes, begin = np.uint64(8 * rows.shape[1]), np.uint64(8) * first
    for i in range(ids.size):
        row = np.uint64(rows.ctypes.data) + np.uint64(ids[i]) * n_bytes + begin
        for offset in range(np.uint64(0), np.uint64(8 * n_words), np.uint64(LINE)):
            prefetch(row + offset)


@uncounted
def set_bits(
    start: IntArray, sources: AnyArray, first_source: int, first_target: int, row_bytes: AnyArray
) -> None:
    """Set the bit of each (source, target); sources of target t are start[t]:start[t+1]."""
    n_bytes = row_bytes.shape[1]
    for t in range(start.size - 1):
        strip, byte = divmod(first_target + t, n_bytes)
        bit = np.uint8(1 << strip)
        for i in range(start[t], start[t + 1]):
            row_bytes[first_source + np.int64(sources[i]), byte] |= bit


@uncounted
def targets_of(row_bytes: AnyArray, n_targets: int, out: AnyArray) -> int:
    """Write the targets of one row in ascending order, return how many."""
    n = 0
    for target in range(n_targets):
        strip, byte = divmod(target, row_bytes.size)
        if (row_bytes[byte] >> strip) & 1:
            out[n] = target
            n += 1
    return n


@uncounted
def _add_8_rows(
    rows: AnyArray,
    first: np.uint64,
    ids: AnyArray,
    ones: AnyArray,
    twos: AnyArray,
    fours: AnyArray,
    carry: AnyArray,
) -> None:
    """Add 8 rows, from word `first` on, to the planes 1, 2, 4 by seven full adders.

    `carry` receives the eights.
    """
    i0, i1, i2, i3 = np.uint64(ids[0]), np.uint64(ids[1]), np.uint64(ids[2]), np.uint64(ids[3])
    i4, i5, i6, i7 = np.uint64(ids[4]), np.uint64(ids[5]), np.uint64(ids[6]), np.uint64(ids[7])
    for w in range(np.uint64(carry.size)):
        one, b, c = ones[w], rows[i0, first + w], rows[i1, first + w]
        s = one ^ b
        two_a = (one & b) | (s & c)
        one, b, c = s ^ c, rows[i2, first + w], rows[i3, first + w]
        s = one ^ b
        two_b = (one & b) | (s & c)
        one, two = s ^ c, twos[w]
        s = two ^ two_a
        four_a = (two & two_a) | (s & two_b)
        two = s ^ two_b
        b, c = rows[i4, first + w], rows[i5, first + w]
        s = one ^ b
        two_a = (one & b) | (s & c)
        one, b, c = s ^ c, rows[i6, first + w], rows[i7, first + w]
        s = one ^ b
        two_b = (one & b) | (s & c)
        ones[w] = s ^ c
        s = two ^ two_a
        four_b = (two & two_a) | (s & two_b)
        twos[w] = s ^ two_b
        four = fours[w]
        s = four ^ four_a
        carry[w] = (four & four_a) | (s & four_b)
        fours[w] = s ^ four_b


@uncounted
def _ripple(carry: AnyArray, eights: AnyArray, p16: AnyArray, p32: AnyArray, p64: AnyArray) -> None:
    """Add a plane of eights to the planes 8, 16, 32, 64."""
    for w in range(np.uint64(carry.size)):
        c, p = carry[w], eights[w]
        eights[w] = p ^ c
        c &= p
        p = p16[w]
        p16[w] = p ^ c
        c &= p
        p = p32[w]
        p32[w] = p ^ c
        p64[w] ^= c & p


@uncounted
def _count_batch(
    rows: AnyArray, first: np.uint64, ids: AnyArray, carry: AnyArray, planes: AnyArray
) -> None:
    """Count at most `BATCH` rows (a multiple of 8) into 7 planes."""
    for k in range(SMALL):
        plane = planes[k]
        for w in range(np.uint64(plane.size)):
            plane[w] = 0
    p1, p2, p4 = planes[0], planes[1], planes[2]
    p8, p16, p32, p64 = planes[3], planes[4], planes[5], planes[6]
    _prefetch_rows(rows, first, carry.size, ids[:8])
    for j in range(0, ids.size, 8):
        _prefetch_rows(rows, first, carry.size, ids[j + 8 : j + 16])
        _add_8_rows(rows, first, ids[j : j + 8], p1, p2, p4, carry)
        _ripple(carry, p8, p16, p32, p64)


@uncounted
def _full_add(plane: AnyArray, other: AnyArray, carry: AnyArray) -> None:
    for w in range(np.uint64(carry.size)):
        p, c = plane[w], carry[w]
        s = p ^ other[w]
        carry[w] = (p & other[w]) | (s & c)
        plane[w] = s ^ c


@uncounted
def _half_add(plane: AnyArray, carry: AnyArray) -> None:
    for w in range(np.uint64(carry.size)):
        p, c = plane[w], carry[w]
        plane[w] = p ^ c
        carry[w] = p & c


@uncounted
def bit_length(n: int) -> int:
    """Return how many planes hold the numbers up to n."""
    n_planes = 0
    while n >> n_planes:
        n_planes += 1
    return n_planes


@uncounted
def count_rows(
    rows: AnyArray, first: np.uint64, ids: AnyArray, n: int, scratch: AnyArray, planes: AnyArray
) -> int:
    """Sum the rows listed in ids[:n] into bit planes; return how many planes are used.

    Of each row the words from `first` on, as many as `planes` have.

    The last row of `rows` is empty and pads the list to a multiple of 8 (ids has room).
    `scratch` has 1 + 7 planes, `planes` as many as the largest sum needs, at least 7.
    """
    if n == 0:
        return 0
    padded = (n + 7) // 8 * 8
    ids[n:padded] = rows.shape[0] - 1
    carry = scratch[0]
    if padded <= BATCH:
        _count_batch(rows, first, ids[:padded], carry, planes)
    else:
        small = scratch[1:]
        planes[:] = 0
        for batch in range(0, padded, BATCH):
            part = ids[batch : min(batch + BATCH, padded)]
            _count_batch(rows, first, part, carry, small)
            carry[:] = 0
            for k in range(SMALL):
                _full_add(planes[k], small[k], carry)
            for k in range(SMALL, planes.shape[0]):
                _half_add(planes[k], carry)
    return bit_length(n)


@uncounted
def _gather_bits(planes: AnyArray, n: int, shift: np.uint64, words: AnyArray) -> None:
    """Write sum of 2**k * plane k for one strip, 8 targets a word; n at most 8."""
    p0, p1, p2, p3 = planes[0], planes[1], planes[2], planes[3]
    one, two, three = np.uint64(1), np.uint64(2), np.uint64(3)
    for w in range(np.uint64(words.size)):
        low = ((p0[w] >> shift) & LOW_BITS) | (((p1[w] >> shift) & LOW_BITS) << one)
        high = (((p2[w] >> shift) & LOW_BITS) << two) | (((p3[w] >> shift) & LOW_BITS) << three)
        words[w] = low | high
    for k in range(4, n):
        plane, place = planes[k], np.uint64(k)
        for w in range(np.uint64(words.size)):
            words[w] |= ((plane[w] >> shift) & LOW_BITS) << place


@uncounted
def planes_to_bytes(planes: AnyArray, n: int, counts: AnyArray) -> None:
    """Write the counts of all strips from `n` planes, low and high bytes apart.

    `counts` has shape (n_strips, 2, n_words), a byte for each target; the bytes that all `n`
    planes leave zero are not written. Planes beyond `n` up to the next multiple of 4 must hold
    zeros or belong to the sum.
    """
    for strip in range(counts.shape[0] if n > 0 else 0):
        _gather_bits(planes, min(n, 8), np.uint64(strip), counts[strip, 0])
        if n > 8:
            _gather_bits(planes[8:], n - 8, np.uint64(strip), counts[strip, 1])


@uncounted
def widen_counts(low: AnyArray, high: AnyArray, n: int, counts: AnyArray) -> None:
    """Write counts, uint16, from the bytes of `planes_to_bytes`."""
    if n == 0:
        for i in range(counts.size):
            counts[i] = 0
        return
    for i in range(counts.size):
        counts[i] = low[i]
    if n > 8:
        for i in range(counts.size):
            counts[i] = np.uint16(counts[i] + np.uint16(np.uint16(high[i]) << np.uint16(8)))
