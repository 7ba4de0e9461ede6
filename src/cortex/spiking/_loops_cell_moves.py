"""One step of the neurons of one piece, by three schemes; `slopes` and others are filled in.

The functions without a decorator are templates: `cortex.spiking._loops_specialise` compiles
them once for each model of a neuron, with its equations in place of the names declared below.
Input is linear in V: R I = A - B V, with A and B at the start, middle and end of the step in
rows 0, 1 and 2. Loops write one array each where they can: LLVM uses vectors only if few pairs
of arrays may overlap.
"""

from math import exp
from typing import Any

import numpy as np
from numba import njit

from cortex.typing import AnyArray

# filled in for each model
slopes: Any = None
largest_move: Any = None
TWO_VARIABLES = False
BETWEEN_STEPS = False

# layout of a row of `kinetics`: half-step propagators of rise and decay, parts of a conductance,
# rates of rise and decay, gains of V over a whole step without conductances
RISE, FEED, DECAY, ALPHA, BETA, RATE_RISE, RATE_DECAY, GAIN, GAIN_RISE = range(9)
N_KINETICS = 9
DELTA, ONE, TWO = range(3)  # kinds of receptors: jump of V, decay, rise and decay
CROSSING = 1e-12  # share of a part of a step to which the crossing of the peak is found
LEAST_PART = 1e-6  # of a step: a shorter rest is not left over


@njit(cache=True, nogil=True)
def add_scaled(total: AnyArray, values: AnyArray, factor: float) -> None:
    """Add factor * values."""
    for i in range(total.size):
        total[i] += factor * values[i]


@njit(cache=True, nogil=True)
def scale(values: AnyArray, factor: float) -> None:
    """Multiply in place."""
    for i in range(values.size):
        values[i] *= factor


@njit(cache=True, nogil=True)
def half_step(rise: AnyArray, open_: AnyArray, kinetics: AnyArray, kind: int) -> None:
    """Move a receptor on by half a step, exactly."""
    scale(open_, kinetics[DECAY])
    if kind == TWO:
        add_scaled(open_, rise, kinetics[FEED])
        scale(rise, kinetics[RISE])


@njit(cache=True, nogil=True)
def _clear(values: AnyArray, value: float) -> None:
    for i in range(values.size):
        values[i] = value


@njit(cache=True, nogil=True)
def inputs_of_step(
    receptors: tuple[AnyArray, AnyArray],
    here: slice,
    kinetics: AnyArray,
    kinds: AnyArray,
    drive: float,
    AB: AnyArray,
) -> None:
    """Write A and B at start, middle and end of the step; move the receptors to its end."""
    rise, open_ = receptors
    n = here.stop - here.start
    for k in range(3):
        _clear(AB[0, k][:n], drive)
        _clear(AB[1, k][:n], AB.dtype.type(0.0))
    for r in range(kinds.size):
        if kinds[r] == DELTA:
            continue
        row, y, s = kinetics[r], rise[r][here], open_[r][here]
        for k in range(3):
            if k > 0:
                half_step(y, s, row, kinds[r])
            add_scaled(AB[0, k][:n], s, row[ALPHA])
            if row[BETA] != 0.0:
                add_scaled(AB[1, k][:n], s, row[BETA])


@njit(cache=True, nogil=True)
def _settle(
    V: AnyArray,
    moved: AnyArray,
    waits: AnyArray,
    peak_and_reset: tuple[float, float],
    refractory: np.int32,
    mask: AnyArray,
) -> None:
    """Take over V where the neuron is not refractory; mark and reset the spikes."""
    peak, reset = peak_and_reset
    one, zero = np.int32(1), np.int32(0)
    for i in range(V.size):
        wait = waits[i]
        v = V[i] if wait > zero else moved[i]
        hit = v >= peak
        V[i] = reset if hit else v
        rest = np.int32(wait - one) if wait > zero else zero
        waits[i] = refractory if hit else rest
        mask[i] = hit


