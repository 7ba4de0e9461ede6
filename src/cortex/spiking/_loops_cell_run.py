"""The run of neurons of any model with receptors of any kind, step by step, on lists of targets.

`run_cells` is a template: `cortex.spiking._loops_specialise` compiles it for a model of a neuron
and a scheme. Order of events in a step, as in NEST: neurons move under the input of their
receptors, delta input is added, spikes are found and reset, arriving spikes open the receptors.

Every thread moves its own neurons and delivers all spikes to them, from lists of its own. Threads
meet once per shortest delay, between moving and delivering, and once more where traces sample.
"""

from math import exp
from typing import Any

import numpy as np

from cortex._loops_gate import meet
from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_cell_moves import ALPHA, BETA, DELTA, NMDA, SLOPE, TWO
from cortex.spiking._loops_cell_spikes import (
    BLOCK,
    DC_STEPS,
    HAS_PULL,
    IS_DRIVEN,
    N_NEURONS,
    RATE_STEPS,
    TRACE_EVERY,
    TRACE_FROM,
    pass_on,
    release,
)
from cortex.spiking._loops_list_move import (
    CELL,
    FIRST,
    N_STRIPS,
    REFRACTORY,
    STOP,
    draw_external,
)
from cortex.spiking._loops_list_run import (
    FIRST_PIECE,
    LAST_PIECE,
    OFFSET,
    STRIP,
    WIDTH,
    Thread,
    record,
)
from cortex.spiking._loops_random import fill_random, next_word
from cortex.spiking._loops_scan import scan
from cortex.typing import AnyArray, IntArray

Arrays = tuple[AnyArray, ...]

# filled in: a scheme of `_loops_cell_moves`, a tile moved by it, all tiles of a thread, and the
# steps of all threads
step: Any = None
move_tile: Any = None
move_share: Any = None
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
def _add_events(
    now: int, thread: Thread, events: Arrays, extra: AnyArray, next_event: IntArray
) -> None:
    """Replace what the explicit input spikes of the step before left by those of this one."""
    steps, targets, weights, receptors = events
    low, high = thread[1][thread[0]], thread[1][thread[0] + 1]
    k = next_event[0]
    for j in range(next_event[1], k):
        if low <= targets[j] < high:
            extra[receptors[j], targets[j]] = 0.0
    next_event[1] = k
    while k < steps.size and steps[k] <= now:
        if steps[k] == now and low <= targets[k] < high:
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
def _trace(
    thread: Thread, state: Arrays, cells: Arrays, traced: Arrays, first: IntArray, at: int
) -> None:
    """Write one sample: V and w, then current and conductance of neurons or population means.

    Columns go round the threads; a mean is summed by one of them, in the order of neurons.
    """
    V, w, open_ = state[0], state[1], state[4]
    kinetics, kinds, cell_of = cells[3], cells[4], cells[6]
    voltages, neurons, V_out, own, means, moves = traced
    k, n_threads = thread[0], thread[1].size - 1
    for j in range(k, voltages.size, n_threads):
        V_out[at, 0, j], V_out[at, 1, j] = V[voltages[j]], w[voltages[j]]
    for r in range(own.shape[2]):
        for j in range(k, neurons.size, n_threads):
            i = neurons[j]
            c = cell_of[i]
            own[at, 0, r, j], own[at, 1, r, j] = _current(
                r, i, kinetics[c, r], kinds[c, r], V, open_
            )
    for a in range(k, moves.shape[2], n_threads):
        size = max(first[a + 1] - first[a], 1)
        for r in range(means.shape[2]):
            current = conductance = 0.0
            for i in range(first[a], first[a + 1]):
                c = cell_of[i]
                RI, g = _current(r, i, kinetics[c, r], kinds[c, r], V, open_)
                current, conductance = current + RI, conductance + g
            means[at, 0, r, a], means[at, 1, r, a] = current / size, conductance / size
        sum_V = sum_w = 0.0
        for i in range(first[a], first[a + 1]):
            sum_V, sum_w = sum_V + V[i], sum_w + w[i]
        moves[at, 0, a], moves[at, 1, a] = sum_V / size, sum_w / size


def pieces_moved(
    tile: AnyArray,
    row: int,
    cells: Arrays,
    drives: AnyArray,
    groups: Arrays,
    state: Arrays,
    external: AnyArray,
    luck: tuple[AnyArray, np.int64],
    scratch: Arrays,
    has_pull: bool,
) -> None:
    """Move the neurons of one tile by one step, and open their receptors.

    `luck` holds a random number of each neuron and one of all, where neurons fire at random.
    """
    pieces, params, _, kinetics, kinds, marks, _, dt = cells
    rise, open_, ring, extra, shift = state[3:]
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
        room = (
            AB, moved[: hi - lo], kick, mask[lo:hi], marks[c], opened, shift[here], luck[0][lo:hi],
            luck[1],
        )  # fmt: skip
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


@uncounted
def steps_of_block(span: IntArray, sizes: IntArray) -> int:
    """Return how many steps can be done before threads must meet or a sample is due."""
    n: int = min(sizes[BLOCK], span[1] - span[0])
    until: int = sizes[TRACE_FROM] - span[0]
    if until <= 0:
        until = until % sizes[TRACE_EVERY]
    return min(n, until + 1)


