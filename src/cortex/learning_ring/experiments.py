"""Experiments on the learning ring: each joins one simulation with its prediction."""

import warnings
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.learning_ring.drive import TravellingWave
from cortex.learning_ring.free_wave import locking_amplitude, rate_lag, replay_frequency
from cortex.learning_ring.measure import (
    phase_lead,
    relative_residual,
    rotation_frequency,
    wave_amplitude,
)
from cortex.learning_ring.ripple import diagonal_spread, predicted_kernel
from cortex.learning_ring.rules import PlasticityRule
from cortex.learning_ring.simulation import LearningRun, Recorder, random_weights, simulate
from cortex.learning_ring.symmetry import diagonal_average
from cortex.learning_ring.theory import LearnedWave, learned_wave
from cortex.params.learning import LearningParams
from cortex.rng import stream
from cortex.typing import FloatArray, IntArray

ROWS_PER_PERIOD: Final = 20
MEASURED_PERIODS: Final = 20
REPLAY_PERIODS: Final = 40
LIVELY: Final = 0.05
RESIDUAL_TIMES: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Training:
    """A run from random weights, with what it was to learn.

    Parameters
    ----------
    params : LearningParams
        What was run.
    w_init : ndarray of shape (n_neurons,)
        Initial kernel; of a matrix, its diagonal average.
    run : LearningRun
        The run; the rates of its last periods are recorded.
    wave : LearnedWave
        The predicted fixed point.
    """

    params: LearningParams
    w_init: FloatArray
    run: LearningRun
    wave: LearnedWave

    @property
    def kernel(self) -> FloatArray:
        """Learned weights by target - source, shape (n_neurons,)."""
        return as_kernel(self.run.weights)

    @property
    def frequency(self) -> float:
        """Frequency of the wave over the last periods, Hz."""
        rates = self.run.rates
        return rotation_frequency(rates, _stride(self.params) * self.params.ring.dt)

    def predicted(self, steps: IntArray) -> FloatArray:
        """Return the predicted kernel after each of `steps`, shape (n_steps, n_neurons)."""
        return predicted_kernel(self.params, self.w_init, self.wave, steps)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualTrace:
    """How far the weights are from the fixed point, over time.

    Parameters
    ----------
    time : ndarray of shape (n_times,)
        Time since the beginning of the run, s.
    residual, predicted : ndarray of shape (n_times,)
        Largest difference from w* over the largest w*: simulated, and of the transient.
    error : ndarray of shape (n_times,)
        Largest difference between simulated and predicted weights over the largest w*.
    """

    time: FloatArray
    residual: FloatArray
    predicted: FloatArray
    error: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A wave under frozen weights.

    Parameters
    ----------
    frequency : float
        Mean frequency over the last half, Hz; NaN when the wave has died.
    amplitude : float
        Range of the rates over time, mean over neurons.
    lead : float
        Phase at the last step by which the rates lead those of a ring without recurrence,
        rad; NaN without a drive.
    """

    frequency: float
    amplitude: float
    lead: float


def train(
    params: LearningParams,
    seed: int,
    *,
    weight_steps: IntArray | None = None,
    rule: PlasticityRule | None = None,
) -> Training:
    """Run the ring from random weights of the stream (`seed`, "learning").

    Parameters
    ----------
    params : LearningParams
        What is run.
    seed : int
        Seed of initial weights and noise.
    weight_steps : ndarray of int, shape (n_times,), optional
        Steps after which the weights are recorded, increasing; see `residual_steps`.
    rule : PlasticityRule, optional
        A function in the place of the built-in product, see `simulate`.

    Returns
    -------
    training : Training
        With the rates of the last periods of learning, twenty at most.

    Raises
    ------
    ParameterError
        The decay is 0: there is no fixed point to compare with.
    SimulationError
        The rates or weights left the finite numbers.

    References
    ----------
    Rule of Kosko (1986), AIP Conf. Proc. 151:277.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> train(params.at(periods=20), seed=1).kernel.shape
    (100,)
    """
    w_init = random_weights(params, stream(seed, "learning", "weights"))
    first = max(params.n_steps - MEASURED_PERIODS * params.ring.n_neurons, params.init_steps)
    recording = Recorder(
        rates=np.arange(first, params.n_steps, _stride(params)),
        weights=np.zeros(0, dtype=np.int64) if weight_steps is None else weight_steps,
    )
    noise = stream(seed, "learning", "noise")
    run = simulate(params, w_init, recording=recording, rule=rule, rng=noise)
    wave = expected_wave(params, rule)
    return Training(params=params, w_init=as_kernel(w_init), run=run, wave=wave)


def expected_wave(params: LearningParams, rule: PlasticityRule | None = None) -> LearnedWave:
    """Return the fixed point, also where the drive may be too weak to hold the wave.

    Where the iteration does not settle, the last iterate with `converged` false; whoever
    writes what follows from it writes that down as well.

    Raises
    ------
    ParameterError
        The decay is 0.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)
        return learned_wave(params, rule=rule, throw=False)


