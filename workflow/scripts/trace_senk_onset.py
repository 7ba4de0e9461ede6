"""Onset of waves on the ring over relative inhibition and delay, rate and spiking model."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.stability import ONSET
from cortex.io.tables import write_table
from cortex.meanfield.patterns.ring_study import onset_curves
from cortex.params.stability import RingPatterns


def main(smk: Any) -> None:
    """Follow both onset lines by continuation."""
    study = RingPatterns.from_config(smk.params.ring)
    curves = onset_curves(study)
    columns: dict[str, list[Any]] = {key: [] for key in ONSET.columns}
    for model, curve in curves.items():
        columns["model"].append(np.full(len(curve.points), model, dtype=object))
        for i, key in enumerate(("g", "delay", "wave_number", "frequency")):
            columns[key].append(curve.points[:, i])
    joined = {key: np.concatenate(parts) for key, parts in columns.items()}
    write_table(smk.output.onset, ONSET, joined, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
