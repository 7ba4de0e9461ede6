"""Predicted spectra of the weighted sum over those of the simulated Brunel states."""

from typing import Any

import numpy as np

from cortex.analysis.population import rate_spectrum
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.brunel import LFP
from cortex.io.schemas.lfp import STATES
from cortex.io.stack import stack_columns
from cortex.io.tables import read_table, write_table
from cortex.lfp.theory import predict_rws
from cortex.params.brunel import BrunelParams, BrunelState
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.statistics import StatisticsParams


def main(smk: Any) -> None:
    """Average the simulated spectra over networks, predict on the same frequencies."""
    model = BrunelParams.from_config(smk.params.model)
    synapses = SynapseParams.from_config(smk.params.synapses)
    weighting = WeightedSumParams.from_config(smk.params.lfp)
    bins = StatisticsParams.from_config(smk.params.analysis)
    dt, rows = 1e-3 * smk.params.dt_ms, []
    for name, block in smk.params.states.items():
        state = BrunelState.from_config(block)
        network = model.at(state.g, state.nu_ext_ratio).network()
        files = [file for file in smk.input.lfp if f"/{name}-" in file]
        traces = [read_table(file, LFP)["lfp"][round(bins.settle / dt) :] for file in files]
        spectra = [rate_spectrum(trace, dt, segment=bins.segment) for trace in traces]
        f = spectra[0].frequency
        shown = (f > 0.0) & (f <= bins.max_frequency)
        power = np.array([each.density[shown] for each in spectra])
        predicted = predict_rws(network, f[shown], synapses=synapses, weighting=weighting)
        rows.append(
            {
                "state": name,
                "frequency": f[shown],
                "simulated": power.mean(axis=0),
                "spread": power.std(axis=0),
                "predicted": predicted.one_sided,
                "growth": predicted.growth,
                "mode_frequency": predicted.mode_frequency,
            }
        )
    write_table(smk.output.states, STATES, stack_columns(rows, STATES), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
