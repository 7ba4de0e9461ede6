"""Compiled time steps of Izhikevich networks, in the units of the published equations.

Everything here is in mV, ms, pA, nS and pF; `cortex.izhikevich.packing` converts from and
to SI and `cortex.izhikevich.layout` says what stands where.
"""

import numpy as np
from numba import njit

from cortex.izhikevich.layout import (
    BLOWN_UP,
    DELAY,
    IS_DENSE,
    N_RECEPTORS,
    NMDA,
    OK,
    ROWS,
    SHIFT,
    SOURCE,
    SOURCE_STOP,
    STIFF,
    TARGET,
    TARGET_STOP,
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
from cortex.typing import FloatArray, IntArray

GATE_ZERO_mV, GATE_SCALE_mV = -80.0, 60.0
BLOW_UP_mV = 1000.0
STIFFNESS_CHECK_STEPS = 8
STRIP = 256
LARGEST_LEAK = 10.0  # conductance times dt over C


@njit(cache=True, nogil=True, error_model="numpy")
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
    drive[:], total[:], nmda[:] = current_pA[lo:hi], 0.0, 0.0
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


@njit(cache=True, nogil=True, error_model="numpy")
def _decay(g: FloatArray, part: Part, model: Model) -> None:
    """Multiply the conductances (4, n) of a part by what a step leaves of them."""
    lo, hi = part
    for r in range(N_RECEPTORS):
        if model.receptors[3, r] != 0.0:
            g_r, keep = g[r][lo:hi], model.receptors[1, r]
            for j in range(g_r.size):
                g_r[j] *= keep


@njit(cache=True, nogil=True, error_model="numpy")
def _heun(
    state: FloatArray, sums: FloatArray, part: Part, offset: int, cell: FloatArray, step: Step
) -> None:
    """Advance v and u of one population by Heun's step, in place.

    C dv/dt = k (v - v_r)(v - v_t) - u + S - G v - N B(v) (v - E_NMDA),
    du/dt = a (b (v - v_r) - u), with B = q/(1 + q), q = max(v + 80, 0)^2 / 60^2.
    (G + N B) v, with B as at the start, is averaged over both ends of the step
    (Crank-Nicolson), so that large conductances on small cells stay stable.
    """
    k, v_r, v_t, a, b = cell[1], cell[2], cell[3], cell[5], cell[6]
    lo, hi = part
    start, end = lo - offset, hi - offset
    drive, total, nmda = sums[0][start:end], sums[1][start:end], sums[2][start:end]
    v, u = state[V][lo:hi], state[U][lo:hi]
    (E_nmda_mV, dt_ms), scale = step, 1.0 / GATE_SCALE_mV
    per_C, half = dt_ms / cell[0], 0.5 * dt_ms
    for j in range(v.size):
        v0, u0, s, n = v[j], u[j], drive[j], nmda[j]
        x = (v0 - GATE_ZERO_mV) * scale
        x = x if x > 0.0 else 0.0
        gate = x * x / (1.0 + x * x)
        leak = 0.5 * per_C * (total[j] + n * gate)
        divisor, base = 1.0 / (1.0 + leak), v0 * (1.0 - leak)
        s += n * gate * E_nmda_mV
        dv0 = per_C * (k * (v0 - v_r) * (v0 - v_t) - u0 + s)
        du0 = a * (b * (v0 - v_r) - u0)
        v1, u1 = (base + dv0) * divisor, u0 + dt_ms * du0
        x = (v1 - GATE_ZERO_mV) * scale
        x = x if x > 0.0 else 0.0
        gate = x * x / (1.0 + x * x) - gate
        dv1 = per_C * (k * (v1 - v_r) * (v1 - v_t) - u1 + s - n * gate * (v1 - E_nmda_mV))
        du1 = a * (b * (v1 - v_r) - u1)
        v[j] = (base + 0.5 * (dv0 + dv1)) * divisor
        u[j] = u0 + half * (du0 + du1)


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _first_stiff(sums: FloatArray, part: Part, limit_nS: float) -> int:
    """Return the first neuron of a part whose conductance exceeds the limit, or -1."""
    lo, hi = part
    for j in range(hi - lo):
        if not sums[1, j] + sums[2, j] < limit_nS:
            return lo + j
    return -1


@njit(cache=True, nogil=True, error_model="numpy")
def _store(state: FloatArray, step: int, record: Record) -> None:
    """Store the chosen rows of the chosen neurons in SI if this step is a sample."""
    if record.trace.shape[0] and step % record.every == 0:
        sample = record.trace[step // record.every]
        for r in range(record.rows.size):
            row, scale = state[record.rows[r]], record.scales[r]
            for j in range(record.neurons.size):
                sample[r, j] = scale * row[record.neurons[j]]


@njit(cache=True, nogil=True, error_model="numpy")
def _count_outside(v: FloatArray, low_mV: float, high_mV: float) -> int:
    """Return how many values do not lie between two limits; not a number counts as outside."""
    n_outside = v.size
    for j in range(v.size):
        n_outside -= (v[j] > low_mV) & (v[j] < high_mV)
    return n_outside


@njit(cache=True, nogil=True, error_model="numpy")
def _find_spikes(
    old: FloatArray,
    state: FloatArray,
    sums: FloatArray,
    part: Part,
    cell: FloatArray,
    length: Step,
    at: tuple[int, int],
    out: Spikes,
) -> tuple[int, int]:
    """Reset cells where v crossed its peak, by linear interpolation; integrate their rest.

    `at`: step and spikes already found. Returns (n_spikes, neuron that blew up or -1).
    """
    (lo, hi), (step, n_spikes), (peak, reset, jump) = part, at, (cell[4], cell[7], cell[8])
    v, u = state[V], state[U]
    if _count_outside(v[lo:hi], -BLOW_UP_mV, peak) == 0:
        return n_spikes, -1
    for j in range(lo, hi):
        if -BLOW_UP_mV < v[j] < peak:
            continue
        if not abs(v[j]) < BLOW_UP_mV:
            return n_spikes, j
        v_old, u_old = old[V, j - lo], old[U, j - lo]
        crossed = (peak - v_old) / (v[j] - v_old) if v[j] > v_old else 0.0
        fraction = min(max(crossed, 0.0), 1.0)
        v[j], u[j] = reset, u_old + fraction * (u[j] - u_old) + jump
        rest = Step(length.E_nmda_mV, (1.0 - fraction) * length.dt_ms)
        _heun(state, sums, (j, j + 1), lo, cell, rest)
        out.step[n_spikes], out.neuron[n_spikes], out.fraction[n_spikes] = step + 1, j, fraction
        n_spikes += 1
    return n_spikes, -1


@njit(cache=True, nogil=True, error_model="numpy")
def _advance_cells(
    state: FloatArray,
    current_pA: FloatArray,
    model: Model,
    length: Step,
    at: tuple[int, int],
    work: FloatArray,
    out: Spikes,
) -> Outcome:
    """Advance all cells by a step, in strips that fit the first-level cache."""
    (step, n_spikes), sums, old = at, work[:3], work[3:]
    for p in range(model.cells.shape[0]):
        cell = model.cells[p]
        for lo in range(model.first[p], model.first[p + 1], STRIP):
            part = (lo, min(lo + STRIP, model.first[p + 1]))
            _collect_drive(state, sums, part, current_pA, model, model.receptors[0])
            _decay(state[G:], part, model)
            if step % STIFFNESS_CHECK_STEPS == 0:
                stiff = _first_stiff(sums, part, LARGEST_LEAK * cell[0] / length.dt_ms)
                if stiff >= 0:
                    return Outcome(step, n_spikes, STIFF, stiff)
            n = part[1] - lo
            old[V, :n], old[U, :n] = state[V, lo : part[1]], state[U, lo : part[1]]
            _heun(state, sums, part, lo, cell, length)
            n_spikes, lost = _find_spikes(
                old, state, sums, part, cell, length, (step, n_spikes), out
            )
            if lost >= 0:
                return Outcome(step, n_spikes, BLOWN_UP, lost)
    return Outcome(step, n_spikes, OK, -1)


@njit(cache=True, nogil=True, error_model="numpy")
def _add_row(into: FloatArray, gain: float, synapses: Synapses, p: int, source: int) -> None:
    """Add the weights of one source neuron, times `gain`, to a row over all neurons."""
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
            into[targets[k]] += gain * w[k]


@njit(cache=True, nogil=True, error_model="numpy")
def _send(
    source: int, step: int, synapses: Synapses, arriving: FloatArray, waiting: IntArray
) -> None:
    """Put the weights of one spike into the slot in which they arrive."""
    for p in range(synapses.projections.shape[0]):
        projection = synapses.projections[p]
        if projection[SOURCE] <= source < projection[SOURCE_STOP]:
            slot = (step + 1 + projection[DELAY]) % arriving.shape[0]
            _add_row(arriving[slot, p], 1.0, synapses, p, source)
            waiting[slot, p] = 1


@njit(cache=True, nogil=True, error_model="numpy")
def _receive(g: FloatArray, arrived: FloatArray, waiting: IntArray, synapses: Synapses) -> None:
    """Move what arrives now into the conductances and clear the slot."""
    for p in range(synapses.projections.shape[0]):
        if waiting[p]:
            lo, hi = synapses.projections[p, TARGET], synapses.projections[p, TARGET_STOP]
            part = arrived[p, lo:hi]
            for r in range(N_RECEPTORS):
                m = synapses.mix[p, r]
                if m != 0.0:
                    g_r = g[r, lo:hi]
                    for j in range(part.size):
                        g_r[j] += m * part[j]
            part[:] = 0.0
            waiting[p] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def _add_poisson(g: FloatArray, poisson: FloatArray, rng: np.random.Generator) -> None:
    """Add Poisson events: one count per source, spread evenly, is one per neuron.

    Columns: first neuron, number of neurons, receptor, expected count of all, weight.
    """
    for p in range(poisson.shape[0]):
        first, size, weight_nS = int(poisson[p, 0]), poisson[p, 1], poisson[p, 4]
        g_r = g[int(poisson[p, 2])]
        for _ in range(rng.poisson(poisson[p, 3])):
            g_r[first + int(rng.random() * size)] += weight_nS


@njit(cache=True, nogil=True, error_model="numpy")
def advance_standard(
    state: FloatArray,
    span: tuple[int, int, float],
    current_pA: FloatArray,
    model: Model,
    synapses: Synapses,
    delays: tuple[FloatArray, IntArray],
    poisson: FloatArray,
    rng: np.random.Generator,
    record: Record,
    spikes: Spikes,
) -> Outcome:
    """Advance a network: exponential conductances, Heun's step, peaks found within the step.

    `state` (6, n) is changed in place; `span` is the first step, the step to stop before
    and dt in ms; `current_pA` is (n_steps, n), or (1, n) if constant; `delays` are the
    weights under way (n_slots, n_projections, n) and whether a slot holds any. Conductances
    are read at mid-step, so the step is of second order; a spike arrives at the end of the
    step in which it falls, or its delay later.
    """
    (step, stop, dt_ms), (arriving, waiting) = span, delays
    start, length, n_spikes = step, Step(model.receptors[2, NMDA], dt_ms), 0
    work = np.empty((5, STRIP))
    while step < stop and n_spikes + state.shape[1] <= spikes.step.size:
        _store(state, step, record)
        row = current_pA[step - start] if current_pA.shape[0] > 1 else current_pA[0]
        outcome = _advance_cells(state, row, model, length, (step, n_spikes), work, spikes)
        if outcome.status != OK:
            return outcome
        for i in range(n_spikes, outcome.n_spikes):
            _send(spikes.neuron[i], step, synapses, arriving, waiting)
        n_spikes, step = outcome.n_spikes, step + 1
        now = step % arriving.shape[0]
        _receive(state[G:], arriving[now], waiting[now], synapses)
        _add_poisson(state[G:], poisson, rng)
    return Outcome(step, n_spikes, OK, -1)


@njit(cache=True, nogil=True, error_model="numpy")
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
                    _add_row(g[r], gain, synapses, p, source)
    for r in range(N_RECEPTORS):
        trace[r, source] = (trace[r, source] + 1.0) / model.receptors[1, r]


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
    step, stop, dt_ms = span
    start, length, n_spikes = step, Step(model.receptors[2, NMDA], dt_ms), 0
    sums, old = np.empty((3, state.shape[1])), np.empty((2, state.shape[1]))
    now, everyone = np.ones(N_RECEPTORS), (0, state.shape[1])
    while step < stop and n_spikes + state.shape[1] <= spikes.step.size:
        _store(state, step, record)
        row = current_pA[step - start] if current_pA.shape[0] > 1 else current_pA[0]
        _collect_drive(state, sums, everyone, row, model, now)
        _decay(state[G:], everyone, model)
        old[:] = state[:G]
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
        step += 1
    return Outcome(step, n_spikes, OK, -1)
