"""Proxies against the cable ground truth, by the external rate of the demonstration network."""

from dataclasses import replace
from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.lfp import RATES
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.judgement import judge_placement
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.probe import mean_current
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.wiring import wiring_charges
from cortex.params.lfp import SynapseParams
from cortex.params.lfp_study import DemonstrationParams, GroundTruthParams, LfpStatesParams
from cortex.rng import child_seed
from cortex.spiking.simulation import simulate
from cortex.spiking.wiring import draw_source_lists


def main(smk: Any) -> None:
    """Simulate each network, derive its mean currents, judge every placement."""
    shown = DemonstrationParams.from_config(smk.params.demonstration)
    states = LfpStatesParams.from_config(smk.params.states)
    judged = GroundTruthParams.from_config(smk.params.ground_truth)
    synapses = shown.charged(SynapseParams.from_config(smk.params.synapses))
    kernels = ((1, synapses.ampa), (-1, synapses.gaba))
    settings, rows = states.simulation, []
    for rate, number in np.ndindex(len(states.rates_ext), states.networks):
        model = replace(shown, rate_ext=states.rates_ext[rate])
        seed = child_seed(smk.params.seed, "lfp", "states", rate, number)
        wiring = draw_source_lists(model.network(), seed=seed, dt=settings.dt)
        spikes = simulate(model.network(), settings, seed=seed, wiring=wiring).spikes
        charges = wiring_charges(wiring, model.network(), capacitance=model.capacitance)
        at = spikes.dt * np.arange(1, spikes.n_steps + 1)
        ampa, gaba = (
            mean_current(charges, spikes, SynapticKernel.of(k), delay=model.delay, sign=s, at=at)
            for s, k in kernels
        )
        late = at > judged.discard
        state = {"rate_ext": model.rate_ext, "network": number}
        state["nu"] = len(spikes.steps) / (spikes.sizes.sum() * spikes.duration)
        state["correlation"] = np.corrcoef(ampa[late], gaba[late])[0, 1]
        currents = SynapticCurrents(time=at, ampa=ampa, gaba=gaba)
        for variant, cell in judged.variants.items():
            found = judge_placement(cell, currents, judged, nu_ext=model.rate_ext).r_squared
            medians = {name: np.median(values) for name, values in found.items()}
            proxies = {"proxy": np.array(list(medians)), "r_squared": np.array([*medians.values()])}
            rows.append({**state, "variant": variant, **proxies})
    write_table(smk.output.rates, RATES, stack_columns(rows, RATES), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
