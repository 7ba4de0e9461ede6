"""Compiled placement of drawn connections into lists by source."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray


@njit(cache=True, nogil=True)
def place_targets(
    start: IntArray,
    sources: AnyArray,
    first_target: int,
    drawn_delays: AnyArray,
    cursor: IntArray,
    targets: AnyArray,
    delays: AnyArray,
) -> None:
    """Append target and delay to the list of each source; `cursor` is its free place.

    `delays` and `drawn_delays` have size 0 when all delays are equal.
    """
    for t in range(start.size - 1):
        for i in range(start[t], start[t + 1]):
            source = np.int64(sources[i])
            place = cursor[source]
            targets[place] = first_target + t
            if delays.size > 0:
                delays[place] = drawn_delays[i]
            cursor[source] = place + 1
