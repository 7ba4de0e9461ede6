"""Replay of learned waves without a drive, against two predictions."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.learning import PICTURE, REPLAY
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.learning_ring.records import replay_picture, replay_row
from cortex.params.learning import LearningParams, RingReplayParams


def main(smk: Any) -> None:
    """Run every point freely; keep a space-time picture of the model itself."""
    model = LearningParams.from_config(smk.params.model)
    replays = RingReplayParams.from_config(smk.params.replay)
    rows = [replay_row(varied, params) for varied, params in replays.points(model)]
    picture = replay_picture(model, replays.excerpt_periods)
    write_table(smk.output.replay, REPLAY, stack_columns(rows, REPLAY), job_provenance(smk))
    write_table(smk.output.picture, PICTURE, picture, job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
