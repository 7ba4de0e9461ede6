"""Tables and accounts of sweeps: units, order, means over seeds, same bytes."""

import numpy as np
import pytest

from cortex.io.tables import read_frame
from cortex.rng import stream
from cortex.sweep.account import account_now, account_of
from cortex.sweep.progress import Progress
from cortex.sweep.tables import write_summary, write_sweep


@pytest.fixture
def written(new_plan, supervise, tmp_path):
    plan = new_plan(seeds=5, fixed={"work_ms": 0.0})
    records, receipt, _ = supervise(plan)
    write_sweep(tmp_path / "raw.parquet", plan, records, "c")
    write_summary(tmp_path / "summary.parquet", plan, records, "c")
    return plan, records, receipt, tmp_path


def test_rows_are_sorted_by_key_and_hold_what_the_model_returned(written):
    plan, _, _, folder = written
    raw = read_frame(folder / "raw.parquet")
    assert list(raw["key"]) == [point.key for point in plan.points]
    assert set(raw["status"]) == {"ok"}
    np.testing.assert_array_equal(raw["distance"], np.hypot(raw["x"], raw["y"]))
    noise = [stream(seed, "rehearsal").standard_normal() for seed in raw["seed"]]
    np.testing.assert_array_equal(raw["noisy"], raw["distance"] + noise)


def test_the_summary_is_mean_standard_deviation_and_number_over_seeds(written):
    _, _, _, folder = written
    raw = read_frame(folder / "raw.parquet").sort_values("replicate")
    summary = read_frame(folder / "summary.parquet").set_index(["x", "y"])
    assert list(summary.index) == sorted(summary.index)
    for point, rows in raw.groupby(["x", "y"]):
        row = summary.loc[point]
        assert row["noisy_mean"] == pytest.approx(rows["noisy"].mean(), rel=1e-14)
        assert row["noisy_sd"] == pytest.approx(rows["noisy"].std(ddof=1), rel=1e-12)
        assert (row["n"], row["noisy_n"], row["side_share"]) == (5, 5, 1.0)
        assert row["side"] == ("inside" if np.hypot(*point) < 1.0 else "outside")


def test_the_bytes_do_not_depend_on_threads_order_or_what_was_reused(
    written, new_plan, supervise, store, tmp_path
):
    plan, _, _, folder = written
    raw, summary = ((folder / f"{n}.parquet").read_bytes() for n in ("raw", "summary"))
    for point in plan.points[::3]:
        store.drop(point.key)
    supervise(plan, threads=1, points=plan.points[::-1])
    again = new_plan(seeds=5, chunk_size=3, vary={"y": [0.5, -1.0], "x": [1.5, 0.5, 1.0]})
    other, _, _ = supervise(again)
    write_sweep(tmp_path / "again.parquet", plan, other, "c")
    write_summary(tmp_path / "again_summary.parquet", plan, other, "c")
    assert (tmp_path / "again.parquet").read_bytes() == raw
    assert (tmp_path / "again_summary.parquet").read_bytes() == summary


def test_failed_points_are_rows_without_values_and_leave_the_means(new_plan, supervise, tmp_path):
    plan = new_plan(fixed={"fault": "raise"}, seeds=2)
    records, _, _ = supervise(plan, retries=0)
    write_sweep(tmp_path / "raw.parquet", plan, records, "c")
    write_summary(tmp_path / "summary.parquet", plan, records, "c")
    raw = read_frame(tmp_path / "raw.parquet")
    failed = raw[raw["status"] == "failed"]
    assert len(failed) == 6
    assert failed["distance"].isna().all()
    assert failed["error"].str.startswith("SimulationError: rehearsed fault").all()
    summary = read_frame(tmp_path / "summary.parquet")
    assert dict(zip(summary["y"], summary["n"], strict=True)) == {-1.0: 2, 0.5: 0}


def test_the_account_counts_asked_done_reused_failed_and_missing(new_plan, supervise, store):
    plan = new_plan(seeds=2)
    _, first, _ = supervise(plan, points=plan.points[:5])
    now = account_now(plan, store)
    assert (now.asked, now.done, now.missing) == (12, 5, 7)
    records, second, _ = supervise(plan)
    account = account_of(plan, records, [second])
    assert (first.computed, second.reused, second.computed) == (5, 5, 7)
    assert account.sentence() == (
        "trial: 12 points asked, 12 done (7 computed, 5 reused), 0 failed, 0 missing"
    )


def test_progress_tells_points_rate_and_time_left(new_plan, supervise, store):
    plan = new_plan(seeds=2)
    said = []
    keys = frozenset(point.key for point in plan.points)
    progress = Progress(name="trial", keys=keys, store=store, say=said.append, interval=0.0)
    progress()
    supervise(plan, points=plan.points[:6])
    progress()
    assert said[0] == "trial: 0 of 12 points (0 %)"
    assert said[1].startswith("trial: 6 of 12 points (50 %), ")
    assert said[1].endswith(" s left")
