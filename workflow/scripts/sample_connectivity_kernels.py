"""Lay each kernel of the atlas out as a field and at the points of its lattice."""

from typing import Any

from cortex.connectivity.atlas import (
    kernel_field,
    kernel_of,
    lattice_of,
    lattice_samples,
    peer_prune,
)
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import FIELDS, KERNELS, SAMPLES
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import SheetKernelParams, SheetParams

PLACES_PER_SIDE = 121


def main(smk: Any) -> None:
    """Write one row per kernel, per place of its field, per lattice point in its reach."""
    lattice = lattice_of(SheetParams.from_config(smk.params.sheet))
    kernels, fields, samples = [], [], []
    for name, raw in smk.params.kernels.items():
        kernel = SheetKernelParams.from_config(raw)
        size = {"radius": kernel.radius, "weight": kernel.weight, "pitch": lattice.spacing}
        kernels.append({"kernel": name, **size, "prune": peer_prune(kernel)})
        places, value = kernel_field(kernel_of(kernel), 1.1 * kernel.radius, PLACES_PER_SIDE)
        fields.append({"kernel": name, "x": places[:, 0], "y": places[:, 1], "value": value})
        found = lattice_samples(kernel, lattice)
        x, y = found.displacement.T
        values = {"value": found.value, "is_pruned": found.is_pruned}
        samples.append({"kernel": name, "x": x, "y": y, **values})
    made = job_provenance(smk)
    for path, schema, rows in (
        (smk.output.kernels, KERNELS, kernels),
        (smk.output.fields, FIELDS, fields),
        (smk.output.samples, SAMPLES, samples),
    ):
        write_table(path, schema, stack_columns(rows, schema), made)


if __name__ == "__main__":
    run_job(main, globals())
