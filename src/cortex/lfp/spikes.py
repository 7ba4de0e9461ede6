"""LFP and currents from spikes and a sparse weight matrix, by exact recursion.

All targets of a spike see the same time course, so their weights are collapsed onto the
electrodes before any time enters: one row of A W per source neuron. Each class of
synapses is then two exponentials per electrode, exact at any times of spikes and
results: O(events x electrodes + times x electrodes), without truncation.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse import issparse

from cortex.errors import ParameterError
from cortex.lfp._loops import filter_rows, filter_sparse_rows
from cortex.lfp.currents import checked_amplitude
from cortex.lfp.synapses import (
    SourceRows,
    SynapseClass,
    checked_weights,
    collapse,
    split_by_delay,
)
from cortex.params.arrays import instance, reals
from cortex.spikes import Spikes
from cortex.typing import FloatArray, IntArray

FORGOTTEN: Final = 50.0
"""Time constants after which exp(-50) of a current is left: nothing."""


def lfp_from_spikes(
    amplitude: FloatArray, spikes: Spikes, classes: Sequence[SynapseClass], *, at: FloatArray
) -> FloatArray:
    """Return the LFP of spikes sent through a weight matrix.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_targets)
        From `cortex.lfp.amplitude_matrix`, for the target cells of the weights.
    spikes : Spikes
        Spikes of the source neurons, also before the first time of the result.
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
        Amplitudes, weights, delays, spikes and times that do not fit each other; times that no
        spike reaches.

    References
    ----------
    Rotter & Diesmann (1999), Biol. Cybern. 81:381, for the exact recursion.

    Examples
    --------
    >>> from cortex.lfp.kernels import SynapticKernel
    >>> kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
    >>> synapses = SynapseClass(weights=np.array([[1e-12, 2e-12]]), kernel=kernel)
    >>> spikes = Spikes.of_trains({"E": [[1e-3], []]}, stop=0.01)
    >>> lfp_from_spikes(np.ones((3, 1)), spikes, [synapses], at=np.array([0.5e-3, 2e-3])).shape
    (2, 3)
    """
    amplitude = checked_amplitude(amplitude)
    times = _checked_times(at, spikes, classes)
    lfp = np.zeros((len(times), len(amplitude)))
    for each in classes:
        matrix = checked_weights(each.weights, spikes.neurons, len(amplitude.T))
        rows, weights = collapse(matrix, each.delay, amplitude)
        arrival, row = _arrivals(spikes, rows, each.shift)
        tau = (each.kernel.tau_decay, each.kernel.tau_rise)
        filter_rows(times, arrival, row, weights, tau, each.factor * each.kernel.amplitude, lfp)
    return lfp


def currents_from_spikes(spikes: Spikes, synapses: SynapseClass, *, at: FloatArray) -> FloatArray:
    """Return the synaptic current of every target neuron.

    Parameters
    ----------
    spikes : Spikes
        Spikes of the source neurons, also before the first time of the result.
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

    References
    ----------
    Rotter & Diesmann (1999), Biol. Cybern. 81:381, for the exact recursion.

    Examples
    --------
    >>> from cortex.lfp.kernels import SynapticKernel
    >>> kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
    >>> synapses = SynapseClass(weights=np.array([[1e-12, 2e-12]]), kernel=kernel)
    >>> spikes = Spikes.of_trains({"E": [[1e-3], []]}, stop=0.01)
    >>> bool(currents_from_spikes(spikes, synapses, at=np.array([0.5e-3, 2e-3]))[0, 0] == 0.0)
    True
    """
    times = _checked_times(at, spikes, [synapses])
    matrix = checked_weights(synapses.weights, spikes.neurons, None)
    rows, first, column, weight = split_by_delay(matrix, synapses.delay)
    arrival, row = _arrivals(spikes, rows, synapses.shift)
    current = np.zeros((len(times), matrix.shape[0]))
    tau = (synapses.kernel.tau_decay, synapses.kernel.tau_rise)
    scale = synapses.factor * synapses.kernel.amplitude
    filter_sparse_rows(times, arrival, row, first, column, weight, tau, scale, current)
    return current


def _checked_times(at: FloatArray, spikes: Spikes, classes: Sequence[SynapseClass]) -> FloatArray:
    """Return the times of the result; refuse those that no spike can reach, as in other units."""
    instance("spikes", spikes, Spikes)
    for each in classes:
        instance("classes", each, SynapseClass)
    times = reals("at", at, "s")
    if times.ndim != 1 or not np.all(np.isfinite(times)) or np.any(np.diff(times) < 0.0):
        msg = f"at must be 1-D, finite and ascending (s), got shape {times.shape}"
        raise ParameterError(msg)
    if len(spikes) == 0 or len(times) == 0 or not classes:
        return times
    longest = max(each.kernel.tau_decay for each in classes)
    latest = max(each.shift + float(np.max(_delays_of(each), initial=0.0)) for each in classes)
    before = np.searchsorted(spikes.times, times - min(each.shift for each in classes), "right")
    age = times - np.append(-np.inf, spikes.times)[before]
    if np.min(age) > FORGOTTEN * longest + latest:
        msg = (
            f"at lies between {times[0]:g} and {times[-1]:g} s, the spikes between "
            f"{spikes.times[0]:g} and {spikes.times[-1]:g} s: every one comes later or is "
            f"forgotten (time constants up to {longest:g} s); are spikes or `at` in ms?"
        )
        raise ParameterError(msg)
    return times


def _delays_of(each: SynapseClass) -> FloatArray:
    stored: Any = getattr(each.delay, "data", each.delay) if issparse(each.delay) else each.delay
    return np.asarray(stored, dtype=np.float64)


def _arrivals(spikes: Spikes, rows: SourceRows, shift: float) -> tuple[FloatArray, IntArray]:
    """Return arrival times in ascending order and the row of each event."""
    times = spikes.times
    if len(rows.delay) == 0 or len(times) == 0:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    number = np.diff(rows.first)[spikes.neurons]
    event = np.repeat(np.arange(len(times)), number)
    within = np.arange(len(event)) - np.repeat(np.cumsum(number) - number, number)
    row = (rows.first[spikes.neurons][event] + within).astype(np.int64)
    arrival = times[event] + rows.delay[row] + shift
    if np.all(arrival[1:] >= arrival[:-1]):
        return arrival, row
    order = np.argsort(arrival, kind="stable")
    return arrival[order], row[order]
