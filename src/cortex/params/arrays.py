"""Arrays in SI: arguments of functions, and records that nobody can change, checked alike."""

from copy import copy
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError, shown
from cortex.params.spec import Quantity, Spec, spec_of
from cortex.typing import AnyArray, FloatArray, IntArray
from cortex.units import si_label

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
    array: FloatArray = argument(where, value, spec).copy()
    array.flags.writeable = False
    return array


def argument(
    where: str, value: Any, spec: Quantity, shape: tuple[int, ...] | None = None
) -> FloatArray:
    """Return what a function was given as an array whose extremes `spec` allows.

    Parameters
    ----------
    where : str
        Name of the argument, for the message.
    value : array_like
        Real numbers, SI.
    spec : Quantity
        What they are: unit, bounds and meaning.
    shape : tuple of int, optional
        The only shape allowed.

    Raises
    ------
    ParameterError
        No real numbers, one beyond the bounds or not a number, another shape; the message names
        the argument, the value, its unit, what is allowed and the likely slip.

    Examples
    --------
    >>> argument("length", [0.1, 0.2], Quantity(unit="m", low=0.0, high=1.0))
    array([0.1, 0.2])
    """
    array = reals(where, value, si_label(spec.unit))
    if shape is not None and array.shape != shape:
        msg = f"{where} has shape {array.shape}, needs {shape}"
        raise ParameterError(msg)
    for extreme in (array.min(), array.max()) if array.size else ():
        spec.check(where, float(extreme))
    return array


def reals(where: str, value: Any, unit: str = "") -> FloatArray:
    """Return real numbers as floats; refuse text, complex numbers, gaps, rows of unlike length."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unlike length
        array = np.empty(0, dtype=np.object_)
    if array.dtype.kind not in "iuf":
        of = f" in {unit}" if unit else ""
        msg = f"{where} = {shown(value)} must be a real number{of}, or an array of them"
        raise ParameterError(msg)
    return array.astype(np.float64, copy=False)


def finite(where: str, value: Any, ndim: int | None = None) -> AnyArray:
    """Return real or complex numbers as an array; refuse what is none, not finite, or not `ndim`-D.

    Examples
    --------
    >>> finite("alphas", [1, 2.5], 1)
    array([1. , 2.5])
    """
    array = np.asarray(value) if np.iscomplexobj(value) else reals(where, value)
    if ndim is not None and array.ndim != ndim:
        msg = f"{where} has shape {array.shape}, needs {ndim} dimensions"
        raise ParameterError(msg)
    if not np.all(np.isfinite(array)):
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        msg = f"{where}{list(index) if index else ''} = {array[index]} must be finite"
        raise ParameterError(msg)
    return array


def instance(where: str, value: Any, *kinds: type) -> None:
    """Refuse what is none of the kinds of object that an argument may be."""
    if not isinstance(value, kinds):
        msg = f"{where} = {shown(value)} must be of {' or '.join(k.__name__ for k in kinds)}"
        raise ParameterError(msg)


def whole(where: str, value: Any, low: int, high: int = 2**62) -> IntArray:
    """Return whole numbers within bounds; refuse parts, what is not finite, and text.

    Examples
    --------
    >>> whole("in_degree", [10.0, 20], 0)
    array([10, 20])
    """
    array = reals(where, value)
    if not np.all((array >= low) & (array <= high) & (array == np.rint(array))):
        most = f" to {high}" if high < 2**62 else ""
        msg = f"{where} = {shown(value)} must be whole, from {low}{most}"
        raise ParameterError(msg)
    return array.astype(np.int64)


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
    values = [reals(name, array) for name, array in arrays.items()]
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
