"""One step of the neurons of one piece, exact or by fixed steps; `slopes` and others are filled in.

The functions without a decorator are templates: `cortex.spiking._loops_specialise` compiles
them once for each model of a neuron, with its equations in place of the names declared below.
Input is R I = A - B V, and C (E - V) over the magnesium block where there are NMDA receptors,
with A, B and C at the start, middle and end of the step in rows 0, 1 and 2. Loops write one array
each where they can: LLVM uses vectors only if few pairs of arrays may overlap.
"""

from math import exp, expm1
from typing import Any

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.typing import AnyArray

# filled in for each model
slopes: Any = None
TWO_VARIABLES = False
HAS_NMDA = False
IS_RANDOM = False
hazard: Any = None
WHICH = 0
first: Any = None
others: Any = None

# layout of a row of `kinetics`: half-step propagators of rise and decay, parts of a conductance
# (of NMDA reversal potential and block at rest), rates of rise and decay, gains of V over a whole
# step without conductances
RISE, FEED, DECAY, ALPHA, BETA, RATE_RISE, RATE_DECAY, GAIN, GAIN_RISE = range(9)
N_KINETICS = 9
# kinds of receptors: jump of V, decay, rise and decay, decay of one part of the course of NMDA
DELTA, ONE, TWO, NMDA = range(4)
# layout of a row of marks: peak, jump of w, decay of V, which model, NMDA's reversal and block,
# jump and decay in a step of the shift of a threshold
PEAK, JUMP, LEAK, MODEL, E_NMDA, BLOCK, JUMP_SHIFT, KEEP_SHIFT = range(8)
N_MARKS = 8
CERTAIN = 2.0**47  # a chance of one, as in `cortex.spiking.noise`
SLOPE = 62.0  # of the block over the potential, 1/V, as in `cortex.params.nmda`


@uncounted
def add_scaled(total: AnyArray, values: AnyArray, factor: float) -> None:
    """Add factor * values."""
    for i in range(total.size):
        total[i] += factor * values[i]


@uncounted
def scale(values: AnyArray, factor: float) -> None:
    """Multiply in place."""
    for i in range(values.size):
        values[i] *= factor


@uncounted
def half_step(rise: AnyArray, open_: AnyArray, kinetics: AnyArray, kind: int) -> None:
    """Move a receptor on by half a step, exactly."""
    scale(open_, kinetics[DECAY])
    if kind == TWO:
        add_scaled(open_, rise, kinetics[FEED])
        scale(rise, kinetics[RISE])


@uncounted
def _clear(values: AnyArray, value: float) -> None:
    for i in range(values.size):
        values[i] = value


@uncounted
def inputs_of_step(
    receptors: tuple[AnyArray, AnyArray],
    here: slice,
    kinetics: AnyArray,
    kinds: AnyArray,
    drive: float,
    AB: AnyArray,
) -> None:
    """Write A, B and C at start, middle and end of the step; move the receptors to its end."""
    rise, open_ = receptors
    n = here.stop - here.start
    for k in range(3):
        _clear(AB[0, k][:n], drive)
        _clear(AB[1, k][:n], AB.dtype.type(0.0))
        _clear(AB[2, k][:n], AB.dtype.type(0.0))
    for r in range(kinds.size):
        if kinds[r] == DELTA:
            continue
        row, y, s = kinetics[r], rise[r][here], open_[r][here]
        for k in range(3):
            if k > 0:
                half_step(y, s, row, kinds[r])
            if kinds[r] == NMDA:
                add_scaled(AB[2, k][:n], s, AB.dtype.type(1.0))
                continue
            add_scaled(AB[0, k][:n], s, row[ALPHA])
            if row[BETA] != 0.0:
                add_scaled(AB[1, k][:n], s, row[BETA])


@uncounted
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


@uncounted
def pull(V: AnyArray, open_: AnyArray) -> None:
    """Move V towards the reversal potentials of conductances that open and close at once."""
    for i in range(open_.shape[1]):
        if open_[0, i] > 0:
            V[i] += (open_[1, i] / open_[0, i] - V[i]) * -expm1(-open_[0, i])


def current(v: float, A: float, B: float, C: float, h: tuple[float, ...]) -> float:
    """Return R I at a potential."""
    RI = A - B * v
    if HAS_NMDA:
        RI += C * (h[6] - v) / (h[8] + h[7] * exp(h[9] * v))
    return RI


