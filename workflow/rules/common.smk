"""What all rules share: the checked study, code digests, environment. No logic."""

import json
import os
import sys
from functools import partial
from pathlib import Path

from snakemake.utils import update_config

from cortex.config.loader import read_yaml
from cortex.config.presets import complete
from cortex.config.read import SECTIONS, check_study, typed
from cortex.errors import ConfigError
from cortex.installation import CARRIED, ROOT_OF_RUN, workflow_root
from cortex.launch.watched import PLANNED, WATCHED
from cortex.provenance import COMMIT, describe_commit, source_digest
from cortex.report.registry import TIMED, read_figures, shown_by, tables_behind, without
from cortex.report.run import relative_paths
from cortex.sweep.problems import sweep_problems
from cortex.sweep_models.registry import MODELS

# Folder of Snakefile, workflow, config and notebooks. Snakemake may run anywhere: results, logs and
# benchmarks go where it runs, everything else is found from here by `own`; a workflow that imports
# ours from a repository brings no folder, and finds the tree of the installed package.
RULES = Path(str(workflow.current_basedir))
ROOT = RULES.resolve().parents[1] if RULES.is_dir() else workflow_root()
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
    workflow.configfiles or [own("config/config.yaml")], Path()
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
    completed = complete(config, Path(CONFIGFILES[0]).stem)
    config.clear()
    config.update({"networks": {}, **completed})
    STUDY = check_study(
        config,
        " + ".join(CONFIGFILES),
        partial(sweep_problems, models=MODELS),
    )
except ConfigError as error:
    sys.exit(
        f"\n{error}\n\nSee config/README.md for every key, its unit and range, "
        "docs/sweeps.md for sweeps; `cortex sweep-models` lists models and parameters."
    )

ENV = "../../environment.yml"


def makes(path):
    """Whether anything makes this file; what an absent section would need, nothing does."""
    return any(rule.is_producer(path) for rule in workflow.rules)


def code(rule, *modules):
    """Digest of a rule's script, the given modules and every cortex module they import."""
    return source_digest(ROOT / "workflow" / "scripts" / f"{rule}.py", *modules)


def grow(mem_mb):
    """Return a memory (MB) that grows with each attempt; a time that grew might leave a partition."""
    return lambda wildcards, attempt: mem_mb * attempt
