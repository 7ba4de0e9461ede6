"""The scheme of the published notebook in plain NumPy: conductances per synapse and time step.

Written for this comparison from the description of the scheme: arrays over all steps, one
conductance per synapse and receptor (4.6 GB here), Euler, reset in the step after the peak.
"""

import numpy as np

from benchmarks.izhikevich.tasks import (
    DT_MS,
    FS,
    N_STEPS,
    REVERSAL_MV,
    RS,
    SMALL,
    TAU_MS,
    measure,
    ring_current,
    ring_weights,
)

N_EXC, N_INH = 100, 20


def simulate() -> int:
    """Return the number of spikes of the published ring."""
    n = N_EXC + N_INH
    cell = {key: np.array([RS[key]] * N_EXC + [FS[key]] * N_INH, dtype=float) for key in RS}
    tau, reversal = np.array(list(TAU_MS.values())), np.array(list(REVERSAL_MV.values()))
    weights, current = ring_weights().T, ring_current()
    excitatory = np.arange(n) < N_EXC
    states = np.zeros((N_STEPS + 1, n, 2))
    firings = np.zeros((N_STEPS + 1, n))
    g = np.zeros((N_STEPS + 1, n, n, 4))  # [step, source, target, receptor]
    states[0, :, 0] = cell["v_r"]
    for i in range(1, N_STEPS):
        v, u = states[i - 1].T
        fired = v >= cell["v_peak"]
        q = ((v + 80.0) / 60.0) ** 2
        gate = np.ones((n, 4))
        gate[:, 1] = q / (1.0 + q)
        i_syn = (g[i - 1].sum(axis=0) * gate * (v[:, None] - reversal)).sum(axis=1)
        quadratic = cell["k"] * (v - cell["v_r"]) * (v - cell["v_t"])
        dv = (quadratic - u + current - i_syn) / cell["C"]
        du = cell["a"] * (cell["b"] * (v - cell["v_r"]) - u)
        states[i, :, 0] = np.where(fired, cell["c"], v + DT_MS * dv)
        states[i, :, 1] = np.where(fired, u + cell["d"], u + DT_MS * du)
        firings[i] = fired
        g[i] = np.where(fired[:, None, None], g[i - 1], g[i - 1] * (1.0 - DT_MS / tau))
        for source in np.flatnonzero(fired):
            first = 0 if excitatory[source] else 2
            g[i, source, :, first : first + 2] += weights[source][:, None]
    return int(firings.sum())


if __name__ == "__main__":
    measure(SMALL, simulate)
