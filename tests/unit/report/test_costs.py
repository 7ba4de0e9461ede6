"""What the jobs behind a page cost, from the benchmark files of Snakemake."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from cortex.report.costs import cost_page, cost_table, read_cost

HEAD = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(tmp_path):
    """Return the benchmark files of a long job and of one too short to be looked at."""
    (tmp_path / "long.tsv").write_text(
        HEAD + "12.5\t0:00:12\t300.4\t1\t1\t1\t0\t0\t160.0\t20.25\n", encoding="utf-8"
    )
    (tmp_path / "short.tsv").write_text(
        HEAD + "0.4\t0:00:00\tNA\tNA\tNA\tNA\tNA\tNA\t0\t0.3\n", encoding="utf-8"
    )
    return [tmp_path / "long.tsv", tmp_path / "short.tsv"]


def test_times_of_jobs_add_and_memory_is_that_of_the_largest(files):
    cost = read_cost(files)
    assert (cost.n_jobs, cost.longest, cost.memory) == (2, 12.5, 300.4)
    assert (cost.cpu_time, cost.elapsed) == pytest.approx((20.55, 12.9))


def test_every_step_has_a_row_and_one_that_was_not_measured_says_so(files, tmp_path):
    table = cost_table({"simulate": files, "LFP": [], "observe": [tmp_path / "lost.tsv"]})
    assert table.body == [
        ["simulate", "2", "20.6 s", "12.9 s", "12.5 s", "300 MB"],
        ["observe", "not measured", "–", "–", "–", "–"],
        ["all", "2", "20.6 s", "12.9 s", "12.5 s", "300 MB"],
    ]
    assert "<td>20.6 s</td>" in cost_page("What it cost", {"simulate": files})


def test_a_page_of_costs_may_differ_from_run_to_run(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.delitem(sys.modules, "same_bytes", raising=False)
    same_bytes = import_module("same_bytes")

    for run, seconds in (("one", "1 s"), ("two", "2 s")):
        folder = tmp_path / run / "networks" / "mine"
        folder.mkdir(parents=True)
        (folder / "costs.html").write_text(seconds, encoding="utf-8")
        (folder / "index.html").write_text("the same", encoding="utf-8")
    assert same_bytes.complaints(tmp_path / "one", tmp_path / "two") == []
