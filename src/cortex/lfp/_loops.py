"""Compiled loops: exact recursions of exponential kernels over events."""

import numpy as np
from numba import njit

from cortex.typing import FloatArray, IntArray

SIMULTANEOUS = 1e-12  # s; rounding must not postpone an event by a step


@njit(cache=True, nogil=True, inline="always")
def decays(age: float, tau: tuple[float, float]) -> tuple[float, float]:
    """Return exp(-age/tau) of both exponentials; zero for a tau of zero."""
    slow = np.exp(-age / tau[0])
    return slow, np.exp(-age / tau[1]) if tau[1] > 0.0 else 0.0


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
    event, step, a, b = 0, -1.0, 0.0, 0.0
    for n in range(len(times)):
        if n > 0 and times[n] - times[n - 1] != step:
            step = times[n] - times[n - 1]
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
    event, step, a, b = 0, -1.0, 0.0, 0.0
    for n in range(len(times)):
        if n > 0 and times[n] - times[n - 1] != step:
            step = times[n] - times[n - 1]
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
