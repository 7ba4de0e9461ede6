"""The last words of a run: what is there, what failed, which points were lost."""

import json
import os

import numpy as np
import pytest

from cortex.io.schemas.acceptance import ACCEPTANCE
from cortex.io.tables import write_table
from cortex.provenance import Provenance
from cortex.report.summary import latest_log, read_accounts, summary_lines

NAME = "2026-11-30T030636.255387.snakemake.log"
BEFORE, AFTER = 1.7e9, 1.9e9  # s; the name says 2026
# lines of logs that Snakemake 9.27 wrote
ERROR = """\
[Mon Nov 30 03:06:41 2026]
Error in rule {rule}:
    message: None
    jobid: 1
    output: results/brunel/plane.parquet
    log: {log} (check log file(s) for error details)
Logfile logs/solve_brunel_plane.log:
"""
PLANE = ERROR.format(rule="solve_brunel_plane", log="logs/solve_brunel_plane.log")
JUDGED = ERROR.format(rule="judge_acceptance", log="logs/judge_acceptance.log")
STOPPED = "Terminating processes on user request, this might take some time.\n"


@pytest.fixture
def results(tmp_path):
    """Return results of a table and a report."""
    folder = tmp_path / "results"
    (folder / "brunel").mkdir(parents=True)
    for name, time in (("brunel/plane.parquet", AFTER), ("report.html", BEFORE)):
        (folder / name).touch()
        os.utime(folder / name, (time, time))
    return folder


def ended(results, text):
    """Return the last words of a run that failed and left this log."""
    log = results.parent / ".snakemake" / "log" / NAME
    log.parent.mkdir(parents=True)
    log.write_text(text, encoding="utf-8")
    assert latest_log(results.parent) == log
    return summary_lines(1, results, [], log)


def test_only_what_exists_is_named(results, tmp_path):
    assert [line.split()[0] for line in summary_lines(0, results, [])] == ["report:", "tables:"]
    assert summary_lines(0, tmp_path / "none", []) == []


def test_a_failed_run_names_the_rules_that_failed_and_their_logs(results):
    said = ended(results, PLANE + ERROR.format(rule="show_lfp", log="logs/a.log, logs/a.ipynb"))
    report, tables, last = said
    assert report.endswith("(open it in a browser, no network needed), of an earlier run")
    assert tables == "tables:     results/**/*.parquet"
    assert last == (
        "failed: solve_brunel_plane (see logs/solve_brunel_plane.log), "
        "show_lfp (see logs/a.log, logs/a.ipynb); the same command goes on where it stopped"
    )


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (PLANE + STOPPED, "interrupted; the same command goes on where it stopped"),
        (JUDGED, "checks failed: the report shows them first"),
        ("", "ended with an error before any job failed: see above"),
    ],
)
def test_an_interruption_a_failing_check_and_a_run_without_jobs_are_told_apart(results, log, words):
    assert ended(results, log)[-1] == words


def test_the_run_ends_with_the_points_that_failed(results):
    counts = {"asked": 120, "missing": 0}
    sound, lost = (
        {"sweep": name, "failed": n, **counts} for name, n in (("sound", 0), ("my_plane", 2))
    )
    assert "sweep points failed: my_plane 2 of 120" in summary_lines(0, results, [sound, lost])[-1]
    assert summary_lines(0, results, [sound])[-1].startswith("tables:")


def test_accounts_of_sweeps_that_the_configuration_does_not_hold_are_not_told(tmp_path):
    (tmp_path / "study.yaml").write_text("sweeps: {mine: {}, not_run: {}}\n")
    (tmp_path / "sweeps").mkdir()
    for name in ("mine", "stale"):
        text = json.dumps({"sweep": name})
        (tmp_path / "sweeps" / f"{name}_account.json").write_text(text)
    found = read_accounts(tmp_path, [str(tmp_path / "study.yaml")])
    assert found == [{"sweep": "mine"}]


def test_the_run_ends_with_how_many_expected_values_are_met(results):
    columns = {
        name: np.full(3, "x", dtype=object) if column.kind == "text" else np.ones(3)
        for name, column in ACCEPTANCE.columns.items()
    } | {"passed": np.array([True, False, True])}
    source = Provenance(rule="gather_acceptance", params={}, code="c0de")
    write_table(results / "acceptance.parquet", ACCEPTANCE, columns, source)
    assert "checks:     2 of 3 expected values are met" in summary_lines(0, results, [])
