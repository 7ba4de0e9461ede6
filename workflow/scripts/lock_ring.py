"""Locking of the wave to its drive, while it learns and afterwards."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.learning import EDGE, LOCKING, TONGUE
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.learning_ring.records import learning_lock_row, tongue_edge, tongue_row
from cortex.learning_ring.theory import learned_wave
from cortex.params.learning import LearningParams, RingLockingParams


def main(smk: Any) -> None:
    """Learn under weak drives; drive the learned wave at other speeds."""
    model = LearningParams.from_config(smk.params.model)
    locking = RingLockingParams.from_config(smk.params.locking)
    learned = [
        learning_lock_row(model.at(decay=decay), strength, smk.params.seed)
        for decay in locking.decay
        for strength in locking.strength
    ]
    kernel = learned_wave(model).kernel
    driven = [
        tongue_row(model, kernel, speed, amplitude)
        for speed in locking.speed
        for amplitude in locking.amplitude
    ]
    speeds = np.linspace(min(locking.speed), max(locking.speed), 200)
    source = job_provenance(smk)
    write_table(smk.output.locking, LOCKING, stack_columns(learned, LOCKING), source)
    write_table(smk.output.tongue, TONGUE, stack_columns(driven, TONGUE), source)
    write_table(smk.output.edge, EDGE, tongue_edge(model, kernel, speeds), source)


if __name__ == "__main__":
    run_job(main, globals())