def runge_kutta(
    V: float, w: float, AB: tuple[float, ...], is_free: bool, h: tuple[float, ...], p: Any
) -> tuple[float, float]:
    """Return V and w one classical Runge-Kutta step on; a neuron that is not free keeps V."""
    half, whole, sixth, two, zero, peak = h
    A0, A1, A2, B0, B1, B2 = AB
    v = min(V, peak)
    a, aw = slopes(v, w, A0 - B0 * v, p)
    a = a if is_free else zero
    v = min(V + half * a, peak)
    b, bw = slopes(v, w + half * aw, A1 - B1 * v, p)
    b = b if is_free else zero
    v = min(V + half * b, peak)
    c, cw = slopes(v, w + half * bw, A1 - B1 * v, p)
    c = c if is_free else zero
    v = min(V + whole * c, peak)
    d, dw = slopes(v, w + whole * cw, A2 - B2 * v, p)
    d = d if is_free else zero
    V = V + sixth * (a + two * (b + c) + d)
    if TWO_VARIABLES:
        w = w + sixth * (aw + two * (bw + cw) + dw)
    return V, w


def move_all(
    V: AnyArray, w: AnyArray, waits: AnyArray, AB: AnyArray, h: tuple[float, ...], p: Any,
    moved: AnyArray,
) -> None:  # fmt: skip
    """Write V one step on to `moved`, and move w."""
    A0, A1, A2 = AB[0, 0], AB[0, 1], AB[0, 2]
    B0, B1, B2 = AB[1, 0], AB[1, 1], AB[1, 2]
    for i in range(V.size):
        # without w a refractory neuron is put back later, and the loop stays free of branches
        is_free = waits[i] <= 0 if TWO_VARIABLES else True
        inputs = (A0[i], A1[i], A2[i], B0[i], B1[i], B2[i])
        if TWO_VARIABLES:
            moved[i], w[i] = runge_kutta(V[i], w[i], inputs, is_free, h, p)
        else:
            moved[i], _ = runge_kutta(V[i], V[i], inputs, is_free, h, p)


def step_fixed(
    state: tuple[AnyArray, ...],
    here: slice,
    receptors: tuple[AnyArray, AnyArray],
    kinetics: AnyArray,
    kinds: AnyArray,
    numbers: tuple[float, float, float, np.int32],
    p: Any,
    scratch: tuple[AnyArray, ...],
) -> None:
    """One Runge-Kutta step of order 4 with the exact input; spikes are found at its end."""
    drive, reset, dt, refractory = numbers
    AB, moved, kick, mask, peaks = scratch
    real = AB.dtype.type
    V, w, waits = state[0][here], state[1][here], state[2][here]
    inputs_of_step(receptors, here, kinetics, kinds, drive, AB)
    peak = peaks[0]
    h = (real(0.5) * dt, dt, dt / real(6.0), real(2.0), real(0.0), peak)
    move_all(V, w, waits, AB, h, p, moved)
    add_scaled(moved, kick, real(1.0))
    _settle(V, moved, waits, (peak, reset), refractory, mask)
    if TWO_VARIABLES:
        b = peaks[1]
        for i in range(V.size):
            if mask[i]:
                w[i] += b


def step_exact(
    state: tuple[AnyArray, ...],
    here: slice,
    receptors: tuple[AnyArray, AnyArray],
    kinetics: AnyArray,
    kinds: AnyArray,
    numbers: tuple[float, float, float, np.int32],
    p: Any,  # noqa: ARG001  # all schemes are called alike
    scratch: tuple[AnyArray, ...],
) -> None:
    """Take the exact step of a membrane that decays exponentially, under currents."""
    drive, reset, _, refractory = numbers
    _, moved, kick, mask, peaks = scratch
    rise, open_ = receptors
    V, waits = state[0][here], state[2][here]
    decay = peaks[2]
    for i in range(V.size):
        moved[i] = decay * V[i] + kick[i]
    add = (peaks.dtype.type(1.0) - decay) * drive
    for i in range(V.size):
        moved[i] += add
    for r in range(kinds.size):
        if kinds[r] == DELTA:
            continue
        row, y, s = kinetics[r], rise[r][here], open_[r][here]
        add_scaled(moved, s, row[GAIN])
        if kinds[r] == TWO:
            add_scaled(moved, y, row[GAIN_RISE])
        half_step(y, s, row, kinds[r])
        half_step(y, s, row, kinds[r])
    _settle(V, moved, waits, (peaks[0], reset), refractory, mask)


