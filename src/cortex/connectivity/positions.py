"""Places of the neurons of a population on a ring or sheet."""

import numpy as np

from cortex.connectivity.space import Points
from cortex.params.space import NetworkSpace
from cortex.rng import stream
from cortex.typing import FloatArray

SEED = 0
"""Places belong to the network: the same for every seed of its wiring and activity."""


def places(space: NetworkSpace, name: str, size: int) -> Points:
    """Return where a population sits; neighbours in space are close in number.

    Parameters
    ----------
    space : NetworkSpace
        Extent and how neurons are placed.
    name : str
        The population; names the stream of jitter and random places.
    size : int
        Neurons.

    Returns
    -------
    Points
        On a ring, neuron i of n sits at i/n (grid). On a sheet, rows of x run fastest, in a volume
        columns of z; a grid stands in the middles of equal cells, so that grids of unlike size
        cover it alike.

    Raises
    ------
    ParameterError
        So many neurons fill no grid of nearly square cells.

    Examples
    --------
    >>> sheet = NetworkSpace(extent=[2e-3, 1e-3], profile="boxcar", width=1e-4)
    >>> (places(sheet, "E", 8).coordinates[[0, 3, 4]] * 1e3).tolist()
    [[0.25, 0.25], [1.75, 0.25], [0.25, 0.75]]
    """
    if space.positions == "random":
        return Points(coordinates=_random(space, name, size), period=space.period)
    shape = space.grid_shape(name, size)
    pitch = space.extent / shape
    middle = 0.0 if space.dim == 1 else 0.5
    axes = [(np.arange(n) + middle) * step for n, step in zip(shape, pitch, strict=True)]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes)], axis=1)
    if space.positions == "jittered":
        rng = stream(SEED, "places", name)
        grid = grid + 0.5 * space.jitter * pitch * rng.uniform(-1.0, 1.0, grid.shape)
        grid = np.mod(grid, space.extent) if space.periodic else grid
    return Points(coordinates=grid, period=space.period)


def _random(space: NetworkSpace, name: str, size: int) -> FloatArray:
    """Return random places, sorted by stripes of the other axes so that neighbours are close."""
    points = stream(SEED, "places", name).random((size, space.dim))
    n_stripes = max(round(size ** (1.0 / space.dim)), 1)
    stripe = np.zeros(size)
    for axis in range(space.dim - 1, 0, -1):
        stripe = stripe * n_stripes + np.floor(points[:, axis] * n_stripes)
    found: FloatArray = points[np.lexsort((points[:, 0], stripe))] * space.extent
    return found