def share_moved(
    now: int,
    thread: Thread,
    sizes: IntArray,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    found: Arrays,
    scratch: Arrays,
    draws: Arrays,
) -> None:
    """Move the neurons of this thread by one step and note who fired."""
    ring, mask, (recent, n_recent) = state[5], scratch[3], found[:2]
    random, external, words, thresholds, luck = draws
    pieces, tiles = cells[0], cells[2]
    laws, lanes, dithers, pushes, own_lanes, own_dithers = drive
    k, bounds, _ = thread
    has_input, has_pull = sizes[IS_DRIVEN] != 0, sizes[HAS_PULL] != 0
    row, slot = now % ring.shape[1], now % recent.shape[0]
    interval = min((now - 1) // sizes[RATE_STEPS], laws.shape[0] - 1)
    drives = pushes[min((now - 1) // sizes[DC_STEPS], pushes.shape[0] - 1)]
    for p in range(words.shape[0] - 1 if has_input else 0):
        for strip in range(N_STRIPS):  # every thread draws them all, of its own copy
            words[p, strip] = next_word(dithers[p, strip])
    is_random = own_lanes.shape[1] > 0
    for strip in range(N_STRIPS if is_random else 0):
        words[-1, strip] = next_word(own_dithers[strip])
    n = bounds[k]
    for t in range(tiles.shape[0]):
        tile, offset, size = tiles[t], tiles[t, OFFSET], tiles[t, WIDTH]
        if has_input:
            place = (tile[FIRST_PIECE], tile[LAST_PIECE], offset, size)
            draw_external(
                place, words[:-1, tile[STRIP]], laws[interval], pieces, lanes, random, external,
                thresholds,
            )  # fmt: skip
        if is_random:
            lane, stop = offset // 2, (offset + size) // 2
            fill_random(
                own_lanes[0][lane:stop], own_lanes[1][lane:stop], own_lanes[2][lane:stop],
                own_lanes[3][lane:stop], luck[: size // 2],
            )  # fmt: skip
        own = (luck.view(np.uint16), words[-1, tile[STRIP]])
        move_tile(tile, row, cells, drives, groups, state, external, own, scratch, has_pull)
        n = scan(mask[:size].view(np.uint64), offset, recent[slot], n)
    n_recent[k, slot] = n - bounds[k]
    for g in range(ring.shape[0]):
        _zero(ring[g, row][bounds[k] : bounds[k + 1]])


def steps_run(
    span: IntArray,
    thread: Thread,
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
    found: Arrays,
    out: AnyArray,
    scratch: Arrays,
    draws: Arrays,
) -> int:
    """Run as `run_cells` does, in arrays made before."""
    ring, extra, dt = state[5], state[6], cells[7]
    k, bounds, gate = thread
    recent, n_recent = found[:2]
    n_out = n_met = 0
    while span[0] < span[1]:
        n_steps = steps_of_block(span, sizes)
        stop = span[0] + n_steps
        has_sample = is_sampled(stop - 1, sizes)
        if n_out + n_steps * sizes[N_NEURONS] > out.shape[1]:
            break
        if has_sample and span[2] >= traced[2].shape[0]:
            break
        for now in range(span[0], stop):
            if events[0].size > 0:
                _add_events(now, thread, events, extra, span[3:])
            move_share(now, thread, sizes, cells, groups, drive, state, found, scratch, draws)
            own = (bounds[k], bounds[k] + n_recent[k, now % recent.shape[0]])
            release(now, own, sizes, lists[5], plastic, nmda, dt[0], found)
        n_met += 1
        if not meet(gate, bounds.size - 1, n_met):
            return n_out
        for now in range(span[0], stop):
            pass_on(now, bounds, sizes, lists, nmda[0], found, ring)
        n_out = record((span[0], n_steps), thread, recent, n_recent, out, n_out)
        if has_sample:
            _trace(thread, state, cells, traced, first, span[2])
            span[2] += 1
            n_met += 1
            if not meet(gate, bounds.size - 1, n_met):
                return n_out
        span[0] = stop
    return n_out


def run_cells(
    span: IntArray,
    thread: Thread,
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
    found: Arrays,
    out: AnyArray,
) -> int:
    """Run from step span[0] towards span[1]; stop early when `out` or a trace is full.

    Updates the state, span[0], span[2] (samples traced), span[3] and span[4] (events used);
    returns the number of spikes in `out`, those of all threads.
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
    words = np.zeros((lanes.shape[0] + 1, N_STRIPS), dtype=np.int64)
    luck = np.zeros(width // 2, dtype=np.uint32)
    thresholds = np.empty(laws.shape[3], dtype=np.uint16)
    return run_steps(  # type: ignore[no-any-return]  # filled in
        span, thread, sizes, lists, cells, groups, drive, state, plastic, nmda, events, traced,
        first, found, out, (AB, moved, push, mask, pulls),
        (random, external, words, thresholds, luck),
    )  # fmt: skip
