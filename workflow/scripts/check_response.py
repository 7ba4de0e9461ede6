"""Measure what the acceptance table asks of responses, fits and microcircuit rates."""

from typing import Any

from cortex.acceptance.response import measure_responses
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.acceptance import MEASURED
from cortex.io.tables import write_table
from cortex.params.response import ResponseStudy


def main(smk: Any) -> None:
    """Measure and write the values."""
    got = measure_responses(ResponseStudy.from_config(smk.params.response))
    columns = {"check_id": list(got), "got": list(got.values())}
    write_table(smk.output.measured, MEASURED, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
