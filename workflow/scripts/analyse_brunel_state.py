"""Statistics and rate spectrum of one simulated Brunel state."""

from typing import Any

import numpy as np

from cortex.analysis.population import (
    count_correlation,
    network_rate,
    rate_spectrum,
    rate_variation,
)
from cortex.analysis.trains import interval_cv, windowed_cv
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.brunel import SPECTRUM, STATISTICS
from cortex.io.spike_table import read_spike_table
from cortex.io.tables import write_table
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams, BrunelState
from cortex.params.statistics import StatisticsParams


def main(smk: Any) -> None:
    """Measure the spikes, lay the prediction beside it, write both."""
    state = BrunelState.from_config(smk.params.state)
    model = BrunelParams.from_config(smk.params.model).at(state.g, state.nu_ext_ratio)
    bins = StatisticsParams.from_config(smk.params.analysis)
    spikes = read_spike_table(smk.input.spikes)
    network = model.network()
    point = solve_working_point(network)
    spectrum = rate_spectrum(
        network_rate(spikes, bins.rate_bin), bins.rate_bin, segment=bins.segment
    )
    statistics = {
        "g": state.g,
        "nu_ext_ratio": state.nu_ext_ratio,
        "nu": len(spikes.steps) / (spikes.sizes.sum() * spikes.duration),
        **dict(zip(("nu_exc", "nu_inh"), spikes.mean_rates(), strict=True)),
        "cv": np.nanmean(interval_cv(spikes)),
        "cv_1s": windowed_cv(spikes, min(1.0, spikes.duration)),
        "correlation": count_correlation(spikes, bins.correlation_bin),
        "rate_std_ratio": rate_variation(spikes, bins.rate_bin),
        "peak_frequency": spectrum.peak(),
        "nu_theory": point.nu[0],
        "cv_theory": population_cv(network, point)[0],
    }
    run = {"state": [smk.wildcards.state], "network": [int(smk.wildcards.network)]}
    rows = run | {name: [value] for name, value in statistics.items()}
    source = job_provenance(smk)
    write_table(smk.output.statistics, STATISTICS, rows, source)
    kept = spectrum.frequency <= bins.max_frequency
    columns = {"frequency": spectrum.frequency[kept], "rate_power": spectrum.density[kept]}
    labels = {name: values * int(kept.sum()) for name, values in run.items()}
    write_table(smk.output.spectrum, SPECTRUM, labels | columns, source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
