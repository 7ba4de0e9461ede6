"""Injected faults: nothing is lost, the message is clear, the account is right."""

import errno
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, StringIO
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from cortex.errors import SweepError, TableError
from cortex.io.store import PointStore
from cortex.io.tables import read_frame
from cortex.provenance import versions
from cortex.sweep import supervise as supervision
from cortex.sweep import worker
from cortex.sweep.account import account_now, account_of
from cortex.sweep.tables import write_sweep
from cortex.whole_files import STALE_SECONDS

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


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"attempts": "x", "host": 1, "pid": null}', b"\xff"]
)
def test_a_damaged_note_is_as_if_it_were_not_there(new_plan, supervise, store, body):
    plan = new_plan()
    before, _, _ = supervise(plan)
    store.drop(plan.points[0].key)
    store.note(plan.points[0].key).write_bytes(body)
    after, receipt, _ = supervise(plan)
    assert values(after) == values(before)
    assert receipt.computed == 1


def test_a_folder_in_place_of_a_record_is_one_clear_line(new_plan, supervise, store):
    plan = new_plan()
    supervise(plan)
    path = store.path(plan.points[0].key)
    path.unlink()
    path.mkdir()
    with pytest.raises(TableError, match="a folder stands where the store keeps a file; remove it"):
        supervise(plan)


def test_a_flipped_bit_in_the_table_is_found_and_the_table_made_again(
    new_plan, supervise, tmp_path
):
    plan = new_plan()
    records, _, _ = supervise(plan)
    table = tmp_path / "table.parquet"
    write_sweep(table, plan, records)
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
    write_sweep(table, plan, records)
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


@pytest.mark.parametrize(
    "fault",
    [(errno.ENOSPC, "free some space"), (errno.EROFS, "writable"), (errno.EACCES, "writable")],
)
def test_a_store_that_refuses_a_record_is_no_fault_of_its_point(
    new_plan, supervise, store, monkeypatch, fault
):
    """The same where nobody may mount: worker and job in this process, the write refused."""
    number, advice = fault

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    def run_here(supervisor, points, threads):
        errors = StringIO()
        with monkeypatch.context() as patch:
            task = BytesIO(pickle.dumps(supervisor._task(points, threads)))
            patch.setattr(sys, "stdin", SimpleNamespace(buffer=task))
            patch.setattr(sys, "stderr", errors)
            return worker.main(), errors.getvalue().strip()

    plan = new_plan()
    monkeypatch.setattr(worker, "_end_cleanly", lambda _: None)  # it would catch pytest's signals
    monkeypatch.setattr(supervision.Supervisor, "_run", run_here)
    with monkeypatch.context() as patch:
        patch.setattr(PointStore, "write", refuse)
        with pytest.raises(SweepError, match=f"{advice}.* run again"):
            supervise(plan)
    assert [store.cut_off(point.key) for point in plan.points] == [0] * 6
    assert supervise(plan)[1].computed == 6


def test_two_runs_at_once_leave_sound_records_and_equal_results(new_plan, supervise, store):
    plan = new_plan(seeds=4, fixed={"work_ms": 5.0})
    with ThreadPoolExecutor(2) as pool:
        results = [each.result() for each in [pool.submit(supervise, plan) for _ in range(2)]]
    assert values(results[0][0]) == values(results[1][0])
    assert len(store.keys()) == 24
    assert list(store.folder.glob(".*")) == []


def begun(store, key, **note):
    """Begin a point in the store, and change what its note says."""
    store.begin(key)
    path = store.note(key)
    path.write_text(json.dumps({**json.loads(path.read_text()), **note}))
    return path


NOBODY = 2**22 + 1  # no such process


def test_a_point_cut_off_by_a_killed_job_runs_again_by_itself(new_plan, supervise, store):
    plan = new_plan()
    lost = plan.points[0].key
    begun(store, lost, pid=NOBODY)
    assert store.cut_off(lost) == 1
    records, receipt, _ = supervise(plan)
    assert receipt.failed == 0
    assert "values" in records[lost]
    assert store.cut_off(lost) == 0


