"""Measure what the acceptance table asks of the wiring."""

from typing import Any

from cortex.acceptance.connectivity import (
    measure_closed_forms,
    measure_random_network,
    measure_rings,
    measure_sheet,
    measure_tutorial,
)
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.params.connectivity import ConnectivityStudy


def main(smk: Any) -> None:
    """Build, count, write the values."""
    study, seed = ConnectivityStudy.from_config(smk.params.study), smk.params.seed
    got = {
        **measure_tutorial(study),
        **measure_random_network(study.random, seed),
        **measure_sheet(study.sheet_network, seed),
        **measure_rings(study, seed),
        **measure_closed_forms(seed),
    }
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
