"""Who fired: neurons read off a mask of bytes, a line of the cache at a time."""

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.connectivity._loops_draw import lowest_bit
from cortex.typing import AnyArray

EIGHT, ONE = np.uint64(8), np.uint64(1)


@uncounted
def scan(words: AnyArray, first: int, ids: AnyArray, n: int) -> int:
    """Append the neurons whose byte is 1, ascending; return the new length.

    `words` holds the bytes, 0 or 1, of neurons from `first` on, in lines of 64. Spikes are rare: a
    line is looked at as a whole, and the bits that are set are found without asking every byte.
    """
    for line in range(np.uint64(0), np.uint64(words.size), EIGHT):
        some = np.uint64(0)
        for w in range(line, line + EIGHT):
            some |= words[w]
        if some:
            for w in range(line, line + EIGHT):
                bits = words[w]
                while bits:
                    ids[n] = first + 8 * np.int64(w) + lowest_bit(bits) // 8
                    n += 1
                    bits &= bits - ONE
    return n
