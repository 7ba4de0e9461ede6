"""Compiled step of a tile of LIF neurons: external input, membranes, currents, who fires.

A tile is a run of neurons small enough that its state stays in the nearest cache.
"""

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_random import add_poisson, dither, fill_random
from cortex.typing import AnyArray, IntArray

Arrays = tuple[AnyArray, ...]
Tile = tuple[int, int, int, int]
"""First piece and its end, first neuron, width."""

N_STRIPS = 8
# layout of a row of `pieces`: neurons first..stop of a tile share parameters `cell`
FIRST, STOP, CELL, REFRACTORY = range(4)
# layout of a row of `cells`; decays and gains of the receptors follow
DECAY, THRESHOLD, RESET, RECEPTORS = range(4)


@uncounted
def _scaled(total: AnyArray, values: AnyArray, factor: float, is_first: bool) -> None:
    """Write or add factor * values."""
    real = total.dtype.type
    if is_first:
        for i in range(total.size):
            total[i] = factor * real(values[i])
    else:
        for i in range(total.size):
            total[i] = total[i] + factor * real(values[i])


@uncounted
def _decay_and_add(current: AnyArray, jump: AnyArray, decay: float) -> None:
    for i in range(current.size):
        current[i] = decay * current[i] + jump[i]


@uncounted
def _receive(current: AnyArray, counts: AnyArray, decay: float, J: float) -> None:
    """Decay and add J times the counts: `_scaled` and `_decay_and_add` in one pass, same bytes."""
    real = current.dtype.type
    for i in range(current.size):
        current[i] = decay * current[i] + J * real(counts[i])


@uncounted
def _sum_of_two(push: AnyArray, a: AnyArray, b: AnyArray, gain_a: float, gain_b: float) -> None:
    for i in range(push.size):
        push[i] = gain_a * a[i] + gain_b * b[i]


@uncounted
def _only_group(receptor: int, groups: Arrays) -> int:
    """Return the group that alone feeds a receptor, or -1."""
    _, receptor_of, _, receptor_of_input = groups
    found = -1
    for g in range(receptor_of.size):
        if receptor_of[g] == receptor:
            if found >= 0:
                return -1
            found = g
    for p in range(receptor_of_input.size):
        if receptor_of_input[p] == receptor:
            return -1
    return found


@uncounted
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


@uncounted
def draw_external(
    tile: Tile,
    words: AnyArray,
    laws: AnyArray,
    pieces: IntArray,
    lanes: AnyArray,
    random: AnyArray,
    external: AnyArray,
    thresholds: AnyArray,
) -> None:
    """Draw the Poisson counts of one tile, each input into its own row of `external`."""
    first_piece, last_piece, offset, width = tile
    lane, stop = offset // 2, (offset + width) // 2
    x = random.view(np.uint16)
    for p in range(lanes.shape[0]):
        fill_random(
            lanes[p, 0][lane:stop],
            lanes[p, 1][lane:stop],
            lanes[p, 2][lane:stop],
            lanes[p, 3][lane:stop],
            random[: width // 2],
        )
        counts = external[p]
        for i in range(width):
            counts[i] = 0
        for piece in range(first_piece, last_piece):
            lo, hi = pieces[piece, FIRST], pieces[piece, STOP]
            n = dither(laws[pieces[piece, CELL], p], words[p], thresholds)
            add_poisson(x[lo:hi], thresholds, n, counts[lo:hi])


@uncounted
def _push_of(
    receptor: int,
    span: tuple[int, int, int, int],
    groups: Arrays,
    arrivals: AnyArray,
    external: AnyArray,
    push: AnyArray,
) -> None:
    """Write the jump of one receptor: weights times the counts of its groups and inputs."""
    lo, hi, offset, cell = span
    J, receptor_of, J_ext, receptor_of_input = groups
    is_first = True
    for g in range(J.shape[1]):
        if receptor_of[g] == receptor:
            _scaled(push[lo:hi], arrivals[g][offset + lo : offset + hi], J[cell, g], is_first)
            is_first = False
    for p in range(J_ext.shape[1]):
        if receptor_of_input[p] == receptor:
            _scaled(push[lo:hi], external[p][lo:hi], J_ext[cell, p], is_first)
            is_first = False
    if is_first:
        push[lo:hi] = 0


@uncounted
def _open(
    span: tuple[int, int, int, int],
    cell: AnyArray,
    groups: Arrays,
    currents: AnyArray,
    arrivals: AnyArray,
    external: AnyArray,
    push: AnyArray,
) -> None:
    """Let the currents decay and add what arrived."""
    lo, hi, offset, c = span
    here = slice(offset + lo, offset + hi)
    for r in range(currents.shape[0]):
        decay, only = cell[RECEPTORS + 2 * r], _only_group(r, groups)
        if only >= 0:
            _receive(currents[r][here], arrivals[only][here], decay, groups[0][c, only])
        else:
            _push_of(r, span, groups, arrivals, external, push)
            _decay_and_add(currents[r][here], push[lo:hi], decay)


@uncounted
def _merge_counts(row: AnyArray, counts: AnyArray) -> None:
    for i in range(row.size):
        row[i] += counts[i]


@uncounted
def move_tile(
    tile: Tile,
    is_delta: int,
    pieces: IntArray,
    values: AnyArray,
    drives: AnyArray,
    groups: Arrays,
    merged: IntArray,
    state: Arrays,
    external: AnyArray,
    push: AnyArray,
    mask: AnyArray,
) -> None:
    """Move the neurons of one tile by one step; what arrived is used up."""
    V, waits, currents, arrivals = state
    first_piece, last_piece, offset, width = tile
    for p in range(merged.size):
        if merged[p] >= 0:
            _merge_counts(arrivals[merged[p]][offset : offset + width], external[p])
    for i in range(mask.size):
        mask[i] = 0  # a tile may end in padding
    for k in range(first_piece, last_piece):
        lo, hi, c = pieces[k, FIRST], pieces[k, STOP], pieces[k, CELL]
        here = slice(offset + lo, offset + hi)
        span = (lo, hi, offset, c)
        if is_delta:
            _push_of(0, span, groups, arrivals, external, push)
        elif currents.shape[0] == 2:
            gains = values[c, RECEPTORS + 1], values[c, RECEPTORS + 3]
            _sum_of_two(push[lo:hi], currents[0][here], currents[1][here], gains[0], gains[1])
        else:
            for r in range(currents.shape[0]):
                gain = values[c, RECEPTORS + 2 * r + 1]
                _scaled(push[lo:hi], currents[r][here], gain, r == 0)
        refractory = np.int32(pieces[k, REFRACTORY])
        _move(V[here], waits[here], push[lo:hi], values[c], drives[c], refractory, mask[lo:hi])
        if not is_delta:
            _open(span, values[c], groups, currents, arrivals, external, push)
    for g in range(arrivals.shape[0]):
        row = arrivals[g][offset : offset + width]
        for i in range(width):
            row[i] = 0
