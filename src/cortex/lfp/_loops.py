"""Compiled loops: exact recursions of exponential kernels over events."""

import numpy as np
from numba import njit

from cortex.typing import FloatArray, IntArray

SIMULTANEOUS = 1e-12  # s; rounding must not postpone an event by a step
ROUNDING = 8e-16  # of a time: that of a difference of two times, and some


@njit(cache=True, nogil=True, inline="always")
def decays(age: float, tau: tuple[float, float]) -> tuple[float, float]:
    """Return exp(-age/tau) of both exponentials; zero for a tau of zero."""
    slow = np.exp(-age / tau[0])
    return slow, np.exp(-age / tau[1]) if tau[1] > 0.0 else 0.0


@njit(cache=True, nogil=True)
def mean_step(times: FloatArray) -> float:
    """Return the mean step; of an even grid it is exact where single steps are rounded."""
    return float((times[-1] - times[0]) / (len(times) - 1)) if len(times) > 1 else 0.0


@njit(cache=True, nogil=True, inline="always")
def is_step(times: FloatArray, n: int, step: float) -> bool:
    """Tell whether times[n] lies one `step` after times[n - 1], up to their rounding."""
    close: bool = abs(times[n] - times[n - 1] - step) <= ROUNDING * abs(times[n])
    return close


@njit(cache=True, nogil=True)
def collapse_rows(
    first: IntArray, column: IntArray, weight: FloatArray, amplitude: FloatArray, out: FloatArray
) -> None:
    """Add sum_k weight[k] amplitude[column[k]] to each row of `out`, four synapses at a time.

    `amplitude` is (n_targets, n_channels); row r of `out` has the synapses first[r]:first[r+1].
    """
    for r in range(out.shape[0]):
        total = out[r]
        k, stop = first[r], first[r + 1]
        while k + 4 <= stop:
            w0, w1, w2, w3 = weight[k], weight[k + 1], weight[k + 2], weight[k + 3]
            a0, a1 = amplitude[column[k]], amplitude[column[k + 1]]
            a2, a3 = amplitude[column[k + 2]], amplitude[column[k + 3]]
            for c in range(total.size):
                total[c] = (((total[c] + w0 * a0[c]) + w1 * a1[c]) + w2 * a2[c]) + w3 * a3[c]
            k += 4
        for i in range(k, stop):
            w, a = weight[i], amplitude[column[i]]
            for c in range(total.size):
                total[c] += w * a[c]


@njit(cache=True, nogil=True)
def filter_rows(
    times: FloatArray,
    arrival: FloatArray,
    row: IntArray,
    weights: FloatArray,
    tau: tuple[float, float],
    amplitude: float,
    out: FloatArray,
) -> None:
    """Add amplitude * sum_events weights[row] (e^{-age/tau_0} - e^{-age/tau_1}) to `out`.

    `times` and `arrival` ascend; `out` is (n_times, n_channels), `weights` (n_rows,
    n_channels). A tau of zero leaves its exponential out.
    """
    n_channels = out.shape[1]
    slow, fast = np.zeros(n_channels), np.zeros(n_channels)
    event, even = 0, mean_step(times)
    step = even
    a, b = decays(step, tau)
    for n in range(len(times)):
        if n > 0 and not is_step(times, n, step):
            step = even if is_step(times, n, even) else times[n] - times[n - 1]
            a, b = decays(step, tau)
        for c in range(n_channels):
            slow[c] *= a
            fast[c] *= b
        while event < len(arrival) and arrival[event] <= times[n] + SIMULTANEOUS:
            of_slow, of_fast = decays(times[n] - arrival[event], tau)
            k = row[event]
            for c in range(n_channels):
                slow[c] += of_slow * weights[k, c]
                fast[c] += of_fast * weights[k, c]
            event += 1
        for c in range(n_channels):
            out[n, c] += amplitude * (slow[c] - fast[c])


@njit(cache=True, nogil=True)
def filter_sparse_rows(
    times: FloatArray,
    arrival: FloatArray,
    row: IntArray,
    first: IntArray,
    column: IntArray,
    weight: FloatArray,
    tau: tuple[float, float],
    amplitude: float,
    out: FloatArray,
) -> None:
    """Do `filter_rows` with the weights in compressed rows (first, column, weight)."""
    n_channels = out.shape[1]
    slow, fast = np.zeros(n_channels), np.zeros(n_channels)
    event, even = 0, mean_step(times)
    step = even
    a, b = decays(step, tau)
    for n in range(len(times)):
        if n > 0 and not is_step(times, n, step):
            step = even if is_step(times, n, even) else times[n] - times[n - 1]
            a, b = decays(step, tau)
        for c in range(n_channels):
            slow[c] *= a
            fast[c] *= b
        while event < len(arrival) and arrival[event] <= times[n] + SIMULTANEOUS:
            of_slow, of_fast = decays(times[n] - arrival[event], tau)
            for k in range(first[row[event]], first[row[event] + 1]):
                slow[column[k]] += of_slow * weight[k]
                fast[column[k]] += of_fast * weight[k]
            event += 1
        for c in range(n_channels):
            out[n, c] += amplitude * (slow[c] - fast[c])


@njit(cache=True, nogil=True)
def add_gaussians(
    start: float,
    dt: float,
    centre: FloatArray,
    width: FloatArray,
    height: FloatArray,
    channel: IntArray,
    reach: float,
    out: FloatArray,
) -> None:
    """Add height * exp(-(t - centre)^2 / (2 width^2)) within `reach` widths to `out`.

    `out` is (n_steps, n_channels) on the grid start + dt * step.
    """
    for event in range(len(centre)):
        half = reach * width[event]
        low = max(int(np.ceil((centre[event] - half - start) / dt)), 0)
        high = min(int(np.floor((centre[event] + half - start) / dt)) + 1, out.shape[0])
        for n in range(low, high):
            z = (start + dt * n - centre[event]) / width[event]
            out[n, channel[event]] += height[event] * np.exp(-0.5 * z * z)
