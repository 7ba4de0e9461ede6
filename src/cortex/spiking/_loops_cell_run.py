"""The run of neurons of any model with receptors of any kind, step by step, on lists of targets.

`run_cells` is a template: `cortex.spiking._loops_specialise` compiles it for a model of a neuron
and a scheme. Order of events in a step, as in NEST: neurons move under the input of their
receptors, delta input is added, spikes are found and reset, arriving spikes open the receptors.
"""

from math import exp
from typing import Any

import numpy as np
from numba import njit

from cortex.spiking._loops_cell_moves import ALPHA, BETA, DELTA, TWO
from cortex.spiking._loops_list_move import (
    CELL,
    FIRST,
    N_STRIPS,
    REFRACTORY,
    STOP,
    draw_external,
)
from cortex.spiking._loops_list_run import FIRST_PIECE, LAST_PIECE, OFFSET, STRIP, WIDTH
from cortex.spiking._loops_random import next_word
from cortex.spiking._loops_scan import scan
from cortex.typing import AnyArray, IntArray

Arrays = tuple[AnyArray, ...]

# filled in: a scheme of `_loops_cell_moves`, and a tile moved by it
step: Any = None
move_tile: Any = None

# layout of `sizes`
N_NEURONS, RATE_STEPS, DC_STEPS, UNIFORM_DELAY, TRACE_FROM, TRACE_EVERY, IS_PLASTIC = range(7)
RESET = 3  # in a row of parameters, see `cortex.params.lif.Neurons`


@njit(cache=True, nogil=True)
def _scaled(total: AnyArray, values: AnyArray, factor: float) -> None:
    real = total.dtype.type
    for i in range(total.size):
        total[i] += factor * real(values[i])


@njit(cache=True, nogil=True)
def arriving(
    receptor: int,
    span: tuple[int, int, int, int],
    groups: Arrays,
    ring: AnyArray,
    row: int,
    external: AnyArray,
    extra: AnyArray,
    push: AnyArray,
) -> None:
    """Add to `push` what arrives at one receptor: of groups, Poisson inputs, explicit spikes."""
    lo, hi, offset, cell = span
    J, receptor_of, J_ext, receptor_of_input = groups
    for g in range(J.shape[1]):
        if receptor_of[g] == receptor and J[cell, g] != 0.0:
            _scaled(push, ring[g, row][offset + lo : offset + hi], J[cell, g])
    for p in range(J_ext.shape[1]):
        if receptor_of_input[p] == receptor:
            _scaled(push, external[p][lo:hi], J_ext[cell, p])
    if extra.shape[1] > 0:
        _scaled(push, extra[receptor][offset + lo : offset + hi], extra.dtype.type(1.0))


@njit(cache=True, nogil=True)
def _zero(values: AnyArray) -> None:
    for i in range(values.size):
        values[i] = 0


@njit(cache=True, nogil=True)
def _release(
    neuron: int, now: int, dt: float, own: int, plastic: Arrays, factors: AnyArray
) -> None:
    """Write what share of its weights a spike passes on to each target population.

    Tsodyks & Markram in the form of Fuhrmann et al. (2002): u x, both from the spike before.
    """
    U, tau_rec, tau_fac, u, x, last = plastic
    h = (now - last[neuron]) * dt
    for a in range(factors.size):
        if last[neuron] > 0:
            recovery = exp(-h / tau_rec[a, own]) if tau_rec[a, own] > 0.0 else 0.0
            memory = exp(-h / tau_fac[a, own]) if tau_fac[a, own] > 0.0 else 0.0
            left = x[a, neuron] * (1.0 - u[a, neuron])
            x[a, neuron] = 1.0 + (left - 1.0) * recovery
            u[a, neuron] = U[a, own] + u[a, neuron] * (1.0 - U[a, own]) * memory
        factors[a] = u[a, neuron] * x[a, neuron]
    last[neuron] = now


