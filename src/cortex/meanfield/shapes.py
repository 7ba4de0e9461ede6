"""Shapes of arguments, refused by name where they do not fit."""

import numpy as np

from cortex.errors import ParameterError
from cortex.typing import AnyArray


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
