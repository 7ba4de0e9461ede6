"""Rows of the tables of the learning ring: experiments as columns of equal length."""

import numpy as np

from cortex.params.learning import LearningParams
from cortex.ring.closed_form import saturated_kernel, source_lead
from cortex.ring.drive import TravellingWave
from cortex.ring.experiments import (
    Training,
    expected_wave,
    observe,
    predicted_replay,
    replay,
    trace_residual,
    train,
)
from cortex.ring.free_wave import first_harmonic_frequency, locking_amplitude, locking_lead
from cortex.ring.ripple import diagonal_spread
from cortex.ring.simulation import Recording, simulate
from cortex.ring.symmetry import diagonal_average
from cortex.typing import AnyArray, FloatArray

Columns = dict[str, AnyArray]


def stacked(pieces: list[Columns]) -> Columns:
    """Return pieces of equal columns one below the other."""
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def kernel_rows(case: str, training: Training) -> Columns:
    """Return a learned kernel beside its predictions, one row per distance."""
    params, n = training.params, training.params.ring.n_neurons
    is_pairwise = params.plasticity.rule == "pairwise"
    zero = np.zeros(n)
    average = diagonal_average(training.run.weights) if is_pairwise else None
    return {
        "case": np.full(n, case, dtype=object),
        "tau_d": np.full(n, params.ring.tau_d),
        "distance": np.arange(n),
        "lead": source_lead(params),
        "weight": training.kernel,
        "predicted": training.predicted(np.array([params.n_steps - 1]))[0],
        "fixed_point": training.wave.kernel,
        "closed_form": saturated_kernel(params, discrete=False),
        "spread": average.spread if average else zero,
        "spread_predicted": diagonal_spread(params, training.wave) if average else zero,
    }


def sweep_row(varied: str, replicate: int, training: Training) -> Columns:
    """Return the numbers of one training, one row."""
    params = training.params
    point = {
        "varied": np.array([varied], dtype=object),
        "replicate": np.array([replicate]),
        "beta": np.array([params.plasticity.beta]),
        "decay": np.array([params.plasticity.decay]),
        "n_neurons": np.array([params.ring.n_neurons]),
    }
    return point | {name: np.array([value]) for name, value in observe(training).items()}


def residual_rows(replicate: int, training: Training) -> Columns:
    """Return the residual of one training over time."""
    trace = trace_residual(training)
    n = trace.time.size
    return {
        "beta": np.full(n, training.params.plasticity.beta),
        "replicate": np.full(n, replicate),
        "time": trace.time,
        "residual": trace.residual,
        "predicted": trace.predicted,
        "error": trace.error,
    }


def replay_row(varied: str, params: LearningParams) -> Columns:
    """Return the simulated and predicted replay of the learned kernel, one row."""
    kernel = expected_wave(params).kernel
    numbers = {
        "tau_d": params.ring.tau_d,
        "tau_x": params.ring.tau_x,
        "period": params.ring.period,
        "frequency": replay(params, kernel).frequency,
        "switch": predicted_replay(params, kernel),
        "harmonic": first_harmonic_frequency(params),
        "continuum": first_harmonic_frequency(params, discrete=False),
    }
    row = {name: np.array([value]) for name, value in numbers.items()}
    return {"varied": np.array([varied], dtype=object), **row}


def replay_picture(params: LearningParams, periods: int, n_rows: int = 200) -> Columns:
    """Return rates over time and neurons: the first period is driven, the others are not."""
    n = params.ring.n_neurons
    frozen = params.at(beta=0.0, rule="mean", periods=periods, stimulate=False)
    steps = np.unique(np.linspace(0, frozen.n_steps - 1, n_rows).astype(np.int64))
    neurons = np.unique(np.linspace(0, n - 1, min(n, 100)).astype(np.int64))
    recording = Recording(rates=steps, neurons=neurons)
    rates = simulate(frozen, expected_wave(params).kernel, recording=recording).rates
    time = params.ring.dt * steps.astype(np.float64)
    return {
        "time": np.repeat(time, neurons.size),
        "neuron": np.tile(neurons, steps.size),
        "rate": rates.ravel(),
    }


def learning_lock_row(params: LearningParams, strength: float, seed: int) -> Columns:
    """Return how a ring learns under a drive of `strength` times the predicted limit."""
    limit = _limit(params, expected_wave(params).kernel, 1.0)
    training = train(params.at(u_scale=strength * limit), seed)
    numbers = {
        "decay": params.plasticity.decay,
        "strength": strength,
        "amplitude": strength * limit,
        "limit": limit,
        "frequency_ratio": training.frequency * params.ring.period,
    }
    return {name: np.array([value]) for name, value in numbers.items()}


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
    numbers = {
        "speed": speed,
        "amplitude": amplitude,
        "limit": _limit(params, kernel, speed) / trained,
        "frequency_ratio": seen.frequency / frequency,
        "lead": seen.lead,
        "lead_predicted": locking_lead(params.at(u_scale=drive.amplitude), kernel, frequency),
    }
    return {name: np.array([value]) for name, value in numbers.items()}


def tongue_edge(params: LearningParams, kernel: FloatArray, speeds: FloatArray) -> Columns:
    """Return the predicted edge of the tongue, in the units of `tongue_row`."""
    trained = _limit(params, kernel, 1.0)
    limits = [_limit(params, kernel, float(speed)) / trained for speed in speeds]
    return {"speed": speeds, "limit": np.array(limits)}


def _limit(params: LearningParams, kernel: FloatArray, speed: float) -> float:
    return locking_amplitude(params, kernel, speed / params.ring.period)
