"""Spectra, eigenvalue trajectories and sensitivity of the microcircuit."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.stability import MODES, SENSITIVITY, SPECTRA
from cortex.io.stack import stack_columns
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
    spectra = [
        {"population": name, "frequency": f, "rate_power": density, "shot_noise": noise}
        for name, density, noise in zip(names, power.T, point.nu / network.sizes, strict=True)
    ]
    modes = [
        {"mode": number, "frequency": f, "real": values.real, "imag": values.imag}
        for number, values in enumerate(eigenmodes(M).values.T)
    ]
    pairs = {"target": np.repeat(names, n), "source": np.tile(names, n)}
    sensitivity = []
    for rank, mode in enumerate(sensitivities(M, f)[: study.modes_shown]):
        parts = {"along": mode.along.ravel(), "across": mode.across.ravel()}
        sensitivity.append({"rank": rank, "frequency": mode.frequency, **pairs, **parts})
    for path, schema, rows in (
        (smk.output.spectra, SPECTRA, spectra),
        (smk.output.modes, MODES, modes),
        (smk.output.sensitivity, SENSITIVITY, sensitivity),
    ):
        write_table(path, schema, stack_columns(rows, schema), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