@njit(cache=True, nogil=True)
def _deliver(
    neuron: int, now: int, sizes: IntArray, lists: Arrays, factors: AnyArray, ring: AnyArray
) -> None:
    """Add one spike to the rows of the steps in which its synapses act; see `run_lists`."""
    start, targets, delays, weights, group_of, population_of = lists
    unit = ring.dtype.type(1)
    first, stop = np.uint64(start[neuron]), np.uint64(start[neuron + 1])
    group = ring[group_of[neuron]]
    n_rows = np.uint64(group.shape[0])
    slot = np.uint64(now % group.shape[0])
    uniform = np.uint64(sizes[UNIFORM_DELAY])
    if delays.size == 0 and weights.size == 0 and not sizes[IS_PLASTIC]:
        future = group[(now + sizes[UNIFORM_DELAY]) % group.shape[0]]
        for j in range(first, stop):
            future[np.uint64(np.uint32(targets[j]))] += unit
        return
    for j in range(first, stop):
        row = slot + (np.uint64(delays[j]) if delays.size > 0 else uniform)
        row = row - n_rows if row >= n_rows else row
        target = np.uint64(np.uint32(targets[j]))
        amount = weights[j] if weights.size > 0 else unit
        if sizes[IS_PLASTIC]:
            amount = amount * factors[population_of[target]]
        group[row, target] += amount


@njit(cache=True, nogil=True)
def _add_events(now: int, events: Arrays, extra: AnyArray, next_event: IntArray) -> None:
    """Replace what the explicit input spikes of the step before left by those of this one."""
    steps, targets, weights, receptors = events
    k = next_event[0]
    for j in range(next_event[1], k):
        extra[receptors[j], targets[j]] = 0.0
    next_event[1] = k
    while k < steps.size and steps[k] <= now:
        if steps[k] == now:
            extra[receptors[k], targets[k]] += extra.dtype.type(weights[k])
        k += 1
    next_event[0] = k


@njit(cache=True, nogil=True)
def _current(r: int, i: int, cell: int, kinetics: AnyArray, V: AnyArray, open_: AnyArray) -> float:
    s, row = open_[r, i], kinetics[cell, r]
    return float(row[ALPHA] * s - row[BETA] * s * V[i])


@njit(cache=True, nogil=True)
def _trace(
    state: Arrays, kinetics: AnyArray, cell_of: IntArray, traced: Arrays, first: IntArray, at: int
) -> None:
    """Write one sample: V and w, then current and conductance of neurons or population means."""
    V, w, open_ = state[0], state[1], state[4]
    voltages, neurons, V_out, own, means = traced
    for j in range(voltages.size):
        V_out[at, 0, j], V_out[at, 1, j] = V[voltages[j]], w[voltages[j]]
    for r in range(own.shape[2]):
        for j in range(neurons.size):
            i = neurons[j]
            own[at, 0, r, j] = _current(r, i, cell_of[i], kinetics, V, open_)
            own[at, 1, r, j] = kinetics[cell_of[i], r, BETA] * open_[r, i]
        for a in range(means.shape[3]):
            current = conductance = 0.0
            for i in range(first[a], first[a + 1]):
                current += _current(r, i, cell_of[i], kinetics, V, open_)
                conductance += kinetics[cell_of[i], r, BETA] * open_[r, i]
            size = max(first[a + 1] - first[a], 1)
            means[at, 0, r, a], means[at, 1, r, a] = current / size, conductance / size


def pieces_moved(
    tile: AnyArray,
    row: int,
    cells: Arrays,
    drives: AnyArray,
    groups: Arrays,
    state: Arrays,
    external: AnyArray,
    scratch: Arrays,
) -> None:
    """Move the neurons of one tile by one step, and open their receptors."""
    pieces, params, _, kinetics, kinds, marks, _, dt = cells
    rise, open_, ring, extra = state[3:]
    AB, moved, push, mask = scratch
    offset = tile[OFFSET]
    _zero(mask)  # the last tile is not full
    for k in range(tile[FIRST_PIECE], tile[LAST_PIECE]):
        lo, hi, c = pieces[k, FIRST], pieces[k, STOP], pieces[k, CELL]
        at, here, kick = (lo, hi, offset, c), slice(offset + lo, offset + hi), push[: hi - lo]
        _zero(kick)
        for r in range(kinds.shape[1]):
            if kinds[c, r] == DELTA:
                arriving(r, at, groups, ring, row, external, extra, kick)
        p = (
            params[c, 0], params[c, 1], params[c, 2], params[c, 3], params[c, 4],
            params[c, 5], params[c, 6], params[c, 7], params[c, 8], params[c, 9],
        )  # fmt: skip
        numbers = (drives[c], p[RESET], dt[0], np.int32(pieces[k, REFRACTORY]))
        room = (AB, moved[: hi - lo], kick, mask[lo:hi], marks[c])
        step(state, here, (rise, open_), kinetics[c], kinds[c], numbers, p, room)
        for r in range(kinds.shape[1]):
            if kinds[c, r] != DELTA:
                opened = rise[r][here] if kinds[c, r] == TWO else open_[r][here]
                arriving(r, at, groups, ring, row, external, extra, opened)


