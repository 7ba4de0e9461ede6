"""Measure what the acceptance table asks of the learning ring."""

from typing import Any

from cortex.acceptance.learning import measure_learning
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.params.learning import LearningParams


def main(smk: Any) -> None:
    """Measure theory and simulation, write the values."""
    got = measure_learning(LearningParams.from_config(smk.params.model), smk.params.seed)
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
