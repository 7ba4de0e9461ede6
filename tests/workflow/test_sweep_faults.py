"""Faults seen from the command line: what Snakemake says and does when a sweep meets them."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pyarrow.parquet as pq
import pytest

AS_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting needs root"
)
pytestmark = pytest.mark.slow

PLANE = {"x": {"start": -1.0, "stop": 1.0, "num": 4}, "y": [0.5, 2.0]}
SMALL = {"model": "made_up_model:MADE_UP", "vary": PLANE, "seeds": 3, "chunk_size": 1000}
TABLE = "results/sweeps/small.parquet"


@contextmanager
def mounted(folder, options):
    """Put a file system in memory over a folder; give a function that changes its options."""
    folder.mkdir(parents=True, exist_ok=True)

    def mount(options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=True)

    try:
        mount(options)
    except subprocess.CalledProcessError:
        pytest.skip("this machine lets nobody mount")
    try:
        yield lambda options: mount(f"remount,{options}")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_points_that_fail_stand_in_table_and_account_and_the_run_goes_on(project):
    errors = {
        "raise": "SimulationError: rehearsed fault at x = ",
        "nan": "SimulationError: observable 'distance' is nan",
        "kill": "ProcessDied: SIGKILL killed it",
    }
    sweeps = {f: {**SMALL, "seeds": 1, "fixed": {"fault": f}, "retries": 0} for f in errors}
    project.sweeps(**sweeps)
    project.run(*(f"results/sweeps/{fault}.parquet" for fault in errors), "--cores", "2")
    for fault, error in errors.items():
        account = project.account(fault)
        assert (account["asked"], account["done"], account["missing"]) == (8, 4, 0)
        assert account["failed"] == 4  # those at x > 0, where the fault strikes
        assert all(failure["error"].startswith(error) for failure in account["failures"])
        table = pq.read_table(project.folder / f"results/sweeps/{fault}.parquet").to_pylist()
        assert {row["status"] for row in table if row["x"] > 0.0} == {"failed"}
        assert {row["status"] for row in table if row["x"] < 0.0} == {"ok"}


@AS_ROOT
def test_a_full_disk_stops_with_the_reason_and_the_next_run_goes_on(project):
    project.sweeps(small={**SMALL, "seeds": 10, "retries": 0})
    store = project.folder / "results" / "store"
    with mounted(store, "size=96k") as remount:
        said = project.run(TABLE, "--cores", "2", "--retries", "0", ok=False)
        assert "No space left" in said
        assert "free some space and run again: finished points are safe" in said
        safe = len(project.records())
        assert 0 < safe < 80
        remount("size=4m")
        project.run(TABLE, "--cores", "2")
        account = project.account("small")
        assert (account["done"], account["reused"], account["missing"]) == (80, safe, 0)


@AS_ROOT
def test_results_that_cannot_be_written_stop_before_any_job_with_the_reason(project):
    project.sweeps(small=SMALL)
    with mounted(project.folder / "results", "ro"):
        said = project.run(TABLE, "--cores", "2", ok=False)
    assert "Read-only file system" in said
    assert "make results writable or run elsewhere, see `cortex preflight`" in said


def test_a_truncated_record_is_noticed_and_only_its_point_computed_again(project):
    project.sweeps(small=SMALL)
    project.run(TABLE, "--cores", "2")
    before = project.table("small")
    record = project.records()[5]
    record.write_bytes(record.read_bytes()[:-9])
    (project.folder / TABLE).unlink()
    said = project.run(TABLE, "--cores", "2")
    assert f"{record.name}: truncated or damaged" in said
    assert "1 damaged records replaced" in said
    assert project.table("small") == before