@njit(cache=True, nogil=True)
def is_sampled(now: int, sizes: IntArray) -> bool:
    """Tell whether traces take a sample at the end of a step."""
    after = now - sizes[TRACE_FROM]
    return bool(after >= 0 and after % sizes[TRACE_EVERY] == 0)


@njit(cache=True, nogil=True)
def pass_on(
    now: int, sizes: IntArray, lists: Arrays, plastic: Arrays, dt: float, found: AnyArray,
    ring: AnyArray,
) -> None:  # fmt: skip
    """Deliver the spikes of one step to the rows of the steps in which they act."""
    factors = np.ones(plastic[0].shape[0], dtype=ring.dtype)
    for i in range(found.shape[1]):
        found[0, i] = now
        neuron = found[1, i]
        if sizes[IS_PLASTIC]:
            _release(neuron, now, dt, lists[5][neuron], plastic, factors)
        _deliver(neuron, now, sizes, lists, factors, ring)


def run_cells(
    span: IntArray,
    sizes: IntArray,
    lists: Arrays,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    plastic: Arrays,
    events: Arrays,
    traced: Arrays,
    first: IntArray,
    out: AnyArray,
) -> int:
    """Run from step span[0] towards span[1]; stop early when `out` or a trace is full.

    Updates the state, span[0], span[2] (samples traced), span[3] and span[4] (events used);
    returns the number of spikes in `out`.
    """
    V, ring, extra = state[0], state[5], state[6]
    pieces, _, tiles, kinetics, _, _, cell_of, dt = cells
    laws, lanes, dithers, pushes = drive
    width = 64
    for t in range(tiles.shape[0]):
        width = max(width, tiles[t, WIDTH])
    random = np.empty(width // 2, dtype=np.uint32)
    external = np.zeros((max(1, lanes.shape[0]), width), dtype=np.uint16)
    AB = np.zeros((2, 3, width), dtype=V.dtype)
    moved, push = np.zeros(width, dtype=V.dtype), np.zeros(width, dtype=V.dtype)
    mask = np.zeros(width, dtype=np.uint8)
    words = np.empty((lanes.shape[0], N_STRIPS), dtype=np.int64)
    thresholds = np.empty(laws.shape[3], dtype=np.uint16)
    has_input = groups[2].shape[1] > 0
    n_out = 0
    while span[0] < span[1] and n_out + sizes[N_NEURONS] <= out.shape[1]:
        now = span[0]
        if is_sampled(now, sizes) and span[2] >= traced[2].shape[0]:
            break
        row = now % ring.shape[1]
        interval = min((now - 1) // sizes[RATE_STEPS], laws.shape[0] - 1)
        drives = pushes[min((now - 1) // sizes[DC_STEPS], pushes.shape[0] - 1)]
        if events[0].size > 0:
            _add_events(now, events, extra, span[3:])
        before = n_out
        for p in range(words.shape[0]):
            for strip in range(N_STRIPS):
                words[p, strip] = next_word(dithers[p, strip])
        for t in range(tiles.shape[0]):
            tile, offset, size = tiles[t], tiles[t, OFFSET], tiles[t, WIDTH]
            if has_input:
                place = (tile[FIRST_PIECE], tile[LAST_PIECE], offset, size)
                draw_external(
                    place, words[:, tile[STRIP]], laws[interval], pieces, lanes, random, external,
                    thresholds,
                )  # fmt: skip
            move_tile(tile, row, cells, drives, groups, state, external, (AB, moved, push, mask))
            n_out = scan(mask[:size].view(np.uint64), offset, out[1], n_out)
        for g in range(ring.shape[0]):
            _zero(ring[g, row])
        pass_on(now, sizes, lists, plastic, dt[0], out[:, before:n_out], ring)
        if is_sampled(now, sizes):
            _trace(state, kinetics, cell_of, traced, first, span[2])
            span[2] += 1
        span[0] += 1
    return n_out
