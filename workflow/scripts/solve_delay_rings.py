"""Instabilities of rings of rate units over the delay of their interactions."""

from dataclasses import asdict
from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.stability import RINGS
from cortex.io.tables import write_table
from cortex.meanfield.patterns.delay_rings import ring_onsets
from cortex.params.stability import DelayRings


def main(smk: Any) -> None:
    """Solve the onset conditions in closed form, one row per delay."""
    delays = DelayRings.from_config(smk.params.delay_rings).delay.values()
    rows = [asdict(ring_onsets(1.0, float(delay))) for delay in delays]
    columns = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    write_table(smk.output.rings, RINGS, {"delay": delays, **columns}, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
