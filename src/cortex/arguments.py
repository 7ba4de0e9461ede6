"""Arguments of public functions: of the kind that their annotations say, or named with what is."""

import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, wraps
from math import isnan
from numbers import Real
from types import FunctionType, MethodType, NoneType, UnionType
from typing import (
    Any,
    Final,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import CortexError, InstallationError, ParameterError, shown
from cortex.installation import damaged_cache
from cortex.typing import AnyArray

Record = TypeVar("Record")


LISTS: Final = (list, tuple)
PLAIN_NUMBERS: Final = (float, int)


class Kind(NamedTuple):
    """What an annotation asks for, in words; whether a value is that; what its arrays are of."""

    words: str
    fits: Callable[[Any], bool]
    made_of: type | None = None


def checked(function: Callable[..., Any], package: str) -> Callable[..., Any]:
    """Return a function of `package` that refuses arguments of a wrong kind by their names.

    What the function itself refuses comes first: it knows units and bounds. What then passes
    unnoticed, fails with an error of Python or turns into nan is named here; where every argument
    is of its kind, the message lists them and quotes who noticed. Errors of functions that were
    handed in, of files, and warnings that became errors pass.
    """
    call = _named_misfits(function, function.__name__)
    call.__module__ = package  # where it is found again, as pickle asks
    return call


def guarded(record: type[Record]) -> type[Record]:
    """Let a frozen record that users build refuse fields as `checked` refuses arguments."""
    build = vars(record)["__init__"]
    type.__setattr__(record, "__init__", _named_misfits(build, record.__name__))
    return record


def _named_misfits(function: Callable[..., Any], title: str) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @cache
    def known() -> dict[str, Kind]:  # late: an annotation may name the record itself
        hints = get_type_hints(function)
        return {name: kind_of(hints[name]) for name in signature.parameters if name in hints}

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        bound, kinds = signature.bind(*args, **kwargs), known()
        given = [each for each in _named(bound) if each[1] in kinds]
        for name, value in bound.arguments.items():
            if isinstance(value, LISTS) and name in kinds:
                bound.arguments[name] = _as_array(value, kinds[name])
                args, kwargs = bound.args, bound.kwargs
        try:
            result = function(*args, **kwargs)
        except (CortexError, OSError, Warning):
            raise
        except Exception as error:
            if advice := damaged_cache(error):
                raise InstallationError(advice) from error
            _refuse_kinds(given, kinds)
            if _is_from(error, [value for _, _, value in given]):
                raise
            held = ", ".join(f"{name} {_held(value)}" for name, _, value in given)
            msg = f"{title}: {error}; the arguments do not fit each other: {held}"
            raise ParameterError(msg) from error
        _refuse_kinds(given, kinds)
        if isinstance(result, float | complex | np.ndarray) and _has_gap(np.asarray(result)):
            _refuse_gaps(given)
        return result

    return call


def _is_from(error: Exception, values: list[Any]) -> bool:
    """Tell whether an error arose in a function among the arguments."""
    codes = [value.__code__ for value in values if isinstance(value, FunctionType | MethodType)]
    return any(frame.f_code in codes for frame, _ in traceback.walk_tb(error.__traceback__))


def _as_array(value: Any, kind: Kind) -> Any:
    """Return a list as the array that a function asks for; as it is where it cannot be one."""
    if kind.made_of is None or not kind.fits(value):
        return value
    array = np.asarray(value)
    is_complex = kind.made_of is np.complex128  # real numbers may stay real
    return array.astype(np.result_type(array, np.float64) if is_complex else kind.made_of)


def _named(bound: inspect.BoundArguments) -> Iterator[tuple[str, str, Any]]:
    """Yield (name, parameter, value) of the arguments that are not those by default."""
    for parameter, value in bound.arguments.items():
        known = bound.signature.parameters[parameter]
        if known.kind is known.VAR_POSITIONAL:
            yield from ((f"{parameter}[{i}]", parameter, each) for i, each in enumerate(value))
        elif known.kind is known.VAR_KEYWORD:
            yield from ((name, parameter, each) for name, each in value.items())
        elif value is not known.default:
            yield parameter, parameter, value


def _refuse_kinds(given: list[tuple[str, str, Any]], kinds: dict[str, Kind]) -> None:
    for name, parameter, value in given:
        if parameter in kinds and not kinds[parameter].fits(value):
            msg = f"{name} = {shown(value)} must be {kinds[parameter].words}"
            raise ParameterError(msg)


def _refuse_gaps(given: list[tuple[str, str, Any]]) -> None:
    """Name the argument that made the result nan; where all are finite, nan is the answer."""
    for name, _, value in given:
        if isinstance(value, float | complex | list | np.ndarray):
            array = np.asarray(value)
            if array.dtype.kind in "fc" and not np.all(np.isfinite(array)):
                index = [int(i) for i in np.argwhere(~np.isfinite(array))[0]]
                msg = f"{name}{index or ''} = {array[tuple(index)]} must be finite"
                raise ParameterError(msg)


def kind_of(hint: Any) -> Kind:
    """Return what an annotation asks for; lists stand for arrays, and whole floats for integers."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin in {Union, UnionType}:
        array_like = get_args(ArrayLike)  # which a union dissolves into what it is made of
        dissolved = set(array_like) <= set(parts)
        rest = [part for part in parts if not (dissolved and part in array_like)]
        kinds = [PLAIN[ArrayLike]] * dissolved + [kind_of(part) for part in rest]
        words = " or ".join(dict.fromkeys(kind.words for kind in kinds))
        made_of = next((kind.made_of for kind in kinds if kind.made_of), None)
        return Kind(words, lambda value: any(kind.fits(value) for kind in kinds), made_of)
    if origin is Literal:
        listed = f"one of {', '.join(map(repr, parts))}"
        return Kind(listed, lambda value: isinstance(value, str) and value in parts)
    if origin is np.ndarray:
        return ARRAYS.get(get_args(parts[1])[0], ANYTHING)
    kind = origin or hint
    if not isinstance(kind, type):
        return ANYTHING
    is_protocol = getattr(kind, "_is_protocol", False)  # what it can do shows when it is asked to
    no_object = Kind(f"of {kind.__name__}", lambda value: not isinstance(value, NO_OBJECT))
    instance = Kind(f"of {kind.__name__}", lambda value: isinstance(value, kind))
    return no_object if is_protocol else ABSTRACT.get(kind, instance)


def _is_number(value: Any) -> bool:
    if type(value) in PLAIN_NUMBERS:  # as almost always
        return not isnan(value)
    value = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    return isinstance(value, Real) and not isnan(value)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and not isinstance(value, bool | np.bool_) and value == value // 1


def _is_array(value: Any, kinds: str) -> bool:
    if type(value) in PLAIN_NUMBERS:
        return ("f" if type(value) is float else "i") in kinds
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unlike length
        return False
    return array.dtype.kind in kinds or array.size == 0


def _are_whole(value: Any) -> bool:
    if not _is_array(value, "biuf"):
        return False
    return np.asarray(value).dtype.kind != "f" or bool(np.all(value == np.rint(value)))


def _is_listed(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes)


def _has_gap(array: AnyArray) -> bool:
    return array.dtype.kind in "fc" and bool(np.isnan(array).any())


def _held(value: Any) -> str:
    is_array = isinstance(value, np.ndarray | list)
    return f"of shape {np.shape(value)}" if is_array else shown(value)


ANYTHING: Final = Kind("anything", lambda _: True)
NO_OBJECT: Final = (NoneType, str, int, float, complex)
PLAIN: Final = {
    Any: ANYTHING,
    NoneType: Kind("None", lambda value: value is None),
    bool: Kind("True or False", lambda value: isinstance(value, bool | np.bool_)),
    int: Kind("a whole number", _is_whole),
    float: Kind("a number", _is_number),
    str: Kind("text", lambda value: isinstance(value, str)),
    ArrayLike: Kind("a number, or an array of them", lambda value: _is_array(value, "biufc")),
}
ARRAYS: Final = {
    kind: Kind(f"an array of {words}", fits, kind)
    for kind, words, fits in (
        (np.bool_, "truth values", lambda value: _is_array(value, "b")),
        (np.int64, "whole numbers", _are_whole),
        (np.float64, "real numbers", lambda value: _is_array(value, "biuf")),
        (np.complex128, "numbers", lambda value: _is_array(value, "biufc")),
    )
}
ABSTRACT: Final[dict[type, Kind]] = {
    list: Kind("a list", _is_listed),
    tuple: Kind("a tuple", _is_listed),
    Sequence: Kind("a sequence", _is_listed),
    get_origin(Callable[[], None]): Kind("a function", callable),  # type: ignore[dict-item]
}
