"""The wheel, in fresh environments: what it brings, what works without extras, and its workflow."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from cortex.installation import DISTRIBUTION
from cortex.provenance import source_digest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"
LOCK = ROOT / "requirements" / "cortex.lock"
SCIENCE = Path(__file__).parent / "use_science.py"
MOST_PACKAGES = 10
TABLE = "results/sweeps/learning_rate.parquet"


def said(*words, cwd, status=0):
    """Run a command as on a machine without a checkout; return all it says."""
    private = {"CORTEX_ROOT", "NUMBA_CACHE_DIR", "PYTHONPATH", "VIRTUAL_ENV"}
    environment = {k: v for k, v in os.environ.items() if k not in private}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + (done.stderr if status else "")


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel, and a folder to work in."""

    home: Path
    folder: Path

    def says(self, command, *words, status=0):
        """Run a command of the environment in the folder."""
        return said(self.home / "bin" / command, *words, cwd=self.folder, status=status)


def build(folder, *words):
    """Return the wheel that is built into a folder; without words from a source distribution."""
    said(UV, "build", *words, "--no-build-isolation", "--out-dir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel of a release."""
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def install(wheel, tmp_path_factory):
    """Return a function that installs the wheel with some extras, versions as locked."""
    built = wheel.parent

    def make(extras=""):
        home, folder = built / f"environment{extras}", tmp_path_factory.mktemp("empty")
        said(UV, "venv", "--python", sys.executable, home, cwd=built)
        target = ("--python", home / "bin" / "python", "--constraint", LOCK)
        said(UV, "pip", "install", *target, f"{DISTRIBUTION}{extras} @ file://{wheel}", cwd=built)
        return Environment(home, folder)

    return make


@pytest.fixture(scope="module")
def science(install):
    """Return an environment without extras."""
    return install()


@pytest.fixture(scope="module")
def workflow(install):
    """Return an environment with the extra `workflow`."""
    return install("[workflow]")


def test_a_source_distribution_makes_the_wheel_of_the_checkout(wheel, tmp_path):
    names, direct = (ZipFile(path).namelist() for path in (wheel, build(tmp_path, "--wheel")))
    assert sorted(names) == sorted(direct)
    assert {"Snakefile", "profiles/default/config.yaml", "workflow/figures.yaml"} <= {
        name.removeprefix("cortex/_workflow/") for name in names
    }


def test_the_wheel_brings_at_most_ten_packages(science):
    python = science.home / "bin" / "python"
    listed = said(UV, "pip", "list", "--python", python, "--format", "json", cwd=science.folder)
    packages = [each["name"] for each in json.loads(listed)]
    assert DISTRIBUTION in packages
    assert len(packages) <= MOST_PACKAGES, packages


def test_the_science_gives_the_same_numbers_without_extras(science):
    here = subprocess.run([sys.executable, SCIENCE], capture_output=True, text=True, check=True)
    # one lock, one machine, one seed: the same compiled code and bits
    assert json.loads(science.says("python", SCIENCE)) == json.loads(here.stdout)


@pytest.mark.parametrize(
    ("words", "extras"),
    [(["figure", "brunel_plane"], "files,plots"), (["sweep-account"], "workflow")],
)
def test_a_command_without_its_extra_says_how_to_install_it(science, words, extras):
    message = science.says("cortex", *words, status=1)
    plural = "extras" if "," in extras else "extra"
    assert message == (
        f"cortex: cortex {words[0]} needs the {plural} [{extras}]: "
        f'pip install "{DISTRIBUTION}[{extras}]"\n'
    )


def test_the_workflow_of_the_wheel_runs_from_an_empty_folder(workflow):
    ask = "from cortex.installation import workflow_root as root; print(root())"
    root = Path(workflow.says("python", "-c", ask).strip())
    assert root.is_relative_to(workflow.home)
    before = set(root.rglob("*"))
    config = ("-s", root / "Snakefile", "--configfile", root / "config" / "test.yaml", "-c", "1")
    workflow.says("snakemake", "--dry-run", *config)
    assert {path.name for path in workflow.folder.iterdir()} == {".snakemake"}
    workflow.says("snakemake", TABLE, *config)
    assert (workflow.folder / TABLE).is_file()
    assert {p for p in root.rglob("*") if "__pycache__" not in p.parts} <= before


def test_a_network_begun_with_the_wheel_is_planned_in_an_empty_folder(workflow, tmp_path):
    workflow = Environment(workflow.home, tmp_path)
    workflow.says("cortex", "new", "mine", "--like", "lfp_demonstration")
    said = workflow.says("cortex", "run", "mine.yaml", "--cores", "1", "-n")
    assert said.startswith("8 jobs, about ")
    assert "Page of network mine" in said
    assert {path.name for path in tmp_path.iterdir()} == {"mine.yaml", ".snakemake"}


def test_presets_are_in_the_package_without_extras(science):
    ask = "import cortex; print(cortex.preset('microcircuit').network.sizes.sum())"
    assert science.says("python", "-c", ask) == "77169\n"  # Potjans & Diesmann 2014, table 5


def test_the_digest_of_a_script_is_that_of_the_checkout(workflow):
    name = "workflow/scripts/solve_response_microcircuit.py"
    ask = (
        "from cortex.installation import workflow_root as root\n"
        "from cortex.provenance import source_digest\n"
        f"print(source_digest(root() / {name!r}))"
    )
    assert workflow.says("python", "-c", ask).strip() == source_digest(ROOT / name)
