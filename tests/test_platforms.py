"""Workflow files and container name only commands and files that exist."""

import os
import re
import subprocess
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.M))
OURS = re.compile(r"(?<![\w/])((?:tests|tools|config|requirements|workflow)/[\w./-]+)")


def commands(path):
    """Return the commands of all steps of a workflow file."""
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_of_a_workflow_file_is_one_of_ours_and_its_files_exist(path):
    for command in commands(path):
        if command.startswith("make "):
            assert command.split()[1] in TARGETS, command
        for name in OURS.findall(command):
            assert (ROOT / name).exists(), command


def test_the_workflow_files_run_what_ci_runs():
    run = set(re.findall(r"make ([a-z-]+(?: CONFIG=\S+)?)", re.sub(r"#.*", "", CI)))
    run -= {target for target in run if target.split()[0] not in TARGETS}  # apt-get install make
    asked = [command.removeprefix("make ") for command in commands(WORKFLOWS[-1])]
    assert run
    assert run <= {words.partition(" MAY_SKIP")[0] for words in asked}


def test_the_same_tests_may_be_skipped_wherever_ours_are_run():
    (allowed,) = re.findall(r"make test (MAY_SKIP='.*')", CI)
    assert [c for c in commands(WORKFLOWS[-1]) if c.startswith("make test ")] == [
        f"make test {allowed}"
    ]


def test_the_site_that_is_published_is_the_one_that_is_built():
    pages = yaml.safe_load(WORKFLOWS[0].read_text(encoding="utf-8"))
    steps = pages["jobs"]["build"]["steps"]
    built = re.search(r"^site_dir: (\S+)$", (ROOT / "mkdocs.yml").read_text(), flags=re.MULTILINE)
    assert "make docs" in [step.get("run") for step in steps]
    assert steps[-1]["with"]["path"] == built[1]


def test_the_wheel_is_tried_on_all_supported_versions_and_systems():
    tests = yaml.safe_load(WORKFLOWS[-1].read_text(encoding="utf-8"))
    matrix = tests["jobs"]["wheel"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    systems = {*matrix["os"], *(each["os"] for each in matrix["include"])}
    assert systems == {"ubuntu-latest", "macos-latest", "windows-latest"}


def test_the_container_is_made_from_the_lock_and_copies_what_exists():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes requirements/bootstrap.lock requirements/cortex.lock" in text
    assert all((ROOT / name).is_file() for name in OURS.findall(text) if not name.endswith("/"))
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"src", "workflow", "config", "notebooks", "requirements"} & set(ignored)


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_make_starts_python_below_a_path_with_umlauts_whatever_the_locale(locale, tmp_path):
    """Python reads where an editable installation lies in the charset of the locale."""
    folder = tmp_path / "Größe [1] (a b)"
    venv.create(folder, with_pip=False)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "editable.pth").write_text(f"{folder}\n", encoding="utf-8")
    shown = "show: ; @'$(PYTHON)' -c 'import sys; print(sys.path[-1].encode())'"
    done = subprocess.run(
        ["make", "--silent", "--eval", shown, "show", f"PYTHON={folder}/bin/python"],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": locale},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == str(str(folder).encode()), done.stderr
