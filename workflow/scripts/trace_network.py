"""Spikes and currents of one independent network at one state."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.recorded import spikes_of
from cortex.io.schemas.network import CURRENTS
from cortex.io.spike_table import write_spikes
from cortex.io.tables import write_table
from cortex.networks.case import case_of
from cortex.steps.lfp import currents_of
from cortex.steps.simulate import simulate


def main(smk: Any) -> None:
    """Build the network, run it, write the spikes and the mean currents after the transient."""
    case = case_of(smk.wildcards.network, smk.params.network, smk.wildcards.state)
    number, recorded = int(smk.wildcards.seed), spikes_of(case)
    run = simulate(
        case, seed=smk.params.seed, number=number, recorded=recorded, threads=smk.threads
    )
    provenance = job_provenance(smk)
    write_spikes(smk.output.spikes, run.spikes, provenance)
    write_table(smk.output.currents, CURRENTS, currents_of(case, run), provenance)


if __name__ == "__main__":
    run_job(main, globals())
