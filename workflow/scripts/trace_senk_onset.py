"""Onset of waves on the ring over relative inhibition and delay, rate and spiking model."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.stability import ONSET
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.patterns.ring_study import onset_curves
from cortex.params.senk import SenkParams
from cortex.params.stability import RingPatterns


def main(smk: Any) -> None:
    """Follow both onset lines by continuation."""
    study = RingPatterns.from_config(smk.params.ring)
    ring = SenkParams.from_config(smk.params.model)
    rows = []
    for model, curve in onset_curves(study, ring).items():
        g, delay, wave_number, frequency = curve.points.T
        wave = {"wave_number": wave_number, "frequency": frequency}
        rows.append({"model": model, "g": g, "delay": delay, **wave})
    write_table(smk.output.onset, ONSET, stack_columns(rows, ONSET), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
