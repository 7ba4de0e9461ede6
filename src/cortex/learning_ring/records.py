"""Rows of the tables of the learning ring, SI: arrays, and what all their rows share."""

from typing import Any

import numpy as np

from cortex.learning_ring.closed_form import saturated_kernel, source_lead
from cortex.learning_ring.drive import TravellingWave
from cortex.learning_ring.experiments import (
    Training,
    expected_wave,
    predicted_replay,
    replay,
    train,
)
from cortex.learning_ring.free_wave import first_harmonic_frequency, locking_amplitude, locking_lead
from cortex.learning_ring.ripple import diagonal_spread
from cortex.learning_ring.simulation import Recorder, simulate
from cortex.learning_ring.symmetry import diagonal_average
from cortex.learning_ring.theory import learned_wave
from cortex.params.learning import LearningParams
from cortex.typing import FloatArray

Columns = dict[str, Any]


def kernel_rows(case: str, training: Training) -> Columns:
    """Return a learned kernel beside its predictions, one row per distance."""
    params, wave = training.params, training.wave
    is_pairwise = params.plasticity.rule == "pairwise"
    average = diagonal_average(training.run.weights) if is_pairwise else None
    return {
        "case": case,
        "converged": wave.converged,
        "tau_d": params.ring.tau_d,
        "distance": np.arange(params.ring.n_neurons),
        "lead": source_lead(params),
        "weight": training.kernel,
        "predicted": training.predicted(np.array([params.n_steps - 1]))[0],
        "fixed_point": wave.kernel,
        "closed_form": saturated_kernel(params, discrete=False),
        "spread": average.spread if average else 0.0,
        "spread_predicted": diagonal_spread(params, wave) if average else 0.0,
    }


def replay_row(varied: str, params: LearningParams) -> Columns:
    """Return the simulated and predicted replay of the learned kernel, one row."""
    wave = expected_wave(params)
    return {
        "varied": varied,
        "converged": wave.converged,
        "tau_d": params.ring.tau_d,
        "tau_x": params.ring.tau_x,
        "period": params.ring.period,
        "frequency": replay(params, wave.kernel).frequency,
        "switch": predicted_replay(params, wave.kernel),
        "harmonic": first_harmonic_frequency(params),
        "continuum": first_harmonic_frequency(params, discrete=False),
    }


def replay_picture(params: LearningParams, periods: int, n_rows: int = 200) -> Columns:
    """Return rates over time and neurons: the first period is driven, the others are not."""
    n = params.ring.n_neurons
    frozen = params.at(beta=0.0, rule="mean", periods=periods, stimulate=False)
    steps = np.unique(np.linspace(0, frozen.n_steps - 1, n_rows).astype(np.int64))
    neurons = np.unique(np.linspace(0, n - 1, min(n, 100)).astype(np.int64))
    recording = Recorder(rates=steps, neurons=neurons)
    rates = simulate(frozen, learned_wave(params).kernel, recording=recording).rates
    time = params.ring.dt * steps.astype(np.float64)
    return {
        "time": np.repeat(time, neurons.size),
        "neuron": np.tile(neurons, steps.size),
        "rate": rates.ravel(),
    }


def learning_lock_row(params: LearningParams, strength: float, seed: int) -> Columns:
    """Return how a ring learns under a drive of `strength` times the predicted limit."""
    wave = expected_wave(params)
    limit = _limit(params, wave.kernel, 1.0)
    training = train(params.at(u_scale=strength * limit), seed)
    return {
        "decay": params.plasticity.decay,
        "converged": wave.converged,
        "strength": strength,
        "amplitude": strength * limit,
        "limit": limit,
        "frequency_ratio": training.frequency * params.ring.period,
    }


def tongue_row(
    params: LearningParams, kernel: FloatArray, speed: float, amplitude: float
) -> Columns:
    """Return how a learned wave follows a drive of another speed and some amplitude.

    `speed` is relative to the trained one, `amplitude` to the limit at the trained speed.
    """
    trained = _limit(params, kernel, 1.0)
    frequency = speed / params.ring.period
    drive = TravellingWave(amplitude=amplitude * trained, period=1.0 / frequency)
    seen = replay(params, kernel, drive=drive)
    return {
        "speed": speed,
        "amplitude": amplitude,
        "limit": _limit(params, kernel, speed) / trained,
        "frequency_ratio": seen.frequency / frequency,
        "lead": seen.lead,
        "lead_predicted": locking_lead(params.at(u_scale=drive.amplitude), kernel, frequency),
    }


def tongue_edge(params: LearningParams, kernel: FloatArray, speeds: FloatArray) -> Columns:
    """Return the predicted edge of the tongue, in the units of `tongue_row`."""
    trained = _limit(params, kernel, 1.0)
    limits = [_limit(params, kernel, float(speed)) / trained for speed in speeds]
    return {"speed": speeds, "limit": np.array(limits)}


def _limit(params: LearningParams, kernel: FloatArray, speed: float) -> float:
    return locking_amplitude(params, kernel, speed / params.ring.period)
