"""A small sweep through Snakemake: cores, chunks, growth, deletion, kill -9, git branches."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PLANE = {"x": {"start": -1.0, "stop": 1.0, "num": 4}, "y": [0.5, 2.0]}
SMALL = {"model": "made_up_model:MADE_UP", "vary": PLANE, "seeds": 3, "chunk_size": 10}
TABLE = "results/sweeps/small.parquet"
NOTHING = "Nothing to be done"


def run(project, *words, ok=True):
    return project.run(TABLE, *(words or ("--cores", "2")), ok=ok)


def test_cores_and_chunk_sizes_do_not_change_a_byte(new_project):
    tables = set()
    for i, (cores, chunk_size) in enumerate(((1, 10), (2, 10), (2, 3), (1, 1000))):
        project = new_project(f"project{i}")
        project.sweeps(small={**SMALL, "chunk_size": chunk_size, "threads": cores})
        run(project, "--cores", str(cores))
        tables.add(project.table("small"))
        assert project.account("small")["done"] == 24
    assert len(tables) == 1


def test_every_sweep_has_a_figure_and_a_table_of_each_array(project):
    project.sweeps(small={**SMALL, "seeds": 1})
    figures = "results/figures/sweeps"
    wanted = (f"{figures}/small.png", f"{figures}/small/path.png", "results/sweeps/small.parquet")
    project.run(*wanted, "--cores", "2")
    assert all((project.folder / path).stat().st_size > 0 for path in wanted)
    assert NOTHING in project.run(*wanted, "--cores", "2", "--dry-run")


def test_a_deleted_half_is_computed_again_and_only_that_half(project):
    # one share: the receipt of one that lost nothing would still tell what it computed before
    project.sweeps(small={**SMALL, "chunk_size": 1000})
    run(project)
    before = project.table("small")
    assert NOTHING in run(project, "--cores", "2", "--dry-run")
    for record in project.records()[::2]:
        record.unlink()
    assert "12 computed, 12 reused" in run(project)
    assert project.table("small") == before
    assert NOTHING in run(project, "--cores", "2", "--dry-run")


def test_a_refined_sweep_runs_again_for_what_was_forgotten_or_deleted_and_only_for_that(project):
    axis = {"start": -1.5, "stop": 1.5, "num": 9}
    refine = {"refine_on": "side", "refine_from": 4}
    fault = {"fault": "raise", "fault_from": 1.4}  # the corner x = y = 1.5 fails
    project.sweeps(small={**SMALL, "vary": {"x": axis, "y": axis}, "fixed": fault, **refine})
    run(project)
    before, n = project.table("small"), project.account("small")["asked"]
    assert project.account("small")["failed"] == 3  # of three seeds
    assert NOTHING in run(project, "--cores", "2", "--dry-run")

    forget = (sys.executable, "-m", "cortex.cli", "sweep-forget", "--config", "config/test.yaml")
    said = subprocess.run(forget, cwd=project.folder, capture_output=True, text=True, check=True)
    assert said.stdout == "small: 3 failed points forgotten; run again\n"
    assert f"3 computed, {n - 3} reused" in run(project)
    for record in project.records()[:5]:
        record.unlink()
    assert f"5 computed, {n - 5} reused" in run(project)
    assert project.table("small") == before
    assert NOTHING in run(project, "--cores", "2", "--dry-run")


def test_a_grown_grid_and_an_overlapping_sweep_compute_what_is_new(project):
    project.sweeps(small=SMALL)
    run(project)
    grown = {**PLANE, "y": [0.5, 2.0, 3.0]}
    project.sweeps(small={**SMALL, "vary": grown, "seeds": 4})
    assert "24 computed, 24 reused" in run(project)  # 4 x 3 x 4 points, 4 x 2 x 3 known
    other = {**SMALL, "vary": {"y": [3.0, 4.0], "x": [-1.0]}, "seeds": 2}
    project.sweeps(small={**SMALL, "vary": grown, "seeds": 4}, other=other)
    said = project.run("results/sweeps/other.parquet", "--cores", "2")
    assert "2 computed, 2 reused" in said


def test_what_is_not_a_matter_of_a_point_computes_no_point(project):
    project.sweeps(small=SMALL)
    run(project)
    project.sweeps(small={**SMALL, "observables": ["side"], "chunk_size": 4, "retries": 3})
    assert "0 computed, 24 reused" in run(project)
    script = project.folder / "workflow" / "scripts" / "run_sweep_chunk.py"
    script.write_text(script.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")
    assert NOTHING in run(project, "--cores", "2", "--dry-run")


def test_changing_one_model_leaves_the_points_of_the_other(project):
    project.sweeps(small=SMALL, other={**SMALL, "fixed": {"work_ms": 0.5}})
    run(project)
    project.run("results/sweeps/other.parquet", "--cores", "2")
    project.sweeps(small=SMALL, other={**SMALL, "fixed": {"work_ms": 0.6}})
    assert NOTHING in run(project, "--cores", "2", "--dry-run")
    said = project.run("results/sweeps/other.parquet", "--cores", "2")
    assert "24 computed, 0 reused" in said


def test_kill_9_loses_at_most_the_running_points(project):
    project.sweeps(small={**SMALL, "fixed": {"work_ms": 300.0}, "chunk_size": 100})
    process = start(project)
    wait_for(lambda: len(project.records()) >= 6, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    wait_for(lambda: not in_session(process.pid))  # nothing of the run goes on
    safe = len(project.records())
    run(project, "--cores", "2", "--unlock")
    run(project)
    account = project.account("small")
    assert account["done"] == 24
    assert safe >= 6
    assert account["reused"] == safe


def test_two_runs_at_once_are_refused_with_the_reason(project):
    project.sweeps(small={**SMALL, "fixed": {"work_ms": 300.0}})
    process = start(project)
    wait_for(project.records, process)
    os.kill(process.pid, signal.SIGSTOP)  # it cannot end before the other one has looked
    assert "LockException" in run(project, ok=False)
    os.kill(process.pid, signal.SIGCONT)
    assert process.wait() == 0
    assert project.account("small")["done"] == 24


def test_switching_branches_runs_no_simulation_again(project, monkeypatch):
    """The package lies in the copy, under git, as in a clone that a reader edits."""
    copy_package(project, monkeypatch)
    project.sweeps(small=SMALL)
    git(project, "init", "--initial-branch=main")
    git(project, "add", "Snakefile", "workflow", "config", "src")
    git(project, "commit", "-m", "as it is")
    assert "24 computed, 0 reused" in run(project)
    before = project.table("small")

    git(project, "checkout", "-b", "other")
    edit(project, "made_up_model.py", "# a comment in the model of this sweep")
    edit(
        project,
        "cortex/sweep_models/senk_theory_run.py",
        "ADDED = 1  # in a model that it does not use",
    )
    git(project, "commit", "-a", "-m", "touch what does not matter")
    assert NOTHING in run(project, "--cores", "2", "--dry-run")
    git(project, "checkout", "main")
    assert NOTHING in run(project, "--cores", "2", "--dry-run")

    git(project, "checkout", "-b", "changed")
    edit(project, "made_up_model.py", "ADDED = 1  # other code may make other numbers")
    git(project, "commit", "-a", "-m", "change the model")
    assert "24 computed, 0 reused" in run(project)
    for branch in ("main", "changed", "main"):
        git(project, "checkout", branch)
        assert "0 computed, 24 reused" in run(project)
        assert NOTHING in run(project, "--cores", "2", "--dry-run")
    assert project.table("small") == before
    assert len(project.records()) == 48


def start(project):
    return subprocess.Popen(
        project.command(TABLE, "--cores", "2"),
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for(condition, process=None, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)


def in_session(leader):
    """Return the processes of a session that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == leader and state != "Z":
                found.append(stat.parent.name)
    return found


def copy_package(project, monkeypatch):
    source = Path(__file__).parents[2] / "src"
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(source, project.folder / "src", ignore=skip)
    model = Path(__file__).parents[1] / "models" / "made_up_model.py"
    shutil.copy2(model, project.folder / "src")
    monkeypatch.setenv("PYTHONPATH", str(project.folder / "src"))


def edit(project, module, line):
    path = project.folder / "src" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def git(project, *words):
    who = ("-c", "user.name=A Reader", "-c", "user.email=reader@example.org")
    subprocess.run(["git", *who, *words], cwd=project.folder, check=True, capture_output=True)
