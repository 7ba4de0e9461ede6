"""A copy of the workflow in a folder of its own, with sweeps of a test's choice."""

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
