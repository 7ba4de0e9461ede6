"""Connect the E-I sheet: probability against distance, and what each neuron receives."""

from typing import Any

import numpy as np

from cortex.connectivity.audit import distance_profile
from cortex.connectivity.networks import expected_profile, sheet_places, sheet_projection
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.connectivity import SHEET_INPUT, SHEET_PROFILE
from cortex.io.tables import write_table
from cortex.params.connectivity import SheetNetworkParams


def main(smk: Any) -> None:
    """Profile the open sheet in three variants; sum weights on the open sheet and the torus."""
    params, seed = SheetNetworkParams.from_config(smk.params.network), smk.params.seed
    made = job_provenance(smk)
    edges = np.linspace(0.0, 1.1 * max(params.radius_exc, params.radius_inh), params.distance_bins)
    profiles: dict[str, list[Any]] = {name: [] for name in SHEET_PROFILE.columns}
    received: dict[str, list[Any]] = {name: [] for name in SHEET_INPUT.columns}
    for boundary in ("open", "torus"):
        places = sheet_places(params, seed, periodic=boundary == "torus")
        parts = {kind: sheet_projection(params, places, kind, seed) for kind in "EI"}
        sums = [part.weights.incoming_sum() for part in parts.values()]
        row = (np.full(places.n, boundary), *places.coordinates.T, *sums)
        for name, value in zip(received, row, strict=True):
            received[name].append(value)
        if boundary == "torus":
            break
        for kind, part in parts.items():
            for variant, built in part.variants.items():
                found = distance_profile(
                    built, part.source, part.target, edges, n_excluded=part.source.n
                )
                expected = expected_profile(params, kind, variant, edges)
                row = (kind, variant, edges[:-1], edges[1:], found.pairs, found.connections)
                row += (found.probability, found.error, expected, part.radius)
                for name, value in zip(profiles, row, strict=True):
                    profiles[name].append(np.broadcast_to(value, len(edges) - 1))
    for path, schema, rows in (
        (smk.output.profile, SHEET_PROFILE, profiles),
        (smk.output.received, SHEET_INPUT, received),
    ):
        write_table(path, schema, {k: np.concatenate(v) for k, v in rows.items()}, made)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
