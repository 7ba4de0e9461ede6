"""Check configuration files as the workflow does when it starts, in a second and one voice.

``python -m cortex.launch.check FILE...`` lays the files over each other, as Snakemake does.
"""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cortex.config.presets import read_config
from cortex.config.read import check_study
from cortex.errors import ConfigError, SweepError
from cortex.sweep.problems import sweep_problems
from cortex.sweep.workflow import Sweeps
from cortex.sweep_models.registry import MODELS


def main(paths: Sequence[str]) -> int:
    """Say what is wrong with configuration files, and where; return the exit status."""
    try:
        config, source = read_config([Path(path) for path in paths]), " + ".join(paths)
        study = check_study(config, source, partial(sweep_problems, models=MODELS))
        Sweeps(study.sweeps, config, source, MODELS)
    except (ConfigError, SweepError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
