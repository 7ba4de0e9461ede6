"""Tables and accounts of sweeps: units, order, means over seeds, same bytes."""

import numpy as np
import pytest

from cortex.io.tables import read_frame, read_provenance
from cortex.provenance import versions
from cortex.rng import stream
from cortex.sweep.account import account_now, account_of
from cortex.sweep.progress import Progress
from cortex.sweep.refined_run import run_refined
from cortex.sweep.supervise import Supervisor
from cortex.sweep.tables import write_map, write_summary, write_sweep


@pytest.fixture
def written(new_plan, supervise, tmp_path):
    plan = new_plan(seeds=5, fixed={"work_ms": 0.0})
    records, receipt, _ = supervise(plan)
    write_sweep(tmp_path / "raw.parquet", plan, records)
    write_summary(tmp_path / "summary.parquet", plan, records)
    return plan, records, receipt, tmp_path


def test_rows_are_sorted_by_key_and_hold_what_the_model_returned(written):
    plan, _, _, folder = written
    raw = read_frame(folder / "raw.parquet")
    assert list(raw["key"]) == [point.key for point in plan.points]
    assert set(raw["status"]) == {"ok"}
    np.testing.assert_array_equal(raw["distance"], np.hypot(raw["x"], raw["y"]))
    noise = [stream(seed, "made_up_model").standard_normal() for seed in raw["seed"]]
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
        assert row["side"] == ("inside" if np.hypot(*point) < 1.0 else "outside")  # type: ignore[call-overload]


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
    write_sweep(tmp_path / "again.parquet", plan, other)
    write_summary(tmp_path / "again_summary.parquet", plan, other)
    assert (tmp_path / "again.parquet").read_bytes() == raw
    assert (tmp_path / "again_summary.parquet").read_bytes() == summary


def test_failed_points_are_rows_without_values_and_leave_the_means(new_plan, supervise, tmp_path):
    plan = new_plan(fixed={"fault": "raise"}, seeds=2)
    records, _, _ = supervise(plan, retries=0)
    write_sweep(tmp_path / "raw.parquet", plan, records)
    write_summary(tmp_path / "summary.parquet", plan, records)
    raw = read_frame(tmp_path / "raw.parquet")
    failed = raw[raw["status"] == "failed"]
    assert len(failed) == 6
    assert failed["distance"].isna().all()
    assert failed["error"].str.startswith("SimulationError: rehearsed fault").all()
    summary = read_frame(tmp_path / "summary.parquet")
    assert dict(zip(summary["y"], summary["n"], strict=True)) == {-1.0: 2, 0.5: 0}
    lost = summary[summary["n"] == 0]
    assert lost[["distance_mean", "distance_sd", "side_share"]].isna().all(axis=None)
    assert set(lost["side"]) == {""}
    assert set(lost["distance_n"]) == {0}


@pytest.mark.parametrize(("observable", "none"), [("side", ""), ("distance", np.nan)])
def test_a_failed_point_of_a_map_is_the_empty_word_or_nan_and_is_computed(
    new_plan, store, tmp_path, observable, none
):
    axis = {"start": -1.0, "stop": 1.0, "num": 5}
    plan = new_plan(
        vary={"x": axis, "y": axis}, fixed={"fault": "raise"}, refine_on=observable, refine_from=4
    )
    supervisor = Supervisor(model=plan.model, store=store, threads=2, retries=0, say=str)
    run = run_refined(plan, supervisor)
    write_map(tmp_path / "map.parquet", plan, run.found, run.records)
    table = read_frame(tmp_path / "map.parquet")
    broken = (table["x"] > 0.0) & (table["y"] > 0.0)
    assert table.loc[broken, "computed"].all()
    found = table[observable]
    assert (found.isna() if none != "" else found == "").equals(broken)


def test_the_tables_name_all_versions_under_which_their_points_were_computed(
    new_plan, supervise, store, tmp_path
):
    plan = new_plan()
    supervise(plan)
    older = {**versions(), "numpy": "1.0"}
    for point in plan.points[:2]:
        store.write(point.key, {**store.read(point.key), "versions": older})
    records, receipt, _ = supervise(new_plan())  # the key does not hold them
    assert receipt.computed == 0
    write_sweep(tmp_path / "raw.parquet", plan, records)
    notes = read_provenance(tmp_path / "raw.parquet")["notes"]
    assert sorted(each["numpy"] for each in notes["point_versions"]) == sorted(
        ["1.0", versions()["numpy"]]
    )
    account = account_of(plan, records, [receipt])
    assert account.sentence().endswith("computed under 2 sets of package versions")


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
    said: list[str] = []
    keys = frozenset(point.key for point in plan.points)
    progress = Progress(name="trial", keys=keys, store=store, say=said.append, interval=0.0)
    progress()
    supervise(plan, points=plan.points[:6])
    progress()
    assert said[0] == "trial: 0 of 12 points (0 %)"
    assert said[1].startswith("trial: 6 of 12 points (50 %), ")
    assert said[1].endswith(" s left")
