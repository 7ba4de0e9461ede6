"""The weights of all pairs, how they and the rates change, and what rules as functions learn."""

from typing import Any

import numpy as np

from cortex.learning_ring.closed_form import source_lead
from cortex.learning_ring.experiments import expected_wave, residual_steps, train
from cortex.learning_ring.initial_weights import transient
from cortex.learning_ring.ripple import wave_factors
from cortex.learning_ring.rules import PlasticityRule
from cortex.learning_ring.simulation import LearningRun, Recorder, random_weights, simulate
from cortex.learning_ring.symmetry import diagonal_average
from cortex.learning_ring.theory import LearnedWave, learned_wave
from cortex.params.learning import LearningParams
from cortex.rng import stream
from cortex.typing import FloatArray, IntArray

Columns = dict[str, Any]


def pair_histories(
    params: LearningParams, seed: int, *, n_times: int, n_shown: int
) -> dict[str, Columns]:
    """Return what the full matrix of weights does while it learns, beside its prediction.

    Parameters
    ----------
    params : LearningParams
        The ring; its rule is run for all pairs.
    seed : int
        Seed of initial weights and noise.
    n_times : int
        Times of the histories.
    n_shown : int
        Neurons and times on a side of the pictures, at most.

    Returns
    -------
    histories : dict
        Columns, SI, of the tables `learning_weights`, `learning_activity`, `learning_history` and
        `learning_changes` by their last word.

    Raises
    ------
    ParameterError
        The decay is 0.
    SimulationError
        The rates or weights left the finite numbers.
    """
    params = params.at(rule="pairwise")
    w_init = random_weights(params, stream(seed, "learning", "weights"))
    after = residual_steps(params, n_times)
    last_period = np.arange(params.n_steps - 1 - params.ring.n_neurons, params.n_steps)
    recording = Recorder(rates=last_period, weights=np.union1d(after - 1, after))
    noise = stream(seed, "learning", "noise")
    run = simulate(params, w_init, recording=recording, rng=noise)
    kernel = diagonal_average(w_init).kernel
    wave = expected_wave(params)
    return {
        "weights": _weights(params, run, n_shown),
        "activity": _activity(params, run, n_shown),
        "history": _history(params, run, after, transient(params, kernel, wave.kernel, after)),
        "changes": _changes(params, run, after, kernel, wave),
    }


def rule_columns(name: str, params: LearningParams, rule: PlasticityRule, seed: int) -> Columns:
    """Return the kernel that a rule given as a function learns, beside its predictions.

    Parameters
    ----------
    name : str
        What the rule is called.
    params : LearningParams
        The ring, with weights of all pairs.
    rule : PlasticityRule
        The function.
    seed : int
        Seed of initial weights and noise.

    Returns
    -------
    columns : dict
        Of the table `learning_rules`, one row per distance.
    """
    training = train(params, seed, rule=rule)
    predicted = training.predicted(np.array([params.n_steps - 1]))[0]
    built_in = learned_wave(params, throw=False).kernel
    largest = float(np.max(np.abs(predicted)))
    return {
        "rule": name,
        "lead": source_lead(params),
        "weight": training.kernel / largest,
        "predicted": predicted / largest,
        "built_in": built_in / np.max(np.abs(built_in)),
    }


def _selected(n: int, n_shown: int) -> IntArray:
    return np.arange(0, n, -(-n // n_shown))


def _weights(params: LearningParams, run: LearningRun, n_shown: int) -> Columns:
    before, after = run.weights_over_time[-2:]
    chosen = _selected(params.ring.n_neurons, n_shown)
    pairs = np.ix_(chosen, chosen)
    return {
        "target": np.repeat(chosen, chosen.size),
        "source": np.tile(chosen, chosen.size),
        "weight": after[pairs].ravel(),
        "change": (after - before)[pairs].ravel() / params.ring.dt,
    }


def _activity(params: LearningParams, run: LearningRun, n_shown: int) -> Columns:
    chosen = _selected(params.ring.n_neurons, n_shown)
    derivative = np.diff(run.rates, axis=0) / params.ring.dt
    pairs = np.ix_(chosen, chosen)  # a period has as many steps as neurons
    return {
        "time": np.repeat(params.ring.dt * chosen, chosen.size),
        "neuron": np.tile(chosen, chosen.size),
        "rate": run.rates[1:][pairs].ravel(),
        "derivative": derivative[pairs].ravel(),
    }


def _history(
    params: LearningParams, run: LearningRun, after: IntArray, predicted: FloatArray
) -> Columns:
    at = np.searchsorted(run.recording.weights, after)
    n = params.ring.n_neurons
    return {
        "time": np.repeat(params.ring.dt * (after + 1.0), n),
        "lead": np.tile(source_lead(params), after.size),
        "weight": np.ravel([diagonal_average(run.weights_over_time[i]).kernel for i in at]),
        "predicted": predicted.ravel(),
    }


def _changes(
    params: LearningParams, run: LearningRun, after: IntArray, w_init: FloatArray, wave: LearnedWave
) -> Columns:
    """Return the size of the changes in one step; of order beta for a pair, none for the mean."""
    dt, plasticity = params.ring.dt, params.plasticity
    at = np.searchsorted(run.recording.weights, after)
    steps = [run.weights_over_time[i] - run.weights_over_time[i - 1] for i in at]
    told = transient(params, w_init, wave.kernel, after - 1)
    drive = np.prod([np.mean(each**2) for each in wave_factors(params, wave.rates)]) / dt**2
    mean = plasticity.decay * wave.kernel  # of the drive along the diagonals
    forgotten = plasticity.decay * told
    pairs = drive + np.mean(forgotten**2 - 2.0 * mean * forgotten, axis=1)
    return {
        "time": dt * (after + 1.0),
        "kernel": np.array([_rms(diagonal_average(step).kernel) for step in steps]) / dt,
        "kernel_predicted": plasticity.beta * np.array([_rms(each) for each in mean - forgotten]),
        "pairs": np.array([_rms(step) for step in steps]) / dt,
        "pairs_predicted": plasticity.beta * np.sqrt(pairs),
    }


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(values**2)))
