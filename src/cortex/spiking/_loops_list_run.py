"""The compiled run of any LIF network, step by step, on lists of targets.

Spikes wait in a ring of rows, one row per future step and group of synapses. A group
holds the synapses whose weight depends on the target's population only, so its row holds
whole counts; with a weight per synapse it holds sums. Groups feed receptors: jumps of V
(delta) or of a current that decays exponentially.
"""

import numpy as np
from numba import njit

from cortex.spiking._loops_random import add_poisson, dither, fill_random, next_word
from cortex.spiking._loops_scan import scan
from cortex.typing import AnyArray, IntArray

Arrays = tuple[AnyArray, ...]

N_STRIPS = 8
# layout of `sizes`
N_NEURONS, IS_DELTA, N_RECEPTORS, RATE_STEPS, DC_STEPS, UNIFORM_DELAY = range(6)
TRACE_FROM, TRACE_EVERY = range(6, 8)
# layout of a row of `pieces`: neurons first..stop of a strip share parameters `cell`
_, FIRST, STOP, CELL, REFRACTORY = range(5)
# layout of a row of `cells`; decays and gains of the receptors follow
DECAY, THRESHOLD, RESET, RECEPTORS = range(4)


@njit(cache=True, nogil=True)
def _scaled(total: AnyArray, values: AnyArray, factor: float, is_first: bool) -> None:
    """Write or add factor * values."""
    real = total.dtype.type
    if is_first:
        for i in range(total.size):
            total[i] = factor * real(values[i])
    else:
        for i in range(total.size):
            total[i] = total[i] + factor * real(values[i])


@njit(cache=True, nogil=True)
def _decay_and_add(current: AnyArray, jump: AnyArray, decay: float) -> None:
    for i in range(current.size):
        current[i] = decay * current[i] + jump[i]


@njit(cache=True, nogil=True)
def _move(
    V: AnyArray,
    waits: AnyArray,
    push: AnyArray,
    cell: AnyArray,
    drive: float,
    refractory: np.int32,
    mask: AnyArray,
) -> None:
    """V <- decay V + push + drive where the neuron is not refractory; mark the spikes."""
    decay, threshold, reset = cell[DECAY], cell[THRESHOLD], cell[RESET]
    one, zero = np.int32(1), np.int32(0)
    for i in range(V.size):
        wait = waits[i]
        v = decay * V[i] + push[i] + drive
        v = V[i] if wait > zero else v
        hit = v >= threshold
        V[i] = reset if hit else v
        rest = np.int32(wait - one) if wait > zero else zero
        waits[i] = refractory if hit else rest
        mask[i] = hit


@njit(cache=True, nogil=True)
def _draw_external(
    strip: int,
    interval: int,
    cells: Arrays,
    drive: Arrays,
    random: AnyArray,
    external: AnyArray,
) -> None:
    """Draw the Poisson counts of one strip, into their own row of `external`."""
    laws, _, lanes, dithers, _ = drive
    pieces, _, first_piece = cells
    width = external.shape[1]
    lane, stop = strip * width // 2, (strip + 1) * width // 2
    x = random.view(np.uint16)
    thresholds = np.empty(laws.shape[3], dtype=np.uint16)
    for p in range(lanes.shape[0]):
        fill_random(
            lanes[p, 0][lane:stop],
            lanes[p, 1][lane:stop],
            lanes[p, 2][lane:stop],
            lanes[p, 3][lane:stop],
            random,
        )
        word = next_word(dithers[p, strip])
        counts = external[p]
        for i in range(width):
            counts[i] = 0
        for k in range(first_piece[strip], first_piece[strip + 1]):
            lo, hi = pieces[k, FIRST], pieces[k, STOP]
            n = dither(laws[interval, pieces[k, CELL], p], word, thresholds)
            add_poisson(x[lo:hi], thresholds, n, counts[lo:hi])


@njit(cache=True, nogil=True)
def _push_of(
    receptor: int,
    span: tuple[int, int, int, int],
    groups: Arrays,
    ring: AnyArray,
    row: int,
    external: AnyArray,
    push: AnyArray,
) -> None:
    """Write the jump of one receptor: weights times the counts of its groups and inputs."""
    lo, hi, offset, cell = span
    J, receptor_of, J_ext, receptor_of_input = groups
    is_first = True
    for g in range(J.shape[1]):
        if receptor_of[g] == receptor:
            _scaled(push[lo:hi], ring[g, row][offset + lo : offset + hi], J[cell, g], is_first)
            is_first = False
    for p in range(J_ext.shape[1]):
        if receptor_of_input[p] == receptor:
            _scaled(push[lo:hi], external[p][lo:hi], J_ext[cell, p], is_first)
            is_first = False
    if is_first:
        push[lo:hi] = 0


@njit(cache=True, nogil=True)
def _merge_counts(ring_row: AnyArray, counts: AnyArray, first: int) -> None:
    for i in range(counts.size):
        ring_row[first + i] += counts[i]


@njit(cache=True, nogil=True)
def _deliver(
    neuron: int,
    step: int,
    sizes: IntArray,
    lists: Arrays,
    ring: AnyArray,
) -> None:
    """Add one spike to the rows of the steps in which its synapses act.

    Indices are unsigned: signed ones may count from the end, and asking costs half the time.
    """
    start, targets, delays, weights, group_of = lists
    unit = ring.dtype.type(1)
    first, stop = np.uint64(start[neuron]), np.uint64(start[neuron + 1])
    group = ring[group_of[neuron]]
    n_rows = np.uint64(group.shape[0])
    slot = np.uint64(step % group.shape[0])
    uniform = np.uint64(sizes[UNIFORM_DELAY])
    if delays.size == 0 and weights.size == 0:
        future = group[(step + sizes[UNIFORM_DELAY]) % group.shape[0]]
        for j in range(first, stop):
            future[np.uint64(np.uint32(targets[j]))] += unit
        return
    for j in range(first, stop):
        row = slot + (np.uint64(delays[j]) if delays.size > 0 else uniform)
        row = row - n_rows if row >= n_rows else row
        amount = weights[j] if weights.size > 0 else unit
        group[row, np.uint64(np.uint32(targets[j]))] += amount


