"""Measure what the acceptance table asks of the learning ring."""

from typing import Any

from cortex.acceptance.learning import measure_learning
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.acceptance import MEASURED
from cortex.io.tables import write_table
from cortex.params.learning import LearningParams


def main(smk: Any) -> None:
    """Measure theory and simulation, write the values."""
    got = measure_learning(LearningParams.from_config(smk.params.model), smk.params.seed)
    columns = {"check_id": list(got), "got": list(got.values())}
    write_table(smk.output.measured, MEASURED, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
