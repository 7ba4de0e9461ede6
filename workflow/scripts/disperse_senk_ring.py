"""Growth rates of the ring over wave numbers, and from the rate model to the spiking model."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.stability import BLEND, DISPERSION
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.patterns.ring_study import blend_columns, dispersion_columns
from cortex.params.senk import SenkParams
from cortex.params.stability import RingPatterns


def main(smk: Any) -> None:
    """Solve both models over the wave numbers, then follow the branches from one to the other."""
    study = RingPatterns.from_config(smk.params.ring)
    model = SenkParams.from_config(smk.params.model)
    for path, schema, parts in (
        (smk.output.dispersion, DISPERSION, list(dispersion_columns(study, model))),
        (smk.output.blend, BLEND, list(blend_columns(study, model))),
    ):
        write_table(path, schema, stack_columns(parts, schema), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
