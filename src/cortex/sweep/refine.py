"""Adaptive refinement of a grid: compute only where an observable changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from cortex.typing import AnyArray, BoolArray

Index = tuple[int, ...]
Cell = tuple[tuple[int, int], ...]
Look = Callable[[Sequence[Index]], Sequence[float | str]]


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """What is known of a grid after refinement.

    Parameters
    ----------
    values : ndarray of shape (n_1, ..., n_d)
        The observable on the full grid; where it was not computed, the value of the corner
        of its cell, all corners of which agree.
    computed : ndarray of bool, same shape
        Where it was computed.
    n_levels : int
        Rounds of refinement.
    """

    values: AnyArray
    computed: BoolArray
    n_levels: int


def refine(shape: tuple[int, ...], look: Look, *, stride: int, tolerance: float = 0.0) -> Refined:
    """Return an observable on a grid, computed only near its changes.

    Parameters
    ----------
    shape : tuple of int
        Number of values along each axis.
    look : callable
        Takes indices of grid points and returns the observable there, a number or a word;
        called once per round with all new points.
    stride : int
        Grid lines between two lines of the first, coarse grid.
    tolerance : float
        Largest difference of numbers within a cell that is not refined.

    Notes
    -----
    A cell is cut in half along every axis while the known values inside it or on its border
    differ. Because values known on the border count, a change that enters a cell through a
    side is followed, though all corners agree. An island that lies between the lines of the
    coarse grid is not seen.

    Examples
    --------
    >>> found = refine((17,), lambda new: [float(i > 10) for (i,) in new], stride=4)
    >>> int(found.values.sum()), int(found.computed.sum())
    (6, 7)
    """
    values = np.full(shape, None, dtype=object)
    known = np.zeros(shape, dtype=np.bool_)
    cells = _coarse_cells(shape, stride)
    n_levels = 0
    while True:
        new = sorted({corner for cell in cells for corner in product(*cell) if not known[corner]})
        if new:
            n_levels += 1
            for index, value in zip(new, look(new), strict=True):
                values[index], known[index] = value, True
        mixed = {
            cell for cell in cells if _can_split(cell) and _differs(cell, values, known, tolerance)
        }
        if not mixed:
            return Refined(_filled(values, known, cells), known, n_levels)
        cells = [part for cell in cells for part in (_halves(cell) if cell in mixed else [cell])]


def _coarse_cells(shape: tuple[int, ...], stride: int) -> list[Cell]:
    lines = [[*range(0, n - 1, stride), n - 1] for n in shape]
    sides = [list(pairwise(line)) or [(0, 0)] for line in lines]
    return [tuple(cell) for cell in product(*sides)]


def _can_split(cell: Cell) -> bool:
    return any(high - low > 1 for low, high in cell)


def _halves(cell: Cell) -> list[Cell]:
    parts = [
        [(low, (low + high) // 2), ((low + high) // 2, high)] if high - low > 1 else [(low, high)]
        for low, high in cell
    ]
    return [tuple(part) for part in product(*parts)]


def _box(cell: Cell) -> tuple[slice, ...]:
    return tuple(slice(low, high + 1) for low, high in cell)


def _differs(cell: Cell, values: AnyArray, known: BoolArray, tolerance: float) -> bool:
    """Tell whether the values known in a cell, its border included, differ."""
    box = _box(cell)
    found = list(values[box][known[box]])
    if isinstance(found[0], str):
        return len(set(found)) > 1
    numbers = np.array(found, dtype=np.float64)
    finite = np.isfinite(numbers)
    if not finite.all():
        return bool(finite.any())
    return bool(np.ptp(numbers) > tolerance)


def _filled(values: AnyArray, known: BoolArray, cells: Sequence[Cell]) -> AnyArray:
    filled = values.copy()
    for cell in cells:
        box = _box(cell)
        inside, is_known = filled[box], known[box]
        inside[~is_known] = values[tuple(low for low, _ in cell)]
    return filled
