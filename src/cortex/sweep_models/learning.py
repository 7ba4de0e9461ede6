"""Declare the delayed ring with differential Hebbian learning for sweeps."""

from cortex.params.learning import LearningParams
from cortex.sweep.model import ArrayObservable, Model, Observable

DEAD = "the wave dies"

LEARNING = Model(
    name="learning",
    doc="delayed ring with differential Hebbian learning: what a training leaves, and its theory",
    block=LearningParams,
    base="learning.model",
    evaluate="cortex.learning_ring.experiments:learning_observables",
    observables={
        "converged": Observable(
            unit="1", doc="1 where the predicted fixed point settled, 0 where it is no prediction"
        ),
        "kernel_max": Observable(unit="1", doc="largest learned weight"),
        "kernel_max_predicted": Observable(
            unit="1", doc="largest weight of the predicted transient", predicts="kernel_max"
        ),
        "residual": Observable(
            unit="1", doc="largest difference from the fixed point w*, over its largest weight"
        ),
        "residual_transient": Observable(
            unit="1",
            doc="largest difference from the predicted transient, over the largest weight",
        ),
        "spread": Observable(unit="1", doc="largest deviation along a diagonal"),
        "spread_predicted": Observable(
            unit="1", doc="predicted deviation along a diagonal", predicts="spread"
        ),
        "frequency_ratio": Observable(
            unit="1",
            doc="frequency of the wave while learning over that of its drive",
            undefined=DEAD,
        ),
        "locking_amplitude": Observable(
            unit="1",
            doc="weakest drive that holds the wave, predicted",
            undefined=DEAD,
            predicts="locking_amplitude",
        ),
        "replay_frequency": Observable(unit="Hz", doc="frequency without drive", undefined=DEAD),
        "replay_frequency_predicted": Observable(
            unit="Hz",
            doc="predicted frequency without drive",
            undefined="no stable replay",
            predicts="replay_frequency",
        ),
    },
    arrays={
        "residual_course": ArrayObservable(
            doc="distance of the weights from the fixed point w* while they are learned",
            columns={
                "time": Observable(unit="s", doc="time since the beginning of the run"),
                "residual": Observable(
                    unit="1", doc="largest difference from w*, over its largest weight"
                ),
                "predicted": Observable(
                    unit="1",
                    doc="largest difference of the predicted transient from w*",
                    predicts="residual",
                ),
                "error": Observable(
                    unit="1", doc="largest difference from the predicted transient, relative"
                ),
            },
        )
    },
)
