"""The compiled run of any LIF network, step by step, on lists of targets.

What arrives in a step is gathered when it arrives: the slices of all spikes that are as many
steps old as their delay. So arrivals go to one row of counts per group of synapses, which
stays in the cache, and nothing but the spikes of the longest delay is kept. A group holds the
synapses whose weight depends on the target's population only, so its row holds whole counts;
with a weight per synapse it holds sums. Groups feed receptors (`_loops_list_move`).

Every thread gathers, moves and records its own neurons, in copies of V, waits, currents and
arrivals of its own; threads meet once per shortest delay. Between two meetings a thread moves
one block of targets through all the steps, then the next: their state stays in the cache.
"""

import numpy as np
from numba import njit

from cortex._loops_gate import meet
from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_bits import LINE, prefetch
from cortex.spiking._loops_list_move import N_STRIPS, draw_external, move_tile
from cortex.spiking._loops_random import next_word
from cortex.spiking._loops_scan import scan
from cortex.typing import AnyArray, IntArray

Arrays = tuple[AnyArray, ...]
Thread = tuple[int, IntArray, IntArray]
"""Number of this thread; first neuron of each thread, and their end; the gate they meet at."""

# layout of `sizes`
N_NEURONS, IS_DELTA, N_RECEPTORS, RATE_STEPS, DC_STEPS, BLOCK = range(6)
TRACE_FROM, TRACE_EVERY = range(6, 8)
# layout of a row of `tiles`: neurons offset..offset+width, in one strip, and their pieces
STRIP, OFFSET, WIDTH, FIRST_PIECE, LAST_PIECE = range(5)
# layout of a row of `parts`: neurons of one thread in one block of targets, and their tiles
BLOCK_OF, FIRST_NEURON, END_NEURON, FIRST_TILE, LAST_TILE = range(5)
BATCH = 32  # slices asked for ahead of their use
AHEAD = 16  # lines of a slice that are asked for; long ones are foreseen by the processor
WIDE = 2  # blocks of targets from which on the places of slices lie outside of the cache
SOON = 12  # spikes ahead of which the place of a slice is asked for


@uncounted
def _add_slices(
    n: int, slices: IntArray, targets: AnyArray, weights: AnyArray, arrivals: AnyArray
) -> None:
    """Add the synapses of `n` slices (first, stop, group, block) to the rows of their groups.

    A block is given by its first neuron, from which its targets are counted.

    Indices are unsigned: signed ones may count from the end, and asking costs half the time.
    """
    unit = arrivals.dtype.type(1)
    for i in range(n):
        first, stop = slices[i, 0], slices[i, 1]
        row = arrivals[slices[i, 2], slices[i, 3] :]
        if weights.size > 0:
            for j in range(np.uint64(first), np.uint64(stop)):
                row[np.uint64(np.uint32(targets[j]))] += weights[j]
        else:
            for j in range(np.uint64(first), np.uint64(stop)):
                row[np.uint64(np.uint32(targets[j]))] += unit


@uncounted
def _gather(
    step: int,
    block: int,
    thread: Thread,
    lists: Arrays,
    recent: AnyArray,
    n_recent: AnyArray,
    slices: IntArray,
    arrivals: AnyArray,
) -> None:
    """Add what arrives at `step` on this thread's neurons of a block, the oldest spikes first."""
    start, targets, weights, edges, delays, group_of, blocks = lists
    k, bounds, _ = thread
    n_threads = bounds.size - 1
    offset = np.uint64(block) * np.uint64(group_of.size)
    bytes_each, n_edges = np.uint64(targets.itemsize), np.uint64(edges.shape[1])
    place, of_start = np.uint64(targets.ctypes.data), np.uint64(start.ctypes.data)
    of_edges, is_wide = np.uint64(edges.ctypes.data), blocks.size > WIDE
    n = 0
    for d in range(delays.size - 1, -1, -1):
        slot = (step - delays[d]) % recent.shape[0]
        here = np.uint64(d * n_threads + k)
        for other in range(n_threads):
            first = bounds[other]
            last = first + n_recent[other, slot]
            for i in range(first, last):
                if is_wide:
                    soon = offset + np.uint64(recent[slot, min(i + SOON, last - 1)])
                    prefetch(of_start + soon * np.uint64(start.itemsize))
                    prefetch(of_edges + (soon * n_edges + here) * np.uint64(edges.itemsize))
                source = np.uint64(recent[slot, i])
                row = offset + source
                begin, end = edges[row, here], edges[row, here + np.uint64(1)]
                if begin == end:
                    continue
                slices[n, 0] = start[row] + np.int64(begin)
                slices[n, 1] = start[row] + np.int64(end)
                slices[n, 2] = group_of[source]
                slices[n, 3] = blocks[block]
                line = place + np.uint64(slices[n, 0]) * bytes_each
                n_bytes = np.uint64(end - begin) * bytes_each + np.uint64(LINE)
                n_bytes = min(n_bytes, np.uint64(AHEAD * LINE))
                for ahead in range(np.uint64(0), n_bytes, np.uint64(LINE)):
                    prefetch(line + ahead)
                n += 1
                if n == BATCH:
                    _add_slices(n, slices, targets, weights, arrivals)
                    n = 0
    _add_slices(n, slices, targets, weights, arrivals)


