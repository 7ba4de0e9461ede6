"""Measure what the acceptance table asks of Izhikevich cells, networks and the bump."""

from typing import Any

from cortex.acceptance.izhikevich import measure_bump, measure_cells, measure_networks
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.io.schemas.izhikevich import BUMP_FIT, BUMP_TRIALS
from cortex.io.tables import read_columns, read_table


def main(smk: Any) -> None:
    """Measure cells, networks and bump; write the values."""
    bump = measure_bump(
        read_table(smk.input.trials, BUMP_TRIALS),
        read_table(smk.input.fit, BUMP_FIT),
        read_columns(smk.input.sweep),
    )
    got = measure_cells() | measure_networks() | bump
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
