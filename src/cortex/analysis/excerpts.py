"""Short pieces of a simulation for rasters and traces."""

from collections.abc import Sequence

import numpy as np

from cortex.analysis.population import network_rate
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray


def raster_excerpt(
    spikes: Spikes, *, start: float, duration: float, n_neurons: int, excitatory: Sequence[str]
) -> dict[str, AnyArray]:
    """Return the spikes of some neurons in a window, ready to draw.

    Parameters
    ----------
    spikes : Spikes
        Spikes of all populations.
    start, duration : float
        Window, s after the start of the recording.
    n_neurons : int
        Neurons shown, spread evenly over all populations, hence in proportion.
    excitatory : sequence of str
        Names of the excitatory populations.

    Returns
    -------
    dict
        ``time`` (s from the start of the window), ``row`` (0 is the last neuron shown),
        ``place`` (0 to 1 within its population), ``population`` (its name), ``excitatory``
        (bool), each of shape (n_spikes_shown,).
    """
    total = int(spikes.first[-1])
    shown = np.unique(np.linspace(0, total - 1, min(n_neurons, total)).astype(np.int64))
    row = np.full(total, -1)
    row[shown] = np.arange(len(shown))[::-1]
    population = np.searchsorted(spikes.first, spikes.neurons, side="right") - 1
    is_excitatory = np.isin(spikes.names, excitatory)[population]
    times = spikes.times - spikes.start
    inside = (times > start) & (times <= start + duration) & (row[spikes.neurons] >= 0)
    own = spikes.neurons[inside] - spikes.first[population[inside]]
    return {
        "time": times[inside] - start,
        "row": row[spikes.neurons[inside]],
        "place": own / spikes.sizes[population[inside]],
        "population": np.array(spikes.names, dtype=object)[population[inside]],
        "excitatory": is_excitatory[inside],
    }


def rate_excerpt(
    spikes: Spikes, *, start: float, duration: float, rate_bin: float
) -> dict[str, FloatArray]:
    """Return ``time`` (s from the start of a window) and ``rate`` (Hz per neuron) in bins."""
    rate = network_rate(spikes, rate_bin)
    return _window(rate, "rate", start=start, duration=duration, width=rate_bin)


def trace_excerpt(
    trace: FloatArray, dt: float, *, start: float, duration: float, width: float
) -> dict[str, FloatArray]:
    """Return ``time`` and ``trace`` less its mean over the whole recording, averaged in bins.

    Parameters
    ----------
    trace : ndarray of shape (n_steps,)
        A signal in steps of `dt`, any unit.
    dt, start, duration, width : float
        Step, window and bin, s.
    """
    per_bin = round(width / dt)
    whole = len(trace) // per_bin
    binned = (trace - trace.mean())[: whole * per_bin].reshape(whole, per_bin).mean(axis=1)
    return _window(binned, "trace", start=start, duration=duration, width=width)


def _window(
    values: FloatArray, name: str, *, start: float, duration: float, width: float
) -> dict[str, FloatArray]:
    first, n_bins = round(start / width), round(duration / width)
    shown = values[first : first + n_bins]
    time: FloatArray = (np.arange(len(shown), dtype=np.float64) + 0.5) * width
    return {"time": time, name: shown}
