"""The plan of every sweep, made and checked when the rules are read."""

from cortex.errors import SweepError
from cortex.sweep.workflow import Sweeps

try:
    SWEEPS = Sweeps(STUDY.sweeps, config, " + ".join(CONFIGFILES), MODELS)
    SWEEPS.make_stores()
except (ConfigError, SweepError) as error:
    sys.exit(
        f"\n{error}\n\nSee docs/sweeps.md; `cortex sweep-models` lists models and parameters."
    )


def sweep_store(wildcards):
    """The store, older than any receipt unless points of this share were deleted since."""
    sweep = SWEEPS[wildcards.sweep]
    return (
        sweep.store if sweep.lost_since(int(wildcards.chunk)) else ancient(sweep.store)
    )


def refined_store(wildcards):
    """The store, older than the table unless points of the table were deleted since."""
    sweep = SWEEPS[wildcards.refined]
    return sweep.store if sweep.lost_from_table() else ancient(sweep.store)
