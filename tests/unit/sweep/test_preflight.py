"""Preflight: every trap has a line that says what to do."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cortex.cli import main
from cortex.io.store import PointStore
from cortex.sweep import preflight as module
from cortex.sweep.preflight import (
    Finding,
    check_environment,
    check_left_overs,
    check_lock,
    check_numba_cache,
    check_space,
    check_threads,
    check_write_access,
)
from cortex.sweep_models.registry import MODELS


def levels(findings):
    return [finding.level for finding in findings]


def test_a_clean_folder_passes(tmp_path):
    for check in (check_space, check_write_access, check_numba_cache):
        assert set(levels(check(tmp_path))) == {"ok"}
    assert levels([*check_lock(tmp_path), *check_left_overs(tmp_path)]) == []


def test_too_little_space_stops(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "NEEDED_GB", 1e9)
    assert levels(check_space(tmp_path))[0] == "stop"


def test_a_file_in_place_of_a_folder_stops(tmp_path):
    (tmp_path / "results").touch()
    (finding,) = check_write_access(tmp_path)
    assert finding.level == "stop"
    assert finding.what == f"cannot write to {tmp_path / 'results'}: Not a directory"


@pytest.fixture
def as_nobody():
    """Run as a user who may not write everywhere, also where the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


@pytest.mark.usefixtures("as_nobody")
def test_a_folder_that_is_closed_stops():
    with tempfile.TemporaryDirectory() as name:
        results = Path(name) / "results"
        results.mkdir(mode=0o500)
        (finding,) = check_write_access(Path(name))
        assert finding.what == f"cannot write to {results}: Permission denied"


def test_an_empty_cache_file_stops_with_the_folder_to_delete(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "loops.nbi").touch()
    (finding,) = check_numba_cache(tmp_path)
    assert finding.level == "stop"
    assert finding.advice == f"delete {tmp_path / 'cache'}"


@pytest.mark.parametrize("name", ["loops.nbi", "loops.1.nbc"])
def test_a_damaged_file_of_compiled_loops_stops(tmp_path, monkeypatch, name):
    # a real cache, made in a process of its own, with the end of one file cut off
    code = "import numba\n\n@numba.njit(cache=True)\ndef f(x):\n    return x\n\nf(1)\n"
    (tmp_path / "loops.py").write_text(code)
    cache = tmp_path / "cache"
    run = [sys.executable, "-c", "import loops"]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(tmp_path)}
    subprocess.run(run, env=environment, check=True)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(cache))
    assert levels(check_numba_cache(tmp_path)) == ["ok"]
    victim = next(cache.rglob(f"*{name[-4:]}"))
    victim.write_bytes(victim.read_bytes()[:-9])
    (finding,) = check_numba_cache(tmp_path)
    assert (finding.level, finding.advice) == ("stop", f"delete {cache}")
    # and the job that meets it says the same
    (tmp_path / "job.py").write_text(
        "from cortex.io.job import job_log\n\nwith job_log('job.log'):\n    import loops\n"
    )
    done = subprocess.run(
        [sys.executable, "job.py"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"the cache of compiled loops is damaged: delete {cache} and run again" in done.stderr


def test_another_version_than_the_locked_one_is_named(tmp_path):
    lock = tmp_path / "cortex.lock"
    lock.write_text("numpy==0.0.1 \\\n    --hash=sha256:x\nnot-installed==1.0\n")
    (finding,) = check_environment(lock)
    assert "numpy" in finding.what
    assert "(lock: 0.0.1)" in finding.what
    assert "not-installed" not in finding.what


def test_more_than_one_thread_per_library_is_noted(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "8")
    assert levels(check_threads()) == ["note"]


def test_the_lock_of_a_killed_run_says_unlock(tmp_path):
    (tmp_path / ".snakemake" / "locks").mkdir(parents=True)
    (tmp_path / ".snakemake" / "locks" / "0.input.lock").touch()
    (finding,) = check_lock(tmp_path)
    assert (finding.level, finding.advice) == ("stop", "snakemake --unlock")


def test_what_a_system_cannot_tell_is_said(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage)  # type: ignore[attr-defined]
    monkeypatch.delattr(os, "statvfs")
    monkeypatch.setattr(module, "PROCESSES", tmp_path / "proc")
    assert "does not tell how many files more fit" in str([*check_space(tmp_path)][-1])
    lock = tmp_path / ".snakemake" / "locks" / "0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    (found,) = check_lock(tmp_path)
    assert found.level == "stop"
    assert "does not tell who runs" in found.what


def test_points_cut_off_and_half_written_files_are_counted(tmp_path):
    store = PointStore(tmp_path / "results" / "store" / "m")
    store.folder.mkdir(parents=True)
    store.note("k").write_text('{"attempts":1,"host":"elsewhere","pid":1}')
    os.utime(store.note("k"), (0, 0))
    (store.folder / ".k.json.host.1.1.part").touch()
    findings = list(check_left_overs(tmp_path))
    assert [f.what.split()[0] for f in findings] == ["1", "1"]
    assert set(levels(findings)) == {"note"}


def test_where_counts_what_lies_there(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results" / "figures").mkdir(parents=True)
    (tmp_path / "results" / "figures" / "a.png").touch()
    assert main(["where"]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["figures"] == f"{tmp_path}/results/figures/*.png  (1 files)"
    assert lines["report"] == f"{tmp_path}/results/report.html  (none yet; make figures)"


def test_every_model_stands_in_the_list_with_its_keys_and_observables(capsys):
    assert main(["sweep-models"]) == 0
    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines() if line[:1].strip()] == list(MODELS)
    assert "    tau_m_ms " in said
    assert "    lfp_sd " in said


@pytest.mark.parametrize("found", ["ok", "note", "stop"])
def test_preflight_fails_only_where_a_run_would_stop(found, capsys, monkeypatch):
    findings = [Finding("ok", "this"), Finding(found, "that", "do it")]
    monkeypatch.setattr(module, "preflight", lambda _: findings)
    assert main(["preflight"]) == (1 if found == "stop" else 0)
    assert capsys.readouterr().out.splitlines() == [str(finding) for finding in findings]


def test_an_error_of_the_user_is_one_line_and_no_traceback(capsys, tmp_path):
    assert main(["sweep-account", "--config", str(tmp_path / "none.yaml")]) == 1
    assert capsys.readouterr().err.startswith("cortex: ")
