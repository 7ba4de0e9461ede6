"""Lay each kernel of the atlas out as a field and at the points of its lattice."""

from typing import Any

import numpy as np

from cortex.connectivity.atlas import (
    kernel_field,
    kernel_of,
    lattice_of,
    lattice_samples,
    peer_prune,
)
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.connectivity import FIELDS, KERNELS, SAMPLES
from cortex.io.tables import write_table
from cortex.params.connectivity import SheetKernelParams, SheetParams

PLACES_PER_SIDE = 121


def main(smk: Any) -> None:
    """Write one row per kernel, per place of its field, per lattice point in its reach."""
    lattice = lattice_of(SheetParams.from_config(smk.params.sheet))
    kernels = {name: SheetKernelParams.from_config(raw) for name, raw in smk.params.kernels.items()}
    made = job_provenance(smk)
    rows = {
        "kernel": list(kernels),
        "radius": [each.radius for each in kernels.values()],
        "weight": [each.weight for each in kernels.values()],
        "prune": [peer_prune(each) for each in kernels.values()],
        "pitch": [lattice.spacing] * len(kernels),
    }
    write_table(smk.output.kernels, KERNELS, rows, made)

    fields = [kernel_field(kernel_of(k), 1.1 * k.radius, PLACES_PER_SIDE) for k in kernels.values()]
    places = np.concatenate([place for place, _ in fields])
    columns = {
        "kernel": np.repeat(list(kernels), PLACES_PER_SIDE**2),
        "x": places[:, 0],
        "y": places[:, 1],
        "value": np.concatenate([value for _, value in fields]),
    }
    write_table(smk.output.fields, FIELDS, columns, made)

    samples = [lattice_samples(each, lattice) for each in kernels.values()]
    places = np.concatenate([each.displacement for each in samples])
    columns = {
        "kernel": np.repeat(list(kernels), [len(each.value) for each in samples]),
        "x": places[:, 0],
        "y": places[:, 1],
        "value": np.concatenate([each.value for each in samples]),
        "is_pruned": np.concatenate([each.is_pruned for each in samples]),
    }
    write_table(smk.output.samples, SAMPLES, columns, made)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
