"""Measure what the acceptance table asks of the Brunel network."""

from typing import Any

from cortex.acceptance.brunel import measure_simulation, measure_theory
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.io.schemas.network import OBSERVED
from cortex.io.tables import read_table
from cortex.params.brunel import BrunelParams


def main(smk: Any) -> None:
    """Measure theory and simulation, write the values."""
    theory = measure_theory(BrunelParams.from_config(smk.params.model))
    got = theory | measure_simulation(read_table(smk.input.observed, OBSERVED["network"]))
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
