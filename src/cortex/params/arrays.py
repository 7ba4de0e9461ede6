"""Records of arrays in SI: copies that nobody can change, checked for bounds and shape."""

from collections.abc import Mapping
from copy import copy
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.params.spec import Quantity
from cortex.typing import FloatArray
from cortex.units import to_si

Record = TypeVar("Record")


@cache
def si_bounds(quantity: Quantity) -> tuple[float, float]:
    """Return the lowest and the highest plausible value, SI."""
    return to_si(quantity.low, quantity.unit), to_si(quantity.high, quantity.unit)


def freeze(record: object, quantities: Mapping[str, Quantity], **values: ArrayLike) -> None:
    """Set the fields of a frozen record to read-only copies of values within their bounds.

    Raises
    ------
    ParameterError
        A value is not finite or not plausible; the message names the field.
    """
    for name, value in values.items():
        array = frozen(f"{type(record).__name__}.{name}", value, quantities[name])
        object.__setattr__(record, name, array)


def frozen(where: str, value: ArrayLike, quantity: Quantity) -> FloatArray:
    """Return a read-only copy of `value`; refuse what is not finite or not plausible."""
    array: FloatArray = np.array(value, dtype=np.float64)
    low, high = si_bounds(quantity)
    if array.size and not (array.min() >= low and array.max() <= high):
        if not np.all(np.isfinite(array)):
            msg = f"{where} holds values that are not finite: {array}"
            raise ParameterError(msg)
        for each in (float(array.min()), float(array.max())):
            quantity.check(where, each)
    array.flags.writeable = False
    return array


def spread(record: Record, **shapes: tuple[int, ...]) -> Record:
    """Return the record with the named fields broadcast to shapes, itself where they have them.

    Raises
    ------
    ParameterError
        A field does not broadcast; the message names it with its shape.
    """
    narrow = {name: shape for name, shape in shapes.items() if _shape(record, name) != shape}
    if not narrow:
        return record
    wide = copy(record)
    for name, shape in narrow.items():
        object.__setattr__(wide, name, _broadcast(record, name, shape))
    return wide


def _shape(record: object, name: str) -> tuple[int, ...]:
    return np.shape(getattr(record, name))


def _broadcast(record: object, name: str, shape: tuple[int, ...]) -> FloatArray:
    try:
        array = np.ascontiguousarray(np.broadcast_to(getattr(record, name), shape))
    except ValueError:
        msg = f"{type(record).__name__}.{name} has shape {_shape(record, name)}, needs {shape}"
        raise ParameterError(msg) from None
    array.flags.writeable = False
    return array
