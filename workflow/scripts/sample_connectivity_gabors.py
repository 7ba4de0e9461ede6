"""Sample Gabor fields on a sheet that resolves them and on one that does not."""

from typing import Any

import numpy as np

from cortex.connectivity.atlas import lattice_of, sample_spectrum
from cortex.connectivity.kernels import Gabor
from cortex.connectivity.spatial import kernel_stencil
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.connectivity import GABOR_SAMPLES, GABOR_SPECTRUM
from cortex.io.tables import write_table
from cortex.params.connectivity import GratingParams, SheetParams

FREQUENCIES_PER_SIDE = 121


def main(smk: Any) -> None:
    """Take every angle on the fine sheet, the last of the row on the coarse one."""
    grating = GratingParams.from_config(smk.params.grating)
    fine, coarse = lattice_of(grating.sheet), lattice_of(SheetParams.from_config(smk.params.coarse))
    fields = [(fine, theta) for theta in grating.theta]
    fields.append((coarse, grating.theta[1 % len(grating.theta)]))
    axis = np.linspace(-2.6, 2.6, FREQUENCIES_PER_SIDE) * grating.frequency
    frequency = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    samples: dict[str, list[Any]] = {name: [] for name in GABOR_SAMPLES.columns}
    spectra: dict[str, list[Any]] = {name: [] for name in GABOR_SPECTRUM.columns}
    for index, (lattice, theta) in enumerate(fields):
        stencil = kernel_stencil(lattice, lattice, Gabor(grating.sigma, grating.frequency, theta))
        d = stencil.displacements
        power = sample_spectrum(d, stencil.values, frequency)
        row = (index, theta, grating.frequency, lattice.spacing, d[:, 0], d[:, 1], stencil.values)
        for name, value in zip(samples, row, strict=True):
            samples[name].append(np.broadcast_to(value, len(d)))
        row = (index, frequency[:, 0], frequency[:, 1], power / power.max())
        for name, value in zip(spectra, row, strict=True):
            spectra[name].append(np.broadcast_to(value, len(frequency)))
    made = job_provenance(smk)
    for path, schema, rows in (
        (smk.output.samples, GABOR_SAMPLES, samples),
        (smk.output.spectrum, GABOR_SPECTRUM, spectra),
    ):
        write_table(path, schema, {k: np.concatenate(v) for k, v in rows.items()}, made)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
