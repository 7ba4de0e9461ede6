"""One stencil for a whole lattice: the kernel is evaluated once per offset, not per pair."""

from dataclasses import dataclass
from math import prod

import numpy as np

from cortex.connectivity._loops_lattice import count_open, fill, find_bounds
from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.connectivity.space import Lattice
from cortex.typing import AnyArray, BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stencil:
    """Offsets from a target to its sources on a lattice, and the value at each.

    Parameters
    ----------
    lattice : Lattice
        The lattice of sources and targets.
    offsets : ndarray of int, shape (n_offsets, dim)
        Steps along x (and y), sorted by y, then x.
    values : ndarray, shape (n_offsets,)
        Kernel value at each offset.
    """

    lattice: Lattice
    offsets: IntArray
    values: FloatArray

    @property
    def displacements(self) -> FloatArray:
        """Offsets as displacements, shape (n_offsets, dim)."""
        return np.multiply(self.offsets, self.lattice.pitch)

    def where(self, keep: BoolArray) -> "Stencil":
        """Return only the marked offsets."""
        return Stencil(lattice=self.lattice, offsets=self.offsets[keep], values=self.values[keep])

    def with_values(self, values: FloatArray) -> "Stencil":
        """Return the same offsets with other values."""
        return Stencil(lattice=self.lattice, offsets=self.offsets, values=values)

    def matrix(self) -> FloatArray:
        """Return what target 0 of the torus receives from each source, shape (ny, nx).

        Its discrete Fourier transform is the spectrum of the connectivity.
        """
        nx, ny = _shape(self.lattice)
        image = np.zeros((ny, nx))
        steps = _planar(self.offsets)
        np.add.at(image, (steps[:, 1] % ny, steps[:, 0] % nx), self.values)
        return image

    def projection(self, *, weight_type: type[np.floating] = np.float64) -> Projection:
        """Return the connections of the whole lattice, weights as given by the values.

        `weight_type` is numpy.float64 or numpy.float32.
        """
        nx, _ = _shape(self.lattice)
        steps = _planar(self.offsets)
        first = np.flatnonzero(np.diff(steps[:, 1], prepend=steps[0, 1] - 1))
        row_start = np.append(first, len(steps))
        dx, dy = np.ascontiguousarray(steps[:, 0]), steps[first, 1]
        low, high = np.empty((2, len(dy), nx), dtype=np.int64)
        find_bounds(row_start, dx, low, high)
        counts = np.zeros(self.lattice.n, dtype=np.int64)
        if self.lattice.periodic:
            counts += len(dx)
        else:
            count_open(dy, low, high, counts)
        start = row_starts(counts)
        sources = np.empty(start[-1], dtype=index_type(self.lattice.n))
        weights: AnyArray = np.empty(start[-1], dtype=weight_type)
        last_image = int(self.lattice.periodic)
        fill(start, row_start, dy, dx, self.values, low, high, last_image, sources, weights)
        n = self.lattice.n
        return Projection(n_sources=n, n_targets=n, start=start, sources=sources, weights=weights)


def offsets_within(lattice: Lattice, radius: float) -> IntArray:
    """Return all offsets inside a box of half side `radius`, sorted by y, then x.

    On a periodic lattice each source appears once, at its shortest displacement.
    """
    axes = [
        _steps(n, pitch, radius, lattice.periodic)
        for n, pitch in zip(lattice.shape, lattice.pitch, strict=True)
    ]
    offsets = np.empty((prod(map(len, axes)), len(axes)), dtype=np.int64)
    offsets[:, 0] = np.tile(axes[0], len(offsets) // len(axes[0]))
    if len(axes) == 2:
        offsets[:, 1] = np.repeat(axes[1], len(axes[0]))
    return offsets


def _steps(n: int, pitch: float, radius: float, periodic: bool) -> IntArray:
    """Return the steps along one axis that stay within `radius` and meet a source once."""
    down, up = ((n - 1) // 2, n // 2) if periodic else (n - 1, n - 1)
    most = int(min(radius / pitch * (1.0 + 1e-9), n))
    return np.arange(-min(down, most), min(up, most) + 1, dtype=np.int64)


def _shape(lattice: Lattice) -> tuple[int, int]:
    return lattice.shape[0], lattice.shape[1] if lattice.dim == 2 else 1


def _planar(offsets: IntArray) -> IntArray:
    return offsets if offsets.shape[1] == 2 else np.pad(offsets, ((0, 0), (0, 1)))
