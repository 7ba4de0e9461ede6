"""Compiled draws of sources straight into rows of bits, 64 targets at a time."""

import numpy as np
from numba import njit

from cortex.connectivity._loops_draw import _first_state, _mark_distinct, _window
from cortex.spiking.noise import N_STRIPS
from cortex.typing import AnyArray, IntArray


@njit(cache=True, inline="always")
def _exchange(square: AnyArray, side: int, kept: np.uint64) -> None:
    """Exchange the two quarters off the diagonal of all blocks of 2 `side` rows and bits."""
    bits = np.uint64(side)
    for first in range(0, 64, 2 * side):
        for row in range(first, first + side):
            upper, lower = square[row], square[row + side]
            moved = ((upper >> bits) ^ lower) & kept
            square[row] = upper ^ (moved << bits)
            square[row + side] = lower ^ moved


@njit(cache=True, nogil=True)
def _transpose(square: AnyArray) -> None:
    """Transpose 64 words of 64 bits: bit b of word w becomes bit w of word b."""
    _exchange(square, 32, np.uint64(0x00000000FFFFFFFF))
    _exchange(square, 16, np.uint64(0x0000FFFF0000FFFF))
    _exchange(square, 8, np.uint64(0x00FF00FF00FF00FF))
    _exchange(square, 4, np.uint64(0x0F0F0F0F0F0F0F0F))
    _exchange(square, 2, np.uint64(0x3333333333333333))
    _exchange(square, 1, np.uint64(0x5555555555555555))


@njit(cache=True, nogil=True)
def draw_bits(
    key: AnyArray,
    degrees: IntArray,
    windows: IntArray,
    n_sources: int,
    first: tuple[int, int],
    words: tuple[int, int],
    rows: AnyArray,
) -> None:
    """Set the bits of the distinct sources that `draw_windows` draws.

    `first` holds the first source and the first target among all neurons, `words` the first word
    of every row that is written, and the end. A word holds 64 targets: bit ``8 j + b`` of word w
    is target ``b n_bytes + 8 w + j``, as in `cortex.spiking._loops_bits`.
    """
    n_bytes = 8 * rows.shape[1]
    n_words = (n_sources + 63) // 64
    marks = np.zeros((64, n_words), dtype=np.uint64)  # a row of sources per target
    summary = np.zeros((n_words + 63) // 64, dtype=np.uint64)
    square = np.empty(64, dtype=np.uint64)
    for word in range(words[0], words[1]):
        n_drawn = 0
        for bit in range(64):
            target = (bit % N_STRIPS) * n_bytes + 8 * word + bit // N_STRIPS - first[1]
            if 0 <= target < degrees.size:
                window = _window(windows[target], n_sources)
                _mark_distinct(
                    _first_state(key, target), degrees[target], window, marks[bit], summary
                )
                n_drawn += 1
        if n_drawn == 0:
            continue
        for block in range(n_words):
            for bit in range(64):
                square[bit] = marks[bit, block]
            _transpose(square)
            source = 64 * block
            for i in range(min(64, n_sources - source)):
                rows[first[0] + source + i, word] |= square[i]
        marks[:] = np.uint64(0)