def as_kernel(weights: FloatArray) -> FloatArray:
    """Return weights by target - source; of a matrix (n, n), its diagonal average."""
    return diagonal_average(weights).kernel if weights.ndim == 2 else weights


def residual_steps(params: LearningParams, n_times: int) -> IntArray:
    """Return steps from the start of learning to the last step, equally spaced.

    Parameters
    ----------
    params : LearningParams
        Ring, plasticity and training.
    n_times : int
        How many.

    Returns
    -------
    steps : ndarray of int, shape (n_times,)
        Increasing; fewer than `n_times` where learning has fewer steps.
    """
    ends = np.linspace(params.init_steps, params.n_steps - 1, n_times + 1)[1:]
    return np.unique(np.round(ends).astype(np.int64))


def trace_residual(training: Training) -> ResidualTrace:
    """Return the distance of the recorded weights of a training from the fixed point.

    Raises
    ------
    ParameterError
        The training recorded no weights.
    """
    params, steps = training.params, training.run.recording.weights
    if not steps.size:
        msg = (
            "this training recorded no weights: pass weight_steps=residual_steps(params, n_times) "
            "to `train`"
        )
        raise ParameterError(msg)
    predicted = training.predicted(steps)
    kernel, largest = training.wave.kernel, np.max(np.abs(training.wave.kernel))
    measured = np.array([as_kernel(each) for each in training.run.weights_over_time])
    return ResidualTrace(
        time=params.ring.dt * (steps.astype(np.float64) + 1.0),
        residual=np.max(np.abs(measured - kernel), axis=1) / largest,
        predicted=np.max(np.abs(predicted - kernel), axis=1) / largest,
        error=np.max(np.abs(measured - predicted), axis=1) / largest,
    )


