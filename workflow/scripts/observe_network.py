"""Observables, spectra, raster and rate of the runs of one state."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import write_tables
from cortex.io.schemas.network import OBSERVED
from cortex.io.spike_table import read_spike_table
from cortex.networks.case import case_of
from cortex.steps.observe import observe


def main(smk: Any) -> None:
    """Read the spikes of all seeds, observe, write one table per kind."""
    case = case_of(smk.wildcards.network, smk.params.network, smk.wildcards.state)
    tables = observe(case, [read_spike_table(path) for path in smk.input.spikes])
    write_tables(smk.output, "observed", OBSERVED, [tables], provenance=job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
