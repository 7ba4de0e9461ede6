"""What all rules share: the checked study, code digests, environment. No logic."""

import os
import sys
from functools import partial
from pathlib import Path

from snakemake.utils import update_config

from cortex.config.loader import read_yaml
from cortex.config.presets import with_presets
from cortex.config.read import SECTIONS, check_study, typed
from cortex.errors import ConfigError
from cortex.installation import CARRIED, ROOT_OF_RUN
from cortex.provenance import COMMIT, describe_commit, source_digest
from cortex.report.registry import read_figures, shown_by, tables_behind
from cortex.report.run import relative_paths
from cortex.sweep.problems import sweep_problems
from cortex.sweep_models.registry import MODELS

# Folder of Snakefile, workflow, config and notebooks. Snakemake may run anywhere: results, logs and
# benchmarks go where it runs, everything else is found from here by `own`.
ROOT = Path(str(workflow.current_basedir)).resolve().parents[1]
os.environ[ROOT_OF_RUN] = str(ROOT)


def own(path):
    """Path of a file of the workflow; relative where it runs at home, so that it may move."""
    return path if ROOT == Path.cwd() else f"{ROOT}/{path}"


for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
if ROOT != CARRIED:  # an installed wheel leaves the place to numba
    os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))
os.environ[COMMIT] = describe_commit(ROOT)

CONFIGFILES = relative_paths(
    workflow.overwrite_configfiles or [own("config/config.yaml")], Path()
)

try:
    for path in CONFIGFILES:
        read_yaml(Path(path))  # Snakemake's own reader keeps the last of two equal keys
except ConfigError as error:
    sys.exit(f"\n{error}")

if not workflow.overwrite_configfiles:

    configfile: own("config/config.yaml")


try:
    update_config(config, typed(workflow.config_settings.config))  # see `typed`
    config["networks"] = with_presets(config).get("networks", {})
    STUDY = check_study(
        config,
        " + ".join(CONFIGFILES),
        partial(sweep_problems, models=MODELS),
        needed=SECTIONS,
    )
except ConfigError as error:
    sys.exit(
        f"\n{error}\n\nSee config/README.md for every key, its unit and range, "
        "docs/sweeps.md for sweeps; `cortex sweep-models` lists models and parameters."
    )

ENV = "../../environment.yml"
FIGURES = read_figures(Path(own("workflow/figures.yaml")))
NOTEBOOKS = sorted({figure.notebook for figure in FIGURES.values()})
ACCEPTANCE = sorted(
    path.stem for path in (ROOT / "config" / "acceptance").glob("*.tsv")
)


def code(rule, *modules):
    """Digest of a rule's script, the given modules and every cortex module they import."""
    return source_digest(ROOT / "workflow" / "scripts" / f"{rule}.py", *modules)


def grow(mem_mb):
    """Return a memory (MB) that grows with each attempt; a time that grew might leave a partition."""
    return lambda wildcards, attempt: mem_mb * attempt


def tables_of(notebook):
    """Return the input function of a notebook: every table behind the figures it shows."""
    return lambda wildcards: tables_behind(shown_by(FIGURES, notebook), STUDY.sweeps)


def modules_of(notebook):
    """Return every module that draws a figure of a notebook."""
    drawing = {figure.module for figure in shown_by(FIGURES, notebook).values()}
    return ["cortex.report.show", *sorted(drawing)]


def drawings_of(notebook):
    """Return what a notebook draws: of each figure the function and its tables."""
    shown = shown_by(FIGURES, notebook)
    return {name: [each.draw, dict(each.tables)] for name, each in shown.items()}


# On a cluster these run where Snakemake runs: they read small files and last a second.
localrules:
    gather_acceptance,
    judge_acceptance,
    write_report,
    write_brunel_explorer,
    write_learning_explorer,
