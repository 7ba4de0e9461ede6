"""Compiled walk of one stencil over a lattice: sources ascending, periodic or open.

A stencil is a list of rows: row r lies `dy[r]` above the target and holds the entries
``dx[row_start[r] : row_start[r + 1]]``, ascending. A line is a lattice with one row.
"""

from numba import njit

from cortex.typing import AnyArray, FloatArray, IntArray


@njit(cache=True, inline="always")
def _image(place: int, n: int) -> int:
    """Return 1 when a place lies beyond the upper edge, -1 below the lower, else 0."""
    if place >= n:
        return 1
    return -1 if place < 0 else 0


@njit(cache=True, inline="always")
def _is_inside(reach: IntArray, x: int, y: int, nx: int, ny: int) -> bool:
    """Tell whether the whole stencil, of reach (-x, +x, -y, +y), stays on the lattice."""
    inside: bool = (
        x + reach[0] >= 0 and x + reach[1] < nx and y + reach[2] >= 0 and y + reach[3] < ny
    )
    return inside


@njit(cache=True, nogil=True)
def count_open(
    row_start: IntArray, dy: IntArray, dx: IntArray, reach: IntArray, nx: int, counts: IntArray
) -> None:
    """Count the stencil entries that fall on an open lattice, for each target."""
    ny = counts.size // nx
    for y in range(ny):
        for x in range(nx):
            if _is_inside(reach, x, y, nx, ny):
                counts[y * nx + x] = dx.size
                continue
            count = 0
            for r in range(dy.size):
                if _image(y + dy[r], ny) == 0:
                    for i in range(row_start[r], row_start[r + 1]):
                        count += _image(x + dx[i], nx) == 0
            counts[y * nx + x] = count


@njit(cache=True, nogil=True)
def fill(
    start: IntArray,
    row_start: IntArray,
    dy: IntArray,
    dx: IntArray,
    values: FloatArray,
    reach: IntArray,
    nx: int,
    last_image: int,
    sources: AnyArray,
    weights: AnyArray,
) -> None:
    """Write sources and weights of every target; `last_image` is 1 on a torus, 0 when open.

    What lies beyond an upper edge wraps to small indices and is therefore written first.
    """
    ny = (start.size - 1) // nx
    for y in range(ny):
        for x in range(nx):
            o = start[y * nx + x]
            if _is_inside(reach, x, y, nx, ny):
                for r in range(dy.size):
                    base = (y + dy[r]) * nx + x
                    for i in range(row_start[r], row_start[r + 1]):
                        sources[o] = base + dx[i]
                        weights[o] = values[i]
                        o += 1
                continue
            for image_y in range(last_image, -last_image - 1, -1):
                for r in range(dy.size):
                    if _image(y + dy[r], ny) != image_y:
                        continue
                    base = (y + dy[r] - image_y * ny) * nx + x
                    for image_x in range(last_image, -last_image - 1, -1):
                        for i in range(row_start[r], row_start[r + 1]):
                            if _image(x + dx[i], nx) == image_x:
                                sources[o] = base + dx[i] - image_x * nx
                                weights[o] = values[i]
                                o += 1
