"""Connect the E-I sheet: probability against distance, and what each neuron receives."""

from typing import Any

import numpy as np

from cortex.connectivity.audit import distance_profile
from cortex.connectivity.networks import expected_profile, sheet_places, sheet_projection
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import SHEET_INPUT, SHEET_PROFILE
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import SheetNetworkParams

KINDS = {"E": "excitatory", "I": "inhibitory"}


def main(smk: Any) -> None:
    """Profile the open sheet in three variants; sum weights on the open sheet and the torus."""
    params, seed = SheetNetworkParams.from_config(smk.params.network), smk.params.seed
    made = job_provenance(smk)
    edges = np.linspace(0.0, 1.1 * max(params.radius_exc, params.radius_inh), params.distance_bins)
    bins = {"low": edges[:-1], "high": edges[1:]}
    profiles, received = [], []
    for boundary in ("open", "torus"):
        places = sheet_places(params, seed, periodic=boundary == "torus")
        parts = {kind: sheet_projection(params, places, kind, seed) for kind in KINDS}
        sums = {KINDS[kind]: part.weights.incoming_sum() for kind, part in parts.items()}
        x, y = places.coordinates.T
        received.append({"boundary": boundary, "x": x, "y": y, **sums})
        if boundary == "torus":
            break
        for kind, part in parts.items():
            for variant, built in part.variants.items():
                found = distance_profile(
                    built, part.source, part.target, edges, n_excluded=part.source.n
                )
                expected = expected_profile(params, kind, variant, edges)
                case = {"source": kind, "variant": variant, "radius": part.radius}
                counts = {"pairs": found.pairs, "connections": found.connections}
                chance = {"probability": found.probability, "error": found.error}
                profiles.append({**case, **bins, **counts, **chance, "expected": expected})
    for path, schema, rows in (
        (smk.output.profile, SHEET_PROFILE, profiles),
        (smk.output.received, SHEET_INPUT, received),
    ):
        write_table(path, schema, stack_columns(rows, schema), made)


if __name__ == "__main__":
    run_job(main, globals())
