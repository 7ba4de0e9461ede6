"""Compiled placement of drawn connections into lists by source."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray


@njit(cache=True, nogil=True)
def place_targets(
    start: IntArray,
    sources: AnyArray,
    first_target: int,
    drawn: tuple[AnyArray, AnyArray],
    cursor: IntArray,
    targets: AnyArray,
    delays: AnyArray,
    weights: AnyArray,
) -> None:
    """Append target, delay and weight to the list of each source; `cursor` is its free place.

    `drawn` holds a delay and a weight per connection; `delays` has size 0 when all delays are
    equal, `weights` when all weights of a pair of populations are.
    """
    drawn_delays, drawn_weights = drawn
    for t in range(start.size - 1):
        for i in range(start[t], start[t + 1]):
            source = np.int64(sources[i])
            place = cursor[source]
            targets[place] = first_target + t
            if delays.size > 0:
                delays[place] = drawn_delays[i]
            if weights.size > 0:
                weights[place] = drawn_weights[i]
            cursor[source] = place + 1
