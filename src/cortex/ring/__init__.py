"""The delayed ring that learns: simulation, theory, and the measures that join them."""

from cortex.ring.closed_form import saturated_kernel, saturated_maximum, source_lead
from cortex.ring.drive import (
    Drive,
    Logistic,
    RateFunction,
    Superposition,
    TravellingWave,
    training_wave,
)
from cortex.ring.examples import standard_params
from cortex.ring.measure import (
    CrossingPeriod,
    crossing_period,
    relative_residual,
    rotation_frequency,
    spatial_cycles,
    wave_amplitude,
)
from cortex.ring.replay import (
    first_harmonic_frequency,
    locking_amplitude,
    locking_lead,
    replay_frequency,
    switch_input,
)
from cortex.ring.ripple import diagonal_spread, predicted_kernel, steady_ripple
from cortex.ring.simulate import LearningRun, Recording, random_weights, simulate
from cortex.ring.symmetry import (
    DiagonalAverage,
    circulant_fraction,
    circulant_matrix,
    diagonal_average,
    symmetrized,
)
from cortex.ring.theory import (
    LearnedWave,
    driven_rates,
    forgetting,
    kernel_of,
    kernel_spectrum,
    learned_wave,
    noise_weight,
    recurrent_input,
    transient,
)

__all__ = [
    "CrossingPeriod",
    "DiagonalAverage",
    "Drive",
    "LearnedWave",
    "LearningRun",
    "Logistic",
    "RateFunction",
    "Recording",
    "Superposition",
    "TravellingWave",
    "circulant_fraction",
    "circulant_matrix",
    "crossing_period",
    "diagonal_average",
    "diagonal_spread",
    "driven_rates",
    "first_harmonic_frequency",
    "forgetting",
    "kernel_of",
    "kernel_spectrum",
    "learned_wave",
    "locking_amplitude",
    "locking_lead",
    "noise_weight",
    "predicted_kernel",
    "random_weights",
    "recurrent_input",
    "relative_residual",
    "replay_frequency",
    "rotation_frequency",
    "saturated_kernel",
    "saturated_maximum",
    "simulate",
    "source_lead",
    "spatial_cycles",
    "standard_params",
    "steady_ripple",
    "switch_input",
    "symmetrized",
    "training_wave",
    "transient",
    "wave_amplitude",
]
