"""Compiled random numbers: one xoshiro128++ lane per two neurons, exact Poisson counts.

A lane gives 32 bits a step, 15 of them to each of its two neurons, so what a neuron
receives depends on (seed, name, neuron) alone. Written so that LLVM uses vectors: every
16- and 32-bit intermediate is cast, slices are taken before the loops.
"""

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.typing import AnyArray

TOP = np.int64(32768)  # 2**15, one above the largest random number of a neuron


@uncounted
def fill_random(s0: AnyArray, s1: AnyArray, s2: AnyArray, s3: AnyArray, out: AnyArray) -> None:
    """Advance xoshiro128++ lanes (Blackman & Vigna 2021) and write 2 x 15 bits of each."""
    for i in range(out.size):
        a, b, c, d = s0[i], s1[i], s2[i], s3[i]
        r = np.uint32(a + d)
        r = np.uint32(np.uint32(r << np.uint32(7)) | np.uint32(r >> np.uint32(25)))
        out[i] = np.uint32(r + a) & np.uint32(0x7FFF7FFF)
        t = np.uint32(b << np.uint32(9))
        c = np.uint32(c ^ a)
        d = np.uint32(d ^ b)
        s1[i] = np.uint32(b ^ c)
        s0[i] = np.uint32(a ^ d)
        s2[i] = np.uint32(c ^ t)
        s3[i] = np.uint32(np.uint32(d << np.uint32(11)) | np.uint32(d >> np.uint32(21)))


@uncounted
def next_word(lane: AnyArray) -> np.int64:
    """Advance one xoshiro128++ lane, shape (4,), and return its 32 bits."""
    a, b, c, d = lane[0], lane[1], lane[2], lane[3]
    r = np.uint32(a + d)
    r = np.uint32(np.uint32(r << np.uint32(7)) | np.uint32(r >> np.uint32(25)))
    t = np.uint32(b << np.uint32(9))
    c = np.uint32(c ^ a)
    d = np.uint32(d ^ b)
    lane[1] = np.uint32(b ^ c)
    lane[0] = np.uint32(a ^ d)
    lane[2] = np.uint32(c ^ t)
    lane[3] = np.uint32(np.uint32(d << np.uint32(11)) | np.uint32(d >> np.uint32(21)))
    return np.int64(np.uint32(r + a))


@uncounted
def dither(cumulative: AnyArray, word: np.int64, thresholds: AnyArray) -> int:
    """Round the cumulative Poisson law to 15 bits at random; return how many count.

    `cumulative` holds P(n <= k) in units of 2**-47. Rounding up with the probability of
    the fraction keeps the law of every neuron exact; `word` is 32 random bits.
    """
    for k in range(cumulative.size):
        threshold = (cumulative[k] + word) >> 32
        if threshold >= TOP:
            return k
        thresholds[k] = np.uint16(threshold - 1)
    return int(cumulative.size)


@uncounted
def add_poisson(x: AnyArray, thresholds: AnyArray, n: int, counts: AnyArray) -> None:
    """Add to each count the number of thresholds that its random number reaches.

    The top bit of ``threshold - 1 - x`` in 16 bits tells whether ``x >= threshold``.
    """
    bit = np.uint16(15)
    k = 0
    while k + 4 <= n:
        t0, t1, t2, t3 = thresholds[k], thresholds[k + 1], thresholds[k + 2], thresholds[k + 3]
        for i in range(counts.size):
            v = x[i]
            c = np.uint16(np.uint16(t0 - v) >> bit)
            c = np.uint16(c + np.uint16(np.uint16(t1 - v) >> bit))
            c = np.uint16(c + np.uint16(np.uint16(t2 - v) >> bit))
            c = np.uint16(c + np.uint16(np.uint16(t3 - v) >> bit))
            counts[i] = np.uint16(counts[i] + c)
        k += 4
    while k < n:
        t0 = thresholds[k]
        for i in range(counts.size):
            counts[i] = np.uint16(counts[i] + np.uint16(np.uint16(t0 - x[i]) >> bit))
        k += 1
