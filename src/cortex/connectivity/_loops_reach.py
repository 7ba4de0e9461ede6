"""Compiled draws of sources by distance: weighted, without a list of the pairs in reach.

Sources are sorted into square cells. A draw takes a cell near the target by an alias table
(Walker 1977) of upper bounds of its weight, a place in that cell, and keeps the source there
with the probability of its own weight over the bound: the cost of a source does not depend on
how many are in reach.
"""

import numpy as np
from numba import njit

from cortex.connectivity._loops_draw import (
    GOLDEN,
    _below,
    _emit,
    _first_state,
    _mark,
    _repeat,
    _uniform,
)
from cortex.typing import AnyArray, FloatArray, IntArray

Raster = tuple[IntArray, FloatArray, IntArray, IntArray, int]
"""Cells along the axes, their sides, first source of each cell, sources by cell, most in one."""
Bounds = tuple[IntArray, FloatArray, FloatArray, IntArray]
"""Offsets of cells in reach (n, 3), bounds of the weights there, their alias table."""


@njit(cache=True, inline="always")
def _gap(a: float, b: float, period: float) -> float:
    """Return the distance along one axis, the shortest way round; period 0 is open."""
    d = abs(a - b)
    return period - d if period > 0.0 and d > 0.5 * period else d


@njit(cache=True, inline="always")
def _cell(x: int, y: int, z: int, shape: IntArray, wraps: bool) -> int:
    """Return the number of a cell; -1 beyond an open edge."""
    nx, ny, nz = shape[0], shape[1], shape[2]
    if wraps:
        return int(((z % nz) * ny + y % ny) * nx + x % nx)
    inside = 0 <= x < nx and 0 <= y < ny and 0 <= z < nz
    return int((z * ny + y) * nx + x) if inside else -1


@njit(cache=True, inline="always")
def _weight(law: FloatArray, at: float) -> float:
    """Return a table at a place between its entries; zero beyond the last."""
    j = np.int64(at)
    return law[j] + (at - j) * (law[j + 1] - law[j]) if j + 1 < law.size else 0.0


@njit(cache=True, nogil=True)
def draw_near(
    key: AnyArray,
    start: IntArray,
    own: IntArray,
    targets: FloatArray,
    sources: FloatArray,
    period: FloatArray,
    raster: Raster,
    bounds: Bounds,
    law: FloatArray,
    step: float,
    multapses: bool,
    out: AnyArray,
    found: IntArray,
) -> int:
    """Draw the sources of each target with weights by distance; return a target that lacks some.

    ``law[j]`` is the weight at distance ``j * step``, zero beyond its last entry. `own` is the
    source that a target leaves out, or -1. -1 is returned where all targets are served. Where
    `found` has a place for each target, ``start[t+1] - start[t]`` is how often it is drawn for,
    and the number of sources that this finds is written there. All is unpacked here: a tuple
    handed on in the inner loop costs more than a draw.
    """
    shape, side, cell_start, order, most = raster
    offset, bound, share, alias = bounds
    period_x, period_y, period_z = period[0], period[1], period[2]
    slots, n_cells, n = np.uint64(most), np.uint64(share.size), sources.shape[0]
    words = np.zeros((n + 63) // 64, dtype=np.uint64)
    summary = np.zeros((words.size + 63) // 64, dtype=np.uint64)
    times = np.zeros(n if multapses else 0, dtype=np.int32)
    for t in range(start.size - 1):
        state, wanted = _first_state(key, t), start[t + 1] - start[t]
        x, y, z = targets[t, 0], targets[t, 1], targets[t, 2]
        column = min(np.int64(x / side[0]), shape[0] - 1)
        row = min(np.int64(y / side[1]), shape[1] - 1)
        layer = min(np.int64(z / side[2]), shape[2] - 1)
        tries = 10_000 * wanted + 1_000_000  # the last ones of a nearly full reach are found late
        if found.size:
            tries = wanted
        while wanted > 0:
            tries -= 1
            if tries < 0:
                if found.size:
                    break
                return t
            state, drawn = _below(state, n_cells)
            o = np.int64(drawn)
            state += GOLDEN
            o = o if _uniform(state) <= share[o] else alias[o]
            state, slot = _below(state, slots)
            at = column + offset[o, 0], row + offset[o, 1], layer + offset[o, 2]
            cell = _cell(at[0], at[1], at[2], shape, period_x > 0.0)
            if cell < 0 or cell_start[cell] + np.int64(slot) >= cell_start[cell + 1]:
                continue
            source = order[cell_start[cell] + np.int64(slot)]
            gap_x = _gap(x, sources[source, 0], period_x)
            gap_y = _gap(y, sources[source, 1], period_y)
            gap_z = _gap(z, sources[source, 2], period_z)
            r = np.sqrt(gap_x * gap_x + gap_y * gap_y + gap_z * gap_z)
            weight = _weight(law, r / step)
            state += GOLDEN
            if source == own[t] or _uniform(state) * bound[o] > weight:
                continue
            is_new = _mark(words, summary, np.uint64(source))
            if multapses:
                times[source] += 1
            wanted -= np.int64(is_new or multapses)
        row = out[start[t] : start[t + 1]]
        n_distinct = _emit(words, summary, row)
        if multapses:
            _repeat(times, row, n_distinct)
        if found.size:
            found[t] = n_distinct
    return -1


@njit(cache=True, nogil=True)
def distance_steps(
    start: IntArray,
    found: AnyArray,
    targets: FloatArray,
    sources: FloatArray,
    period: FloatArray,
    offset: float,
    per_length: float,
    out: AnyArray,
) -> None:
    """Write ``offset + distance * per_length`` of every connection, rounded to whole steps."""
    for t in range(start.size - 1):
        for i in range(start[t], start[t + 1]):
            s = np.int64(found[i])
            gap_x = _gap(targets[t, 0], sources[s, 0], period[0])
            gap_y = _gap(targets[t, 1], sources[s, 1], period[1])
            gap_z = _gap(targets[t, 2], sources[s, 2], period[2])
            r = np.sqrt(gap_x * gap_x + gap_y * gap_y + gap_z * gap_z)
            out[i] = np.int64(offset + r * per_length + 0.5)
