"""Which pairs of neurons lie within a radius: by tree, by windows of a line, or all pairs."""

import numpy as np
from scipy.spatial import cKDTree

from cortex.connectivity._loops_draw import stable_order
from cortex.connectivity._loops_pairs import count_within, list_offsets, list_within
from cortex.connectivity.projection import Projection, index_type, row_starts
from cortex.connectivity.space import (
    INCLUSIVE,
    Lattice,
    Space,
    check_same_space,
)
from cortex.errors import ParameterError
from cortex.typing import FloatArray, IntArray

PAIRS_AT_ONCE = 2_000_000
"""Pairs handled together; bounds the memory of the tree search."""
FEW_PAIRS = 1_000_000
LARGE_PART = 0.02
"""Part of a population in reach from which looking at every pair is faster than a tree."""


def pairs_by_tree(source: Space, target: Space, radius: float) -> Projection:
    """Return all pairs within `radius`, rim included, found with a k-d tree.

    Time and memory are linear in the number of pairs.
    """
    period = source.period
    tree = cKDTree(source.coordinates, boxsize=period)
    expected = np.clip(source.n * _fraction(source, radius), 1.0, source.n)
    size = max(1, int(PAIRS_AT_ONCE / expected))
    parts, counts = [], []
    for first in range(0, target.n, size):
        places = target.coordinates[first : first + size]
        sources, targets = _tree_pairs(tree, places, radius, period)
        order = sorted_by(targets, sources, len(places), source.n)
        parts.append(sources[order].astype(index_type(source.n)))
        counts.append(np.bincount(targets, minlength=len(places)))
    return Projection(
        n_sources=source.n,
        n_targets=target.n,
        start=row_starts(np.concatenate(counts)),
        sources=np.concatenate(parts),
    )


def _tree_pairs(
    tree: cKDTree, places: FloatArray, radius: float, period: FloatArray | None
) -> tuple[IntArray, IntArray]:
    found = cKDTree(places, boxsize=period).sparse_distance_matrix(
        tree, radius * INCLUSIVE, output_type="ndarray"
    )
    return found["j"].astype(np.int64), found["i"].astype(np.int64)


def _fraction(space: Space, radius: float) -> float:
    """Return about which part of a population lies within `radius` of a place."""
    spacing = space.spacing
    return (2.0 * radius / spacing) ** space.dim / space.n if spacing > 0.0 else 1.0


def sorted_by(major: IntArray, minor: IntArray, n_major: int, n_minor: int) -> IntArray:
    """Return the order that sorts pairs by `major`, then `minor`, in linear time."""
    by_minor = stable_order(minor, np.arange(len(minor)), n_minor)
    return stable_order(major, by_minor, n_major)


def pairs_by_comparison(source: Space, target: Space, radius: float) -> Projection:
    """Return all pairs within `radius` by looking at every pair: a nanosecond each."""
    period = np.zeros(0) if source.period is None else source.period
    at, of = np.ascontiguousarray(target.coordinates), np.ascontiguousarray(source.coordinates.T)
    asked = (of, at, period, 0.5 * INCLUSIVE, (radius * INCLUSIVE) ** 2)
    counts = np.zeros(target.n, dtype=np.int64)
    count_within(*asked, counts)
    start = row_starts(counts)
    sources = np.empty(int(start[-1]), dtype=index_type(source.n))
    list_within(*asked, start, sources)
    return Projection(n_sources=source.n, n_targets=target.n, start=start, sources=sources)


def line_windows(source: Lattice, target: Space, radius: float) -> IntArray:
    """Return first source and number of sources within `radius` of each target on a line.

    Parameters
    ----------
    source : Lattice
        One-dimensional, open or closed to a ring.
    target : Lattice or Points
        Places on the same line.
    radius : float
        Half width of the window, rim included.

    Returns
    -------
    ndarray of int, shape (n_targets, 2)
        First source of the window and its width. On a ring it may run over the end.
    """
    check_same_space(source, target)
    if source.dim != 1:
        msg = f"windows need a line or a ring, the lattice has {source.dim} dimensions"
        raise ParameterError(msg)
    place = target.coordinates[:, 0] / source.pitch[0]
    width = radius / source.pitch[0]
    slack = 1e-9 * max(width, 1.0)
    first = np.ceil(place - width - slack).astype(np.int64)
    last = np.floor(place + width + slack).astype(np.int64)
    if source.periodic:
        count = np.minimum(last - first + 1, source.n)
        return np.stack([first % source.n, count], axis=1)
    first, last = np.maximum(first, 0), np.minimum(last, source.n - 1)
    return np.stack([np.minimum(first, source.n - 1), np.maximum(last - first + 1, 0)], axis=1)


def pairs_by_windows(source: Lattice, target: Space, radius: float) -> Projection:
    """Return all pairs within `radius` on a line or ring by integer arithmetic."""
    windows = line_windows(source, target, radius)
    start = row_starts(windows[:, 1])
    step = np.arange(start[-1]) - np.repeat(start[:-1], windows[:, 1])
    sources = (np.repeat(windows[:, 0], windows[:, 1]) + step) % source.n
    targets = np.repeat(np.arange(target.n), windows[:, 1])
    order = sorted_by(targets, sources, target.n, source.n)
    return Projection(
        n_sources=source.n,
        n_targets=target.n,
        start=start,
        sources=sources[order].astype(index_type(source.n)),
    )


def pair_displacements(projection: Projection, source: Space, target: Space) -> FloatArray:
    """Return source minus target of every connection, shape (n_connections, dim).

    Raises
    ------
    ParameterError
        The spaces do not match each other or the sizes of the projection.
    """
    check_same_space(source, target)
    if (projection.n_sources, projection.n_targets) != (source.n, target.n):
        msg = (
            f"the projection joins {projection.n_sources} to {projection.n_targets} neurons, "
            f"the spaces hold {source.n} and {target.n}"
        )
        raise ParameterError(msg)
    offset = np.empty((projection.n_connections, source.dim))
    list_offsets(
        projection.start,
        projection.sources,
        np.ascontiguousarray(source.coordinates, dtype=np.float64),
        np.ascontiguousarray(target.coordinates, dtype=np.float64),
        np.zeros(0) if source.period is None else source.period,
        0.5 * INCLUSIVE,
        offset,
    )
    return offset


def is_one_lattice(source: Space, target: Space) -> bool:
    """Tell whether both populations sit on the same lattice."""
    return isinstance(source, Lattice) and source == target


def find_pairs(source: Space, target: Space, radius: float, algorithm: str) -> Projection:
    """Return all pairs within `radius` by "tree", "windows", "all pairs" or "auto".

    Raises
    ------
    ParameterError
        The spaces do not match, or the algorithm does not apply to them.
    """
    check_same_space(source, target)
    if algorithm == "auto":
        on_line = isinstance(source, Lattice) and source.dim == 1
        few = source.n * target.n <= FEW_PAIRS or _fraction(source, radius) >= LARGE_PART
        algorithm = "windows" if on_line else "all pairs" if few else "tree"
    if algorithm == "windows" and isinstance(source, Lattice):
        return pairs_by_windows(source, target, radius)
    if algorithm == "tree":
        return pairs_by_tree(source, target, radius)
    if algorithm == "all pairs":
        return pairs_by_comparison(source, target, radius)
    msg = f"algorithm {algorithm!r} does not apply to {type(source).__name__}"
    raise ParameterError(msg)
