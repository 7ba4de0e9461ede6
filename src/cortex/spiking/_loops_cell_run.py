"""The run of neurons of any model with receptors of any kind, step by step, on lists of targets.

`run_cells` is a template: `cortex.spiking._loops_specialise` compiles it for a model of a neuron
and a scheme. Order of events in a step, as in NEST: neurons move under the input of their
receptors, delta input is added, spikes are found and reset, arriving spikes open the receptors.
"""

from math import exp
from typing import Any

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_cell_moves import ALPHA, BETA, DELTA, NMDA, SLOPE, TWO
from cortex.spiking._loops_cell_spikes import (
    DC_STEPS,
    HAS_PULL,
    IS_DRIVEN,
    N_NEURONS,
    RATE_STEPS,
    TRACE_EVERY,
    TRACE_FROM,
    pass_on,
)
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

# filled in: a scheme of `_loops_cell_moves`, a tile moved by it, and the steps of all tiles
step: Any = None
move_tile: Any = None
run_steps: Any = None

RESET = 3  # in a row of parameters, see `cortex.params.lif.Neurons`


@uncounted
def _scaled(total: AnyArray, values: AnyArray, factor: float) -> None:
    real = total.dtype.type
    for i in range(total.size):
        total[i] += factor * real(values[i])


@uncounted
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


@uncounted
def _zero(values: AnyArray) -> None:
    for i in range(values.size):
        values[i] = 0


@uncounted
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


@uncounted
def _current(
    r: int, i: int, row: AnyArray, kind: int, V: AnyArray, open_: AnyArray
) -> tuple[float, float]:
    """Return the current R I through a receptor, V, and its conductance over that of the leak."""
    s = open_[r, i]
    if kind == NMDA:
        free = s / (1.0 + row[BETA] * exp(-SLOPE * V[i]))
        return float(free * (row[ALPHA] - V[i])), float(free)
    return float(row[ALPHA] * s - row[BETA] * s * V[i]), float(row[BETA] * s)


@uncounted
def _trace(state: Arrays, cells: Arrays, traced: Arrays, first: IntArray, at: int) -> None:
    """Write one sample: V and w, then current and conductance of neurons or population means."""
    V, w, open_ = state[0], state[1], state[4]
    kinetics, kinds, cell_of = cells[3], cells[4], cells[6]
    voltages, neurons, V_out, own, means, moves = traced
    for j in range(voltages.size):
        V_out[at, 0, j], V_out[at, 1, j] = V[voltages[j]], w[voltages[j]]
    for r in range(own.shape[2]):
        for j in range(neurons.size):
            i = neurons[j]
            c = cell_of[i]
            own[at, 0, r, j], own[at, 1, r, j] = _current(
                r, i, kinetics[c, r], kinds[c, r], V, open_
            )
        for a in range(means.shape[3]):
            current = conductance = 0.0
            for i in range(first[a], first[a + 1]):
                c = cell_of[i]
                RI, g = _current(r, i, kinetics[c, r], kinds[c, r], V, open_)
                current, conductance = current + RI, conductance + g
            size = max(first[a + 1] - first[a], 1)
            means[at, 0, r, a], means[at, 1, r, a] = current / size, conductance / size
    for a in range(moves.shape[2]):
        sum_V = sum_w = 0.0
        for i in range(first[a], first[a + 1]):
            sum_V, sum_w = sum_V + V[i], sum_w + w[i]
        size = max(first[a + 1] - first[a], 1)
        moves[at, 0, a], moves[at, 1, a] = sum_V / size, sum_w / size


