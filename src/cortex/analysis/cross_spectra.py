"""Cross-spectra of population rates around a rhythm, as uniform activity or as one wave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.spikes import Spikes
from cortex.typing import ComplexArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossSpectra:
    """Cross-spectral matrices of population rates.

    Attributes
    ----------
    frequency : ndarray of shape (n_freqs,)
        Hz.
    density : ndarray of shape (n_freqs, n_pops, n_pops)
        Two-sided, Hz: Hz^2 per Hz of the rate per neuron.
    n_averaged : int
        Independent periodograms that each is the mean of.
    duration : float
        Recorded in all, s.
    """

    frequency: FloatArray
    density: ComplexArray
    n_averaged: int
    duration: float


def cross_spectra_between(
    runs: Sequence[Spikes],
    low: float,
    high: float,
    *,
    width: float = 5e-4,
    wave_number: int = 0,
    most: int = 200,
) -> CrossSpectra:
    """Return the cross-spectra of the population rates of some runs between two frequencies.

    Parameters
    ----------
    runs : sequence of Spikes
        Recordings of the same populations, equally long.
    low, high : float
        Hz; the highest one is at most 0.4 over `width`.
    width : float
        Bin of time, s.
    wave_number : int
        Cycles per ring: neuron i of n of each population sits at i/n. Both directions count.
    most : int
        Frequencies at most: neighbours are averaged.

    Raises
    ------
    ParameterError
        No frequency lies between the two.

    Notes
    -----
    The periodogram of a whole recording has the finest resolution, and neighbouring frequencies of
    a Gaussian process are independent.

    References
    ----------
    Definition.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> trains = {"E": [np.sort(rng.uniform(0.0, 10.0, 50)) for _ in range(40)]}
    >>> spikes = Spikes.of_trains(trains, stop=10.0)  # shot noise: 5 Hz over 40 neurons
    >>> found = cross_spectra_between([spikes], 20.0, 200.0)
    >>> round(float(found.density.real.mean()), 2), found.n_averaged
    (0.12, 10)
    """
    high = min(high, 0.4 / width)
    n = min(round(spikes.duration / width) for spikes in runs)
    f = np.fft.fftfreq(n, width)
    kept = np.flatnonzero((f >= low) & (f <= high))
    if not kept.size:
        msg = f"a recording of {n * width:g} s in bins of {width:g} s has no frequency between "
        raise ParameterError(msg + f"{low:.3g} and {high:.3g} Hz")
    joined = -(-kept.size // most)
    kept = kept[: kept.size // joined * joined]
    total, n_averaged = np.zeros(1, dtype=np.complex128), 0
    for spikes in runs:
        x = np.fft.fft(_rates(spikes, width, n, wave_number), axis=0) * width
        sides = (x[kept], np.conj(x[-kept])) if wave_number else (x[kept],)
        for side in sides:
            total = total + np.einsum("fa,fb->fab", side, np.conj(side)) / (n * width)
            n_averaged += joined
    blocks = (total * joined / n_averaged).reshape(-1, joined, *total.shape[1:])
    return CrossSpectra(
        frequency=f[kept].reshape(-1, joined).mean(axis=1),
        density=blocks.mean(axis=1),
        n_averaged=n_averaged,
        duration=len(runs) * n * width,
    )


def _rates(spikes: Spikes, width: float, n: int, wave_number: int) -> ComplexArray:
    """Return the rate per neuron in bins, or its Fourier coefficient at a wave number."""
    binned, n_pops = spikes.binned(width), len(spikes.sizes)
    populations = np.repeat(np.arange(n_pops), spikes.sizes)
    places = np.concatenate([np.arange(size) / size for size in spikes.sizes])
    kept = binned.steps < n
    cells = binned.neurons[kept]
    at = binned.steps[kept] * n_pops + populations[cells]
    phase = 2.0 * np.pi * wave_number * places
    parts = [
        np.bincount(at, weights=part[cells], minlength=n * n_pops).reshape(n, n_pops)
        for part in (np.cos(phase), -np.sin(phase))
    ]
    rates = (parts[0] + 1j * parts[1]) / (spikes.sizes * width)
    return np.asarray(rates - rates.mean(axis=0))
