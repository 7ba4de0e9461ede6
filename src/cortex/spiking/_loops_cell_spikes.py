"""What spikes open: rows of the steps in which their synapses act, with plasticity and NMDA."""

from math import exp

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.typing import AnyArray, IntArray

Arrays = tuple[AnyArray, ...]

# layout of `sizes`
(
    N_NEURONS, RATE_STEPS, DC_STEPS, UNIFORM_DELAY, TRACE_FROM, TRACE_EVERY, IS_PLASTIC, IS_DRIVEN,
    HAS_PULL, BLOCK,
) = range(10)  # fmt: skip
# numbers of NMDA receptors: over the recovery of x, of s, and what a spike adds to alpha tau x
RISE_RATE, DECAY_RATE, STEP = range(3)


@uncounted
def _release(
    neuron: int, now: int, dt: float, own: int, plastic: Arrays, factors: AnyArray
) -> None:
    """Write what share of its weights a spike passes on to each target population.

    Tsodyks, Uziel & Markram (2000): u x, both from the spike before. Of the used resources y are
    active, the others recover; where nothing stays active these are the synapses of Tsodyks,
    Pawelzik & Markram (1998).
    """
    U, tau_rec, tau_fac, tau_active, u, x, y, last = plastic
    h = (now - last[neuron]) * dt
    for a in range(factors.size):
        if last[neuron] > 0:
            rec, act = tau_rec[a, own], tau_active[a, own]
            recovery = exp(-h / rec) if rec > 0.0 else 0.0
            activity = exp(-h / act) if act > 0.0 else 0.0
            memory = exp(-h / tau_fac[a, own]) if tau_fac[a, own] > 0.0 else 0.0
            used = u[a, neuron] * x[a, neuron]
            active = y[a, neuron] + used
            resting = 1.0 - (x[a, neuron] - used) - active
            y[a, neuron] = active * activity
            gained = h / rec * recovery if rec == act and rec > 0.0 else 0.0
            if rec != act:
                gained = rec / (rec - act) * (recovery - activity)
            x[a, neuron] = 1.0 - y[a, neuron] - resting * recovery - active * gained
            u[a, neuron] = U[a, own] + u[a, neuron] * (1.0 - U[a, own]) * memory
        factors[a] = u[a, neuron] * x[a, neuron]
    last[neuron] = now


@uncounted
def _parts(s: float, z: float, series: AnyArray, changes: AnyArray, sign: float) -> None:
    """Add to `changes` the parts of the course of s that decay exponentially.

    With z = alpha tau_rise x, s(t) = P(z) + [s - P(z)] exp(-t/tau_s) exp(z(t) - z), where P is a
    power series in z(t) = z exp(-t/tau_rise), and so is exp(z(t)): every power decays by itself.
    """
    n = series.shape[1] - 1
    P = _particular(z, series)
    slow = sign * (s - P) * exp(-z)
    changes[0] += slow
    power = 1.0
    for k in range(1, n + 1):
        power *= z
        changes[k] += slow * series[1, k] * power
        changes[n + k] += sign * series[0, k] * power


@uncounted
def _particular(z: float, series: AnyArray) -> float:
    P = 0.0
    for k in range(series.shape[1] - 1, 0, -1):
        P = (P + series[0, k]) * z
    return P


@uncounted
def _open_gates(neuron: int, now: int, dt: float, nmda: Arrays, changes: AnyArray) -> None:
    """Write how a spike changes the parts of the course of s; move s and x of its neuron on."""
    _, numbers, series, s, z, last = nmda
    if last[neuron] > 0:
        h, before = (now - last[neuron]) * dt, z[neuron]
        z[neuron] = before * exp(-h * numbers[RISE_RATE])
        slow = (s[neuron] - _particular(before, series)) * exp(-h * numbers[DECAY_RATE])
        s[neuron] = _particular(z[neuron], series) + slow * exp(z[neuron] - before)
    changes[:] = 0.0
    _parts(s[neuron], z[neuron], series, changes, -1.0)
    z[neuron] += numbers[STEP]
    _parts(s[neuron], z[neuron], series, changes, 1.0)
    last[neuron] = now


@uncounted
def _deliver(
    neuron: int, now: int, sizes: IntArray, lists: Arrays, factors: AnyArray, ring: AnyArray
) -> None:
    """Add one spike to the rows of the steps in which its synapses act."""
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


@uncounted
def _deliver_gates(
    neuron: int, now: int, sizes: IntArray, lists: Arrays, group: int, changes: AnyArray,
    ring: AnyArray,
) -> None:  # fmt: skip
    """Add the changed parts of the course of s to the rows of the steps in which they act."""
    start, targets, delays = lists[0], lists[1], lists[2]
    for k in range(changes.size):
        part, amount = ring[group + k], ring.dtype.type(changes[k])
        for j in range(start[neuron], start[neuron + 1]):
            delay = np.int64(delays[j]) if delays.size > 0 else sizes[UNIFORM_DELAY]
            part[(now + delay) % part.shape[0], targets[j]] += amount


@uncounted
def release(
    now: int, own: tuple[int, int], sizes: IntArray, population_of: IntArray, plastic: Arrays,
    nmda: Arrays, dt: float, found: Arrays,
) -> None:  # fmt: skip
    """Move the synapses of neurons that fired on, and note what each of these spikes passes on."""
    recent, _, factors, changes = found
    slot = now % recent.shape[0]
    for i in range(own[0], own[1]):
        neuron = recent[slot, i]
        population = population_of[neuron]
        if sizes[IS_PLASTIC]:
            _release(neuron, now, dt, population, plastic, factors[slot, i])
        if nmda[0][population] >= 0:
            _open_gates(neuron, now, dt, nmda, changes[slot, i])


@uncounted
def pass_on(
    now: int, bounds: IntArray, sizes: IntArray, lists: Arrays, first_gate: IntArray,
    found: Arrays, ring: AnyArray,
) -> None:  # fmt: skip
    """Deliver the spikes of one step, of all threads, to the neurons of the lists.

    Neurons of later threads come later, so that sums do not depend on how many threads there are.
    """
    recent, n_recent, factors, changes = found
    slot = now % recent.shape[0]
    for other in range(bounds.size - 1):
        for i in range(bounds[other], bounds[other] + n_recent[other, slot]):
            neuron = recent[slot, i]
            _deliver(neuron, now, sizes, lists, factors[slot, i], ring)
            gate = first_gate[lists[5][neuron]]
            if gate >= 0:
                _deliver_gates(neuron, now, sizes, lists, gate, changes[slot, i], ring)
