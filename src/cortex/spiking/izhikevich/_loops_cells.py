"""Compiled passes over cells of the standard scheme, in mV, ms, pA, nS and pF.

A strip of cells is small enough for the first-level cache. Its scratch values lie in rows
of one flat array at fixed distances: the compiler then knows that they do not overlap and
keeps every pass in vectors; with five separate rows it would give up.
"""

from cortex._loops_uncounted import uncounted
from cortex.spiking.izhikevich.layout import (
    BLOWN_UP,
    OK,
    STIFF,
    G,
    Model,
    Outcome,
    Part,
    Spikes,
    Step,
    U,
    V,
)
from cortex.typing import FloatArray

GATE_ZERO_mV, GATE_SCALE_mV = -80.0, 60.0
BLOW_UP_mV = 1000.0
STIFFNESS_CHECK_STEPS = 8
LARGEST_LEAK = 10.0  # conductance times dt over C

# rows of a strip: what does not depend on v, and v and u before the step
STRIP = 256
DRIVE, TOTAL, NMDA_ROW, OLD_V, OLD_U, N_ROWS = 0, STRIP, 2 * STRIP, 3 * STRIP, 4 * STRIP, 5 * STRIP


@uncounted
def _excite(
    g_ampa: FloatArray,
    g_nmda: FloatArray,
    current_pA: FloatArray,
    receptors: FloatArray,
    work: FloatArray,
) -> None:
    """Start the sums S = I + sum at g E, G = sum at g, N = at g_NMDA of a strip; decay g."""
    at_ampa, at_nmda, keep_ampa, keep_nmda = (
        receptors[0, 0],
        receptors[0, 1],
        receptors[1, 0],
        receptors[1, 1],
    )
    drive_ampa = at_ampa * receptors[2, 0]
    for j in range(g_ampa.size):
        ampa, nmda = g_ampa[j], g_nmda[j]
        work[DRIVE + j] = current_pA[j] + drive_ampa * ampa
        work[TOTAL + j] = at_ampa * ampa
        work[NMDA_ROW + j] = at_nmda * nmda
        g_ampa[j], g_nmda[j] = keep_ampa * ampa, keep_nmda * nmda


@uncounted
def _inhibit(g_a: FloatArray, g_b: FloatArray, receptors: FloatArray, work: FloatArray) -> None:
    """Add GABA-A and GABA-B to the sums of a strip; decay them."""
    at_a, at_b, keep_a, keep_b = (
        receptors[0, 2],
        receptors[0, 3],
        receptors[1, 2],
        receptors[1, 3],
    )
    drive_a, drive_b = at_a * receptors[2, 2], at_b * receptors[2, 3]
    for j in range(g_a.size):
        a, b = g_a[j], g_b[j]
        work[DRIVE + j] += drive_a * a + drive_b * b
        work[TOTAL + j] += at_a * a + at_b * b
        g_a[j], g_b[j] = keep_a * a, keep_b * b


