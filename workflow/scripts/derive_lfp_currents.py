"""Mean currents of the pyramidal cells from spikes, beside the simulated ones."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.lfp import CURRENTS, SIMULATED
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import read_table, write_table
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.probe import mean_current
from cortex.lfp.wiring import wiring_charges
from cortex.params.lfp import SynapseParams
from cortex.params.lfp_study import DemonstrationParams
from cortex.spiking.wiring import draw_source_lists


def main(smk: Any) -> None:
    """Filter with the kernels of the LFP, of the simulation, and with the wrong scale."""
    model = DemonstrationParams.from_config(smk.params.demonstration)
    synapses = model.charged(SynapseParams.from_config(smk.params.synapses))
    spikes = read_spike_table(smk.input.spikes)
    simulated = read_table(smk.input.currents, SIMULATED)
    wiring = draw_source_lists(model.network(), seed=smk.params.seed, dt=spikes.dt)
    charges = wiring_charges(wiring, model.network(), capacitance=synapses.capacitance)
    common = {"delay": model.delay, "at": spikes.dt * np.arange(1, spikes.n_steps + 1)}
    ampa, gaba = SynapticKernel.of(synapses.ampa), SynapticKernel.of(synapses.gaba)
    decay = SynapticKernel(tau_decay=model.tau_inh, tau_rise=0.0)
    # a simulated pair of equations stores charge / tau_rise: not what bare exponentials take
    stored = charges / synapses.gaba.tau_rise
    bare = SynapticKernel.of(synapses.gaba, "difference")
    columns = {
        "time": common["at"],
        "ampa": mean_current(charges, spikes, ampa, sign=1, **common),
        "gaba": mean_current(charges, spikes, gaba, sign=-1, **common),
        "ampa_simulated": simulated["exc"],
        "gaba_simulated": simulated["inh"],
        "gaba_rebuilt": mean_current(charges, spikes, decay, sign=-1, **common),
        "gaba_unscaled": mean_current(stored, spikes, bare, sign=-1, **common),
    }
    write_table(smk.output.currents, CURRENTS, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
