from .closed_form import saturated_kernel, saturated_maximum, source_lead, standing_kernel
from .drive import (
    Drive,
    Logistic,
    RateFunction,
    Superposition,
    TravellingWave,
    opposite_waves,
    training_wave,
)
from .examples import standard_params
from .experiments import (
    Replay,
    ResidualTrace,
    Training,
    learning_observables,
    replay,
    trace_residual,
    train,
)
from .free_wave import (
    first_harmonic_frequency,
    locking_amplitude,
    locking_lead,
    rate_lag,
    replay_frequency,
    switch_input,
)
from .initial_weights import forgetting, transient
from .measure import (
    phase_lead,
    relative_residual,
    rotation_frequency,
    wave_amplitude,
)
from .ripple import diagonal_spread, predicted_kernel, steady_ripple
from .rules import Activity, PlasticityRule, covariance, differential_hebbian
from .simulation import LearningRun, Recorder, random_weights, simulate
from .symmetry import (
    DiagonalAverage,
    circulant_matrix,
    diagonal_average,
)
from .theory import (
    LearnedWave,
    driven_rates,
    kernel_of,
    kernel_spectrum,
    learned_wave,
    noise_weight,
    recurrent_input,
    taught_kernel,
)

__all__ = [
    "Activity",
    "DiagonalAverage",
    "Drive",
    "LearnedWave",
    "LearningRun",
    "Logistic",
    "PlasticityRule",
    "RateFunction",
    "Recorder",
    "Replay",
    "ResidualTrace",
    "Superposition",
    "Training",
    "TravellingWave",
    "circulant_matrix",
    "covariance",
    "diagonal_average",
    "diagonal_spread",
    "differential_hebbian",
    "driven_rates",
    "first_harmonic_frequency",
    "forgetting",
    "kernel_of",
    "kernel_spectrum",
    "learned_wave",
    "learning_observables",
    "locking_amplitude",
    "locking_lead",
    "noise_weight",
    "opposite_waves",
    "phase_lead",
    "predicted_kernel",
    "random_weights",
    "rate_lag",
    "recurrent_input",
    "relative_residual",
    "replay",
    "replay_frequency",
    "rotation_frequency",
    "saturated_kernel",
    "saturated_maximum",
    "simulate",
    "source_lead",
    "standard_params",
    "standing_kernel",
    "steady_ripple",
    "switch_input",
    "taught_kernel",
    "trace_residual",
    "train",
    "training_wave",
    "transient",
    "wave_amplitude",
]
