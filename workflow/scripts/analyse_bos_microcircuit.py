"""Spectra, eigenvalue trajectories and sensitivity of the microcircuit."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.stability import MODES, SENSITIVITY, SPECTRA
from cortex.io.tables import write_table
from cortex.meanfield.fluctuations.modes import eigenmodes, sensitivities
from cortex.meanfield.fluctuations.spectra import cross_spectra, power_spectra
from cortex.meanfield.response.connectivity_matrix import effective_connectivity
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.stability import CircuitModes


def main(smk: Any) -> None:
    """Evaluate the effective connectivity once and write the three tables."""
    study = CircuitModes.from_config(smk.params.circuit)
    network = study.model.network()
    point, f = solve_working_point(network, method=study.method), study.frequency.values()
    M = effective_connectivity(network, point, f, variance=False)
    n, names = network.n_pops, np.array(network.names, dtype=object)
    power = power_spectra(cross_spectra(M, point.nu, network.sizes))
    spectra = {
        "population": np.repeat(names, f.size),
        "frequency": np.tile(f, n),
        "rate_power": power.T.ravel(),
        "shot_noise": np.repeat(point.nu / network.sizes, f.size),
    }
    values = eigenmodes(M).values.T.ravel()
    modes = {
        "mode": np.repeat(np.arange(n), f.size),
        "frequency": np.tile(f, n),
        "real": values.real,
        "imag": values.imag,
    }
    shown = sensitivities(M, f)[: study.modes_shown]
    sensitivity = {
        "rank": np.repeat(np.arange(len(shown)), n * n),
        "frequency": np.repeat([mode.frequency for mode in shown], n * n),
        "target": np.tile(np.repeat(names, n), len(shown)),
        "source": np.tile(names, n * len(shown)),
        "along": np.concatenate([mode.along.ravel() for mode in shown]),
        "across": np.concatenate([mode.across.ravel() for mode in shown]),
    }
    write_table(smk.output.spectra, SPECTRA, spectra, job_provenance(smk))
    write_table(smk.output.modes, MODES, modes, job_provenance(smk))
    write_table(smk.output.sensitivity, SENSITIVITY, sensitivity, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
