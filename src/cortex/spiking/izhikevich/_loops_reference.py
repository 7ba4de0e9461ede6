"""Compiled steps of the reference scheme, which repeats a published notebook spike for spike.

Nothing here may be reordered: another order of summation is another last digit. Units are
those of the published equations: mV, ms, pA, nS and pF.
"""

import numpy as np
from numba import njit

from cortex._loops_uncounted import uncounted
from cortex.spiking.izhikevich._loops_cells import BLOW_UP_mV, GATE_SCALE_mV, GATE_ZERO_mV
from cortex.spiking.izhikevich._loops_delivery import add_row, store
from cortex.spiking.izhikevich.layout import (
    BLOWN_UP,
    N_RECEPTORS,
    NMDA,
    OK,
    SOURCE,
    SOURCE_STOP,
    G,
    Model,
    Outcome,
    Part,
    Record,
    Spikes,
    Step,
    Synapses,
    U,
    V,
)
from cortex.typing import FloatArray


@uncounted
def _collect_drive(
    state: FloatArray,
    sums: FloatArray,
    part: Part,
    current_pA: FloatArray,
    model: Model,
    at: FloatArray,
) -> None:
    """Sum what does not depend on v: S = I + sum at g E, G = sum at g, N = at g_NMDA."""
    lo, hi = part
    drive, total, nmda = sums[0][: hi - lo], sums[1][: hi - lo], sums[2][: hi - lo]
    for j in range(drive.size):
        drive[j], total[j], nmda[j] = current_pA[lo + j], 0.0, 0.0
    for r in range(N_RECEPTORS):
        if model.receptors[3, r] == 0.0:
            continue
        g, f, fe = state[G + r][lo:hi], at[r], at[r] * model.receptors[2, r]
        if r == NMDA:
            for j in range(drive.size):
                nmda[j] = f * g[j]
        else:
            for j in range(drive.size):
                drive[j] += fe * g[j]
                total[j] += f * g[j]


@uncounted
def _decay(g: FloatArray, part: Part, model: Model) -> None:
    """Multiply the conductances (4, n) of a part by what a step leaves of them."""
    lo, hi = part
    for r in range(N_RECEPTORS):
        if model.receptors[3, r] != 0.0:
            g_r, keep = g[r][lo:hi], model.receptors[1, r]
            for j in range(g_r.size):
                g_r[j] *= keep


@uncounted
def _euler(
    state: FloatArray, sums: FloatArray, part: Part, offset: int, cell: FloatArray, step: Step
) -> None:
    """Advance v and u of one population by Euler's step, in place; the gate is even in v + 80."""
    E_nmda_mV, dt_ms = step
    C, k, v_r, v_t, a, b = cell[0], cell[1], cell[2], cell[3], cell[5], cell[6]
    lo, hi = part
    start, end = lo - offset, hi - offset
    drive, total, nmda = sums[0][start:end], sums[1][start:end], sums[2][start:end]
    v, u = state[V][lo:hi], state[U][lo:hi]
    for j in range(v.size):
        v0, u0 = v[j], u[j]
        x = (v0 - GATE_ZERO_mV) / GATE_SCALE_mV
        i_syn = total[j] * v0 + nmda[j] * (x * x / (1.0 + x * x)) * (v0 - E_nmda_mV)
        v[j] = v0 + dt_ms * (k * (v0 - v_r) * (v0 - v_t) - u0 + drive[j] - i_syn) / C
        u[j] = u0 + dt_ms * (a * (b * (v0 - v_r) - u0))


@uncounted
def _send_reference(
    source: int, g: FloatArray, trace: FloatArray, model: Model, synapses: Synapses
) -> None:
    """Raise the targets of one spike by w (1 + f s), s the trace of the source before it.

    The source's conductances skip this step's decay: a target keeps f s w more, and
    dividing the trace undoes for this source the decay of all traces that follows.
    """
    for p in range(synapses.projections.shape[0]):
        projection = synapses.projections[p]
        if projection[SOURCE] <= source < projection[SOURCE_STOP]:
            for r in range(N_RECEPTORS):
                if synapses.mix[p, r] != 0.0:
                    gain = synapses.mix[p, r] * (1.0 + model.receptors[0, r] * trace[r, source])
                    add_row(g[r], gain, synapses, p, source)
    for r in range(N_RECEPTORS):
        trace[r, source] = (trace[r, source] + 1.0) / model.receptors[1, r]


@uncounted
def _advance(
    state: FloatArray,
    span: tuple[int, int, float],
    current_pA: FloatArray,
    model: Model,
    synapses: Synapses,
    source_trace: FloatArray,
    record: Record,
    spikes: Spikes,
    scratch: tuple[FloatArray, FloatArray, FloatArray],
) -> Outcome:
    """Advance as `advance_reference` does, in arrays made before."""
    step, stop, dt_ms = span
    start, length, n_spikes = step, Step(model.receptors[2, NMDA], dt_ms), 0
    sums, old, now = scratch
    everyone = (0, state.shape[1])
    while step < stop and n_spikes + state.shape[1] <= spikes.step.size:
        row = current_pA[step - start] if current_pA.shape[0] > 1 else current_pA[0]
        _collect_drive(state, sums, everyone, row, model, now)
        _decay(state[G:], everyone, model)
        for j in range(state.shape[1]):
            old[V, j], old[U, j] = state[V, j], state[U, j]
        for p in range(model.cells.shape[0]):
            part = (model.first[p], model.first[p + 1])
            _euler(state, sums, part, 0, model.cells[p], length)
        before = n_spikes
        for p in range(model.cells.shape[0]):
            for j in range(model.first[p], model.first[p + 1]):
                if old[V, j] >= model.cells[p, 4]:
                    state[V, j], state[U, j] = model.cells[p, 7], old[U, j] + model.cells[p, 8]
                    spikes.step[n_spikes], spikes.neuron[n_spikes] = step + 1, j
                    spikes.fraction[n_spikes] = 1.0
                    n_spikes += 1
                elif not abs(state[V, j]) < BLOW_UP_mV:
                    return Outcome(step, n_spikes, BLOWN_UP, j)
        for i in range(before, n_spikes):
            _send_reference(spikes.neuron[i], state[G:], source_trace, model, synapses)
        _decay(source_trace, everyone, model)
        store(state, step, record)
        step += 1
    return Outcome(step, n_spikes, OK, -1)


@njit(cache=True, nogil=True, error_model="numpy")
def advance_reference(
    state: FloatArray,
    span: tuple[int, int, float],
    current_pA: FloatArray,
    model: Model,
    synapses: Synapses,
    source_trace: FloatArray,
    record: Record,
    spikes: Spikes,
) -> Outcome:
    """Advance a network as the published notebook does, with O(n) state.

    A spike is a state at or above the peak; the next step resets it and nothing else.
    Conductances decay by 1 - dt/tau, those of a source not in the step in which it spikes:
    `source_trace` (4, n) carries what a sum forgets. Row 0 of the receptors is dt/tau.
    """
    n = state.shape[1]
    scratch = (np.empty((3, n)), np.empty((2, n)), np.ones(N_RECEPTORS))
    return _advance(state, span, current_pA, model, synapses, source_trace, record, spikes, scratch)
