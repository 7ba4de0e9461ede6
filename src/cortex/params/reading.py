"""What reading any value needs: kinds in words, names, and problems gathered from parts."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from typing import Any, Final

from cortex.errors import Amount, ParameterError, Place, Problem, shown
from cortex.units import UNITS, from_si, si_label, to_si

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
    return _results(((step,), call) for step, call in parts)


def together(*checks: Callable[[], Any]) -> None:
    """Make several checks of one thing; raise the problems of all of them together."""
    _results(((), check) for check in checks)


def _results(parts: Iterable[tuple[Place, Callable[[], Any]]]) -> list[Any]:
    values: list[Any] = []
    problems: list[Problem] = []
    for place, call in parts:
        try:
            values.append(call())
        except ParameterError as error:
            problems += error.below(*place)
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


def number_in(raw: object, own: str) -> tuple[float | None, str]:
    """Return the number, in the unit `own`, that YAML took for text, and why it did."""
    number, _, label = raw.strip().partition(" ") if isinstance(raw, str) else ("", "", "")
    names = [n for n, u in UNITS.items() if label.strip() in {n, u.label}] if label else []
    try:
        values = [
            from_si(to_si(float(number), name), own)
            for name in names or [own] * (not label)
            if UNITS[name].dimension == UNITS[own].dimension
        ]
    except ValueError:
        return None, ""
    reason = "YAML reads 1e-3 as text: " if "e" in number.lower() else ""
    return (values[0] if values else None), reason


@cache
def limits_of(unit_name: str, low: float, high: float) -> tuple[Amount, Amount]:
    """Return bounds that are stated in a unit, in both languages."""
    least, most = (
        Amount(
            value=to_si(bound, unit_name),
            entry=bound,
            unit=si_label(unit_name),
            entry_unit=UNITS[unit_name].label,
        )
        for bound in (low, high)
    )
    return least, most


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
