"""Travelling waves on a ring: space-time rate, its spectrum, wave number and frequency."""

from dataclasses import dataclass

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import finite
from cortex.spikes import Spikes
from cortex.typing import FloatArray, IntArray


def space_time_rate(spikes: Spikes, *, n_space: int = 40, width: float = 5e-4) -> FloatArray:
    """Return the rate over time and place of one population spread evenly on a ring.

    Parameters
    ----------
    spikes : Spikes
        One population; neuron i of n sits at i/n of the ring.
    n_space : int
        Bins of space; must divide the number of neurons.
    width : float
        Bin of time, s.

    Returns
    -------
    ndarray, shape (n_times, n_space)
        Rate per neuron, Hz.

    References
    ----------
    Definition.

    Examples
    --------
    >>> spikes = Spikes.of_trains({"E": [[0.5e-3], [], [1.5e-3], []]}, stop=2e-3).on_grid(5e-4)
    >>> space_time_rate(spikes, n_space=2, width=1e-3).tolist()
    [[500.0, 0.0], [0.0, 500.0]]
    """
    from cortex.analysis._loops_spikes import count_in_bins  # noqa: PLC0415  # numba is slow to import

    n = int(spikes.sizes.sum())
    if len(spikes.sizes) != 1 or n % n_space:
        msg = f"{n_space} space bins need one population of a multiple of them, got {spikes.sizes}"
        raise ParameterError(msg)
    binned = spikes.binned(width)
    edges = np.arange(n_space + 1) * (n // n_space)
    counts = count_in_bins(binned.steps, binned.neurons, edges, binned.n_steps)
    rate: FloatArray = counts / (n / n_space * width)
    return rate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpaceTimeSpectrum:
    """Power over frequency and wave number.

    Parameters
    ----------
    frequency : ndarray, shape (n_freqs,)
        Hz, not negative.
    wave_number : ndarray of int, shape (n_waves,)
        Cycles per ring; positive numbers travel to larger positions.
    power : ndarray, shape (n_freqs, n_waves)
        Mean squared amplitude, Hz^2, summed over both signs of the frequency.
    """

    frequency: FloatArray
    wave_number: IntArray
    power: FloatArray


def space_time_spectrum(
    rate: FloatArray, dt: float, *, segment: float = 0.125
) -> SpaceTimeSpectrum:
    """Return the power of a space-time rate, averaged over half-overlapping Hann windows.

    Parameters
    ----------
    rate : ndarray, shape (n_times, n_space)
        Rate on a ring, Hz.
    dt : float
        Bin of time, s.
    segment : float
        Length of the windows, s.

    References
    ----------
    Definition, by Welch's method.

    Examples
    --------
    >>> t, x = np.arange(0.0, 1.0, 1e-3)[:, None], np.arange(20) / 20
    >>> found = space_time_spectrum(np.cos(2 * np.pi * (40.0 * t - 3 * x)), 1e-3)
    >>> i, j = np.unravel_index(np.argmax(found.power), found.power.shape)
    >>> round(float(found.frequency[i])), abs(int(found.wave_number[j]))
    (40, 3)
    """
    rate = finite("rate", rate, 2)
    n = round(float(finite("segment", segment, 0)) / float(finite("dt", dt, 0)))
    if not 8 <= n <= rate.shape[0]:
        msg = f"segments of {segment:g} s do not fit a rate of {rate.shape} bins of {dt:g} s"
        raise ParameterError(msg)
    window = np.hanning(n + 1)[:n, np.newaxis]
    starts = range(0, rate.shape[0] - n + 1, n // 2)
    norm = np.sum(window) * rate.shape[1]
    power = np.zeros((n // 2 + 1, rate.shape[1]))
    for start in starts:
        part = rate[start : start + n] - rate[start : start + n].mean()
        # exp(+2 pi i (f t - k x)): a wave to larger positions has positive k
        spatial = np.fft.ifft(part * window, axis=1) * rate.shape[1]
        power += np.abs(np.fft.fft(spatial, axis=0)[: n // 2 + 1] / norm) ** 2
    both_signs = np.full((n // 2 + 1, 1), 2.0)
    both_signs[0] = 1.0
    both_signs[-1] = 1.0 if n % 2 == 0 else 2.0  # at zero and the highest frequency both are one
    power *= both_signs / len(starts)
    order = np.argsort(np.fft.fftfreq(rate.shape[1]))
    return SpaceTimeSpectrum(
        frequency=np.arange(n // 2 + 1) / (n * dt),
        wave_number=np.rint(np.fft.fftfreq(rate.shape[1])[order] * rate.shape[1]).astype(int),
        power=power[:, order],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """The strongest pattern of a space-time spectrum.

    Parameters
    ----------
    number : int
        Cycles per ring, positive; zero is left out of the search.
    frequency : float
        Power-weighted frequency around the peak, Hz.
    direction : float
        (P(+n) - P(-n)) / (P(+n) + P(-n)): 1 to larger positions, -1 to smaller, 0 standing.
    share : float
        Power of +n and -n over all power, wave number zero included.
    """

    number: int
    frequency: float
    direction: float
    share: float


def detect_wave(
    spectrum: SpaceTimeSpectrum, *, lowest: float = 10.0, half_width: float = 24.0
) -> Wave:
    """Return wave number, frequency and direction of the strongest pattern.

    Parameters
    ----------
    spectrum : SpaceTimeSpectrum
        Power over frequency and wave number.
    lowest : float
        Frequencies below are left out, Hz.
    half_width : float
        Frequencies around the peak that enter its mean, Hz.
    """
    high = spectrum.frequency >= lowest
    frequency, power = spectrum.frequency[high], spectrum.power[high]
    of_number = {int(k): power[:, i] for i, k in enumerate(spectrum.wave_number)}
    totals = {k: of_number[k].sum() + of_number[-k].sum() for k in of_number if -k in of_number}
    number = max((k for k in totals if k > 0), key=lambda k: totals[k])
    forth, back = of_number[number], of_number[-number]
    profile = forth + back
    near = np.abs(frequency - frequency[np.argmax(profile)]) <= half_width
    return Wave(
        number=number,
        frequency=float(np.average(frequency[near], weights=profile[near])),
        direction=float((forth.sum() - back.sum()) / profile.sum()),
        share=float(profile.sum() / power.sum()),
    )
