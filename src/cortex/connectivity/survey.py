"""What a network looks like as a whole: its weights, its matrix in cells, its lengths."""

import numpy as np

from cortex.connectivity.projection import Projection
from cortex.connectivity.space import Space, displacements
from cortex.errors import ParameterError
from cortex.typing import FloatArray


def weights_of(projection: Projection) -> FloatArray:
    """Return the weight of every connection, one where the projection has none.

    Returns
    -------
    ndarray of shape (n_connections,)
    """
    if projection.weights is None:
        return np.ones(projection.n_connections)
    return np.asarray(projection.weights, dtype=np.float64)


def connection_lengths(projection: Projection, source: Space, target: Space) -> FloatArray:
    """Return the distance of both ends of every connection, m.

    Parameters
    ----------
    projection : Projection
        With `n_sources` sources and `n_targets` targets.
    source, target : Space
        Their places.

    Returns
    -------
    ndarray of shape (n_connections,)

    Raises
    ------
    ParameterError
        There are not as many places as neurons.

    Examples
    --------
    >>> from cortex.connectivity.space import ring
    >>> line = Projection.from_pairs([0, 3], [1, 0], n_sources=4, n_targets=4)
    >>> connection_lengths(line, ring(4, 1.0), ring(4, 1.0)).tolist()
    [0.25, 0.25]
    """
    if (source.n, target.n) != (projection.n_sources, projection.n_targets):
        msg = (
            f"{source.n} and {target.n} places for {projection.n_sources} sources and "
            f"{projection.n_targets} targets"
        )
        raise ParameterError(msg)
    ends = source.coordinates[projection.sources], target.coordinates[projection.targets]
    lengths: FloatArray = np.linalg.norm(displacements(*ends, source.period), axis=-1)
    return lengths


def matrix_in_cells(projection: Projection, side: int) -> FloatArray:
    """Return the mean weight over all pairs of each cell of the matrix.

    Parameters
    ----------
    projection : Projection
        Pairs that are not joined count as zero.
    side : int
        Neurons along a cell; the last cells may be smaller.

    Returns
    -------
    ndarray of shape (ceil(n_targets / side), ceil(n_sources / side))

    Examples
    --------
    >>> pairs = Projection.from_pairs([0, 1], [0, 0], n_sources=2, n_targets=2)
    >>> matrix_in_cells(pairs, 2).tolist()
    [[0.5]]
    """
    sizes = (projection.n_targets, projection.n_sources)
    shape = tuple(-(-n // side) for n in sizes)
    at = (projection.targets // side, projection.sources // side)
    summed = np.zeros(shape)
    np.add.at(summed, at, weights_of(projection))
    ends = [np.diff(np.minimum(side * np.arange(n + 1), size)) for n, size in zip(shape, sizes, strict=True)]  # fmt: skip # noqa: E501
    cells: FloatArray = summed / np.outer(*ends)
    return cells
