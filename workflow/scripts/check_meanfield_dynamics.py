"""Measure what the acceptance table asks of network dynamics and stability."""

from typing import Any

from cortex.acceptance.meanfield_dynamics import measure_all
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.params.brunel import BrunelParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams


def main(smk: Any) -> None:
    """Measure and write the values."""
    got = measure_all(
        BrunelParams.from_config(smk.params.brunel),
        SenkParams.from_config(smk.params.ring),
        MicrocircuitParams.from_config(smk.params.circuit),
    )
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
