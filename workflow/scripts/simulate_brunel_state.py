"""Simulate one full Brunel network at one state and write its spikes."""

from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.spike_table import write_spikes
from cortex.params.brunel import BrunelParams, BrunelState
from cortex.params.simulation import SimulationParams
from cortex.rng import child_seed
from cortex.spiking.simulation import simulate


def main(smk: Any) -> None:
    """Build the network at the state, run it, write the spikes after the transient."""
    state = BrunelState.from_config(smk.params.state)
    model = BrunelParams.from_config(smk.params.model).at(state.g, state.nu_ext_ratio)
    settings = SimulationParams.from_config(smk.params.simulation)
    seed = child_seed(smk.params.seed, "brunel", smk.wildcards.state, smk.params.network)
    run = simulate(model.network(), settings, seed=seed)
    write_spikes(smk.output.spikes, run.spikes, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
