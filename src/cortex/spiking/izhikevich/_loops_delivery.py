"""Compiled delivery of spikes and noise to conductances, and storage of samples."""

import numpy as np
from numba import njit

from cortex._loops_uncounted import uncounted
from cortex.spiking.izhikevich._loops_cells import GATE_SCALE_mV, GATE_ZERO_mV
from cortex.spiking.izhikevich.layout import (
    CURRENTS,
    DELAY,
    IS_DENSE,
    N_RECEPTORS,
    N_WEIGHTS,
    ROWS,
    SCALES,
    SHIFT,
    SOURCE,
    SOURCE_STOP,
    TARGET,
    TARGET_STOP,
    G,
    Record,
    Synapses,
    U,
    V,
)
from cortex.typing import FloatArray, IntArray

FEW = 2  # arrivals per target up to which each goes straight to the conductances


@uncounted
def _currents(state: FloatArray, i: int, record: Record) -> tuple[float, float]:
    """Return the excitatory and the inhibitory current into a cell, A, inward positive."""
    v, g, E_mV = state[V, i], state[G:, i], record.E_mV
    x = v - GATE_ZERO_mV
    x = x if x > 0.0 or record.opens_again else 0.0
    gate = x * x / (GATE_SCALE_mV * GATE_SCALE_mV + x * x)
    exc = g[0] * (E_mV[0] - v) + g[1] * gate * (E_mV[1] - v)
    inh = g[2] * (E_mV[2] - v) + g[3] * (E_mV[3] - v)
    return SCALES[U] * exc, SCALES[U] * inh


@uncounted
def _store_means(state: FloatArray, sample: FloatArray, record: Record) -> None:
    """Store the means of the rows of a state, and of both currents, over each population."""
    for p in range(record.populations.size - 1):
        lo, hi = record.populations[p], record.populations[p + 1]
        for r in range(CURRENTS):
            total = 0.0
            for i in range(lo, hi):
                total += state[r, i]
            sample[r, p] = SCALES[r] * total / (hi - lo)
        exc, inh = 0.0, 0.0
        for i in range(lo, hi):
            more = _currents(state, i, record)
            exc, inh = exc + more[0], inh + more[1]
        sample[CURRENTS, p], sample[CURRENTS + 1, p] = exc / (hi - lo), inh / (hi - lo)


@uncounted
def store(state: FloatArray, step: int, record: Record) -> None:
    """Store in SI what is recorded if the end of this step is a sample."""
    late = step - record.first
    if late < 0 or late % record.every != 0:
        return
    k, (n_samples, n_rows, n_neurons) = late // record.every, record.traces.shape
    if k < n_samples:
        sample = record.traces[k]
        for r in range(min(n_rows, CURRENTS)):
            row, scale = state[r], SCALES[r]
            for j in range(n_neurons):
                sample[r, j] = scale * row[record.neurons[j]]
        for j in range(n_neurons if n_rows > CURRENTS else 0):
            both = _currents(state, record.neurons[j], record)
            sample[CURRENTS, j], sample[CURRENTS + 1, j] = both
    if k < record.means.shape[0]:
        _store_means(state, record.means[k], record)


@uncounted
def add_row(into: FloatArray, gain: float, synapses: Synapses, p: int, source: int) -> None:
    """Add the weights of one source neuron, times `gain`, to a row over all neurons.

    Indices are unsigned: signed ones may count from the end, and asking costs time.
    """
    projection = synapses.projections[p]
    at = projection[ROWS] + source - projection[SOURCE]
    lo, hi = synapses.rows[at], synapses.rows[at + 1]
    w = synapses.weights[lo:hi]
    if projection[IS_DENSE]:
        part = into[projection[TARGET] : projection[TARGET_STOP]]
        for k in range(w.size):
            part[k] += gain * w[k]
    else:
        shift = projection[SHIFT]
        targets = synapses.targets[lo + shift : hi + shift]
        for k in range(w.size):
            into[np.uint64(np.uint32(targets[k]))] += gain * w[k]


@uncounted
def _range_of(neurons: IntArray, first: int, stop: int) -> tuple[int, int]:
    """Return where the neurons first..stop lie in a list in ascending order."""
    lo = 0
    while lo < neurons.size and neurons[lo] < first:
        lo += 1
    hi = lo
    while hi < neurons.size and neurons[hi] < stop:
        hi += 1
    return lo, hi


@uncounted
def send(
    neurons: IntArray,
    span: tuple[int, int],
    step: int,
    synapses: Synapses,
    g: FloatArray,
    arriving: FloatArray,
    waiting: IntArray,
) -> None:
    """Deliver the spikes of one step, those of ``neurons[span[0]:span[1]]``, ascending.

    A few spikes without delay go straight to the conductances `g`; others are summed in the
    row of the step in which they arrive, which is read once for all receptors.
    """
    fired = neurons[span[0] : span[1]]
    for p in range(synapses.projections.shape[0]):
        projection = synapses.projections[p]
        lo, hi = _range_of(fired, projection[SOURCE], projection[SOURCE_STOP])
        n_sources = projection[SOURCE_STOP] - projection[SOURCE]
        n_targets = projection[TARGET_STOP] - projection[TARGET]
        n_arrivals = (hi - lo) * projection[N_WEIGHTS]  # times n_sources
        if projection[DELAY] == 0 and n_arrivals <= FEW * n_sources * n_targets:
            for r in range(N_RECEPTORS):
                if synapses.mix[p, r] != 0.0:
                    for i in range(lo, hi):
                        add_row(g[r], synapses.mix[p, r], synapses, p, fired[i])
        else:
            slot = (step + 1 + projection[DELAY]) % arriving.shape[0]
            waiting[slot, p] |= hi > lo
            for i in range(lo, hi):
                add_row(arriving[slot, p], 1.0, synapses, p, fired[i])


@uncounted
def receive(
    g: FloatArray, step: int, arriving: FloatArray, waiting: IntArray, synapses: Synapses
) -> None:
    """Move what arrives at a step into the conductances and clear the slot."""
    now = step % arriving.shape[0]
    for p in range(synapses.projections.shape[0]):
        if waiting[now, p]:
            lo, hi = synapses.projections[p, TARGET], synapses.projections[p, TARGET_STOP]
            part = arriving[now, p, lo:hi]
            for r in range(N_RECEPTORS):
                m = synapses.mix[p, r]
                if m != 0.0:
                    g_r = g[r, lo:hi]
                    for j in range(part.size):
                        g_r[j] += m * part[j]
            for j in range(part.size):
                part[j] = 0.0
            waiting[now, p] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def add_poisson(g: FloatArray, poisson: FloatArray, rng: np.random.Generator) -> None:
    """Add Poisson events: one count per source, spread evenly, is one per neuron.

    Columns: first neuron, number of neurons, receptor, expected count of all, weight.
    """
    for p in range(poisson.shape[0]):
        first, size, weight_nS = int(poisson[p, 0]), poisson[p, 1], poisson[p, 4]
        g_r = g[int(poisson[p, 2])]
        for _ in range(rng.poisson(poisson[p, 3])):
            g_r[first + int(rng.random() * size)] += weight_nS
