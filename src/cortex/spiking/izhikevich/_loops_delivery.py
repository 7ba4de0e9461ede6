"""Compiled delivery of spikes and noise to conductances, and storage of samples."""

import numpy as np
from numba import njit

from cortex._loops_uncounted import uncounted
from cortex.spiking.izhikevich.layout import (
    DELAY,
    IS_DENSE,
    N_RECEPTORS,
    N_WEIGHTS,
    ROWS,
    SHIFT,
    SOURCE,
    SOURCE_STOP,
    TARGET,
    TARGET_STOP,
    Record,
    Synapses,
)
from cortex.typing import FloatArray, IntArray

FEW = 2  # arrivals per target up to which each goes straight to the conductances


@uncounted
def store(state: FloatArray, step: int, record: Record) -> None:
    """Store the chosen rows of the chosen neurons in SI if the end of this step is a sample."""
    late = step - record.first
    if record.trace.shape[0] and late >= 0 and late % record.every == 0:
        sample = record.trace[late // record.every]
        for r in range(record.rows.size):
            row, scale = state[record.rows[r]], record.scales[r]
            for j in range(record.neurons.size):
                sample[r, j] = scale * row[record.neurons[j]]


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
