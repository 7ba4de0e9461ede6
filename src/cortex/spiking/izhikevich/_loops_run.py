"""Compiled time steps of Izhikevich networks, in the units of the published equations.

Everything here is in mV, ms, pA, nS and pF; `cortex.spiking.izhikevich.packing` converts from and
to SI and `cortex.spiking.izhikevich.layout` says what stands where.
"""

import numpy as np
from numba import njit

from cortex.spiking.izhikevich._loops_cells import N_ROWS, advance_cells
from cortex.spiking.izhikevich._loops_delivery import add_poisson, receive, send, store
from cortex.spiking.izhikevich.layout import (
    NMDA,
    OK,
    G,
    Model,
    Outcome,
    Record,
    Spikes,
    Step,
    Synapses,
)
from cortex.typing import FloatArray, IntArray


@njit(cache=True, nogil=True, error_model="numpy")
def advance_standard(
    state: FloatArray,
    span: tuple[int, int, float],
    current_pA: FloatArray,
    model: Model,
    synapses: Synapses,
    delays: tuple[FloatArray, IntArray],
    poisson: FloatArray,
    rng: np.random.Generator,
    record: Record,
    spikes: Spikes,
) -> Outcome:
    """Advance a network: exponential conductances, Heun's step, peaks found within the step.

    `state` (6, n) is changed in place; `span` is the first step, the step to stop before
    and dt in ms; `current_pA` is (n_steps, n), or (1, n) if constant; `delays` are the
    weights under way (n_slots, n_projections, n) and whether a slot holds any. Conductances
    are read at mid-step, so the step is of second order; a spike arrives at the end of the
    step in which it falls, or its delay later.
    """
    (step, stop, dt_ms), (arriving, waiting) = span, delays
    start, length, n_spikes = step, Step(model.receptors[2, NMDA], dt_ms), 0
    work, g = np.empty(N_ROWS), state[G:]
    while step < stop and n_spikes + state.shape[1] <= spikes.step.size:
        row = step - start if current_pA.shape[0] > 1 else 0
        at = (step, row, n_spikes)
        outcome = advance_cells(state, current_pA, model, length, at, work, spikes)
        if outcome.status != OK:
            return outcome
        if outcome.n_spikes > n_spikes:
            fired = (n_spikes, outcome.n_spikes)
            send(spikes.neuron, fired, step, synapses, g, arriving, waiting)
        n_spikes, step = outcome.n_spikes, step + 1
        receive(g, step, arriving, waiting, synapses)
        add_poisson(g, poisson, rng)
        store(state, step - 1, record)
    return Outcome(step, n_spikes, OK, -1)
