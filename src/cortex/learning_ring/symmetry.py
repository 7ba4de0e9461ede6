"""How circulant a weight matrix is: averages along its diagonals, and their spread."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import finite
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DiagonalAverage:
    """Weights as a function of target - source.

    Parameters
    ----------
    kernel : ndarray of shape (n_neurons,)
        Mean over the sources y of ``W[(y + k) mod N, y]``.
    spread : ndarray of shape (n_neurons,)
        Standard deviation over the sources; zero for a circulant matrix.
    """

    kernel: FloatArray
    spread: FloatArray


def diagonal_average(weights: FloatArray) -> DiagonalAverage:
    """Return mean and spread of a weight matrix at each distance.

    Parameters
    ----------
    weights : ndarray of shape (n_neurons, n_neurons)
        ``W[target, source]``, dimensionless.

    Raises
    ------
    ParameterError
        `weights` is no square matrix.

    References
    ----------
    Definition.

    Examples
    --------
    >>> diagonal_average(circulant_matrix(np.array([1.0, 2.0, 3.0]))).kernel
    array([1., 2., 3.])
    """
    weights = finite("weights", weights)
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
        msg = f"weights must be a square matrix [target, source], got shape {weights.shape}"
        raise ParameterError(msg)
    source = np.arange(len(weights))
    target = (source[:, None] + source) % len(weights)  # [distance, source]
    diagonals = weights[target, source]
    return DiagonalAverage(kernel=diagonals.mean(axis=1), spread=diagonals.std(axis=1))


def circulant_matrix(kernel: FloatArray) -> FloatArray:
    """Return the matrix of weights that depend on the distance only.

    Parameters
    ----------
    kernel : ndarray of shape (n_neurons,)
        Weights by target - source, dimensionless.

    Returns
    -------
    matrix : ndarray of shape (n_neurons, n_neurons)
        ``W[x, y] = kernel[(x - y) mod N]``, ``[target, source]``, dimensionless.

    References
    ----------
    Definition.

    Examples
    --------
    >>> circulant_matrix(np.array([1.0, 2.0, 3.0])).tolist()
    [[1.0, 3.0, 2.0], [2.0, 1.0, 3.0], [3.0, 2.0, 1.0]]
    """
    index = np.arange(len(kernel))
    matrix: FloatArray = kernel[(index[:, None] - index) % len(kernel)]
    return matrix
