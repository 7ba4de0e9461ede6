"""Speed and shape of a wave, read from recorded rates."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import SimulationError
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossingPeriod:
    """Period of one neuron from its upward crossings.

    Parameters
    ----------
    mean, deviation : float
        Mean and standard deviation of the intervals, s.
    n_intervals : int
        Number of intervals.
    """

    mean: float
    deviation: float
    n_intervals: int


def crossing_period(trace: FloatArray, dt: float, *, level: float = 0.5) -> CrossingPeriod:
    """Return the period of `trace` (n_steps,) from linearly interpolated upward crossings.

    Raises
    ------
    SimulationError
        Fewer than two crossings: the wave has died or is too slow for the record.

    Examples
    --------
    >>> trace = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(100) / 20.0)
    >>> crossing_period(trace, 1e-3).mean.__round__(6)
    0.02
    """
    before, after = trace[:-1] - level, trace[1:] - level
    at = np.flatnonzero((before < 0.0) & (after >= 0.0))
    if at.size < 2:
        msg = f"{at.size} upward crossings of {level} in {trace.size * dt:g} s: no period"
        raise SimulationError(msg)
    intervals = np.diff(at + before[at] / (before[at] - after[at])) * dt
    return CrossingPeriod(
        mean=float(intervals.mean()),
        deviation=float(intervals.std()),
        n_intervals=intervals.size,
    )


def rotation_frequency(rates: FloatArray, interval: float) -> float:
    """Return the mean frequency of the first spatial harmonic, Hz; signed by direction.

    Parameters
    ----------
    rates : ndarray of shape (n_times, n_neurons)
        Rates of all neurons at equal intervals, shorter than half a period.
    interval : float
        Time between two rows, s.

    Returns
    -------
    frequency : float
        Positive for waves that run like the training wave, towards smaller index.
    """
    phase = np.unwrap(np.angle(np.fft.rfft(rates, axis=1)[:, 1]))
    return float((phase[-1] - phase[0]) / (2.0 * np.pi * (len(phase) - 1) * interval))


def phase_lead(rates: FloatArray, drive: FloatArray) -> float:
    """Return by how many radians the first harmonic of `rates` leads `drive`, (n_neurons,)."""
    return float(np.angle(np.fft.rfft(rates)[1] / np.fft.rfft(drive)[1]))


def spatial_cycles(rates: FloatArray) -> int:
    """Return how often `rates` (n_neurons,) rise through their middle along the ring."""
    above = rates > 0.5 * (rates.max() + rates.min())
    return int(np.sum(above & ~np.roll(above, 1)))


def wave_amplitude(rates: FloatArray) -> float:
    """Return the range of `rates` (n_times, n_neurons) over time, averaged over neurons."""
    return float(np.mean(np.ptp(rates, axis=0)))


def relative_residual(measured: FloatArray, predicted: FloatArray) -> float:
    """Return the largest difference over the largest predicted value."""
    return float(np.max(np.abs(measured - predicted)) / np.max(np.abs(predicted)))
