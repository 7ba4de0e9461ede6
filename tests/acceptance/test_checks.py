"""The acceptance table: judged by its tolerances, nothing hidden."""

from math import inf, nan

import pytest
from checks import KINDS, TOLERANCE_KINDS, Check, judge, parts_of, read_checks, read_families

from cortex.errors import TableError

ROW = {
    "check_id": "brunel.rate.C",
    "model": "Brunel A",
    "quantity": "rate",
    "unit": "Hz",
    "expected": 38.0,
    "tolerance": 0.01,
    "tolerance_kind": "rel",
    "kind": "published",
    "source": "Brunel (2000)",
    "reason": "three digits printed",
}


def check(**changes):
    return Check(**{**ROW, **changes})


@pytest.mark.parametrize(
    ("kind", "tolerance", "got", "passes"),
    [
        ("rel", 0.01, 38.37, True),
        ("rel", 0.01, 38.39, False),
        ("abs", 0.5, 37.51, True),
        ("abs", 0.5, 37.4, False),
        ("min", 0.0, 38.0, True),
        ("min", 0.0, 37.9, False),
        ("max", 0.0, 38.1, False),
        ("max", 0.2, 38.1, True),
        ("rel", 0.01, nan, False),
        ("abs", 100.0, inf, False),
    ],
)
def test_each_kind_of_tolerance_judges(kind, tolerance, got, passes):
    assert check(tolerance_kind=kind, tolerance=tolerance).passes(got) is passes


def test_what_nobody_measured_fails():
    assert judge([check()], {})["passed"] == [False]


def test_a_measured_value_without_a_row_is_refused():
    with pytest.raises(TableError, match=r"without a row in tests/acceptance: \['brunel.rat.C'\]"):
        judge([check()], {"brunel.rat.C": 38.0})


def test_parts_of_a_configuration_are_named_by_dotted_keys_and_all_there_or_none():
    config = {"seed": 0, "networks": {"brunel": {"seeds": 3}}}
    found = parts_of(config, ["seed", "networks.brunel"])
    assert found == {"seed": 0, "networks.brunel": {"seeds": 3}}
    assert parts_of(config, ["seed", "networks.senk_ring"]) is None


def test_every_row_is_complete_and_of_a_known_kind():
    rows = [row for family in read_families() for row in read_checks(family)]
    assert len({row.check_id for row in rows}) == len(rows) >= 455
    assert all(row.source and row.reason and row.unit for row in rows)
    assert {row.kind for row in rows} <= KINDS
    assert {row.tolerance_kind for row in rows} <= TOLERANCE_KINDS
    # a relative tolerance on an expected zero would divide by it
    assert all(row.expected for row in rows if row.tolerance_kind == "rel")


def test_every_table_of_the_folder_is_a_family(root):
    tables = {path.stem for path in (root / "tests" / "acceptance").glob("*.tsv")}
    assert tables == read_families().keys()
