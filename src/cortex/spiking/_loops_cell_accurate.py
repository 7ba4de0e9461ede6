"""One step of the neurons of one piece by substeps, with the crossing of the peak bisected.

Templates, as in `_loops_cell_moves`.
"""

from math import exp
from typing import Any

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_cell_moves import (
    ALPHA,
    BETA,
    BLOCK,
    DELTA,
    E_NMDA,
    JUMP,
    JUMP_SHIFT,
    KEEP_SHIFT,
    NMDA,
    PEAK,
    RATE_DECAY,
    RATE_RISE,
    SLOPE,
    TWO,
    half_step,
    pull,
)
from cortex.typing import AnyArray

# filled in for each model
slopes: Any = None
largest_move: Any = None
current: Any = None
runge_kutta: Any = None
escapes: Any = None
BETWEEN_STEPS = False
IS_RANDOM = False

CROSSING = 1e-12  # share of a part of a step to which the crossing of the peak is found
LEAST_PART = 1e-6  # of a step: a shorter rest is not left over


def numbers_of(h: float, marks: AnyArray) -> tuple[float, ...]:
    """Return what `runge_kutta` takes for a step of length h."""
    return (
        0.5 * h, h, h / 6.0, 2.0, 0.0, marks[PEAK], marks[E_NMDA], marks[BLOCK], 1.0, -SLOPE,
    )  # fmt: skip


@uncounted
def _input_at(
    t: float, i: int, receptors: tuple[AnyArray, AnyArray], kinetics: AnyArray, kinds: AnyArray
) -> tuple[float, float, float]:
    """Return A, B and C of neuron i a time t after the start of the step."""
    rise, open_ = receptors
    A = B = C = 0.0
    for r in range(kinds.size):
        if kinds[r] != DELTA:
            row = kinetics[r]
            decayed = exp(-row[RATE_DECAY] * t)
            s = open_[r, i] * decayed
            if kinds[r] == TWO:
                slower = row[RATE_DECAY] - row[RATE_RISE]
                feed = row[RATE_DECAY] * t * decayed
                if slower * t > 1e-9 or slower * t < -1e-9:
                    feed = row[RATE_DECAY] / slower * (exp(-row[RATE_RISE] * t) - decayed)
                s += rise[r, i] * feed
            if kinds[r] == NMDA:
                C += s
            else:
                A += row[ALPHA] * s
                B += row[BETA] * s
    return A, B, C


def move_between(
    V: float, w: float, h: float, inputs: tuple[float, ...], is_free: bool,
    marks: AnyArray, p: Any,
) -> tuple[float, float]:  # fmt: skip
    """Return V and w after one Runge-Kutta step of length h."""
    moved: tuple[float, float] = runge_kutta(V, w, inputs, is_free, numbers_of(h, marks), p)
    return moved


def inputs_between(
    t: float, h: float, i: int, drive: float, receptors: tuple[AnyArray, AnyArray],
    kinetics: AnyArray, kinds: AnyArray,
) -> tuple[float, ...]:  # fmt: skip
    """Return A, B and C at start, middle and end of a part of the step."""
    A0, B0, C0 = _input_at(t, i, receptors, kinetics, kinds)
    A1, B1, C1 = _input_at(t + 0.5 * h, i, receptors, kinetics, kinds)
    A2, B2, C2 = _input_at(t + h, i, receptors, kinetics, kinds)
    return drive + A0, drive + A1, drive + A2, B0, B1, B2, C0, C1, C2


def substep(V: float, w: float, left: float, RI: float, p: Any) -> float:
    """Return how far to go: V moves little, and the last part ends on the grid."""
    dV, _ = slopes(V, w, RI, p)
    most = largest_move(V, p)
    return min(left, most / abs(dV)) if abs(dV) * left > most else left


def cross(
    start: tuple[float, ...],
    h: float,
    where: tuple[Any, ...],
    marks: AnyArray,
    p: Any,
) -> tuple[float, float]:
    """Return when within h after `start` V crosses the peak, by bisection, and w there."""
    V, w, t = start
    low, high, crossed = 0.0, h, w
    while high - low > CROSSING * h:
        h = 0.5 * (low + high)
        v, then = move_between(V, w, h, inputs_between(t, h, *where), True, marks, p)
        if v >= marks[PEAK]:
            high, crossed = h, then
        else:
            low = h
    return high, crossed


def move_through(
    start: tuple[float, float, bool],
    where: tuple[Any, ...],
    numbers: tuple[float, float, float, np.int32],
    marks: AnyArray,
    p: Any,
) -> tuple[float, float, bool]:
    """Return V, w and whether a spike was found between the points of the grid."""
    V, w, is_free = start
    drive, reset, dt, refractory = numbers
    is_hit, t = False, 0.0
    while t < dt:
        left = dt - t
        h = min(left, 0.25 * dt)
        if is_free:
            A, B, C = _input_at(t, where[0], where[2], where[3], where[4])
            h = substep(V, w, h, current(V, drive + A, B, C, numbers_of(h, marks)), p)
        h = left if left - h < LEAST_PART * dt else h
        inputs = inputs_between(t, h, *where)
        v, then = move_between(V, w, h, inputs, is_free, marks, p)
        if BETWEEN_STEPS and is_free and v >= marks[PEAK]:
            h, then = cross((V, w, t), h, where, marks, p)
            v, then, is_hit = reset, then + marks[JUMP], True
            is_free = refractory == 0
        V, w = v, then
        t = t + h if h < left else dt
    return V, w, is_hit


def step_accurate(
    state: tuple[AnyArray, ...],
    here: slice,
    receptors: tuple[AnyArray, AnyArray],
    kinetics: AnyArray,
    kinds: AnyArray,
    numbers: tuple[float, float, float, np.int32],
    p: Any,
    scratch: tuple[AnyArray, ...],
) -> None:
    """Runge-Kutta steps so short that V moves little; the crossing of the peak is bisected.

    A neuron that spikes between the points of the grid is reset there and goes on, or stays at
    the reset for the rest of the step and `refractory` more; else the threshold is tested at
    the end of the step.
    """
    drive, reset, dt, refractory = numbers
    _, moved, kick, mask, marks, opened = scratch[:6]
    shift, own, of_strip = scratch[6:]
    for k in range(here.stop - here.start):
        i = here.start + k
        is_free = state[2][i] <= 0
        where = (i, drive, receptors, kinetics, kinds)
        V, w, is_hit = move_through((state[0][i], state[1][i], is_free), where, numbers, marks, p)
        if is_free and not (is_hit and refractory > 0):
            moved[k] = V + kick[k]
            pull(moved[k : k + 1], opened[:, k : k + 1])
            V = moved[k]
        if is_free and not is_hit and marks[PEAK] <= V:
            V, w, is_hit = reset, w + marks[JUMP], True
        if IS_RANDOM:
            luck = (np.int64(own[k]), of_strip)
            is_hit = is_free and escapes(V, shift[k], luck, dt, p)
            shift[k] *= marks[KEEP_SHIFT]
            if is_hit:
                V, w = reset, w + marks[JUMP]
                shift[k] += marks[JUMP_SHIFT]
        state[0][i], state[1][i], mask[k] = V, w, is_hit
        rest = np.int32(0) if is_free else np.int32(state[2][i] - 1)
        state[2][i] = refractory if is_hit else rest
    for r in range(kinds.size):
        if kinds[r] != DELTA:
            y, s = receptors[0][r][here], receptors[1][r][here]
            half_step(y, s, kinetics[r], kinds[r])
            half_step(y, s, kinetics[r], kinds[r])
