"""LFP of the runs of one state."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import write_tables
from cortex.io.schemas.network import CURRENTS, LFP
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import read_table
from cortex.networks.case import case_of
from cortex.steps.lfp import synthesise_lfp


def main(smk: Any) -> None:
    """Read the spikes and currents of all seeds, weight them, write traces and spectra."""
    case = case_of(smk.wildcards.network, smk.params.network, smk.wildcards.state)
    runs = [read_spike_table(path) for path in smk.input.spikes]
    currents = [read_table(path, CURRENTS) for path in smk.input.currents]
    tables = synthesise_lfp(case, runs, currents)
    write_tables(smk.output, "lfp", LFP, [tables], provenance=job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
