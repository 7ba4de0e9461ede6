"""The plan of every sweep, made and checked when the rules are read."""

from cortex.errors import SweepError
from cortex.sweep.workflow import Sweeps

try:
    SWEEPS = Sweeps(STUDY.sweeps, config, " + ".join(CONFIGFILES), MODELS)
except (ConfigError, SweepError) as error:
    sys.exit(
        f"\n{error}\n\nSee docs/sweeps.md; `cortex sweep-models` lists models and parameters."
    )


def made(sweep, is_lost):
    """The store, made unless this is a dry run; older than any result unless points were lost."""
    if workflow.dryrun and not sweep.store.is_dir():
        return []
    for each in SWEEPS.all.values():
        each.make_store()  # all at once: Snakemake lists a folder when it meets it first
    return sweep.store if is_lost else ancient(sweep.store)


def sweep_store(wildcards):
    """The store, older than any receipt unless points of this share were deleted since."""
    sweep = SWEEPS[wildcards.sweep]
    return made(sweep, sweep.lost_since(int(wildcards.chunk)))


def gathered_store(wildcards):
    """The store, older than the table: its receipts tell whether to gather again."""
    return made(SWEEPS[wildcards.sweep], is_lost=False)


def shown_store(wildcards):
    """The store, older than what is drawn or cut from a finished table."""
    return made(SWEEPS[wildcards.any_sweep], is_lost=False)


def refined_store(wildcards):
    """The store, older than the table unless points of the table were deleted since."""
    sweep = SWEEPS[wildcards.refined]
    return made(sweep, sweep.lost_from_table())
