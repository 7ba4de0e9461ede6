"""Leading eigenvalue and predicted rate spectrum of each Brunel state."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.brunel import PREDICTED
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.fluctuations.spectra import pooled_spectrum, population_spectra
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams, BrunelState
from cortex.params.statistics import StatisticsParams


def main(smk: Any) -> None:
    """Predict on the frequency grid of the measured spectra; no spectrum where unstable."""
    model = BrunelParams.from_config(smk.params.model)
    bins = StatisticsParams.from_config(smk.params.analysis)
    frequency = np.arange(0.0, bins.max_frequency, 1.0 / bins.segment)
    rows = []
    for name, block in smk.params.states.items():
        state = BrunelState.from_config(block)
        network = model.at(state.g, state.nu_ext_ratio).network()
        point = solve_working_point(network)
        mode = leading_mode(network, point)
        spectrum = 2.0 * pooled_spectrum(
            population_spectra(network, point, frequency, check=False), network.sizes
        )
        rows.append(
            {
                "state": name,
                "frequency": frequency,
                "rate_power": np.where(mode.real >= 0.0, np.nan, spectrum),
                "growth": mode.real,
                "mode_frequency": mode.imag / (2.0 * np.pi),
            }
        )
    source = job_provenance(smk)
    write_table(smk.output.predicted, PREDICTED, stack_columns(rows, PREDICTED), source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
