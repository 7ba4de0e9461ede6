"""The workflow itself: same bytes for any cores, resumes after a kill, reruns what depends."""

import os
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TABLES = ("states", "rasters", "activity", "spectra")
TARGETS = [f"results/brunel/{name}.parquet" for name in (*TABLES, "plane", "predicted")]


def checkout(folder: Path, *, library: bool = False) -> Path:
    """Copy what a run needs; with `library` also the package, to be edited."""
    names = ["Snakefile", "workflow", "profiles", "config", "notebooks", "environment.yml"]
    for name in names + (["src"] if library else []):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    config = yaml.safe_load((ROOT / "config" / "test.yaml").read_text())
    config["brunel"]["simulation"] |= {"warm_up_s": 0.1, "duration_s": 0.6}
    config["brunel"]["excerpt"]["duration_s"] = 0.1
    config["brunel"]["analysis"]["segment_ms"] = 128.0
    config["brunel"]["networks"] = 1
    del config["brunel"]["states"]["A"], config["brunel"]["states"]["B"]
    config["brunel"]["plane"]["g"]["num"] = 3
    config["brunel"]["plane"]["nu_ext_ratio"]["num"] = 3
    (folder / "config" / "tiny.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    return folder


def command(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and environment of a run in `folder`."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(ROOT / ".cache" / "numba")}
    if (folder / "src").is_dir():
        environment["PYTHONPATH"] = str(folder / "src")
        environment["NUMBA_CACHE_DIR"] = str(folder / ".cache" / "numba")
    snakemake = [sys.executable, "-m", "snakemake", *arguments, "--configfile", "config/tiny.yaml"]
    return snakemake, environment


def run(folder: Path, *arguments: str) -> str:
    """Run snakemake to its end and return what it said."""
    words, environment = command(folder, *arguments)
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every table."""
    tables = sorted((folder / "results").rglob("*.parquet"))
    return {str(t.relative_to(folder)): sha256(t.read_bytes()).hexdigest() for t in tables}


def planned(folder: Path, *targets: str) -> set[str]:
    """Return the names of the rules a dry run would execute."""
    said = run(folder, "--dry-run", "--cores", "1", *targets)
    if "Nothing to be done" in said:
        return set()
    stats = said.split("Job stats:")[1].split("total")[0].splitlines()[3:]
    return {line.split()[0] for line in stats if line.split()}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a folder in which the tables were made on one core."""
    folder = checkout(tmp_path_factory.mktemp("one-core"))
    run(folder, "--cores", "1", *TARGETS)
    return folder


def test_two_cores_give_the_same_bytes_as_one(finished, tmp_path):
    folder = checkout(tmp_path)
    run(folder, "--cores", "2", *TARGETS)
    assert digests(folder) == digests(finished)


def test_a_killed_run_resumes_and_ends_with_the_same_bytes(finished, tmp_path):
    folder = checkout(tmp_path)
    words, environment = command(folder, "--cores", "2", *TARGETS)
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while len(list((folder / "results").rglob("*.parquet"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert 3 <= len(digests(folder)) < len(digests(finished))
    run(folder, "--unlock")
    run(folder, "--cores", "2", *TARGETS)
    assert digests(folder) == digests(finished)
    assert not list((folder / "results").rglob("*.part"))


def test_nothing_is_left_to_do_after_a_run(finished):
    assert planned(finished, *TARGETS) == set()


def test_a_truncated_table_stops_the_run_with_a_clear_message(finished):
    table = finished / "results" / "brunel" / "statistics" / "C-0.parquet"
    whole = table.read_bytes()
    table.write_bytes(whole[: len(whole) // 2])
    words, environment = command(finished, "--cores", "1", *TARGETS)
    done = subprocess.run(
        words, cwd=finished, env=environment, capture_output=True, text=True, check=False
    )
    table.write_bytes(whole)
    assert done.returncode != 0
    assert "C-0.parquet: truncated or damaged, delete it and rerun" in done.stdout + done.stderr
    run(finished, "--cores", "1", *TARGETS)


def test_a_changed_parameter_reruns_what_depends_on_it(finished):
    config = finished / "config" / "tiny.yaml"
    before = config.read_text()
    study = yaml.safe_load(before)
    study["brunel"]["lfp"]["alpha"] = 1.5
    config.write_text(yaml.safe_dump(study))
    assert planned(finished, *TARGETS) == {"synthesise_brunel_lfp", "gather_brunel_states"}
    config.write_text(before)


def test_an_edited_module_reruns_exactly_what_imports_it_and_a_comment_nothing(tmp_path):
    folder = checkout(tmp_path, library=True)
    target = "results/brunel/plane.parquet"
    run(folder, "--cores", "1", target)
    module = folder / "src" / "cortex" / "meanfield" / "siegert.py"
    module.write_text(module.read_text() + "\n# a comment\n")
    script = folder / "workflow" / "scripts" / "solve_brunel_plane.py"
    script.touch()
    assert planned(folder, target) == set()
    unrelated = folder / "src" / "cortex" / "lfp" / "normalise.py"
    unrelated.write_text(unrelated.read_text() + "\nADDED = 1\n")
    assert planned(folder, target) == set()
    module.write_text(module.read_text() + "\nADDED = 1\n")
    assert planned(folder, target) == {"solve_brunel_plane"}


def test_a_mistake_in_the_configuration_stops_before_any_job(tmp_path):
    folder = checkout(tmp_path)
    config = folder / "config" / "tiny.yaml"
    config.write_text(config.read_text().replace("tau_m_ms", "tau_m"))
    words, environment = command(folder, "--cores", "1")
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "brunel.model.neuron.tau_m = 20.0: the unit is missing from the key" in done.stderr
    assert not (folder / "results").exists()
