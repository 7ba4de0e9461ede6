"""Compiled recursions over the steps of a chunk; no validation."""

import numba as nb

from cortex.typing import ComplexArray, FloatArray


@nb.njit(cache=True)
def follow_weights(
    w: ComplexArray,
    retention: float,
    gain: ComplexArray,
    target: ComplexArray,
    arriving: ComplexArray,
    recurrent: ComplexArray,
) -> None:
    """Write the modes of the recurrent input, (n, n_modes), and advance the weights `w`.

    ``I_m = w_m y_m``, ``w_{m+1} = q w_m + g_m f_m``; `gain` has one or n_modes columns.
    """
    n, n_modes = target.shape
    column = 1 if gain.shape[1] > 1 else 0
    for m in range(n):
        for q in range(n_modes):
            recurrent[m, q] = w[q] * arriving[m, q]
            w[q] = retention * w[q] + gain[m, column * q] * target[m, q]


@nb.njit(cache=True)
def follow_rates(
    x: FloatArray,
    stationary: FloatArray,
    leak: float,
    noise: FloatArray,
    rates: FloatArray,
    change: FloatArray,
) -> None:
    """Write rates and their changes, both (n, n_neurons), relaxing to `stationary` from `x`."""
    n, n_neurons = stationary.shape
    for m in range(n):
        for k in range(n_neurons):
            before = x[k] if m == 0 else rates[m - 1, k]
            change[m, k] = leak * (stationary[m, k] - before) + noise[m, k]
            rates[m, k] = before + change[m, k]
