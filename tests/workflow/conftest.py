"""A copy of the workflow in a folder of its own, with sweeps of a test's choice; a SLURM."""

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from copied import Project  # found from here on


@pytest.fixture
def new_project(tmp_path):
    """Return a function that copies the workflow into a new folder."""

    def make(name: str = "project") -> Project:
        return Project.copied(tmp_path / name)

    return make


@pytest.fixture
def project(new_project):
    """One working copy."""
    return new_project()


@pytest.fixture
def slurm(tmp_path):
    """Start a cluster of three nodes on loopback; take it down afterwards."""
    loopback = Path(__file__).parents[2] / "tools/slurm/loopback.py"
    spec = importlib.util.spec_from_file_location("loopback", loopback)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cluster = module.Loopback(folder=tmp_path / "slurm", nodes=3, cpus=2, memory_mb=2500)
    cluster.up()
    yield cluster
    cluster.down()