@uncounted
def _add_events(
    step: int, span: tuple[int, int], events: Arrays, arrivals: AnyArray, next_event: int
) -> int:
    """Add the explicit input spikes of this step to neurons of a span; return the next event."""
    steps, targets, weights, groups = events
    e = next_event
    while e < steps.size and steps[e] <= step:
        if steps[e] == step and span[0] <= targets[e] < span[1]:
            arrivals[groups[e], targets[e]] += arrivals.dtype.type(weights[e])
        e += 1
    return e


@uncounted
def _owner(bounds: IntArray, neuron: int) -> int:
    """Return the thread of a neuron."""
    k = 0
    while bounds[k + 1] <= neuron:
        k += 1
    return k


@uncounted
def _trace(
    thread: Thread, V: AnyArray, currents: AnyArray, traced: Arrays, first: IntArray, sample: int
) -> None:
    """Write one sample of potentials, of currents of neurons and of population means.

    The columns go round the threads; a mean is summed by one of them, in the order of neurons.
    """
    voltages, current_neurons, V_out, I_out, mean_out = traced
    k, bounds, _ = thread
    n_threads = bounds.size - 1
    for j in range(k, voltages.size, n_threads):
        V_out[sample, j] = V[_owner(bounds, voltages[j]), voltages[j]]
    for r in range(I_out.shape[1]):
        for j in range(k, current_neurons.size, n_threads):
            neuron = current_neurons[j]
            I_out[sample, r, j] = currents[_owner(bounds, neuron), r, neuron]
    n_pops = mean_out.shape[2]
    for column in range(k, mean_out.shape[1] * n_pops, n_threads):
        r, p = column // n_pops, column % n_pops
        total = 0.0
        for owner in range(n_threads):
            start, stop = max(first[p], bounds[owner]), min(first[p + 1], bounds[owner + 1])
            for i in range(start, stop):
                total += currents[owner, r, i]
        mean_out[sample, r, p] = total / max(first[p + 1] - first[p], 1)


@uncounted
def record(
    steps: tuple[int, int],
    thread: Thread,
    recent: AnyArray,
    n_recent: AnyArray,
    out: AnyArray,
    n_out: int,
) -> int:
    """Append (step, neuron) of a block to `out`, some of the steps; return the new length."""
    k, bounds, _ = thread
    n_threads = bounds.size - 1
    for s in range(steps[1]):
        slot = (steps[0] + s) % recent.shape[0]
        is_own = s * n_threads // steps[1] == k
        for other in range(n_threads):
            n = n_recent[other, slot]
            for i in range(n if is_own else 0):
                out[0, n_out + i] = steps[0] + s
                out[1, n_out + i] = recent[slot, bounds[other] + i]
            n_out += n
    return n_out


@uncounted
def _steps_of_block(span: IntArray, sizes: IntArray) -> int:
    """Return how many steps can be done before threads must meet or a sample is due."""
    step = span[0]
    n: int = min(sizes[BLOCK], span[1] - step)
    until: int = sizes[TRACE_FROM] - step
    if until <= 0:
        until = until % sizes[TRACE_EVERY] + 1
    return min(n, until)


@uncounted
def _is_sampled(step: int, sizes: IntArray) -> bool:
    since: int = step - sizes[TRACE_FROM]
    return since >= 0 and since % sizes[TRACE_EVERY] == 0


@uncounted
def _draw_words(n_steps: int, dithers: AnyArray, words_of: AnyArray) -> None:
    """Draw the numbers that round the laws of some steps; every thread draws all, of its copy."""
    for s in range(n_steps):
        for p in range(dithers.shape[0]):
            for strip in range(N_STRIPS):
                words_of[s, p, strip] = next_word(dithers[p, strip])


