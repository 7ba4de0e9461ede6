"""Expected values, how far the measured ones are off, and whether that passes."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any, Final

from cortex.config.loader import read_yaml
from cortex.errors import TableError

HERE: Final = Path(__file__).parent
KINDS: Final = {"closed form", "independent number", "published", "simulation band", "theory"}
NUMBERS: Final = ("expected", "tolerance")
TOLERANCE_KINDS: Final = {"rel", "abs", "min", "max"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of a table of this folder: a number to reproduce and how closely."""

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


def read_checks(family: str) -> list[Check]:
    """Return the rows of a family; `test_checks.py` refuses wrong ones."""
    with (HERE / f"{family}.tsv").open(encoding="utf-8", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream, delimiter="\t"))
    return [Check(**row | {name: float(row[name]) for name in NUMBERS}) for row in rows]


def read_families() -> dict[str, dict[str, Any]]:
    """Return family -> the parts of the configuration and the tables it is measured from."""
    said = read_yaml(HERE / "families.yaml")
    return {family: {"tables": {}, **parts} for family, parts in said.items()}


def parts_of(config: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any] | None:
    """Return dotted key -> part of a configuration; None where it lacks one."""
    found = {}
    for key in keys:
        part: Any = config
        for word in key.split("."):
            if word not in part:
                return None
            part = part[word]
        found[key] = part
    return found


def judge(checks: Iterable[Check], got: Mapping[str, float]) -> dict[str, list[object]]:
    """Return the columns of the acceptance table; a check nobody measured fails.

    Raises
    ------
    TableError
        A measured value belongs to no check: its row was forgotten or its id misspelt.
    """
    rows = list(checks)
    unknown = sorted(got.keys() - {check.check_id for check in rows})
    if unknown:
        msg = f"measured values without a row in tests/acceptance: {unknown}"
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
