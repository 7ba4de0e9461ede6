"""Simulate the microcircuit once; write rates and spectra beside theory, and a raster."""

from typing import Any

import numpy as np

from cortex.analysis.excerpts import raster_excerpt
from cortex.analysis.population import population_rate, rate_spectrum
from cortex.analysis.trains import interval_cv, mean_known
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas import spiking
from cortex.io.tables import write_table
from cortex.meanfield.fluctuations.spectra import population_spectra, power_spectra
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.spiking import CircuitSimulation
from cortex.rng import child_seed
from cortex.spiking.scaling import scale_down
from cortex.spiking.simulation import draw_wiring, simulate


def main(smk: Any) -> None:
    """Run one network; predict rates, CVs and, though a fast mode grows, spectra as published."""
    study, number = CircuitSimulation.from_config(smk.params.circuit), int(smk.wildcards.network)
    network = study.model.network()
    network = scale_down(network, study.scale, solve_working_point(network).nu)
    grid, seed = study.simulation, child_seed(smk.params.seed, "circuit", number)
    wiring = draw_wiring(network, grid, seed=seed, rule=study.wiring)
    spikes = simulate(network, grid, seed=seed, wiring=wiring).spikes
    rate = population_rate(spikes, study.rate_bin)
    measured = rate_spectrum(rate, study.rate_bin, segment=study.segment)
    kept = measured.frequency <= study.max_frequency
    frequency, point = measured.frequency[kept], solve_working_point(network)
    cross = population_spectra(network, point, frequency, variance=False, check=False)
    names = np.array(network.names, dtype=object)
    parts = np.split(interval_cv(spikes, min_intervals=10), network.first[1:-1])
    rates = {
        "nu": spikes.mean_rates(),
        "cv": [mean_known(part) for part in parts],
        "nu_theory": point.nu,
        "cv_theory": population_cv(network, point),
    }
    label = {"network": np.full(len(names), number), "population": names}
    write_table(smk.output.rates, spiking.CIRCUIT_RATES, label | rates, job_provenance(smk))
    spectra = {name: np.repeat(values, len(frequency)) for name, values in label.items()} | {
        "frequency": np.tile(frequency, len(names)),
        "power": measured.density[kept].T.ravel(),
        "power_theory": 2.0 * power_spectra(cross).T.ravel(),
    }
    write_table(smk.output.spectra, spiking.CIRCUIT_SPECTRA, spectra, job_provenance(smk))
    shown = {"start": 0.0, "duration": study.excerpt, "n_neurons": study.n_shown}
    raster = raster_excerpt(spikes, **shown, excitatory=[n for n in names if n.endswith("E")])
    raster["network"] = np.full(len(raster["time"]), number)
    write_table(smk.output.raster, spiking.CIRCUIT_RASTERS, raster, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
