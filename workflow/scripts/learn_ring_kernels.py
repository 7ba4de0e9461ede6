"""Learned kernels beside their predictions: delays, full matrix, variants."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.learning import KERNELS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.learning_ring.experiments import train
from cortex.learning_ring.records import kernel_rows
from cortex.params.learning import LearningParams, RingKernelParams


def main(smk: Any) -> None:
    """Train every case once, write one row per distance."""
    model = LearningParams.from_config(smk.params.model)
    cases = RingKernelParams.from_config(smk.params.kernels).cases(model)
    seed = smk.params.seed
    rows = [kernel_rows(name, train(params, seed)) for name, params in cases.items()]
    write_table(smk.output.kernels, KERNELS, stack_columns(rows, KERNELS), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
