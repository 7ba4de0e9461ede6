"""What reading any value needs: kinds in words, names, and problems gathered from parts."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, Final

from cortex.errors import ParameterError, Problem, shown

FOUND: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    tuple: "a list",
    dict: "a block",
    type(None): "empty",
    date: "a date",
}
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def is_number(value: object) -> bool:
    """Tell whether a value is a real number (not a bool, not text)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def found(value: object) -> str:
    """Return what kind of value stands there, in words."""
    return next((FOUND[k] for k in type(value).__mro__ if k in FOUND), type(value).__name__)


def gather(parts: Iterable[tuple[str | int, Callable[[], Any]]]) -> list[Any]:
    """Return the results of named calls; raise the problems of all of them together."""
    values: list[Any] = []
    problems: list[Problem] = []
    for step, call in parts:
        try:
            values.append(call())
        except ParameterError as error:
            problems += error.below(step)
    if problems:
        raise ParameterError(*problems)
    return values


def is_sound(call: Callable[[], Any]) -> bool:
    """Tell whether a call raises no `ParameterError`."""
    try:
        call()
    except ParameterError:
        return False
    return True


def need_name(name: object) -> None:
    """Refuse what is no name of an entry: names become parts of file names and wildcards."""
    if not isinstance(name, str):
        msg = f"{shown(name)} is no name; write it in quotes and let it start with a letter"
        raise ParameterError(msg)
    if not NAME.fullmatch(name):
        rule = "letters, digits and underscores may follow"
        msg = f"the name {shown(name)} must start with a letter; {rule}"
        raise ParameterError(msg)


def entries_needed(needed: str, value: Collection[Any]) -> str:
    """Return how many entries there are instead of those needed."""
    plural = "entry" if needed.endswith(" 1") or needed == "1" else "entries"
    return f": needs {needed} {plural}, has {len(value)}"
