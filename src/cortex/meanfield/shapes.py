"""Matrices and vectors given to the theory, refused by name where they do not fit."""

from typing import Any

from cortex.errors import ParameterError
from cortex.params.arrays import finite
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
