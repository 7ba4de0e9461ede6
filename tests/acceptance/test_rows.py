"""Every row: the value of the run that lies in `results`, or what can be had without a run.

``make figures`` measures each family once; where its table is of the code as it stands, it is read,
not measured again.
"""

from functools import cache
from runpy import run_path
from typing import Any

import pytest
from checks import HERE, parts_of, read_checks, read_families

from cortex.config.presets import read_config
from cortex.errors import TableError
from cortex.io.schemas.acceptance import ACCEPTANCE
from cortex.io.tables import read_provenance, read_table
from cortex.provenance import source_digest

ROOT = HERE.parents[1]
SCRIPT = ROOT / "workflow" / "scripts" / "check_acceptance.py"
LONG = {"layers", "learning", "meanfield_dynamics", "senk"}  # a quarter of a minute each
OF_A_STUDY = "rows of a study of its own, which was not run: cortex run config/studies/sheet.yaml"
NO_RUN = "no finished run of this code in results: make figures"


def of_the_run(family: str) -> dict[str, float] | None:
    """Return the values of a run with the code as it stands; None without one."""
    path = ROOT / "results" / "acceptance" / f"{family}.parquet"
    try:
        if read_provenance(path)["code"] != source_digest(SCRIPT, HERE / f"{family}.py"):
            return None
        table = read_table(path, ACCEPTANCE)
    except TableError:
        return None
    return dict(zip(table["check_id"], table["got"], strict=True))


@cache
def measured(family: str) -> dict[str, float]:
    """Return the values of a family: of the run, else those that need no table of one."""
    found = of_the_run(family)
    if found is not None:
        return found
    return run_path(str(HERE / f"{family}.py"))["measure"](default_parts(family), {})


def default_parts(family: str) -> dict[str, Any] | None:
    """Return what a family reads of the default configuration; None where it has a study's own."""
    return parts_of(default_config(), read_families()[family]["config"])


@cache
def default_config() -> dict[str, Any]:
    """Return the default configuration."""
    return read_config([ROOT / "config" / "config.yaml"])


def rows():
    """Yield each row with its family; a family stays in one process, which measures it once."""
    for family in read_families():
        marks = [pytest.mark.xdist_group(family), *[pytest.mark.slow] * (family in LONG)]
        for row in read_checks(family):
            yield pytest.param(family, row, id=row.check_id, marks=marks)


@pytest.mark.parametrize(("family", "row"), list(rows()))
def test_the_value_is_the_expected_one(family, row):
    if default_parts(family) is None and of_the_run(family) is None:
        pytest.skip(OF_A_STUDY)
    got = measured(family)
    if row.check_id not in got and of_the_run(family) is None and read_families()[family]["tables"]:
        pytest.skip(NO_RUN)
    assert row.check_id in got, "no value was measured"
    assert row.passes(got[row.check_id]), f"got {got[row.check_id]} ({row.reason})"
