"""Join the tables of all networks of the ring and the microcircuit."""

from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas import spiking
from cortex.io.tables import read_tables, write_table

SCHEMAS = {
    "ring_statistics": spiking.RING_STATISTICS,
    "ring_spectra": spiking.RING_SPECTRA,
    "ring_rasters": spiking.RING_RASTERS,
    "circuit_rates": spiking.CIRCUIT_RATES,
    "circuit_spectra": spiking.CIRCUIT_SPECTRA,
    "circuit_rasters": spiking.CIRCUIT_RASTERS,
}


def main(smk: Any) -> None:
    """Stack every kind of table."""
    source = job_provenance(smk)
    for name, schema in SCHEMAS.items():
        write_table(smk.output[name], schema, read_tables(smk.input[name], schema), source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
