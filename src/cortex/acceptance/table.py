"""Expected values, how far the measured ones are off, and whether that passes."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from math import inf, isfinite, nan
from pathlib import Path
from typing import Final

from cortex.errors import TableError

KINDS: Final = ("closed form", "independent number", "published", "simulation band")
TOLERANCE_KINDS: Final = ("rel", "abs", "min", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of config/acceptance: a number to reproduce and how closely."""

    check_id: str
    model: str
    quantity: str
    unit: str
    expected: float
    tolerance: float
    tolerance_kind: str
    kind: str
    source: str
    reason: str

    def deviation(self, got: float) -> float:
        """Return how far `got` is off: relative, absolute, or how much a bound is missed by.

        A value that is not finite is infinitely far off.
        """
        if not isfinite(got):
            return inf
        match self.tolerance_kind:
            case "rel":
                return abs(got - self.expected) / abs(self.expected)
            case "min":
                return max(0.0, self.expected - got)
            case "max":
                return max(0.0, got - self.expected)
            case _:
                return abs(got - self.expected)

    def passes(self, got: float) -> bool:
        """Tell whether the deviation of `got` is within the tolerance."""
        return self.deviation(got) <= self.tolerance


def read_checks(path: Path) -> list[Check]:
    """Return the checks of one TSV file of config/acceptance.

    Raises
    ------
    TableError
        A column is missing, a number is not a number, a kind is unknown, an id stands twice.
    """
    names = [field.name for field in fields(Check)]
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t")
        if reader.fieldnames != names:
            msg = f"{path}: columns are {reader.fieldnames}, need {names} in this order"
            raise TableError(msg)
        checks = [_check(f"{path}, line {line}", row) for line, row in enumerate(reader, 2)]
    _refuse_twice(f"stand twice in {path}", [check.check_id for check in checks])
    return checks


def _check(where: str, row: Mapping[str, str]) -> Check:
    try:
        numbers = {name: float(row[name]) for name in ("expected", "tolerance")}
    except (TypeError, ValueError) as error:
        msg = f"{where}: expected and tolerance must be numbers ({error})"
        raise TableError(msg) from None
    if row["tolerance_kind"] not in TOLERANCE_KINDS or row["kind"] not in KINDS:
        msg = (
            f"{where}: tolerance_kind {row['tolerance_kind']!r} must be one of {TOLERANCE_KINDS}, "
            f"kind {row['kind']!r} one of {KINDS}"
        )
        raise TableError(msg)
    if row["tolerance_kind"] == "rel" and numbers["expected"] == 0.0:
        msg = f"{where}: a relative tolerance on an expected zero; use tolerance_kind abs"
        raise TableError(msg)
    return Check(**{**row, **numbers})  # type: ignore[arg-type]  # text fields stay, two are numbers


def gather_measured(families: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the measured values of all families together.

    Raises
    ------
    TableError
        Two families measured the same check.
    """
    got: dict[str, float] = {}
    for family in families:
        _refuse_twice("measured by two families", [*got, *family])
        got |= family
    return got


def _refuse_twice(what: str, ids: Iterable[str]) -> None:
    twice = sorted(name for name, n in Counter(ids).items() if n > 1)
    if twice:
        msg = f"check ids {what}: {twice}"
        raise TableError(msg)


def judge(checks: Iterable[Check], got: Mapping[str, float]) -> dict[str, list[object]]:
    """Return the columns of the acceptance table; a check nobody measured fails.

    Raises
    ------
    TableError
        A measured value belongs to no check: its row was forgotten or its id misspelt. Or a
        check stands twice, in two files.
    """
    rows = list(checks)
    _refuse_twice("stand twice in config/acceptance", [check.check_id for check in rows])
    unknown = sorted(got.keys() - {check.check_id for check in rows})
    if unknown:
        msg = f"measured values without a row in config/acceptance: {unknown}"
        raise TableError(msg)
    columns: dict[str, list[object]] = {
        field.name: [getattr(check, field.name) for check in rows] for field in fields(Check)
    }
    values = [got.get(check.check_id, nan) for check in rows]
    pairs = list(zip(rows, values, strict=True))
    return {
        **columns,
        "got": list(values),
        "deviation": [check.deviation(value) for check, value in pairs],
        "passed": [check.passes(value) for check, value in pairs],
    }
