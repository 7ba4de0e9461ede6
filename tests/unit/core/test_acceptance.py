"""The acceptance table: judged by its tolerances, nothing hidden."""

from math import inf, nan
from types import SimpleNamespace

import numpy as np
import pytest

from cortex.acceptance.table import Check, gather_measured, judge, read_checks
from cortex.acceptance.verdict import verdict
from cortex.errors import TableError
from cortex.io.measured import write_measured
from cortex.io.schemas.acceptance import MEASURED
from cortex.io.tables import read_table

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
    columns = judge([check()], {})
    assert columns["passed"] == [False]
    assert "brunel.rate.C: expected 38 Hz, got nan" in verdict(columns).summary()


def test_a_measured_value_without_a_row_is_refused():
    with pytest.raises(TableError, match=r"without a row in config/acceptance: \['brunel.rat.C'\]"):
        judge([check()], {"brunel.rat.C": 38.0})


def test_an_id_in_two_files_or_measured_by_two_families_is_refused():
    with pytest.raises(TableError, match=r"stand twice in config/acceptance: \['brunel.rate.C'\]"):
        judge([check(), check(expected=37.0)], {"brunel.rate.C": 38.0})
    families = [{"a": 1.0, "b": 2.0}, {"b": 2.0, "c": 3.0}]
    with pytest.raises(TableError, match=r"measured by two families: \['b'\]"):
        gather_measured(families)
    assert gather_measured([{"a": 1.0}, {"c": 3.0}]) == {"a": 1.0, "c": 3.0}


def test_the_verdict_counts():
    columns = judge([check(), check(check_id="b")], {"brunel.rate.C": 38.0, "b": 50.0})
    assert verdict(columns).summary().startswith("acceptance: 1 of 2 checks pass; 1 fail")


def test_every_shipped_row_is_complete(root):
    paths = sorted((root / "config" / "acceptance").glob("*.tsv"))
    checks = [each for path in paths for each in read_checks(path)]
    assert len({each.check_id for each in checks}) == len(checks) > 0
    assert all(each.source and each.reason and each.unit for each in checks)


def test_measured_values_are_written_by_their_ids(tmp_path):
    got = {"brunel.rate.C": 38.0, "brunel.rate.D": nan}
    path = tmp_path / "measured.parquet"
    output = SimpleNamespace(measured=path)
    job = SimpleNamespace(rule="check", params={}, wildcards={}, input=[], output=output)
    write_measured(job, got)
    table = read_table(path, MEASURED)
    assert table["check_id"].tolist() == list(got)
    np.testing.assert_array_equal(table["got"], [38.0, nan])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tolerance_kind": "about"}, "must be one of"),
        ({"expected": "many"}, "must be numbers"),
        ({"expected": "0.0"}, "relative tolerance on an expected zero"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path, change, message):
    path = tmp_path / "x.tsv"
    row = {key: str(value) for key, value in {**ROW, **change}.items()}
    path.write_text("\t".join(row) + "\n" + "\t".join(row.values()) + "\n")
    with pytest.raises(TableError, match=f"x.tsv, line 2: .*{message}"):
        read_checks(path)