@uncounted
def _move_part(
    step: int,
    tiles: IntArray,
    thread: Thread,
    sizes: IntArray,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    buffers: Arrays,
    words: AnyArray,
) -> None:
    """Move the tiles of a part by one step and note who fired, behind those of parts before."""
    pieces, values, _, _ = cells
    laws, merged, lanes, _, pushes = drive
    k, bounds, _ = thread
    recent, n_recent = state[3], state[4]
    own = (state[0][k], state[1][k], state[2][k], state[5][k])
    random, external, push, mask, _, thresholds = buffers
    interval = min((step - 1) // sizes[RATE_STEPS], laws.shape[0] - 1)
    drives = pushes[min((step - 1) // sizes[DC_STEPS], pushes.shape[0] - 1)]
    slot = step % recent.shape[0]
    found = recent[slot]
    n = bounds[k]
    if tiles[0, OFFSET] > n:
        n += n_recent[k, slot]
    for t in range(tiles.shape[0]):
        offset, width = tiles[t, OFFSET], tiles[t, WIDTH]
        tile = (tiles[t, FIRST_PIECE], tiles[t, LAST_PIECE], offset, width)
        draw_external(
            tile, words[:, tiles[t, STRIP]], laws[interval], pieces, lanes, random, external,
            thresholds,
        )  # fmt: skip
        move_tile(
            tile, sizes[IS_DELTA], pieces, values, drives, groups, merged,
            own, external, push, mask,
        )  # fmt: skip
        n = scan(mask[:width].view(np.uint64), offset, found, n)
    n_recent[k, slot] = n - bounds[k]


@uncounted
def _run(
    span: IntArray,
    thread: Thread,
    sizes: IntArray,
    lists: Arrays,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    events: Arrays,
    traced: Arrays,
    first: IntArray,
    buffers: Arrays,
    slices: IntArray,
    out: AnyArray,
) -> int:
    """Run as `run_lists` does, in buffers made before."""
    V, _, currents, recent, n_recent, arrivals = state
    own_arrivals, parts, words_of = arrivals[thread[0]], cells[3], buffers[4]
    n_threads, gate = thread[1].size - 1, thread[2]
    n_out = n_met = 0
    while span[0] < span[1]:
        n_steps = _steps_of_block(span, sizes)
        is_sampled = _is_sampled(span[0] + n_steps - 1, sizes)
        if n_out + n_steps * sizes[N_NEURONS] > out.shape[1]:
            break
        if is_sampled and span[2] >= traced[2].shape[0]:
            break
        _draw_words(n_steps, drive[3], words_of)
        next_event = span[3]
        for p in range(parts.shape[0]):  # the state of one part stays in the cache for the block
            block, e = parts[p, BLOCK_OF], next_event
            neurons = (parts[p, FIRST_NEURON], parts[p, END_NEURON])
            tiles = cells[2][parts[p, FIRST_TILE] : parts[p, LAST_TILE]]
            for s in range(n_steps):
                step = span[0] + s
                _gather(step, block, thread, lists, recent, n_recent, slices, own_arrivals)
                e = _add_events(step, neurons, events, own_arrivals, e)
                _move_part(
                    step,
                    tiles,
                    thread,
                    sizes,
                    cells,
                    groups,
                    drive,
                    state,
                    buffers,
                    words_of[s],
                )
            span[3] = e
        n_met += 1
        if not meet(gate, n_threads, n_met):
            return n_out
        n_out = record((span[0], n_steps), thread, recent, n_recent, out, n_out)
        if is_sampled:
            _trace(thread, V, currents, traced, first, span[2])
            span[2] += 1
            n_met += 1
            if not meet(gate, n_threads, n_met):
                return n_out
        span[0] += n_steps
    return n_out


@njit(cache=True, nogil=True)
def run_lists(
    span: IntArray,
    thread: Thread,
    sizes: IntArray,
    lists: Arrays,
    cells: Arrays,
    groups: Arrays,
    drive: Arrays,
    state: Arrays,
    events: Arrays,
    traced: Arrays,
    first: IntArray,
    out: AnyArray,
) -> int:
    """Run from step span[0] towards span[1]; stop early when `out` or a trace is full.

    Updates the state, span[0], span[2] (samples traced) and span[3] (events used); returns the
    number of spikes in `out`, those of all threads.
    """
    V = state[0]
    width = 64
    for t in range(cells[2].shape[0]):
        width = max(width, cells[2][t, WIDTH])
    n_inputs = drive[2].shape[0]
    buffers = (
        np.empty(width // 2, dtype=np.uint32),
        np.zeros((n_inputs, width), dtype=np.uint16),
        np.zeros(width, dtype=V.dtype),
        np.zeros(width, dtype=np.uint8),
        np.empty((sizes[BLOCK], n_inputs, N_STRIPS), dtype=np.int64),
        np.empty(drive[0].shape[3], dtype=np.uint16),
    )
    slices = np.empty((BATCH, 4), dtype=np.int64)
    return _run(
        span, thread, sizes, lists, cells, groups, drive, state, events, traced, first, buffers,
        slices, out,
    )  # fmt: skip