def replay(
    params: LearningParams,
    kernel: FloatArray,
    *,
    drive: TravellingWave | None = None,
    periods: int = REPLAY_PERIODS,
) -> Replay:
    """Run the ring under frozen weights, freely or under another drive.

    Parameters
    ----------
    params : LearningParams
        The ring; its noise and learning are switched off.
    kernel : ndarray of shape (n_neurons,)
        Weights by target - source, dimensionless.
    drive : TravellingWave, optional
        External input for the whole run. Without one, the training wave starts the run in the
        initial phase and the wave then runs freely.
    periods : int, optional
        Length of the run in periods T of the training wave; the last half is measured.

    Returns
    -------
    replay : Replay

    Raises
    ------
    ParameterError
        `kernel` has another shape, or the initial phase fills the run.

    References
    ----------
    Gillett, Pereira & Brunel (2020), PNAS 117:29948, for replay by learned weights.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> params = standard_params(n_neurons=100, tau_d=3e-3)
    >>> from cortex.learning_ring.theory import learned_wave
    >>> replay(params, learned_wave(params).kernel, periods=10).frequency > 1.0 / params.ring.period
    True
    """
    frozen = params.at(beta=0.0, rule="mean", noise_sd=0.0, periods=periods)
    if drive is None:
        frozen = frozen.at(stimulate=False)
    n, stride = frozen.n_steps, _stride(frozen, drive)
    recording = Recorder(rates=np.arange(n // 2, n, stride))
    run = simulate(frozen, kernel, recording=recording, drive=drive)
    amplitude = wave_amplitude(run.rates)
    frequency = rotation_frequency(run.rates, stride * frozen.ring.dt)
    return Replay(
        frequency=frequency if amplitude > LIVELY else np.nan,
        amplitude=amplitude,
        lead=_lead(frozen, run.last_rates, drive, n - 1),
    )


def learning_observables(params: LearningParams, seed: int) -> dict[str, Any]:
    """Return what one run learns, against its prediction; the point of a sweep.

    Parameters
    ----------
    params : LearningParams
        The point.
    seed : int
        Seed of initial weights and noise.

    Returns
    -------
    observables : dict
        See `observe`; ``residual_course``: the columns of `trace_residual` at forty times.
    """
    training = train(params, seed, weight_steps=residual_steps(params, RESIDUAL_TIMES))
    return {**observe(training), "residual_course": asdict(trace_residual(training))}


def observe(training: Training) -> dict[str, float]:
    """Return the numbers of a training, each beside its prediction.

    Parameters
    ----------
    training : Training
        What `train` returned.

    Returns
    -------
    observables : dict
        ``converged``: 1 where the predicted fixed point settled; where it is 0, what follows
        from it is no prediction.
        ``kernel_max``, ``kernel_max_predicted``: largest weight, and that of the predicted
        transient at the end of the run, dimensionless.
        ``residual``: largest difference from w* over the largest w*.
        ``residual_transient``: the same from the predicted transient.
        ``spread``, ``spread_predicted``: largest deviation along a diagonal (rule
        "pairwise"; 0 for circulant weights).
        ``frequency_ratio``: frequency of the learning wave over that of its drive.
        ``locking_amplitude``: weakest drive that holds the wave, predicted.
        ``replay_frequency``, ``replay_frequency_predicted``: without drive, Hz; NaN when the
        wave dies or none is predicted.
    """
    params, kernel, wave = training.params, training.kernel, training.wave
    last = training.predicted(np.array([params.n_steps - 1]))[0]
    is_pairwise = params.plasticity.rule == "pairwise"
    spread = float(diagonal_average(training.run.weights).spread.max()) if is_pairwise else 0.0
    predicted = float(diagonal_spread(params, wave).max()) if is_pairwise else 0.0
    return {
        "converged": float(wave.converged),
        "kernel_max": float(kernel.max()),
        "kernel_max_predicted": float(last.max()),
        "residual": relative_residual(kernel, wave.kernel),
        "residual_transient": relative_residual(kernel, last),
        "spread": spread,
        "spread_predicted": predicted,
        "frequency_ratio": training.frequency * params.ring.period,
        "locking_amplitude": locking_amplitude(params, wave.kernel, 1.0 / params.ring.period),
        "replay_frequency": replay(params, kernel).frequency,
        "replay_frequency_predicted": predicted_replay(params, wave.kernel),
    }


def predicted_replay(params: LearningParams, kernel: FloatArray) -> float:
    """Return the replay frequency predicted for the weights `kernel`, shape (n_neurons,), Hz.

    NaN where `replay_frequency` finds no stable replay.
    """
    try:
        return replay_frequency(params, kernel)
    except ConvergenceError:
        return float("nan")


def _stride(params: LearningParams, drive: TravellingWave | None = None) -> int:
    """Return the steps between recorded rates, in which no wave turns by half a cycle.

    A free wave runs at 1/T + 1/(4 tau_d) at most, a held one with its drive: in T/20, tau_d
    and a quarter of the drive's period they turn by 0.3 cycles at most.
    """
    ring = params.ring
    steps = min(ring.n_neurons // ROWS_PER_PERIOD, ring.delay_steps)
    if drive is not None:
        steps = min(steps, int(abs(drive.period) / (4.0 * ring.dt)))
    return max(steps, 1)


def _lead(
    params: LearningParams, rates: FloatArray, drive: TravellingWave | None, step: int
) -> float:
    if drive is None:
        return float("nan")
    row = drive(np.array([float(step)]), params.ring)[0]
    return phase_lead(rates, row) + rate_lag(params, 1.0 / drive.period)
