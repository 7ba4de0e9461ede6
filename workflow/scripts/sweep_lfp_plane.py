"""Simulated and predicted LFP spectra at points of the Brunel plane."""

from typing import Any

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.lfp import PLANE
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.population import population_rws
from cortex.lfp.theory import power_ratio, predict_rws
from cortex.params.brunel import BrunelParams
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.lfp_study import LfpPlaneParams
from cortex.params.observation import ObservationParams
from cortex.rng import child_seed
from cortex.spiking.simulation import simulate


def main(smk: Any) -> None:
    """Simulate each point, estimate its LFP spectrum, predict it."""
    model = BrunelParams.from_config(smk.params.model)
    plane = LfpPlaneParams.from_config(smk.params.plane)
    sum_of = {
        "synapses": SynapseParams.from_config(smk.params.synapses),
        "weighting": WeightedSumParams.from_config(smk.params.weighting),
    }
    bins = ObservationParams.from_config(smk.params.analysis)
    rows = []
    for g in plane.g.values():
        for ratio in plane.nu_ext_ratio.values():
            network = model.at(g, ratio).network()
            seed = child_seed(smk.params.seed, "lfp plane", str(g), str(ratio))
            spikes = simulate(network, plane.simulation, seed=seed).spikes
            lfp = population_rws(spikes, network, **sum_of)
            settled = lfp[round(bins.settle / spikes.dt) :]
            power = rate_spectrum(settled, spikes.dt, segment=bins.segment)
            shown = (power.frequency > 0.0) & (power.frequency <= bins.max_frequency)
            f = power.frequency[shown]
            predicted = predict_rws(network, f, **sum_of)
            density = {"simulated": power.density[shown], "predicted": predicted.one_sided}
            excess = power_ratio(f, density["predicted"], density["simulated"])
            point = {"g": g, "nu_ext_ratio": ratio, "growth": predicted.growth}
            point["power_ratio"] = excess
            rows.append({**point, "frequency": f, **density, "lfp_sd": np.std(settled)})
    write_table(smk.output.plane, PLANE, stack_columns(rows, PLANE), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