@uncounted
def _heun(v: FloatArray, u: FloatArray, work: FloatArray, cell: FloatArray, step: Step) -> int:
    """Advance v and u by Heun's step; keep the old ones; count cells at or beyond a limit.

    C dv/dt = k (v - v_r)(v - v_t) - u + S - G v - N B(v) (v - E_NMDA),
    du/dt = a (b (v - v_r) - u), with B = q/(60^2 + q), q = max(v + 80, 0)^2.
    (G + N B) v, with B as at the start, is averaged over both ends of the step
    (Crank-Nicolson), so that large conductances on small cells stay stable.
    Counted are peaks, blow-ups and what is not a number.
    """
    (E_nmda_mV, dt_ms), v_r, v_t, peak = step, cell[2], cell[3], cell[4]
    per_C, scale = dt_ms / cell[0], GATE_SCALE_mV * GATE_SCALE_mV
    bend, a, b = per_C * cell[1], dt_ms * cell[5], dt_ms * cell[5] * cell[6]
    half, n_outside = 0.5 * per_C, v.size
    for j in range(v.size):
        v0, u0, s, n = v[j], u[j], work[DRIVE + j], work[NMDA_ROW + j]
        x = v0 - GATE_ZERO_mV
        x = x if x > 0.0 else 0.0
        q = x * x
        gated = n * (q / (scale + q))
        leak = half * (work[TOTAL + j] + gated)
        divisor, base = 1.0 / (1.0 + leak), v0 * (1.0 - leak)
        s += gated * E_nmda_mV
        dv0 = bend * (v0 - v_r) * (v0 - v_t) + per_C * (s - u0)
        du0 = b * (v0 - v_r) - a * u0
        v1, u1 = (base + dv0) * divisor, u0 + du0
        x = v1 - GATE_ZERO_mV
        x = x if x > 0.0 else 0.0
        q = x * x
        gated = n * (q / (scale + q)) - gated
        s -= gated * (v1 - E_nmda_mV)
        dv1 = bend * (v1 - v_r) * (v1 - v_t) + per_C * (s - u1)
        du1 = b * (v1 - v_r) - a * u1
        v2 = (base + 0.5 * (dv0 + dv1)) * divisor
        work[OLD_V + j], work[OLD_U + j] = v0, u0
        v[j], u[j] = v2, u0 + 0.5 * (du0 + du1)
        n_outside -= (v2 > -BLOW_UP_mV) & (v2 < peak)
    return n_outside


@uncounted
def _first_stiff(work: FloatArray, size: int, limit_nS: float) -> int:
    """Return the first neuron of a strip whose conductance exceeds the limit, or -1."""
    for j in range(size):
        if not work[TOTAL + j] + work[NMDA_ROW + j] < limit_nS:
            return j
    return -1


@uncounted
def _find_spikes(
    state: FloatArray,
    work: FloatArray,
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
    for j in range(lo, hi):
        if -BLOW_UP_mV < v[j] < peak:
            continue
        if not abs(v[j]) < BLOW_UP_mV:
            return n_spikes, j
        v_old, u_old = work[OLD_V + j - lo], work[OLD_U + j - lo]
        crossed = (peak - v_old) / (v[j] - v_old) if v[j] > v_old else 0.0
        fraction = min(max(crossed, 0.0), 1.0)
        v[j], u[j] = reset, u_old + fraction * (u[j] - u_old) + jump
        rest = Step(length.E_nmda_mV, (1.0 - fraction) * length.dt_ms)
        _heun(v[j : j + 1], u[j : j + 1], work[j - lo :], cell, rest)
        out.step[n_spikes], out.neuron[n_spikes], out.fraction[n_spikes] = step + 1, j, fraction
        n_spikes += 1
    return n_spikes, -1


@uncounted
def advance_cells(
    state: FloatArray,
    current_pA: FloatArray,
    model: Model,
    length: Step,
    at: tuple[int, int, int],
    work: FloatArray,
    out: Spikes,
) -> Outcome:
    """Advance all cells by a step, strip by strip; `work` has N_ROWS places.

    `at`: step, row of the currents, spikes already found.
    """
    step, row, n_spikes = at
    is_inhibited = model.receptors[3, 2] + model.receptors[3, 3] != 0.0
    for p in range(model.cells.shape[0]):
        cell = model.cells[p]
        for lo in range(model.first[p], model.first[p + 1], STRIP):
            hi = min(lo + STRIP, model.first[p + 1])
            current = current_pA[row, lo:hi]
            _excite(state[G, lo:hi], state[G + 1, lo:hi], current, model.receptors, work)
            if is_inhibited:
                _inhibit(state[G + 2, lo:hi], state[G + 3, lo:hi], model.receptors, work)
            if step % STIFFNESS_CHECK_STEPS == 0:
                stiff = _first_stiff(work, hi - lo, LARGEST_LEAK * cell[0] / length.dt_ms)
                if stiff >= 0:
                    return Outcome(step, n_spikes, STIFF, lo + stiff)
            if _heun(state[V, lo:hi], state[U, lo:hi], work, cell, length):
                n_spikes, lost = _find_spikes(
                    state, work, (lo, hi), cell, length, (step, n_spikes), out
                )
                if lost >= 0:
                    return Outcome(step, n_spikes, BLOWN_UP, lost)
    return Outcome(step, n_spikes, OK, -1)
