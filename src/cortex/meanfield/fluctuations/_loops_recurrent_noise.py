"""Compiled neurons that a prescribed current drives."""

import numpy as np
from numba import njit

from cortex.typing import AnyArray, FloatArray


@njit(cache=True)
def fire(
    current: AnyArray,
    mean: FloatArray,
    decay: float,
    n_ref: int,
    V_th: float,
    V_reset: float,
    skipped: int,
    spikes: AnyArray,
) -> FloatArray:
    """Integrate one neuron per row of `current`; mark its spikes in `spikes`, both (n, n_steps).

    A step is V <- V decay + mean + current, as simulators with delta input on a grid take it.
    Returns number, sum and sum of squares of the intervals after `skipped` steps, (n, 3).
    """
    sums = np.zeros((current.shape[0], 3))
    for i in range(current.shape[0]):
        V, silent, last = V_reset, 0, -1
        for t in range(current.shape[1]):
            spikes[i, t] = 0
            if silent > 0:
                silent -= 1
                continue
            V = V * decay + mean[i] + current[i, t]
            if V_th <= V:
                V, silent = V_reset, n_ref
                spikes[i, t] = 1
                if t >= skipped:
                    if last >= 0:
                        interval = float(t - last)
                        sums[i, 0] += 1.0
                        sums[i, 1] += interval
                        sums[i, 2] += interval * interval
                    last = t
    return sums
