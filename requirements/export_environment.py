"""Write environment.yml (conda) from pyproject.toml, with the pins of requirements/cortex.lock."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {"matplotlib": "matplotlib-base"}
USED = ("files", "plots", "workflow")  # extras
TESTING = ("hatchling", "hypothesis", "jsonschema", "mpmath", "pytest")
HEAD = """\
# Conda environment with the pins of requirements/cortex.lock; made by `make lock`, do not edit.
#   mamba env create -f environment.yml && mamba activate cortex && pip install --no-deps -e .
name: cortex
channels: [conda-forge, bioconda]
dependencies:
  - python >=3.11,<3.12
  - pip
"""


def pins() -> dict[str, str]:
    """Return package -> version as locked."""
    lock = (ROOT / "requirements" / "cortex.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock, flags=re.MULTILINE))


def environment() -> str:
    """Return the text of environment.yml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *TESTING, *(n for e in USED for n in extras[e])]
    names = sorted(name for name in wanted if not name.startswith(project["name"]))
    lines = [f"  - {CONDA_NAMES.get(name, name)} =={pins()[name]}" for name in names]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "environment.yml").write_text(environment(), encoding="utf-8")
