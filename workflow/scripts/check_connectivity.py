"""Measure what the acceptance table asks of the wiring."""

from typing import Any

from cortex.acceptance.connectivity import (
    measure_closed_forms,
    measure_random_network,
    measure_rings,
    measure_sheet,
    measure_tutorial,
)
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.acceptance import MEASURED
from cortex.io.tables import write_table
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
    columns = {"check_id": list(got), "got": list(got.values())}
    write_table(smk.output.measured, MEASURED, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
