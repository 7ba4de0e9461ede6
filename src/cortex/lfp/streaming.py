"""LFP step by step, for closed loops: the state is two vectors per class of synapses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp.currents import checked_amplitude
from cortex.lfp.grid import checked_step
from cortex.lfp.synapses import SourceRows, SynapseClass, checked_weights, collapse
from cortex.params.lfp import RWS, WeightedSumParams
from cortex.typing import AnyArray, FloatArray, IntArray


@dataclass(slots=True, kw_only=True, eq=False)
class _ClassState:
    """State of one class: slow and fast exponential, and what is on its way to them.

    Rows of `pending` are future steps (a ring), columns slow and fast parts per electrode.
    """

    rows: SourceRows
    weights: FloatArray
    late: IntArray
    gain: FloatArray
    decay: FloatArray
    scale: float
    now: FloatArray
    pending: FloatArray


class SpikeStream:
    """LFP of spikes, one time step after another.

    A step takes the spikes at its end and returns the LFP there: equal to `lfp_from_spikes` of
    spikes on the grid of `dt` at ``dt * arange(1, n_steps + 1)``. It costs
    O(spikes x electrodes + electrodes) and nothing grows with time.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_targets)
        From `cortex.lfp.amplitude_matrix`.
    classes : sequence of SynapseClass
        Synapses; delay plus shift must not be negative.
    dt : float
        Time step, s.

    Raises
    ------
    ParameterError
        A step in ms, weights that do not fit the amplitudes, a shift into the future.

    Examples
    --------
    >>> from cortex.lfp import SynapticKernel
    >>> kernel = SynapticKernel(tau_decay=2e-3, tau_rise=0.0, norm="peak")
    >>> stream = SpikeStream(
    ...     np.ones((1, 1)), [SynapseClass(weights=np.ones((1, 1)), kernel=kernel)], dt=1e-3
    ... )
    >>> [float(stream.step(s)[0].round(3)) for s in ([0], [], [])]
    [1.0, 0.607, 0.368]
    """

    def __init__(
        self, amplitude: FloatArray, classes: Sequence[SynapseClass], *, dt: float
    ) -> None:
        amplitude = checked_amplitude(amplitude)
        self._n_electrodes = len(amplitude)
        self._states = [_class_state(each, amplitude, checked_step(dt)) for each in classes]
        self._position = 0

    def step(self, sources: AnyArray | Sequence[int]) -> FloatArray:
        """Take the spikes of this step and return the LFP now.

        Parameters
        ----------
        sources : array of int, shape (n_spikes,)
            Neurons that spike in this step, also empty.

        Returns
        -------
        ndarray of shape (n_electrodes,)
            LFP in the unit of `lfp_from_spikes`.

        Raises
        ------
        ParameterError
            A mask or numbers that are not whole, or neurons that do not exist.
        """
        lfp = np.zeros(self._n_electrodes)
        spiking = _neuron_numbers(sources)
        for state in self._states:
            _send(state, spiking, self._position)
            slot = self._position % len(state.pending)
            state.now *= state.decay[:, None]
            state.now += state.pending[slot]
            state.pending[slot] = 0.0
            lfp += state.scale * (state.now[0] - state.now[1])
        self._position += 1
        return lfp


class CurrentStream:
    """LFP of recorded currents, one sample after another.

    Equal to `lfp_from_currents` with ``boundary="zero"`` on the grid ``t = n dt``.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_sources)
        From `cortex.lfp.amplitude_matrix`.
    dt : float
        Sampling step, s.
    weighting : WeightedSumParams
        Delays (not negative, rounded to the nearest step) and relative weight.

    Raises
    ------
    ParameterError
        A step in ms, or a delay that reads the future.
    """

    def __init__(
        self, amplitude: FloatArray, *, dt: float, weighting: WeightedSumParams = RWS
    ) -> None:
        self._amplitude = checked_amplitude(amplitude)
        self._alpha = weighting.alpha
        checked_step(dt)
        self._late = tuple(
            int(np.rint(delay / dt)) for delay in (weighting.delay_ampa, weighting.delay_gaba)
        )
        _refuse_negative(min(self._late), "a stream of currents")
        self._pending = np.zeros((max(self._late) + 1, len(self._amplitude)))
        self._position = 0

    def step(self, ampa: FloatArray, gaba: FloatArray) -> FloatArray:
        """Take the currents of this step and return the LFP now.

        Parameters
        ----------
        ampa, gaba : ndarray of shape (n_sources,)
            Signed currents, A (excitatory positive).

        Returns
        -------
        ndarray of shape (n_electrodes,)
            LFP in the unit of `lfp_from_currents`.

        Raises
        ------
        ParameterError
            Currents of another shape, or not finite.
        """
        for name, current in (("ampa", ampa), ("gaba", gaba)):
            n_sources = self._amplitude.shape[1]
            if np.shape(current) != (n_sources,) or not np.all(np.isfinite(current)):
                msg = f"{name} of shape {np.shape(current)} needs to be ({n_sources},), all finite"
                raise ParameterError(msg)
        n = len(self._pending)
        self._pending[(self._position + self._late[0]) % n] += self._amplitude @ ampa
        inhibition = self._amplitude @ gaba
        self._pending[(self._position + self._late[1]) % n] -= self._alpha * inhibition
        lfp: FloatArray = self._pending[self._position % n].copy()
        self._pending[self._position % n] = 0.0
        self._position += 1
        return lfp


def _class_state(each: SynapseClass, amplitude: FloatArray, dt: float) -> _ClassState:
    matrix = checked_weights(each.weights, np.zeros(0, dtype=np.int64), len(amplitude.T))
    rows, weights = collapse(matrix, each.delay, amplitude)
    delay = rows.delay + each.shift
    late = np.ceil(delay / dt - 1e-9).astype(np.int64)
    _refuse_negative(int(late.min(initial=0)), "a stream of spikes")
    lag = np.maximum(late * dt - delay, 0.0)
    tau = np.array([each.kernel.tau_decay, each.kernel.tau_rise])
    with np.errstate(divide="ignore", invalid="ignore"):
        decay = np.where(tau > 0.0, np.exp(-dt / tau), 0.0)
        gain = np.where(tau > 0.0, np.exp(-lag[:, None] / tau), 0.0)
    return _ClassState(
        rows=rows,
        weights=weights,
        late=late,
        gain=gain,
        decay=decay,
        scale=each.factor * each.kernel.amplitude,
        now=np.zeros((2, len(amplitude))),
        pending=np.zeros((int(late.max(initial=0)) + 1, 2, len(amplitude))),
    )


def _neuron_numbers(sources: AnyArray | Sequence[int]) -> IntArray:
    given = np.asarray(sources)
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        msg = (
            f"sources of kind {given.dtype} and shape {given.shape} must be the numbers of the "
            "neurons that spike, 1-D; of a mask pass np.flatnonzero(mask)"
        )
        raise ParameterError(msg)
    return given.astype(np.int64)


def _send(state: _ClassState, spiking: IntArray, position: int) -> None:
    """Put the rows of the spiking neurons into the ring, at the steps of their arrival."""
    n_sources = len(state.rows.first) - 1
    if len(spiking) and not 0 <= spiking.min() <= spiking.max() < n_sources:
        msg = f"spikes from {spiking.min()} to {spiking.max()}, there are {n_sources} sources"
        raise ParameterError(msg)
    for source in spiking:
        rows = slice(state.rows.first[source], state.rows.first[source + 1])
        slots = (position + state.late[rows]) % len(state.pending)
        parts = state.gain[rows, :, None] * state.weights[rows, None, :]
        np.add.at(state.pending, slots, parts)


def _refuse_negative(late: int, what: str) -> None:
    if late < 0:
        msg = f"{what} cannot read {-late} steps of the future; use delays that are not negative"
        raise ParameterError(msg)
