"""Injected faults: nothing is lost, the message is clear, the account is right."""

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pyarrow.parquet as pq
import pytest

from cortex.errors import SweepError, TableError
from cortex.io.store import PointStore
from cortex.io.tables import read_frame
from cortex.sweep.account import account_now, account_of
from cortex.sweep.tables import write_sweep

AS_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting needs root"
)


def of_fault(plan):
    """Tell where the rehearsed fault strikes: x, y > 0."""
    return {p.key for p in plan.points if min(p.varied["x"], p.varied["y"]) > 0.0}


def mount_or_skip(command):
    """Root in a container may not be allowed to mount."""
    if subprocess.run(command, check=False).returncode:
        pytest.skip("this machine lets nobody mount")


def values(records):
    return {key: record["values"] for key, record in records.items()}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("raise", "SimulationError: rehearsed fault at x ="),
        ("nan", "SimulationError: observable 'distance' is nan"),
        ("kill", "ProcessDied: SIGKILL killed it; out of memory, or a crash in compiled code?"),
    ],
)
def test_a_point_that_fails_is_recorded_and_the_others_finish(new_plan, supervise, fault, error):
    plan = new_plan(fixed={"fault": fault}, vary={"x": [0.5, 1.0], "y": [-1.0, 0.5]})
    records, receipt, _ = supervise(plan)
    bad = of_fault(plan)
    assert {key for key, record in records.items() if "error" in record} == bad
    assert all(record["error"].startswith(error) for k, record in records.items() if k in bad)
    account = account_of(plan, records, [receipt])
    assert (account.asked, account.done, account.failed, account.missing) == (4, 2, 2, 0)
    assert {failure.key for failure in account.failures} == bad
    assert all(failure.attempts == 2 for failure in account.failures)


def test_a_failure_that_passes_is_retried_and_leaves_no_trace(new_plan, supervise):
    plan = new_plan(fixed={"fault": "once"}, vary={"x": [0.5], "y": [0.5]})
    records, receipt, _ = supervise(plan, retries=1)
    assert receipt.failed == 0
    assert [record["attempts"] for record in records.values()] == [2]
    assert "error" not in next(iter(records.values()))


def test_failed_points_are_not_tried_again_until_they_are_forgotten(new_plan, supervise, store):
    plan = new_plan(fixed={"fault": "raise"})
    supervise(plan, retries=0)
    _, receipt, _ = supervise(plan, retries=0)
    assert (receipt.computed, receipt.failed) == (0, 3)
    for failure in account_now(plan, store).failures:
        store.drop(failure.key)
    _, receipt, _ = supervise(plan, retries=0)
    assert (receipt.computed, receipt.reused, receipt.failed) == (3, 3, 3)


@pytest.mark.parametrize("damage", ["truncated", "empty", "flipped bit", "swapped"])
def test_a_damaged_record_is_noticed_and_computed_again(new_plan, supervise, store, damage):
    plan = new_plan()
    before, _, _ = supervise(plan)
    victim, other = (store.path(point.key) for point in plan.points[:2])
    content = bytearray(victim.read_bytes())
    content[-20] ^= 1
    victim.write_bytes(
        {
            "truncated": victim.read_bytes()[:-7],
            "empty": b"",
            "flipped bit": bytes(content),
            "swapped": other.read_bytes(),
        }[damage]
    )
    after, receipt, said = supervise(plan)
    assert values(after) == values(before)
    assert (receipt.computed, receipt.reused) == (1, 5)
    assert receipt.damaged == [plan.points[0].key]
    assert "is computed again" in said[0]


def test_a_flipped_bit_in_the_table_is_found_and_the_table_made_again(
    new_plan, supervise, tmp_path
):
    plan = new_plan()
    records, _, _ = supervise(plan)
    table = tmp_path / "table.parquet"
    write_sweep(table, plan, records, "command")
    whole = table.read_bytes()
    column = pq.ParquetFile(table).metadata.row_group(0).column(6)
    end_of_page = column.dictionary_page_offset + column.total_compressed_size
    broken = bytearray(whole)
    broken[end_of_page - 3] ^= 1
    table.write_bytes(bytes(broken))
    with pytest.raises(TableError, match="truncated or damaged, delete it and rerun"):
        read_frame(table)
    table.unlink()
    records, receipt, _ = supervise(plan)
    write_sweep(table, plan, records, "command")
    assert receipt.computed == 0
    assert table.read_bytes() == whole


@AS_ROOT
def test_a_full_disk_stops_the_job_and_keeps_what_was_finished(new_plan, supervise, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    mount_or_skip(mount)
    try:
        where = PointStore(folder)
        plan = new_plan(seeds=20)
        with pytest.raises(SweepError, match=r"No space left.*free some space and run again"):
            supervise(plan, where=where)
        safe = account_now(plan, where)
        assert 0 < safe.done < 120
        assert safe.missing == 120 - safe.done
        subprocess.run([*mount[:3], "-o", "remount,size=4m", "none", str(folder)], check=True)
        _, receipt, _ = supervise(plan, where=where)
        assert (receipt.reused, receipt.failed, receipt.asked) == (safe.done, 0, 120)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@AS_ROOT
def test_a_read_only_folder_stops_the_job_with_the_reason(new_plan, supervise, tmp_path):
    folder = tmp_path / "fixed"
    folder.mkdir()
    mount_or_skip(["mount", "-t", "tmpfs", "-o", "ro", "none", str(folder)])
    try:
        with pytest.raises(SweepError, match=r"Read-only.*make the folder writable"):
            supervise(new_plan(), where=PointStore(folder))
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_two_runs_at_once_leave_sound_records_and_equal_results(new_plan, supervise, store):
    plan = new_plan(seeds=4, fixed={"work_ms": 5.0})
    with ThreadPoolExecutor(2) as pool:
        results = [each.result() for each in [pool.submit(supervise, plan) for _ in range(2)]]
    assert values(results[0][0]) == values(results[1][0])
    assert len(store.keys()) == 24
    assert list(store.folder.glob(".*")) == []


def test_a_point_cut_off_by_a_killed_job_runs_again_by_itself(new_plan, supervise, store):
    plan = new_plan()
    lost = plan.points[0].key
    store.begin(lost)
    note = json.loads(store.note(lost).read_text())
    store.note(lost).write_text(json.dumps({**note, "pid": 2**22 + 1}))  # no such process
    assert store.cut_off(lost) == 1
    records, receipt, _ = supervise(plan)
    assert receipt.failed == 0
    assert "values" in records[lost]
    assert store.cut_off(lost) == 0


def test_a_point_that_ends_job_after_job_is_given_up(new_plan, supervise, store):
    plan = new_plan()
    lost = plan.points[0].key
    store.begin(lost)
    note = json.loads(store.note(lost).read_text())
    store.note(lost).write_text(json.dumps({**note, "pid": 2**22 + 1, "attempts": 5}))
    records, receipt, said = supervise(plan)
    assert receipt.failed == 1
    assert "5 jobs ended while it ran" in records[lost]["error"]
    assert any("5 jobs ended" in line for line in said)
