"""Compiled block elimination of the Fokker-Planck operator over the cells of the potential.

Row i of the operator reads lower[i] y[i-1] + (diagonal[i] + coupling) y[i] + upper[i] y[i+1]:
the fluxes through the two faces of a cell are diagonal in the nodes of the slow input, the
slow input itself (`coupling`, less lambda) is a full matrix that is the same in every cell.
All arrays of a call share one type, float or complex.
"""

import numpy as np
from numba import njit

from cortex.typing import AnyArray


@njit(cache=True)
def eliminate(lower: AnyArray, diagonal: AnyArray, upper: AnyArray, coupling: AnyArray) -> AnyArray:
    """Return the inverses G[i] of the pivots, from the lowest cell up, shape (n, m, m).

    Inverses rather than factors: every later right-hand side then costs one product per cell.
    The pivots need no exchange of cells: outflow dominates the diagonal of each.
    """
    n, m = lower.shape
    inverses = np.empty((n, m, m), dtype=coupling.dtype)
    if m == 1:  # white noise alone: scalars, a tenth of the time
        for i in range(n):
            single = coupling[0, 0] + diagonal[i, 0]
            if i > 0:
                single -= lower[i, 0] * inverses[i - 1, 0, 0] * upper[i - 1, 0]
            inverses[i, 0, 0] = 1.0 / single
        return inverses
    for i in range(n):
        pivot = coupling.copy()
        for k in range(m):
            pivot[k, k] += diagonal[i, k]
        if i > 0:
            for k in range(m):
                for j in range(m):
                    pivot[k, j] -= lower[i, k] * inverses[i - 1, k, j] * upper[i - 1, j]
        inverses[i] = np.linalg.inv(pivot)
    return inverses


@njit(cache=True)
def last_and_sum(
    inverses: AnyArray,
    lower: AnyArray,
    upper: AnyArray,
    width: AnyArray,
    total: AnyArray,
    reset: int,
    entering: AnyArray,
) -> tuple[AnyArray, AnyArray]:
    """Return y[-1] and sum_i width[i] total . y[i] for right-hand sides in the reset cell alone.

    `entering` (m, m) holds one right-hand side per column. The sum over cells runs along with
    the elimination (a row vector carried upwards), so that nothing is substituted back.
    """
    n, m = lower.shape
    if m == 1:
        scale = width[0] * total[0]
        for i in range(reset):
            scale = width[i + 1] * total[0] - upper[i, 0] * inverses[i, 0, 0] * scale
        single = inverses[reset, 0, 0] * entering[0, 0]
        added = scale * single
        for i in range(reset + 1, n):
            scale = width[i] * total[0] - upper[i - 1, 0] * inverses[i - 1, 0, 0] * scale
            single *= -lower[i, 0] * inverses[i, 0, 0]
            added += scale * single
        return np.full((1, 1), single), np.full(1, added)
    weight = width[0] * total
    for i in range(reset):
        weight = width[i + 1] * total - upper[i] * np.dot(inverses[i].T.copy(), weight)
    part = np.dot(inverses[reset], entering)
    sums = np.dot(weight, part)
    for i in range(reset + 1, n):
        weight = width[i] * total - upper[i - 1] * np.dot(inverses[i - 1].T.copy(), weight)
        for k in range(m):
            for j in range(m):
                part[k, j] *= -lower[i, k]
        part = np.dot(inverses[i], part)
        sums += np.dot(weight, part)
    return part, sums


@njit(cache=True)
def profile(inverses: AnyArray, lower: AnyArray, upper: AnyArray, source: AnyArray) -> AnyArray:
    """Return y for one right-hand side `source`, both of shape (n, m)."""
    n, m = lower.shape
    out = np.empty_like(source)
    if m == 1:
        for i in range(n):
            single = source[i, 0]
            if i > 0:
                single -= lower[i, 0] * out[i - 1, 0]
            out[i, 0] = inverses[i, 0, 0] * single
        for i in range(n - 2, -1, -1):
            out[i, 0] -= inverses[i, 0, 0] * upper[i, 0] * out[i + 1, 0]
        return out
    for i in range(n):
        right = source[i].copy()
        if i > 0:
            right -= lower[i] * out[i - 1]
        out[i] = np.dot(inverses[i], right)
    for i in range(n - 2, -1, -1):
        out[i] -= np.dot(inverses[i], upper[i] * out[i + 1])
    return out


@njit(cache=True)
def adjoint(inverses: AnyArray, lower: AnyArray, upper: AnyArray, weight: AnyArray) -> AnyArray:
    """Return z with sum(weight * y) = sum(z * source) for the y of any source, both (n, m).

    One such product replaces a `profile` for every source of which only a sum is asked.
    """
    n, m = lower.shape
    out = weight.copy()
    if m == 1:
        for i in range(1, n):
            out[i, 0] -= upper[i - 1, 0] * inverses[i - 1, 0, 0] * out[i - 1, 0]
        for i in range(n - 1, -1, -1):
            single = out[i, 0]
            if i < n - 1:
                single -= lower[i + 1, 0] * out[i + 1, 0]
            out[i, 0] = inverses[i, 0, 0] * single
        return out
    for i in range(1, n):
        out[i] -= upper[i - 1] * np.dot(out[i - 1], inverses[i - 1])
    for i in range(n - 1, -1, -1):
        right = out[i].copy()
        if i < n - 1:
            right -= lower[i + 1] * out[i + 1]
        out[i] = np.dot(right, inverses[i])
    return out
