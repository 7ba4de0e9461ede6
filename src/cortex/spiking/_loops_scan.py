"""Who fired: neurons read off a mask of bytes, eight at a time."""

from numba import njit

from cortex.typing import AnyArray


@njit(cache=True, nogil=True)
def scan(mask: AnyArray, words: AnyArray, first: int, ids: AnyArray, n: int) -> int:
    """Append the neurons whose byte of `mask` is set, ascending; return the new length."""
    for w in range(words.size):
        if words[w]:
            for i in range(8 * w, 8 * w + 8):
                if mask[i]:
                    ids[n] = first + i
                    n += 1
    return n
