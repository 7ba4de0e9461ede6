"""Spikes of one independent network at one state."""

import os
from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.listed import lists_of
from cortex.io.recorded import spikes_of
from cortex.io.spike_table import write_spikes
from cortex.nest.run import MPIRUN
from cortex.networks.case import case_of
from cortex.steps.simulate import simulate


def main(smk: Any) -> None:
    """Build the network, run it, write the spikes after the transient."""
    if mpi := smk.resources.get("mpi"):  # how a cluster starts processes, said by its profile
        os.environ.setdefault(MPIRUN, mpi)
    case = case_of(smk.wildcards.network, smk.params.network, smk.wildcards.state)
    run = simulate(
        case,
        seed=smk.params.seed,
        number=int(smk.wildcards.seed),
        recorded=spikes_of(case),
        listed=lists_of(case),
        threads=smk.threads,
    )
    write_spikes(smk.output.spikes, run.spikes, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
