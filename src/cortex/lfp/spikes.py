"""LFP and currents from spikes and a sparse weight matrix, by exact recursion.

All targets of a spike see the same time course, so their weights are collapsed onto the
electrodes before any time enters: one row of A W per source neuron. Each class of
synapses is then two exponentials per electrode, exact at any times of spikes and
results: O(events x electrodes + times x electrodes), without truncation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cortex.errors import ParameterError
from cortex.lfp._loops import filter_rows, filter_sparse_rows
from cortex.lfp.currents import checked_amplitude
from cortex.lfp.grid import checked_step
from cortex.lfp.synapses import (
    SourceRows,
    SynapseClass,
    checked_weights,
    collapse,
    split_by_delay,
)
from cortex.typing import AnyArray, FloatArray, IntArray


class TimedSpikes(Protocol):
    """What every simulation of cortex returns: spike times (s) and neurons."""

    @property
    def times(self) -> FloatArray:
        """Times, s."""

    @property
    def neurons(self) -> AnyArray:
        """Neurons, numbered through the network."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpikeEvents:
    """Spikes of a recording, in order of time.

    Parameters
    ----------
    time : ndarray of shape (n_spikes,)
        Spike times, s, ascending; also before the first time of the result.
    source : ndarray of int, shape (n_spikes,)
        Neuron of each spike, counted from 0.

    Raises
    ------
    ParameterError
        Arrays of other shapes or kinds, negative sources, times that are not finite or not
        ascending.
    """

    time: FloatArray
    source: IntArray

    def __post_init__(self) -> None:
        """Refuse spikes that are not finite or sorted, and sources that are no numbers."""
        if np.ndim(self.time) != 1 or np.shape(self.time) != np.shape(self.source):
            shapes = f"time {np.shape(self.time)} and source {np.shape(self.source)}"
            msg = f"{shapes} must be 1-D and equally long"
            raise ParameterError(msg)
        if len(self.source) and not np.issubdtype(np.asarray(self.source).dtype, np.integer):
            msg = f"source holds {np.asarray(self.source).dtype}, needs whole numbers"
            raise ParameterError(msg)
        if len(self.source) and np.min(self.source) < 0:
            msg = (
                f"spike {int(np.argmin(self.source))} comes from source {np.min(self.source)}; "
                "sources are counted from 0"
            )
            raise ParameterError(msg)
        if not np.all(np.isfinite(self.time)):
            msg = f"spike {int(np.argmin(np.isfinite(self.time)))} has a time that is not finite"
            raise ParameterError(msg)
        late = np.flatnonzero(np.diff(self.time) < 0.0)
        if len(late):
            msg = (
                f"spike {late[0] + 1} at {self.time[late[0] + 1]} s comes after one at "
                f"{self.time[late[0]]} s; sort the spikes by time (np.argsort)"
            )
            raise ParameterError(msg)

    @classmethod
    def of(cls, spikes: TimedSpikes) -> "SpikeEvents":
        """Return the spikes of any simulation (LIF, ring, Izhikevich), sorted by time."""
        times = np.asarray(spikes.times, dtype=np.float64)
        order = np.argsort(times, kind="stable")
        return cls(time=times[order], source=np.asarray(spikes.neurons, dtype=np.int64)[order])

    @classmethod
    def from_steps(cls, steps: AnyArray, neurons: AnyArray, dt: float) -> "SpikeEvents":
        """Return the spikes of a simulation in steps of `dt` (s).

        A spike of step k stands at its end, ``(k + 1) dt``, as in `cortex.spiking.Spikes` and
        hence in `of`; the trace samples of a run stand there too (``dt * arange(1, n + 1)``).
        """
        time = checked_step(dt) * (np.asarray(steps, dtype=np.float64) + 1.0)
        return cls(time=time, source=np.asarray(neurons, dtype=np.int64))


def lfp_from_spikes(
    amplitude: FloatArray, spikes: SpikeEvents, classes: Sequence[SynapseClass], *, at: FloatArray
) -> FloatArray:
    """Return the LFP of spikes sent through a weight matrix.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_targets)
        From `cortex.lfp.amplitude_matrix`, for the target cells of the weights.
    spikes : SpikeEvents
        Spikes of the source neurons.
    classes : sequence of SynapseClass
        Synapses, each class with its kernel, delays, factor and shift.
    at : ndarray of shape (n_times,)
        Times of the result, s, ascending, on any grid.

    Returns
    -------
    ndarray of shape (n_times, n_electrodes)
        V for amplitudes in V/A and currents in A; not normalised. Equal to
        `lfp_from_currents` of all single currents, up to rounding.

    Raises
    ------
    ParameterError
        Amplitudes, weights, delays, spikes and times that do not fit each other.
    """
    amplitude = checked_amplitude(amplitude)
    times = _checked_times(at)
    lfp = np.zeros((len(times), len(amplitude)))
    for each in classes:
        matrix = checked_weights(each.weights, spikes.source, len(amplitude.T))
        rows, weights = collapse(matrix, each.delay, amplitude)
        arrival, row = _arrivals(spikes, rows, each.shift)
        tau = (each.kernel.tau_decay, each.kernel.tau_rise)
        filter_rows(times, arrival, row, weights, tau, each.factor * each.kernel.amplitude, lfp)
    return lfp


def currents_from_spikes(
    spikes: SpikeEvents, synapses: SynapseClass, *, at: FloatArray
) -> FloatArray:
    """Return the synaptic current of every target neuron.

    Parameters
    ----------
    spikes : SpikeEvents
        Spikes of the source neurons.
    synapses : SynapseClass
        One class; its factor and shift apply too.
    at : ndarray of shape (n_times,)
        Times of the result, s, ascending.

    Returns
    -------
    ndarray of shape (n_times, n_targets)
        Current, in the unit of the weights times the kernel.

    Raises
    ------
    ParameterError
        Weights, delays, spikes and times that do not fit each other.
    """
    times = _checked_times(at)
    matrix = checked_weights(synapses.weights, spikes.source, None)
    rows, first, column, weight = split_by_delay(matrix, synapses.delay)
    arrival, row = _arrivals(spikes, rows, synapses.shift)
    current = np.zeros((len(times), matrix.shape[0]))
    tau = (synapses.kernel.tau_decay, synapses.kernel.tau_rise)
    scale = synapses.factor * synapses.kernel.amplitude
    filter_sparse_rows(times, arrival, row, first, column, weight, tau, scale, current)
    return current


def _checked_times(at: FloatArray) -> FloatArray:
    times = np.asarray(at, dtype=np.float64)
    if times.ndim != 1 or not np.all(np.isfinite(times)) or np.any(np.diff(times) < 0.0):
        msg = f"at must be 1-D, finite and ascending (s), got shape {times.shape}"
        raise ParameterError(msg)
    return times


def _arrivals(spikes: SpikeEvents, rows: SourceRows, shift: float) -> tuple[FloatArray, IntArray]:
    """Return arrival times in ascending order and the row of each event."""
    if len(rows.delay) == 0 or len(spikes.time) == 0:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    number = np.diff(rows.first)[spikes.source]
    event = np.repeat(np.arange(len(spikes.time)), number)
    within = np.arange(len(event)) - np.repeat(np.cumsum(number) - number, number)
    row = (rows.first[spikes.source][event] + within).astype(np.int64)
    arrival = spikes.time[event] + rows.delay[row] + shift
    if np.all(arrival[1:] >= arrival[:-1]):
        return arrival, row
    order = np.argsort(arrival, kind="stable")
    return arrival[order], row[order]
