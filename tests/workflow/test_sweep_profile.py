"""A sweep through workflow/profiles/cluster-generic: its own scripts submit, look and cancel."""

import json
import os
import signal
import subprocess
import time

import pytest

pytestmark = pytest.mark.slow

SWEEP = {
    "model": "made_up_model:MADE_UP",
    "vary": {"x": {"start": -1.0, "stop": 1.0, "num": 4}, "y": [0.5, 2.0]},
    "fixed": {"work_ms": 500.0},
    "seeds": 3,
    "chunk_size": 10,
    "memory_MB": 500.0,
}
TABLE = "results/sweeps/small.parquet"
PROFILE = (
    *("--profile", "workflow/profiles/cluster-generic"),
    *("--seconds-between-status-checks", "1", "--latency-wait", "5"),
)


def start(project):
    return subprocess.Popen(
        project.command(TABLE, *PROFILE),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def submitted(project):
    """Return job id -> what was asked for it."""
    folder = project.folder / ".snakemake" / "cluster-generic"
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*/*.asked")}


def groups(project):
    """Return the process groups of the jobs submitted, as submit.sh noted them."""
    folder = project.folder / ".snakemake" / "cluster-generic"
    return [int(path.read_text()) for path in folder.glob("*/*.pid")]


def alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition, process=None):
    end = time.monotonic() + 300
    while not condition():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end
        time.sleep(0.05)


def wait_for_points(project, process, n=3):
    wait_until(lambda: len(project.records()) >= n, process)


def test_a_killed_job_is_sent_again_with_more_memory_and_the_bytes_are_the_same(new_project):
    alone = new_project("alone")
    alone.sweeps(small={**SWEEP, "chunk_size": 1000})
    alone.run(TABLE, "--cores", "1")

    project = new_project("submitted")
    project.sweeps(small=SWEEP)
    process = start(project)
    wait_for_points(project, process)
    os.killpg(next(group for group in groups(project) if alive(group)), signal.SIGKILL)
    said, _ = process.communicate(timeout=400)
    assert process.returncode == 0, said
    assert "Trying to restart job" in said
    asked = list(submitted(project).values())
    assert len(asked) == 6  # four shares, one of them twice, and the tables
    assert sum("memory 1000 MB" in text for text in asked) == 1  # the second attempt
    assert project.account("small")["done"] == 24
    assert project.table("small") == alone.table("small")


def test_a_run_interrupted_while_it_looks_ends_its_jobs_and_the_next_goes_on(project):
    # Snakemake cancels no job whose state it asks for, here nearly always (5 s in every 6)
    status = project.folder / "workflow/profiles/cluster-generic/status.sh"
    answer = status.read_text(encoding="utf-8")
    status.write_text(f"sleep 5\n{answer}", encoding="utf-8")
    # shares of a quarter of a minute: the jobs last well beyond the time an interrupt takes
    project.sweeps(small={**SWEEP, "fixed": {"work_ms": 2000.0}})
    process = start(project)
    wait_for_points(project, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    wait_until(lambda: not any(alive(group) for group in groups(project)))
    safe = len(project.records())
    assert safe < 24  # they were ended, they did not finish
    # but for a share of few points, which may have: its receipt says that it computed them
    receipts = (project.folder / "results/sweeps/small").glob("*.json")
    ended = sum(json.loads(path.read_text())["computed"] for path in receipts)
    status.write_text(answer, encoding="utf-8")
    project.run(TABLE, *PROFILE)
    account = project.account("small")
    assert account["done"] == 24
    assert account["reused"] + ended >= safe >= 3


def test_a_job_that_does_not_heed_the_signal_is_killed(project):
    scripts = project.folder / "workflow" / "profiles" / "cluster-generic"
    deaf = project.folder / "deaf.sh"
    deaf.write_text("trap '' TERM\ntouch started\nsleep 1000\n", encoding="utf-8")
    (project.folder / "run").mkdir()
    job = subprocess.run(
        [scripts / "submit.sh", "1", "1000", "30", deaf],
        cwd=project.folder,
        env={**project.environment, "SNAKEMAKE_CLUSTER_SIDECAR_VARS": "run"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    group = int((project.folder / f"{job}.pid").read_text())
    wait_until((project.folder / "started").exists)
    subprocess.run([scripts / "cancel.sh", job], cwd=project.folder, check=True)
    wait_until(lambda: not alive(group))
    status = [scripts / "status.sh", job]
    assert subprocess.check_output(status, cwd=project.folder, text=True) == "failed\n"
