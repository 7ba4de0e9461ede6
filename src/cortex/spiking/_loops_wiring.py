"""Compiled placement of drawn connections into lists by source."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, IntArray


@njit(cache=True, nogil=True)
def look_up(table: AnyArray, places: AnyArray, out: AnyArray) -> None:
    """Write what stands in a table of 65536 at 16-bit places."""
    for i in range(out.size):
        out[i] = table[np.uint64(places[i])]


@njit(cache=True, nogil=True)
def place_targets(
    start: IntArray,
    sources: AnyArray,
    first_target: int,
    n_together: int,
    drawn: tuple[AnyArray, AnyArray],
    cursor: IntArray,
    targets: AnyArray,
    delays: AnyArray,
    weights: AnyArray,
) -> None:
    """Append target, delay and weight to the list of each source; `cursor` is its free place.

    Sources ascend within a target. `n_together` of them are served at a time, so that the ends of
    their lists stay in the cache. `drawn` holds a delay and a weight per connection; `delays` has
    size 0 when all delays are equal, `weights` when all weights of a pair of populations are.
    """
    drawn_delays, drawn_weights = drawn
    read = start[:-1].copy()
    for end in range(n_together, cursor.size + n_together, n_together):
        for t in range(read.size):
            i = read[t]
            stop = start[t + 1]
            while i < stop and sources[i] < end:
                source = np.uint64(sources[i])
                place = cursor[source]
                targets[place] = first_target + t
                if delays.size > 0:
                    delays[place] = drawn_delays[i]
                if weights.size > 0:
                    weights[place] = drawn_weights[i]
                cursor[source] = place + 1
                i += 1
            read[t] = i
