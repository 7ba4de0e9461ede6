"""How cortex is installed: extras, the tree of the workflow, neighbours, other systems."""

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from cortex import installation
from cortex.cli import main
from cortex.errors import CortexError, InstallationError
from cortex.installation import DISTRIBUTION, EXTRAS, need, refuse_neighbours, workflow_root

ROOT = Path(__file__).parents[3]
PACKAGE = str(ROOT / "src" / "cortex")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# every other package is science, or reads a configuration, and does without extras
EXTRA_PACKAGES = tuple(
    f"cortex.{n}" for n in ("claims", "io", "launch", "plots", "report", "sweep")
)
BROUGHT = {"cortex", "llvmlite", "_yaml"}

IMPORTS = """
import importlib, pkgutil, sys

names = [m.name for m in pkgutil.walk_packages([{package!r}], "cortex.")]
wanted = [n for n in names if not n.startswith({without!r})]
for name in wanted:
    importlib.import_module(name)
print(len(wanted))
"""
HIDE = """
import os, select, signal, subprocess, sys
import h5py, matplotlib.pyplot, numba, numpy, pandas, pyarrow.parquet, scipy.integrate, yaml
import docutils.core, jinja2, nbconvert, papermill, rocrate.rocrate, snakemake.utils, xml.dom

for name in ("SIGHUP", "SIGKILL", "SIGQUIT", "SIGALRM", "SIGUSR1", "SIGCHLD", "alarm", "setitimer"):
    delattr(signal, name)
for name in ("statvfs", "fork", "getuid", "geteuid", "getpgid", "killpg", "setsid", "nice", "uname",
             "sched_getaffinity", "getloadavg", "wait", "waitpid", "chown", "mkfifo", "sysconf"):
    delattr(os, name)
for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
"""


def run(code: str) -> str:
    """Run code in a fresh interpreter; return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_extras_are_those_of_the_project():
    extras = PROJECT["optional-dependencies"]
    declared = {
        extra: {n.replace("-", "_") for n in names if not n.startswith(DISTRIBUTION)}
        for extra, names in extras.items()
        if extra != "dev"
    }
    assert PROJECT["name"] == DISTRIBUTION
    assert {extra: set(modules) for extra, modules in EXTRAS.items()} == declared


def test_the_science_loads_with_six_packages():
    needed = {name.replace("-", "_") for name in PROJECT["dependencies"]} - {"pyyaml"} | {"yaml"}
    assert len(needed) == 6
    others = {n for n in packages_distributions() if n.isidentifier()} - needed - BROUGHT
    hide = f"import sys\nsys.modules |= dict.fromkeys({sorted(others)!r})\n"
    assert int(run(hide + IMPORTS.format(package=PACKAGE, without=EXTRA_PACKAGES))) > 100


def test_every_module_loads_where_there_is_no_posix():
    assert int(run(HIDE + IMPORTS.format(package=PACKAGE, without=()))) > 200


def test_a_missing_extra_is_one_sentence_with_the_command_that_installs_it(monkeypatch, capsys):
    lacking = {"files": ("numpy",), "plots": ("no_such_module",)}
    monkeypatch.setattr(installation, "EXTRAS", lacking)
    with pytest.raises(InstallationError, match=r"pip install \"cortex-networks\[plots\]\""):
        need(["files", "plots"], "a figure")
    assert main(["figure", "any"]) == 1
    said = capsys.readouterr().err
    assert said == (
        'cortex: cortex figure needs the extra [plots]: pip install "cortex-networks[plots]"\n'
    )


def test_the_tree_of_the_workflow_is_that_of_the_run_or_of_the_installation(tmp_path, monkeypatch):
    monkeypatch.delenv("CORTEX_ROOT", raising=False)
    assert workflow_root() == ROOT
    monkeypatch.setenv("CORTEX_ROOT", str(tmp_path))
    with pytest.raises(CortexError, match="no workflow in"):
        workflow_root()
    (tmp_path / "Snakefile").touch()
    assert workflow_root() == tmp_path


@pytest.mark.parametrize("name", ["pycortex", "cortex"])
def test_files_of_another_package_of_the_same_name_are_refused(name, tmp_path, monkeypatch):
    metadata = tmp_path / f"{name}-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    refuse_neighbours()  # installed, but into another folder than this cortex
    with pytest.raises(InstallationError, match=f"and {name} both install the package `cortex`"):
        refuse_neighbours(tmp_path / "cortex")
