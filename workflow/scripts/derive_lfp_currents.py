"""Mean currents of the pyramidal cells from spikes, beside the simulated ones."""

from functools import partial
from typing import Any

from scipy.sparse import csc_array

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.lfp import CURRENTS, SIMULATED
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import read_table, write_table
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.probe import mean_current
from cortex.lfp.wiring import one_delay, wired_currents, wiring_charges
from cortex.networks.case import case_of
from cortex.spiking.draws import draw_source_lists


def main(smk: Any) -> None:
    """Filter with the kernels of the LFP, of the simulation, and with the wrong scale."""
    case = case_of("lfp_demonstration", smk.params.network)
    network, synapses = case.network, case.lfp.synapses
    spikes = read_spike_table(smk.input.spikes)
    simulated = read_table(smk.input.currents, SIMULATED)
    wiring = draw_source_lists(network, seed=smk.params.seed, dt=spikes.dt, rule=case.rule)
    derived = wired_currents(wiring, network, spikes, synapses)
    charges = wiring_charges(wiring, network, capacitance=synapses.capacitance)
    current = partial(
        mean_current, spikes=spikes, sign=-1, delay=one_delay(network), at=derived.time
    )
    tau_s, tau_rise = network.synapses.tau_s[0, 1], network.synapses.tau_rise[0, 1]
    own = SynapticKernel(tau_decay=tau_s, tau_rise=tau_rise)
    # a simulated pair of equations stores charge / tau_rise: not what bare exponentials take
    stored = charges / synapses.gaba.tau_rise
    bare = SynapticKernel.of(synapses.gaba, "difference")
    columns = {
        "time": derived.time,
        "ampa": derived.ampa,
        "gaba": derived.gaba,
        "ampa_simulated": simulated["exc"],
        "gaba_simulated": simulated["inh"],
        "gaba_rebuilt": current(charges, kernel=own),
        "gaba_unscaled": current(csc_array(stored), kernel=bare),
    }
    write_table(smk.output.currents, CURRENTS, columns, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
