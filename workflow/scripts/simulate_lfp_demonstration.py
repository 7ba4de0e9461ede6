"""Spikes and mean synaptic currents of the demonstration network."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.lfp import SIMULATED
from cortex.io.spike_table import write_spikes
from cortex.io.tables import write_table
from cortex.networks.case import case_of
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.requests import Recorder
from cortex.spiking.simulation import simulate


def main(smk: Any) -> None:
    """Draw the wiring, simulate, turn R I into currents, write."""
    case, seed = case_of("lfp_demonstration", smk.params.network), smk.params.seed
    network, settings = case.network, case.study.simulation
    wiring = draw_source_lists(network, seed=seed, dt=settings.dt, rule=case.rule)
    record = Recorder(currents="population")
    run = simulate(network, settings, seed=seed, wiring=wiring, record=record)
    source = job_provenance(smk)
    write_spikes(smk.output.spikes, run.spikes, source)
    scale = case.lfp.synapses.capacitance / network.neurons.tau_m[0]
    exc, inh = (scale * run.traces[sign][:, 0] for sign in ("exc", "inh"))
    time = settings.dt * np.arange(1, len(exc) + 1)
    write_table(smk.output.currents, SIMULATED, {"time": time, "exc": exc, "inh": inh}, source)


if __name__ == "__main__":
    run_job(main, globals())
