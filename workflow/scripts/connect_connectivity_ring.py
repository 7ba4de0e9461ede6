"""Connect the ring network: displacements and their transform against rule and theory."""

from typing import Any

import numpy as np

from cortex.connectivity.networks import (
    cosine_moments,
    displacement_edges,
    displacement_histogram,
    ring_network,
)
from cortex.connectivity.transforms import profile_transform
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.connectivity import RING_HISTOGRAM, RING_TRANSFORM
from cortex.io.tables import write_table
from cortex.params.connectivity import BoxcarRingParams

STEPS_PER_MODE = 6


def main(smk: Any) -> None:
    """Write a histogram and a transform for each of the four projections."""
    params = BoxcarRingParams.from_config(smk.params.network)
    steps = np.arange(STEPS_PER_MODE * (params.n_wave_numbers - 1) + 1)
    k = 2.0 * np.pi * steps / STEPS_PER_MODE / params.circumference
    edges = displacement_edges(params)
    histogram: dict[str, list[Any]] = {name: [] for name in RING_HISTOGRAM.columns}
    transform: dict[str, list[Any]] = {name: [] for name in RING_TRANSFORM.columns}
    for name, projection in ring_network(params, smk.params.seed).items():
        found, expected = displacement_histogram(projection, edges)
        row = (name, edges[:-1], edges[1:], found, expected, projection.half_width)
        for column, value in zip(histogram, row, strict=True):
            histogram[column].append(np.broadcast_to(value, len(found)))
        moments = cosine_moments(projection, k)
        theory = profile_transform("boxcar", projection.half_width)(k)
        row = (
            name,
            k,
            steps % STEPS_PER_MODE == 0,
            moments.measured,
            moments.error,
            moments.expected,
            theory,
        )
        for column, value in zip(transform, row, strict=True):
            transform[column].append(np.broadcast_to(value, len(k)))
    made = job_provenance(smk)
    for path, schema, rows in (
        (smk.output.histogram, RING_HISTOGRAM, histogram),
        (smk.output.transform, RING_TRANSFORM, transform),
    ):
        write_table(path, schema, {n: np.concatenate(v) for n, v in rows.items()}, made)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
