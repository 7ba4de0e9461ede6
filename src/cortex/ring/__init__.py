"""The delayed ring that learns: simulation, theory, and the experiments that join them."""

from cortex.ring.drive import (
    Drive,
    Logistic,
    RateFunction,
    Superposition,
    TravellingWave,
    training_wave,
)
from cortex.ring.simulate import LearningRun, Recording, random_weights, simulate

__all__ = [
    "Drive",
    "LearningRun",
    "Logistic",
    "RateFunction",
    "Recording",
    "Superposition",
    "TravellingWave",
    "random_weights",
    "simulate",
    "training_wave",
]