def runge_kutta(
    V: float, w: float, AB: tuple[float, ...], is_free: bool, h: tuple[float, ...], p: Any
) -> tuple[float, float]:
    """Return V and w one classical Runge-Kutta step on; a neuron that is not free keeps V."""
    half, whole, sixth, two, zero, peak = h[0], h[1], h[2], h[3], h[4], h[5]
    A0, A1, A2, B0, B1, B2, C0, C1, C2 = AB
    v = min(V, peak)
    a, aw = slopes(v, w, current(v, A0, B0, C0, h), p)
    a = a if is_free else zero
    v = min(V + half * a, peak)
    b, bw = slopes(v, w + half * aw, current(v, A1, B1, C1, h), p)
    b = b if is_free else zero
    v = min(V + half * b, peak)
    c, cw = slopes(v, w + half * bw, current(v, A1, B1, C1, h), p)
    c = c if is_free else zero
    v = min(V + whole * c, peak)
    d, dw = slopes(v, w + whole * cw, current(v, A2, B2, C2, h), p)
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
    C0, C1, C2 = AB[2, 0], AB[2, 1], AB[2, 2]
    none = h[4]
    for i in range(V.size):
        # without w a refractory neuron is put back later, and the loop stays free of branches
        is_free = waits[i] <= 0 if TWO_VARIABLES else True
        if HAS_NMDA:
            inputs = (A0[i], A1[i], A2[i], B0[i], B1[i], B2[i], C0[i], C1[i], C2[i])
        else:
            inputs = (A0[i], A1[i], A2[i], B0[i], B1[i], B2[i], none, none, none)
        if TWO_VARIABLES:
            moved[i], w[i] = runge_kutta(V[i], w[i], inputs, is_free, h, p)
        else:
            moved[i], _ = runge_kutta(V[i], V[i], inputs, is_free, h, p)


def escapes(V: float, shift: float, luck: tuple[Any, Any], dt: float, p: Any) -> bool:
    """Tell whether a neuron fires in a step, by its hazard at the end of it.

    Of its random number and that of its strip, as `_loops_random.dither`: exact to 2**-47.
    """
    own, of_strip = luck
    chance = np.int64(-expm1(-hazard(V, shift, p) * dt) * CERTAIN)
    return bool(own < ((chance + of_strip) >> 32))


def settle_at_random(
    V: AnyArray,
    moved: AnyArray,
    waits: AnyArray,
    numbers: tuple[float, float, float, np.int32],
    p: Any,
    scratch: tuple[AnyArray, ...],
) -> None:
    """Take over V where the neuron is not refractory; draw, mark and reset the spikes.

    The threshold of a step is that at its start, as in NEST.
    """
    (_, reset, dt, refractory), mask, marks = numbers, scratch[3], scratch[4]
    shift, own, of_strip = scratch[6:]
    for i in range(V.size):
        wait = waits[i]
        v = V[i] if wait > 0 else moved[i]
        hit = wait <= 0 and escapes(v, shift[i], (np.int64(own[i]), of_strip), dt, p)
        V[i] = reset if hit else v
        waits[i] = refractory if hit else np.int32(max(wait - 1, 0))
        mask[i] = hit
        shift[i] *= marks[KEEP_SHIFT]
        if hit:
            shift[i] += marks[JUMP_SHIFT]


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
    AB, moved, kick, mask, marks, opened = scratch[:6]
    real = AB.dtype.type
    V, w, waits = state[0][here], state[1][here], state[2][here]
    inputs_of_step(receptors, here, kinetics, kinds, drive, AB)
    peak = marks[PEAK]
    h = (
        real(0.5) * dt, dt, dt / real(6.0), real(2.0), real(0.0), peak, marks[E_NMDA],
        marks[BLOCK], real(1.0), real(-SLOPE),
    )  # fmt: skip
    move_all(V, w, waits, AB, h, p, moved)
    add_scaled(moved, kick, real(1.0))
    pull(moved, opened)
    if IS_RANDOM:
        settle_at_random(V, moved, waits, numbers, p, scratch)
    else:
        _settle(V, moved, waits, (peak, reset), refractory, mask)
    if TWO_VARIABLES:
        b = marks[JUMP]
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
    _, moved, kick, mask, marks = scratch[:5]
    rise, open_ = receptors
    V, waits = state[0][here], state[2][here]
    decay = marks[LEAK]
    for i in range(V.size):
        moved[i] = decay * V[i] + kick[i]
    add = (marks.dtype.type(1.0) - decay) * drive
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
    _settle(V, moved, waits, (marks[PEAK], reset), refractory, mask)


def step_mixed(
    state: tuple[AnyArray, ...],
    here: slice,
    receptors: tuple[AnyArray, AnyArray],
    kinetics: AnyArray,
    kinds: AnyArray,
    numbers: tuple[float, float, float, np.int32],
    p: Any,
    scratch: tuple[AnyArray, ...],
) -> None:
    """Take the step of the model that the neurons of this piece have."""
    if scratch[4][MODEL] == WHICH:
        first(state, here, receptors, kinetics, kinds, numbers, p, scratch)
    else:
        others(state, here, receptors, kinetics, kinds, numbers, p, scratch)
