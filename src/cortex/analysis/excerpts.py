"""Short pieces of a simulation for rasters and traces."""

from collections.abc import Mapping, Sequence

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


def activity_excerpt(
    spikes: Spikes, lfp: FloatArray, *, start: float, duration: float, rate_bin: float
) -> dict[str, AnyArray]:
    """Return population rate and LFP in a window, both in bins of `rate_bin`.

    Parameters
    ----------
    spikes : Spikes
        Spikes of all populations.
    lfp : ndarray of shape (n_samples,)
        LFP sampled evenly over the recording, any unit.
    start, duration, rate_bin : float
        Window and bin, s.

    Returns
    -------
    dict
        ``time`` (s from the start of the window), ``rate`` (Hz per neuron, all populations),
        ``lfp`` minus its mean over the whole recording, each of shape (n_bins,).
    """
    per_bin = round(rate_bin * len(lfp) / spikes.duration)
    first, n_bins = round(start / rate_bin), round(duration / rate_bin)
    rate = network_rate(spikes, rate_bin)
    whole = len(lfp) // per_bin
    binned = (lfp - lfp.mean())[: whole * per_bin].reshape(whole, per_bin).mean(axis=1)
    return {
        "time": (np.arange(n_bins) + 0.5) * rate_bin,
        "rate": rate[first : first + n_bins],
        "lfp": binned[first : first + n_bins],
    }


def spread_over_networks(
    spectra: Mapping[str, AnyArray], state: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return frequency, mean and standard deviation over networks of a state's rate spectrum.

    Parameters
    ----------
    spectra : table `brunel_spectrum` of several networks, SI columns.
    state : str
        Name of the state.

    Returns
    -------
    frequency, mean, std : ndarray of shape (n_freqs,)
        Hz and Hz^2/Hz; the standard deviation (ddof 0) over networks.
    """
    rows = spectra["state"] == state
    frequency = np.unique(spectra["frequency"][rows])
    power = spectra["rate_power"][rows].reshape(-1, len(frequency))
    return frequency, power.mean(axis=0), power.std(axis=0)
