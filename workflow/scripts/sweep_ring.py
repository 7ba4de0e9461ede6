"""Learning rate, decay and size of the ring, one value at a time, several seeds."""

from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.learning import RESIDUALS, SWEEP
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.learning import LearningParams, RingSweepParams
from cortex.ring.experiments import residual_steps, train
from cortex.ring.records import residual_rows, sweep_row
from cortex.rng import child_seed


def main(smk: Any) -> None:
    """Train every point; keep its numbers and, for the learning rates, its residual over time."""
    model = LearningParams.from_config(smk.params.model)
    sweep = RingSweepParams.from_config(smk.params.sweep)
    rows, traces = [], []
    for replicate in range(sweep.seeds):
        seed = child_seed(smk.params.seed, "learning", replicate)
        for varied, params in sweep.points(model):
            training = train(params, seed, weight_steps=residual_steps(params, sweep.n_times))
            rows.append(sweep_row(varied, replicate, training))
            if varied == "beta":
                traces.append(residual_rows(replicate, training))
    source = job_provenance(smk)
    write_table(smk.output.sweep, SWEEP, stack_columns(rows, SWEEP), source)
    write_table(smk.output.residuals, RESIDUALS, stack_columns(traces, RESIDUALS), source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
