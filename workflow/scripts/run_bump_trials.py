"""Repeat the memory task in the default ring; decoded angle, drift and diffusion."""

from dataclasses import asdict, replace
from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas import izhikevich
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.izhikevich.bump import run_trial
from cortex.izhikevich.readout import measure_diffusion
from cortex.izhikevich.ring import angles
from cortex.params.izhikevich import BumpParams, BumpTrialsParams
from cortex.rng import child_seed


def main(smk: Any) -> None:
    """Run all trials; write every window, the raster of the first trial, and the fit."""
    task = BumpTrialsParams.from_config(smk.params.trials)
    params = replace(BumpParams.from_config(smk.params.bump), memory=task.memory)
    seeds = [child_seed(smk.params.seed, "bump", trial) for trial in range(task.number)]
    trials = [run_trial(params, seed) for seed in seeds]
    time, rows = trials[0].readout.time, []
    for number, trial in enumerate(trials):
        row = {"trial": number, **asdict(trial.readout), "error": trial.error}
        rows.append({**row, "alive": time < trial.lifetime})
    columns, source = stack_columns(rows, izhikevich.BUMP_TRIALS), job_provenance(smk)
    write_table(smk.output.trials, izhikevich.BUMP_TRIALS, columns, source)
    spikes, exc = trials[0].spikes, trials[0].spikes.neurons < params.n_exc
    times = spikes.times[exc] - params.cue_stop
    raster = {
        "time": times,
        "angle": angles(params.n_exc)[spikes.neurons[exc]],
        "during_cue": (times >= -params.cue_duration) & (times < 0.0),
    }
    write_table(smk.output.raster, izhikevich.BUMP_RASTER, raster, source)
    survivors = [trial.error for trial in trials if trial.lifetime == params.memory]
    fit = measure_diffusion(time, np.array(survivors))
    line = {"line": fit.line, "line_error": fit.line_error}
    kept = {key: value for key, value in asdict(fit).items() if np.ndim(value)}
    write_table(smk.output.diffusion, izhikevich.BUMP_DIFFUSION, {**kept, **line}, source)
    one = {key: [value] for key, value in asdict(fit).items() if not np.ndim(value)}
    write_table(smk.output.fit, izhikevich.BUMP_FIT, {**one, "n_trials": [len(survivors)]}, source)


if __name__ == "__main__":
    run_job(main, globals())
