"""LFP proxy of one Brunel state: the reference weighted sum from its spikes."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.brunel import LFP
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import write_table
from cortex.lfp.population import population_rws
from cortex.params.brunel import BrunelParams, BrunelState
from cortex.params.lfp import SynapseParams, WeightedSumParams


def main(smk: Any) -> None:
    """Filter the spikes of each population, weight, sum, write."""
    state = BrunelState.from_config(smk.params.state)
    model = BrunelParams.from_config(smk.params.model).at(state.g, state.nu_ext_ratio)
    spikes = read_spike_table(smk.input.spikes)
    lfp = population_rws(
        spikes,
        model.network(),
        targets=("E",),
        synapses=SynapseParams.from_config(smk.params.synapses),
        weighting=WeightedSumParams.from_config(smk.params.lfp),
    )
    time = spikes.dt * np.arange(1, spikes.n_steps + 1)
    write_table(smk.output.lfp, LFP, {"time": time, "lfp": lfp}, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
