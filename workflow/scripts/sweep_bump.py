"""Lifetime of the bump over structure, inhibition and cue, one parameter at a time."""

from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.izhikevich import BUMP_SWEEP
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.izhikevich.bump import run_trial
from cortex.params.izhikevich import BumpParams
from cortex.rng import child_seed


def main(smk: Any) -> None:
    """Run every value with the same seeds; write lifetimes and the last window."""
    axes = {key: values for key, values in smk.params.sweep.items() if key != "trials"}
    rows = []
    for key, values in axes.items():
        for value in values:
            params = BumpParams.from_config({**smk.params.bump, key: value})
            for number in range(smk.params.sweep["trials"]):
                trial = run_trial(params, child_seed(smk.params.seed, "bump", number))
                case = {"parameter": key, "value": value, "trial": number}
                last = {"strength": trial.readout.strength[-1], "rate": trial.readout.rate[-1]}
                rows.append({**case, "lifetime": trial.lifetime, **last})
    write_table(smk.output.sweep, BUMP_SWEEP, stack_columns(rows, BUMP_SWEEP), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
