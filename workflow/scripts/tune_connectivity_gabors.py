"""Orientation tuning of cells wired by Gabor kernels."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import TUNING
from cortex.io.tables import write_table
from cortex.params.connectivity import GratingParams
from cortex.steps.tuning import orientation_tuning


def main(smk: Any) -> None:
    """Simulate every cell at every grating, beside what the transform predicts."""
    grating = GratingParams.from_config(smk.params.grating)
    tuning = orientation_tuning(grating, seed=smk.params.seed)
    write_table(smk.output.tuning, TUNING, tuning, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