@njit(cache=True, nogil=True)
def _add_events(
    step: int,
    events: Arrays,
    ring: AnyArray,
    row: int,
    next_event: IntArray,
) -> None:
    """Add the explicit input spikes of this step."""
    steps, targets, weights, groups = events
    k = next_event[0]
    while k < steps.size and steps[k] <= step:
        if steps[k] == step:
            ring[groups[k], row, targets[k]] += ring.dtype.type(weights[k])
        k += 1
    next_event[0] = k


@njit(cache=True, nogil=True)
def _trace(
    V: AnyArray,
    currents: AnyArray,
    traced: Arrays,
    first: IntArray,
    sample: int,
) -> None:
    """Write one sample of potentials, of currents of neurons and of population means."""
    voltages, current_neurons, V_out, I_out, mean_out = traced
    for j in range(voltages.size):
        V_out[sample, j] = V[voltages[j]]
    for r in range(I_out.shape[1]):
        for j in range(current_neurons.size):
            I_out[sample, r, j] = currents[r, current_neurons[j]]
    for r in range(mean_out.shape[1]):
        for p in range(mean_out.shape[2]):
            total = 0.0
            for i in range(first[p], first[p + 1]):
                total += currents[r, i]
            mean_out[sample, r, p] = total / max(first[p + 1] - first[p], 1)


@njit(cache=True, nogil=True)
def _move_strip(
    strip: int,
    row: int,
    sizes: IntArray,
    cells: Arrays,
    drives: AnyArray,
    groups: Arrays,
    state: Arrays,
    external: AnyArray,
    push: AnyArray,
    mask: AnyArray,
) -> None:
    """Move the neurons of one strip by one step."""
    pieces, values, first_piece = cells
    V, waits, currents, ring = state
    offset = strip * mask.size
    for i in range(mask.size):
        mask[i] = 0  # the last strip is not full
    for k in range(first_piece[strip], first_piece[strip + 1]):
        lo, hi, c = pieces[k, FIRST], pieces[k, STOP], pieces[k, CELL]
        here = slice(offset + lo, offset + hi)
        span = (lo, hi, offset, c)
        if sizes[IS_DELTA]:
            _push_of(0, span, groups, ring, row, external, push)
        else:
            for r in range(sizes[N_RECEPTORS]):
                gain = values[c, RECEPTORS + 2 * r + 1]
                _scaled(push[lo:hi], currents[r][here], gain, r == 0)
        refractory = np.int32(pieces[k, REFRACTORY])
        _move(V[here], waits[here], push[lo:hi], values[c], drives[c], refractory, mask[lo:hi])
        if not sizes[IS_DELTA]:
            for r in range(sizes[N_RECEPTORS]):
                _push_of(r, span, groups, ring, row, external, push)
                _decay_and_add(currents[r][here], push[lo:hi], values[c, RECEPTORS + 2 * r])


@njit(cache=True, nogil=True)
def run_lists(
    span: IntArray,
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

    Updates the state, span[0], span[2] (samples traced) and span[3] (events used);
    returns the number of spikes in `out`.
    """
    V, _, currents, ring = state
    laws, merged, lanes, _, pushes = drive
    width = V.size // N_STRIPS
    random = np.empty(width // 2, dtype=np.uint32)
    external = np.zeros((max(1, lanes.shape[0]), width), dtype=np.uint16)
    push = np.zeros(width, dtype=V.dtype)
    mask = np.zeros(width, dtype=np.uint8)
    words = mask.view(np.uint64)
    n_out = 0
    n_samples = traced[2].shape[0]
    while span[0] < span[1] and n_out + sizes[N_NEURONS] <= out.shape[1]:
        step = span[0]
        is_sampled = step >= sizes[TRACE_FROM] and (
            (step - sizes[TRACE_FROM]) % sizes[TRACE_EVERY] == 0
        )
        if is_sampled and span[2] >= n_samples:
            break
        row = step % ring.shape[1]
        interval = min((step - 1) // sizes[RATE_STEPS], laws.shape[0] - 1)
        drives = pushes[min((step - 1) // sizes[DC_STEPS], pushes.shape[0] - 1)]
        _add_events(step, events, ring, row, span[3:])
        before = n_out
        for strip in range(N_STRIPS):
            if strip * width >= sizes[N_NEURONS]:
                break
            _draw_external(strip, interval, cells, drive, random, external)
            for p in range(merged.size):
                if merged[p] >= 0:
                    _merge_counts(ring[merged[p], row], external[p], strip * width)
            _move_strip(strip, row, sizes, cells, drives, groups, state, external, push, mask)
            n_out = scan(mask, words, strip * width, out[1], n_out)
        for g in range(ring.shape[0]):
            ring[g, row][:] = 0
        for i in range(before, n_out):
            out[0, i] = step
            _deliver(out[1, i], step, sizes, lists, ring)
        if is_sampled:
            _trace(V, currents, traced, first, span[2])
            span[2] += 1
        span[0] += 1
    return n_out