@njit(cache=True, nogil=True, error_model="numpy")
def _input_at(
    t: float, i: int, receptors: tuple[AnyArray, AnyArray], kinetics: AnyArray, kinds: AnyArray
) -> tuple[float, float]:
    """Return A and B of neuron i a time t after the start of the step."""
    rise, open_ = receptors
    A = B = 0.0
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
            A += row[ALPHA] * s
            B += row[BETA] * s
    return A, B


def move_between(
    V: float, w: float, h: float, inputs: tuple[float, ...], is_free: bool,
    peak: float, p: Any,
) -> tuple[float, float]:  # fmt: skip
    """Return V and w after one Runge-Kutta step of length h."""
    return runge_kutta(V, w, inputs, is_free, (0.5 * h, h, h / 6.0, 2.0, 0.0, peak), p)


def inputs_between(
    t: float, h: float, i: int, drive: float, receptors: tuple[AnyArray, AnyArray],
    kinetics: AnyArray, kinds: AnyArray,
) -> tuple[float, ...]:  # fmt: skip
    """Return A and B at start, middle and end of a part of the step."""
    A0, B0 = _input_at(t, i, receptors, kinetics, kinds)
    A1, B1 = _input_at(t + 0.5 * h, i, receptors, kinetics, kinds)
    A2, B2 = _input_at(t + h, i, receptors, kinetics, kinds)
    return drive + A0, drive + A1, drive + A2, B0, B1, B2


def substep(V: float, w: float, left: float, RI: float, p: Any) -> float:
    """Return how far to go: V moves little, and the last part ends on the grid."""
    dV, _ = slopes(V, w, RI, p)
    most = largest_move(V, p)
    return min(left, most / abs(dV)) if abs(dV) * left > most else left


def cross(
    start: tuple[float, ...],
    h: float,
    where: tuple[Any, ...],
    peak: float,
    p: Any,
) -> tuple[float, float]:
    """Return when within h after `start` V crosses the peak, by bisection, and w there."""
    V, w, t = start
    low, high, crossed = 0.0, h, w
    while high - low > CROSSING * h:
        h = 0.5 * (low + high)
        v, then = move_between(V, w, h, inputs_between(t, h, *where), True, peak, p)
        if v >= peak:
            high, crossed = h, then
        else:
            low = h
    return high, crossed


def move_through(
    start: tuple[float, float, bool],
    where: tuple[Any, ...],
    numbers: tuple[float, float, float, np.int32],
    marks: tuple[float, float],
    p: Any,
) -> tuple[float, float, bool]:
    """Return V, w and whether a spike was found between the points of the grid."""
    V, w, is_free = start
    drive, reset, dt, refractory = numbers
    peak, jump = marks
    is_hit, t = False, 0.0
    while t < dt:
        left = dt - t
        h = min(left, 0.25 * dt)
        if is_free:
            A, B = _input_at(t, where[0], where[2], where[3], where[4])
            h = substep(V, w, h, drive + A - B * V, p)
        h = left if left - h < LEAST_PART * dt else h
        inputs = inputs_between(t, h, *where)
        v, then = move_between(V, w, h, inputs, is_free, peak, p)
        if BETWEEN_STEPS and is_free and v >= peak:
            h, then = cross((V, w, t), h, where, peak, p)
            v, then, is_hit = reset, then + jump, True
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
    drive, reset, _, refractory = numbers
    _, _, kick, mask, peaks = scratch
    marks = (peaks[0], peaks[1])
    for k in range(here.stop - here.start):
        i = here.start + k
        is_free = state[2][i] <= 0
        where = (i, drive, receptors, kinetics, kinds)
        V, w, is_hit = move_through((state[0][i], state[1][i], is_free), where, numbers, marks, p)
        if is_free and not (is_hit and refractory > 0):
            V += kick[k]
        if is_free and not is_hit and marks[0] <= V:
            V, w, is_hit = reset, w + marks[1], True
        state[0][i], state[1][i], mask[k] = V, w, is_hit
        rest = np.int32(0) if is_free else np.int32(state[2][i] - 1)
        state[2][i] = refractory if is_hit else rest
    for r in range(kinds.size):
        if kinds[r] != DELTA:
            y, s = receptors[0][r][here], receptors[1][r][here]
            half_step(y, s, kinetics[r], kinds[r])
            half_step(y, s, kinetics[r], kinds[r])
