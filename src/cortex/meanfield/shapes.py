"""Shapes of arguments, refused by name where they do not fit."""

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.typing import AnyArray, FloatArray


def broadcast(**arrays: ArrayLike) -> list[FloatArray]:
    """Return the arguments as arrays of one common shape, in their order.

    Raises
    ------
    ParameterError
        They do not broadcast; the message names each with its shape.

    Examples
    --------
    >>> [a.shape for a in broadcast(mu=[0.01, 0.02], sigma=0.005)]
    [(2,), (2,)]
    """
    values = [np.asarray(array, dtype=np.float64) for array in arrays.values()]
    try:
        return [np.asarray(array) for array in np.broadcast_arrays(*values)]
    except ValueError:
        shapes = ", ".join(f"{k} {v.shape}" for k, v in zip(arrays, values, strict=True))
        msg = f"shapes do not broadcast: {shapes}; add axes or give scalars"
        raise ParameterError(msg) from None


def require_square(M: AnyArray, name: str, **vectors: AnyArray) -> None:
    """Refuse M unless its last two axes have one length n, and vectors unless of shape (n,)."""
    shape = np.shape(M)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        msg = f"{name} has shape {shape}, needs (..., n, n) [target, source]"
        raise ParameterError(msg)
    for key, vector in vectors.items():
        if np.shape(vector) != shape[-1:]:
            msg = f"{key} has shape {np.shape(vector)}, needs {shape[-1:]} to fit {name} {shape}"
            raise ParameterError(msg)
