"""Runs of the ring: initial phase, learning or replay, and what is recorded on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from cortex.errors import ParameterError, SimulationError
from cortex.learning_ring.circulant import CirculantWeights
from cortex.learning_ring.drive import Drive, Logistic, RateFunction, training_wave
from cortex.learning_ring.pairwise import PairwiseWeights
from cortex.learning_ring.rules import PlasticityRule, RuledWeights
from cortex.learning_ring.state import Block, DelayLine, Scheme
from cortex.params.arrays import argument, whole
from cortex.params.learning import LearningParams
from cortex.params.spec import Quantity
from cortex.rng import require_stream
from cortex.typing import FloatArray, IntArray

WEIGHTS: Final = Quantity(unit="1", low=-1e9, high=1e9, doc="weights")
NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorder:
    """Steps at which a run is recorded; memory grows with these and not with the run.

    Parameters
    ----------
    rates : ndarray of int, shape (n_rates,)
        Steps whose rates are kept, increasing.
    neurons : ndarray of int, shape (n_kept,), optional
        Neurons whose rates are kept; all by default.
    weights : ndarray of int, shape (n_weights,)
        Steps after whose update the weights are kept, increasing.
    norms : ndarray of int, shape (n_norms,)
        Steps after whose update the norm of the weights is kept, increasing.
    """

    rates: IntArray = field(default_factory=NOTHING.copy)
    neurons: IntArray | None = None
    weights: IntArray = field(default_factory=NOTHING.copy)
    norms: IntArray = field(default_factory=NOTHING.copy)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearningRun:
    """What a run leaves behind.

    Parameters
    ----------
    weights : ndarray of shape (n_neurons, n_neurons) or (n_neurons,)
        Weights after the last step, ``[target, source]`` or by target - source.
    last_rates : ndarray of shape (n_neurons,)
        Rates at the last step.
    recording : Recorder
        The recorded steps.
    rates : ndarray of shape (n_rates, n_kept)
        Rates at `recording.rates`.
    weights_over_time : ndarray of shape (n_weights, ...)
        Weights after the steps `recording.weights`.
    norms : ndarray of shape (n_norms,)
        Frobenius norm of the weight matrix after the steps `recording.norms`.
    """

    weights: FloatArray
    last_rates: FloatArray
    recording: Recorder
    rates: FloatArray
    weights_over_time: FloatArray
    norms: FloatArray


def simulate(
    params: LearningParams,
    w_init: FloatArray,
    *,
    recording: Recorder | None = None,
    drive: Drive | None = None,
    phi: RateFunction | None = None,
    rule: PlasticityRule | None = None,
    rng: np.random.Generator | None = None,
) -> LearningRun:
    """Run the ring; step 0 is at rest, then `init_steps` without recurrence and learning.

    Parameters
    ----------
    params : LearningParams
        Ring, plasticity and training.
    w_init : ndarray of shape (n_neurons, n_neurons) or (n_neurons,)
        Initial weights, dimensionless, a matrix for the rule "pairwise"; not changed.
    recording : Recorder, optional
        What to keep besides the final state.
    drive : Drive, optional
        External input; the training wave by default.
    phi : RateFunction, optional
        Rate function; logistic with gain `phi_scale` by default.
    rule : PlasticityRule, optional
        A function in the place of the product that `plasticity.derivative` names, for N x N
        weights; beta and the decay stay those of `params`. A step then costs O(N^2).
    rng : numpy.random.Generator, optional
        Stream of the rate noise; needed when `noise_sd` is positive.

    Returns
    -------
    run : LearningRun

    Raises
    ------
    ParameterError
        `w_init` does not fit the rule, noise has no stream, or `rule` is given to circulant
        weights or returns another shape.
    SimulationError
        The rates or weights left the finite numbers.

    Notes
    -----
    Euler scheme with a = dt/tau_x and delay d steps, d >= 1:
    ``x_i = x_{i-1} + a (-x_{i-1} + phi(u(t_i) + W_{i-1} y_i))``, ``y_i = x_{i-d}``,
    ``W_i = (1 - lambda beta dt) W_{i-1} + beta (x_i - x_{i-1}) y_i^T``; with a `rule` F,
    ``W_i = (1 - lambda beta dt) W_{i-1} + beta dt F(x_i, y_i, W_{i-1})``. Blocks end where
    weights are recorded: recorded at every step, both go through the same operations, and
    `differential_hebbian` gives the bits of the built-in rule.

    References
    ----------
    Kosko (1986), AIP Conf. Proc. 151:277.

    Examples
    --------
    Rates that are high together, after the delay, strengthen a weight up to a bound:

    >>> from cortex.learning_ring import standard_params
    >>> params = standard_params(n_neurons=40, tau_d=1e-3, rule="pairwise", periods=20, beta=1.0)
    >>> def bounded(post, pre, weights):
    ...     return np.outer(post.rate, pre.rate) * (1.0 - weights)
    >>> run = simulate(params, np.zeros((40, 40)), rule=bounded)
    >>> bool(0.0 < run.weights.min() < run.weights.max() < 1.0)
    True
    """
    recording = recording or Recorder()
    _check(params, w_init, recording, rng)
    scheme = Scheme.of(params)
    weights = _weights(params, w_init, scheme, rule)
    line = DelayLine(scheme, params.ring.n_neurons)
    recorder = _Recorder(recording, params.ring.n_neurons, np.shape(w_init))
    recorder.see(0, line.last[None], weights)
    inputs = _Inputs(params, scheme, drive or training_wave(params.ring), rng)
    phi = phi or Logistic(params.ring.phi_scale)
    # One thread: the products of a block are small, and their rounding must not depend on it.
    with threadpool_limits(limits=1, user_api="blas"):
        for first, stop in _blocks(params, line.block_size, recording):
            block = inputs.block(first, stop, line.last)
            if first < params.init_steps:
                rates = _relax(block, scheme, phi)
            else:
                rates = weights.advance(block, line.delayed(stop - first), phi)
            line.append(rates)
            recorder.see(first, rates, weights)
    return recorder.result(weights.values, line.last.copy())


def random_weights(params: LearningParams, rng: np.random.Generator) -> FloatArray:
    """Return normal initial weights of the shape that the rule needs.

    Parameters
    ----------
    params : LearningParams
        The rule, the ring size and the deviation `w_init_sd` of the weights.
    rng : numpy.random.Generator
        Stream of the weights.

    Returns
    -------
    w_init : ndarray of shape (n_neurons, n_neurons) or (n_neurons,), dimensionless

    References
    ----------
    Definition.

    Examples
    --------
    >>> from cortex.learning_ring.examples import standard_params
    >>> from cortex.rng import stream
    >>> random_weights(standard_params(n_neurons=100), stream(1, "doc")).shape
    (100,)
    """
    weights: FloatArray = params.plasticity.w_init_sd * require_stream(rng).standard_normal(
        _shape(params)
    )
    return weights


def _shape(params: LearningParams) -> tuple[int, ...]:
    n = params.ring.n_neurons
    return (n, n) if params.plasticity.rule == "pairwise" else (n,)


def _check(
    params: LearningParams,
    w_init: FloatArray,
    recording: Recorder,
    rng: np.random.Generator | None,
) -> None:
    if np.shape(w_init) != _shape(params):
        msg = (
            f"w_init has shape {np.shape(w_init)}; the rule {params.plasticity.rule!r} with "
            f"{params.ring.n_neurons} neurons needs {_shape(params)}"
        )
        raise ParameterError(msg)
    argument("w_init", w_init, WEIGHTS)
    if params.ring.noise_sd > 0.0 and rng is None:
        msg = f"noise_sd = {params.ring.noise_sd} needs a stream: pass rng=cortex.rng.stream(...)"
        raise ParameterError(msg)
    if rng is not None:
        require_stream(rng)
    for name in ("rates", "weights", "norms"):
        steps = whole(f"recording.{name}", getattr(recording, name), -(2**62))
        if steps.size and not (
            steps[0] >= 0 and steps[-1] < params.n_steps and np.all(np.diff(steps) > 0)
        ):
            msg = f"recording.{name} must increase within [0, {params.n_steps}) steps, got {steps}"
            raise ParameterError(msg)


def _weights(
    params: LearningParams, w_init: FloatArray, scheme: Scheme, rule: PlasticityRule | None
) -> PairwiseWeights | CirculantWeights:
    if rule is not None:
        if params.plasticity.rule != "pairwise":
            msg = (
                f"plasticity.rule = {params.plasticity.rule!r}: a rule given as a function needs "
                'the weights of all pairs; take params.at(rule="pairwise")'
            )
            raise ParameterError(msg)
        return RuledWeights(w_init, scheme, rule)
    if params.plasticity.rule == "pairwise":
        return PairwiseWeights(w_init, scheme)
    return CirculantWeights(w_init, scheme, average=params.plasticity.rule == "mean")


def _blocks(params: LearningParams, longest: int, recording: Recorder) -> Iterator[tuple[int, int]]:
    """Yield (first, stop) of blocks that end where weights are recorded or phases change."""
    ends = np.union1d(recording.weights, recording.norms) + 1
    cuts = np.union1d(ends, [params.init_steps, params.n_steps])
    first = 1
    for cut in cuts[cuts > 1]:
        while first < cut:
            stop = min(first + longest, int(cut))
            yield first, stop
            first = stop


class _Inputs:
    """Drive and noise of a run, block by block; the stream is read in the order of the steps."""

    def __init__(
        self, params: LearningParams, scheme: Scheme, drive: Drive, rng: np.random.Generator | None
    ) -> None:
        self._params = params
        self._noise_step = scheme.noise_step
        self._drive = drive
        self._rng = rng

    def block(self, first: int, stop: int, x: FloatArray) -> Block:
        """Return the inputs of the steps `first` to `stop`, which follow the rates `x`."""
        training, ring = self._params.training, self._params.ring
        is_initial = first < self._params.init_steps
        is_on = training.init_stimulation if is_initial else training.stimulate
        steps = np.arange(first, stop, dtype=np.float64)
        steps *= training.init_travel if is_initial else 1.0
        silence = np.zeros((stop - first, ring.n_neurons))
        noise = silence
        if self._rng is not None and self._noise_step > 0.0:
            noise = self._noise_step * self._rng.standard_normal(silence.shape)
        return Block(drive=self._drive(steps, ring) if is_on else silence, noise=noise, x=x)


def _relax(block: Block, scheme: Scheme, phi: RateFunction) -> FloatArray:
    """Return the rates of a block without recurrent input, shape (n, n_neurons)."""
    rates = phi(block.drive)
    x = block.x
    for m, target in enumerate(rates):
        x = x + scheme.leak * (target - x) + block.noise[m]
        rates[m] = x
    return rates


class _Recorder:
    """Fills the arrays of a `LearningRun` block by block."""

    def __init__(self, recording: Recorder, n_neurons: int, shape: tuple[int, ...]) -> None:
        kept = n_neurons if recording.neurons is None else len(recording.neurons)
        self._recording = recording
        self._neurons = slice(None) if recording.neurons is None else recording.neurons
        self._rates = np.empty((recording.rates.size, kept))
        self._weights = np.empty((recording.weights.size, *shape))
        self._norms = np.empty(recording.norms.size)

    def see(
        self, first: int, rates: FloatArray, weights: PairwiseWeights | CirculantWeights
    ) -> None:
        """Take what is asked for from the block that starts at step `first`."""
        stop = first + len(rates)
        low, high = np.searchsorted(self._recording.rates, [first, stop])
        if high > low:
            steps = self._recording.rates[low:high]
            self._rates[low:high] = rates[steps - first][:, self._neurons]
        last = stop - 1
        for steps, kept, name in (
            (self._recording.weights, self._weights, "values"),
            (self._recording.norms, self._norms, "norm"),
        ):
            at = int(np.searchsorted(steps, last))
            if at < steps.size and steps[at] == last:
                kept[at] = getattr(weights, name)

    def result(self, weights: FloatArray, last_rates: FloatArray) -> LearningRun:
        """Return the finished run; refuse one that blew up."""
        if not (np.all(np.isfinite(weights)) and np.all(np.isfinite(last_rates))):
            msg = "the ring left the finite numbers; lower beta, u_scale or dt"
            raise SimulationError(msg)
        return LearningRun(
            weights=weights,
            last_rates=last_rates,
            recording=self._recording,
            rates=self._rates,
            weights_over_time=self._weights,
            norms=self._norms,
        )