def pieces_moved(
    tile: AnyArray,
    row: int,
    cells: Arrays,
    drives: AnyArray,
    groups: Arrays,
    state: Arrays,
    external: AnyArray,
    scratch: Arrays,
    has_pull: bool,
) -> None:
    """Move the neurons of one tile by one step, and open their receptors."""
    pieces, params, _, kinetics, kinds, marks, _, dt = cells
    rise, open_, ring, extra = state[3:]
    AB, moved, push, mask, pulls = scratch
    offset = tile[OFFSET]
    _zero(mask)  # the last tile is not full
    for k in range(tile[FIRST_PIECE], tile[LAST_PIECE]):
        lo, hi, c = pieces[k, FIRST], pieces[k, STOP], pieces[k, CELL]
        at, here, kick = (lo, hi, offset, c), slice(offset + lo, offset + hi), push[: hi - lo]
        _zero(kick)
        for r in range(kinds.shape[1]):
            if kinds[c, r] == DELTA and kinetics[c, r, BETA] == 0.0:
                arriving(r, at, groups, ring, row, external, extra, kick)
        opened = pulls[:, : hi - lo]
        if has_pull:
            _zero(opened[0])
            _zero(opened[1])
            for r in range(kinds.shape[1]):
                if kinds[c, r] == DELTA and kinetics[c, r, BETA] != 0.0:
                    here_opened = moved[: hi - lo]
                    _zero(here_opened)
                    arriving(r, at, groups, ring, row, external, extra, here_opened)
                    _scaled(opened[0], here_opened, kinetics[c, r, BETA])
                    _scaled(opened[1], here_opened, kinetics[c, r, ALPHA])
        p = (
            params[c, 0], params[c, 1], params[c, 2], params[c, 3], params[c, 4],
            params[c, 5], params[c, 6], params[c, 7], params[c, 8], params[c, 9],
        )  # fmt: skip
        numbers = (drives[c], p[RESET], dt[0], np.int32(pieces[k, REFRACTORY]))
        room = (AB, moved[: hi - lo], kick, mask[lo:hi], marks[c], opened)
        step(state, here, (rise, open_), kinetics[c], kinds[c], numbers, p, room)
        for r in range(kinds.shape[1]):
            if kinds[c, r] != DELTA:
                added = rise[r][here] if kinds[c, r] == TWO else open_[r][here]
                arriving(r, at, groups, ring, row, external, extra, added)


@uncounted
def is_sampled(now: int, sizes: IntArray) -> bool:
    """Tell whether traces take a sample at the end of a step."""
    after = now - sizes[TRACE_FROM]
    return bool(after >= 0 and after % sizes[TRACE_EVERY] == 0)


def steps_run(
    span: IntArray,
    sizes: IntArray,
    lists: Arrays,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    plastic: Arrays,
    nmda: Arrays,
    events: Arrays,
    traced: Arrays,
    first: IntArray,
    out: AnyArray,
    scratch: Arrays,
    draws: Arrays,
    room: tuple[AnyArray, AnyArray],
) -> int:
    """Run as `run_cells` does, in arrays made before."""
    ring, extra, mask = state[5], state[6], scratch[3]
    random, external, words, thresholds = draws
    pieces, _, tiles, _, _, _, _, dt = cells
    laws, lanes, dithers, pushes = drive
    has_input, has_pull = sizes[IS_DRIVEN] != 0, sizes[HAS_PULL] != 0
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
        for p in range(words.shape[0] if has_input else 0):
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
            move_tile(tile, row, cells, drives, groups, state, external, scratch, has_pull)
            n_out = scan(mask[:size].view(np.uint64), offset, out[1], n_out)
        for g in range(ring.shape[0]):
            _zero(ring[g, row])
        pass_on(now, sizes, lists, plastic, nmda, dt[0], out[:, before:n_out], ring, room)
        if is_sampled(now, sizes):
            _trace(state, cells, traced, first, span[2])
            span[2] += 1
        span[0] += 1
    return n_out


def run_cells(
    span: IntArray,
    sizes: IntArray,
    lists: Arrays,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    plastic: Arrays,
    nmda: Arrays,
    events: Arrays,
    traced: Arrays,
    first: IntArray,
    out: AnyArray,
) -> int:
    """Run from step span[0] towards span[1]; stop early when `out` or a trace is full.

    Updates the state, span[0], span[2] (samples traced), span[3] and span[4] (events used);
    returns the number of spikes in `out`.
    """
    V, tiles, (laws, lanes) = state[0], cells[2], drive[:2]
    width = 64
    for t in range(tiles.shape[0]):
        width = max(width, tiles[t, WIDTH])
    random = np.empty(width // 2, dtype=np.uint32)
    external = np.zeros((max(1, lanes.shape[0]), width), dtype=np.uint16)
    AB, pulls = np.zeros((3, 3, width), dtype=V.dtype), np.zeros((2, width), dtype=V.dtype)
    moved, push = np.zeros(width, dtype=V.dtype), np.zeros(width, dtype=V.dtype)
    mask = np.zeros(width, dtype=np.uint8)
    words = np.empty((lanes.shape[0], N_STRIPS), dtype=np.int64)
    thresholds = np.empty(laws.shape[3], dtype=np.uint16)
    factors = np.ones(plastic[0].shape[0], dtype=V.dtype)
    changes = np.empty(2 * nmda[2].shape[1] - 1)
    return run_steps(  # type: ignore[no-any-return]  # filled in
        span, sizes, lists, cells, groups, drive, state, plastic, nmda, events, traced, first, out,
        (AB, moved, push, mask, pulls), (random, external, words, thresholds), (factors, changes),
    )  # fmt: skip
