"""Connect the ring network: displacements and their transform against rule and theory."""

from dataclasses import asdict
from typing import Any

import numpy as np

from cortex.connectivity.networks import (
    cosine_moments,
    displacement_edges,
    displacement_histogram,
    ring_network,
)
from cortex.connectivity.transforms import profile_transform
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import RING_HISTOGRAM, RING_TRANSFORM
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import BoxcarRingParams

STEPS_PER_MODE = 6


def main(smk: Any) -> None:
    """Write a histogram and a transform for each of the four projections."""
    params = BoxcarRingParams.from_config(smk.params.network)
    steps = np.arange(STEPS_PER_MODE * (params.n_wave_numbers - 1) + 1)
    k = 2.0 * np.pi * steps / STEPS_PER_MODE / params.circumference
    edges = displacement_edges(params)
    bins = {"low": edges[:-1], "high": edges[1:]}
    waves = {"wave_number": k, "is_mode": steps % STEPS_PER_MODE == 0}
    histogram, transform = [], []
    for name, projection in ring_network(params, smk.params.seed).items():
        found, expected = displacement_histogram(projection, edges)
        width, counts = projection.half_width, {"connections": found, "expected": expected}
        histogram.append({"projection": name, **bins, **counts, "half_width": width})
        moments = asdict(cosine_moments(projection, k))
        theory = profile_transform("boxcar", width)(k)
        transform.append({"projection": name, **waves, **moments, "theory": theory})
    made = job_provenance(smk)
    for path, schema, rows in (
        (smk.output.histogram, RING_HISTOGRAM, histogram),
        (smk.output.transform, RING_TRANSFORM, transform),
    ):
        write_table(path, schema, stack_columns(rows, schema), made)


if __name__ == "__main__":
    run_job(main, globals())
