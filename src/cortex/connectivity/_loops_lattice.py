"""Compiled walk of one stencil over a lattice: sources ascending, periodic or open.

A stencil is a list of rows: row r lies `dy[r]` above the target and holds the entries
``dx[row_start[r] : row_start[r + 1]]``, ascending. A line is a lattice with one row. For a
target in column x the entries from ``low[r, x]`` up to ``high[r, x]`` lie on the lattice;
those before it lie beyond the left edge, those after it beyond the right one.
"""

from numba import njit

from cortex.typing import AnyArray, FloatArray, IntArray


@njit(cache=True, inline="always")
def _image(place: int, n: int) -> int:
    """Return 1 when a place lies beyond the upper edge, -1 below the lower, else 0."""
    if place >= n:
        return 1
    return -1 if place < 0 else 0


@njit(cache=True, nogil=True)
def find_bounds(row_start: IntArray, dx: IntArray, low: IntArray, high: IntArray) -> None:
    """Find the entries of each row that lie on the lattice, for each column of targets."""
    nx = low.shape[1]
    for r in range(low.shape[0]):
        for x in range(nx):
            first = row_start[r]
            while first < row_start[r + 1] and x + dx[first] < 0:
                first += 1
            last = row_start[r + 1]
            while last > first and x + dx[last - 1] >= nx:
                last -= 1
            low[r, x] = first
            high[r, x] = last


@njit(cache=True, nogil=True)
def count_open(dy: IntArray, low: IntArray, high: IntArray, counts: IntArray) -> None:
    """Add up the entries that fall on an open lattice, for each target; counts of zero."""
    nx = low.shape[1]
    ny = counts.size // nx
    for y in range(ny):
        for r in range(dy.size):
            if _image(y + dy[r], ny) == 0:
                for x in range(nx):
                    counts[y * nx + x] += high[r, x] - low[r, x]


@njit(cache=True, nogil=True)
def fill(
    start: IntArray,
    row_start: IntArray,
    dy: IntArray,
    dx: IntArray,
    values: FloatArray,
    low: IntArray,
    high: IntArray,
    last_image: int,
    sources: AnyArray,
    weights: AnyArray,
) -> None:
    """Write sources and weights of every target; `last_image` is 1 on a torus, 0 when open.

    What lies beyond an upper edge wraps to small indices and is therefore written first.
    """
    nx = low.shape[1]
    ny = (start.size - 1) // nx
    for y in range(ny):
        for x in range(nx):
            o = start[y * nx + x]
            for image_y in range(last_image, -last_image - 1, -1):
                for r in range(dy.size):
                    if _image(y + dy[r], ny) != image_y:
                        continue
                    base = (y + dy[r] - image_y * ny) * nx + x
                    for i in range(high[r, x], row_start[r + 1] * last_image):
                        sources[o] = base + dx[i] - nx
                        weights[o] = values[i]
                        o += 1
                    for i in range(low[r, x], high[r, x]):
                        sources[o] = base + dx[i]
                        weights[o] = values[i]
                        o += 1
                    for i in range(row_start[r], low[r, x] * last_image):
                        sources[o] = base + dx[i] + nx
                        weights[o] = values[i]
                        o += 1
