"""Measure what the acceptance table asks of responses, fits and microcircuit rates."""

from typing import Any

from cortex.acceptance.response import measure_responses
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.params.response import ResponseStudy


def main(smk: Any) -> None:
    """Measure and write the values."""
    got = measure_responses(ResponseStudy.from_config(smk.params.response))
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
