"""LFP of the layers of the microcircuit, simulated once, beside its prediction."""

from typing import Any

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.lfp import STATES
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.population import population_rws
from cortex.lfp.theory import predict_rws
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.lfp_study import LfpCircuitParams
from cortex.params.microcircuit import PUBLISHED_WIRING, MicrocircuitParams
from cortex.params.statistics import StatisticsParams
from cortex.rng import child_seed
from cortex.spiking.scaling import scale_down
from cortex.spiking.simulation import draw_wiring, simulate


def main(smk: Any) -> None:
    """Scale down, simulate, weight the currents of each layer, predict."""
    circuit = LfpCircuitParams.from_config(smk.params.circuit)
    bins = StatisticsParams.from_config(smk.params.analysis)
    sums = {
        "synapses": SynapseParams.from_config(smk.params.synapses),
        "weighting": WeightedSumParams.from_config(smk.params.weighting),
    }
    network = MicrocircuitParams.from_config(smk.params.model).network()
    network = scale_down(network, circuit.scale, solve_working_point(network).nu)
    seed = child_seed(smk.params.seed, "lfp circuit")
    wiring = draw_wiring(network, circuit.simulation, seed=seed, rule=PUBLISHED_WIRING)
    spikes = simulate(network, circuit.simulation, seed=seed, wiring=wiring).spikes
    rows = []
    for layer in circuit.layers:
        onto = {"targets": (layer,), **sums}
        lfp = population_rws(spikes, network, **onto)
        settled = lfp[round(bins.settle / spikes.dt) :]
        power = rate_spectrum(settled, spikes.dt, segment=bins.segment)
        shown = (power.frequency > 0.0) & (power.frequency <= bins.max_frequency)
        f, simulated = power.frequency[shown], power.density[shown]
        predicted = predict_rws(network, f, formal=True, **onto)
        mode = {"growth": predicted.growth, "mode_frequency": predicted.mode_frequency}
        measured = {"simulated": simulated, "spread": np.zeros_like(f)}
        spectrum = {"frequency": f, "predicted": predicted.one_sided}
        rows.append({"state": layer, **spectrum, **measured, **mode})
    write_table(smk.output.layers, STATES, stack_columns(rows, STATES), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
