"""Sample Gabor fields on a sheet that resolves them and on one that does not."""

from typing import Any

import numpy as np

from cortex.connectivity.atlas import lattice_of, sample_spectrum
from cortex.connectivity.kernels import Gabor
from cortex.connectivity.spatial import kernel_stencil
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import GABOR_SAMPLES, GABOR_SPECTRUM
from cortex.io.stack import stack_columns
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
    at = {"frequency_x": frequency[:, 0], "frequency_y": frequency[:, 1]}
    samples, spectra = [], []
    for index, (lattice, theta) in enumerate(fields):
        stencil = kernel_stencil(lattice, lattice, Gabor(grating.sigma, grating.frequency, theta))
        d = stencil.displacements
        power = sample_spectrum(d, stencil.values, frequency)
        wave = {"theta": theta, "frequency": grating.frequency, "pitch": lattice.spacing}
        points = {"x": d[:, 0], "y": d[:, 1], "value": stencil.values}
        samples.append({"field": index, **wave, **points})
        spectra.append({"field": index, **at, "power": power / power.max()})
    made = job_provenance(smk)
    for path, schema, rows in (
        (smk.output.samples, GABOR_SAMPLES, samples),
        (smk.output.spectrum, GABOR_SPECTRUM, spectra),
    ):
        write_table(path, schema, stack_columns(rows, schema), made)


if __name__ == "__main__":
    run_job(main, globals())
