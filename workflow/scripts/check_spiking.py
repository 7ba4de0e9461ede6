"""Measure what the acceptance table asks of the ring and the microcircuit."""

from typing import Any

from cortex.acceptance.spiking import measure_circuit, measure_ring
from cortex.io.job import job_log
from cortex.io.measured import write_measured
from cortex.io.schemas.spiking import CIRCUIT_RATES, RING_MODES, RING_STATISTICS
from cortex.io.tables import read_table


def main(smk: Any) -> None:
    """Measure the simulations and their predictions, write the values."""
    ring = read_table(smk.input.ring, RING_STATISTICS)
    modes = read_table(smk.input.modes, RING_MODES)
    got = measure_ring(ring, modes) | measure_circuit(read_table(smk.input.circuit, CIRCUIT_RATES))
    write_measured(smk, got)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
