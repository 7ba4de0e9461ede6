"""What all rules share: the checked study, code digests, environment. No logic."""

import os
import sys
from pathlib import Path

from cortex.config.read import check_study
from cortex.errors import ConfigError
from cortex.provenance import source_digest
from cortex.report.registry import read_figures

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(".cache/numba").resolve()))

try:
    STUDY = check_study(config, source=" + ".join(map(str, workflow.configfiles)))
except ConfigError as error:
    sys.exit(f"\n{error}\n\nSee config/README.md for every key, its unit and range.")

ENV = "../../environment.yml"
FIGURES = read_figures(Path("workflow/figures.yaml"))
NOTEBOOKS = sorted({figure.notebook for figure in FIGURES.values()})
ACCEPTANCE = glob_wildcards("config/acceptance/{family}.tsv").family


def code(rule, *modules):
    """Digest of a rule's script, the given modules and every cortex module they import."""
    return source_digest(f"workflow/scripts/{rule}.py", *modules)


def tables_of(notebook):
    """Return every table behind the figures that a notebook shows."""
    shown = [figure for figure in FIGURES.values() if figure.notebook == notebook]
    return sorted({table for figure in shown for table in figure.tables.values()})


def modules_of(notebook):
    """Return every module that draws a figure of a notebook."""
    drawing = {f.module for f in FIGURES.values() if f.notebook == notebook}
    return ["cortex.report.show", *sorted(drawing)]


wildcard_constraints:
    state="|".join(STUDY.brunel.states),
    network=r"\d+",
