"""Matrices and vectors given to the theory, refused by name where they do not fit."""

from typing import Any

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import reals
from cortex.typing import AnyArray


def require_square(M: Any, name: str, **vectors: Any) -> list[AnyArray]:
    """Return M, of shape (..., n, n), and vectors of shape (n,) as arrays.

    Raises
    ------
    ParameterError
        Text, gaps, values that are not finite, another shape; the message names the argument.
    """
    matrix = finite(name, M)
    shape = matrix.shape
    if len(shape) < 2 or shape[-1] != shape[-2]:
        msg = f"{name} has shape {shape}, needs (..., n, n) [target, source]"
        raise ParameterError(msg)
    others = [finite(key, vector) for key, vector in vectors.items()]
    for key, vector in zip(vectors, others, strict=True):
        if vector.shape != shape[-1:]:
            msg = f"{key} has shape {vector.shape}, needs {shape[-1:]} to fit {name} {shape}"
            raise ParameterError(msg)
    return [matrix, *others]


def finite(name: str, value: Any) -> AnyArray:
    """Return real or complex numbers as an array; refuse what is none or not finite."""
    array = np.asarray(value) if np.iscomplexobj(value) else reals(name, value)
    if not np.all(np.isfinite(array)):
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        msg = f"{name}{list(index) if index else ''} = {array[index]} must be finite"
        raise ParameterError(msg)
    return array
