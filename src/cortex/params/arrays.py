"""Records of arrays in SI: copies that nobody can change, checked for bounds and shape."""

from copy import copy
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.params.spec import Quantity, Spec, spec_of
from cortex.typing import FloatArray

Record = TypeVar("Record", bound="Arrays")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Arrays:
    """Base of records of arrays, SI: read-only copies within the bounds of their declaration.

    Each field of a subclass, a frozen dataclass, is declared as in `cortex.params.base.Block`.
    """

    def __init__(self, **values: ArrayLike) -> None:
        owner, known = type(self).__name__, {each.name: each for each in fields(self)}
        unknown = [name for name in values if name not in known]
        missing = [k for k, v in known.items() if k not in values and v.default is MISSING]
        if unknown or missing:
            msg = f"{owner}: unknown {unknown}, missing {missing}; it holds {', '.join(known)}"
            raise ParameterError(msg)
        for name, field in known.items():
            value = frozen(f"{owner}.{name}", values.get(name, field.default), spec_of(field))
            object.__setattr__(self, name, value)
        self.check()

    def check(self) -> None:
        """Refuse values that contradict each other; overridden where relations exist."""


def frozen(where: str, value: Any, spec: Spec) -> Any:
    """Return a read-only copy of `value` whose extremes `spec` allows; a word as it is."""
    if not isinstance(spec, Quantity):
        spec.check(where, value)
        return value
    array: FloatArray = np.array(value, dtype=np.float64)
    for extreme in (array.min(), array.max()) if array.size else ():
        spec.check(where, float(extreme))
    array.flags.writeable = False
    return array


def spread(record: Record, shape: tuple[int, ...], **others: tuple[int, ...]) -> Record:
    """Return the record with its arrays broadcast to `shape`, or to those in `others` by name."""
    wide = copy(record)
    for field in fields(record):
        array, wanted = getattr(record, field.name), others.get(field.name, shape)
        if isinstance(array, np.ndarray) and array.shape != wanted:
            where = f"{type(record).__name__}.{field.name}"
            object.__setattr__(wide, field.name, _broadcast(where, array, wanted))
    return wide


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


def _broadcast(where: str, array: Any, shape: tuple[int, ...]) -> FloatArray:
    try:
        wide = np.ascontiguousarray(np.broadcast_to(array, shape))
    except ValueError:
        msg = f"{where} has shape {array.shape}, needs {shape}"
        raise ParameterError(msg) from None
    wide.flags.writeable = False
    return wide
