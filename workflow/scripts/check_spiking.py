"""Measure what the acceptance table asks of the ring and the microcircuit."""

from typing import Any

from cortex.acceptance.spiking import measure_circuit, measure_ring
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.io.schemas.network import OBSERVED, PREDICTED
from cortex.io.tables import read_table


def main(smk: Any) -> None:
    """Measure the simulations and their predictions, write the values."""
    got = measure_ring(
        read_table(smk.input.ring, OBSERVED["network"]),
        read_table(smk.input.waves, OBSERVED["waves"]),
        read_table(smk.input.modes, PREDICTED["modes"]),
    )
    got |= measure_circuit(read_table(smk.input.circuit, OBSERVED["populations"]))
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