def test_a_point_that_ends_job_after_job_is_given_up(new_plan, supervise, store):
    plan = new_plan()
    lost = plan.points[0].key
    begun(store, lost, pid=NOBODY, attempts=5)
    records, receipt, said = supervise(plan)
    assert receipt.failed == 1
    assert "5 jobs ended while it ran" in records[lost]["error"]
    assert "an interruption that left no time to say so" in records[lost]["error"]
    assert any("5 jobs ended" in line for line in said)


def test_a_point_that_another_machine_runs_is_not_cut_off_until_its_note_is_old(store):
    note = begun(store, "k", host="elsewhere", pid=1)
    assert store.cut_off("k") == 0
    old = time.time() - STALE_SECONDS - 60.0
    os.utime(note, (old, old))
    assert store.cut_off("k") == 1
    store.refresh(["k"], 1)  # not a process of this machine
    assert store.cut_off("k") == 1


def test_a_job_freshens_the_notes_of_the_points_it_runs(new_plan, supervise, store, monkeypatch):
    monkeypatch.setattr(supervision, "BEAT_SECONDS", 0.0)
    ages = []

    def watch():
        for note in store.folder.glob(".*.begun"):
            ages.append(time.time() - note.stat().st_mtime)
            os.utime(note, (0, 0))

    supervise(new_plan(fixed={"work_ms": 300.0}), watch=watch)
    # a note is seen young when it appears; one that is never freshened is seen once
    assert len(ages) > 12
    assert sum(age < STALE_SECONDS for age in ages) > 12


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_interruption_is_not_the_fault_of_the_points_that_run(new_plan, supervise, store, sent):
    plan = new_plan(fixed={"work_ms": 500.0})
    blamed = plan.points[0].key
    begun(store, blamed, pid=NOBODY, attempts=1)  # once before, by something else

    def interrupt():
        for note in store.folder.glob(".*.begun"):
            pid = json.loads(note.read_text())["pid"]
            if pid not in (NOBODY, os.getpid()):
                os.kill(pid, sent)

    with pytest.raises(SweepError, match="was interrupted; finished points are safe, run again"):
        supervise(plan, watch=interrupt)
    assert [store.cut_off(point.key) for point in plan.points if point.key != blamed] == [0] * 5
    assert store.cut_off(blamed) == int(not store.path(blamed).exists())
    _, receipt, _ = supervise(plan)
    assert (receipt.failed, receipt.asked) == (0, 6)


def test_a_worker_that_dies_before_any_point_begins_stops_the_job(
    new_plan, supervise, tmp_path, monkeypatch
):
    python = tmp_path / "python"
    python.write_text(
        "#!/bin/sh\necho started >>$0.log\n"
        "test $(wc -l <$0.log) -lt 10 || exit 0\n"  # ends the test when nothing else does
        "kill -9 $$\n"
    )
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    message = "SIGKILL killed the worker of model 'made_up_model' 3 times before a point began"
    with pytest.raises(SweepError, match=message):
        supervise(new_plan())
    assert (tmp_path / "python.log").read_text().split() == ["started"] * 3


def test_a_damaged_cache_of_compiled_loops_is_no_fault_of_a_point(new_plan, supervise, store):
    """Records of a failure would outlive the cache; the message says what to delete."""
    plan = new_plan(fixed={"fault": "cache"})
    with pytest.raises(SweepError, match="the cache of compiled loops is damaged: delete"):
        supervise(plan)
    assert not of_fault(plan) & set(store.keys())


def test_a_point_stored_by_another_job_meanwhile_is_left_alone(new_plan, supervise, store):
    plan = new_plan(fixed={"work_ms": 200.0})
    last = plan.points[-1]

    def other():
        if not store.path(last.key).exists() and store.keys():
            store.write(last.key, {"model": "made_up_model", "values": {}, "attempts": 1})

    records, _, _ = supervise(plan, threads=1, watch=other)
    assert records[last.key]["values"] == {}


def test_every_record_holds_the_versions_of_its_packages(new_plan, supervise):
    killed = new_plan(fixed={"fault": "kill"}, vary={"x": [0.5], "y": [-1.0, 0.5]})
    records, _, _ = supervise(killed, retries=0)
    assert all(record["versions"] == versions() for record in records.values())
