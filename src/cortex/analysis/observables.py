"""From the spikes of one run to the named numbers that are compared with a prediction."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.analysis.population import (
    RateSpectrum,
    count_correlation,
    network_rate,
    population_fano,
    population_rate,
    rate_spectrum,
    rate_variation,
)
from cortex.analysis.regimes import label_regime, synchrony_index
from cortex.analysis.trains import fano_factors, firing_rates, interval_cv, nanmean, windowed_cv
from cortex.analysis.waves import (
    SpaceTimeSpectrum,
    detect_wave,
    space_time_rate,
    space_time_spectrum,
)
from cortex.params.observation import ObservationParams
from cortex.spikes import Spikes
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True)
class Observable:
    """A number that is observed: its unit at the edge, and what it is."""

    unit: str
    doc: str


OF_NETWORK: Final = {
    "nu": Observable("Hz", "mean rate of all neurons"),
    "cv": Observable("1", "mean CV of the inter-spike intervals over neurons"),
    "cv_1s": Observable("1", "the same within windows of 1 s"),
    "correlation": Observable("1", "mean correlation of spike counts over all pairs"),
    "rate_std_ratio": Observable("1", "standard deviation over mean of the population rate"),
    "fano": Observable("1", "variance over mean of the population count"),
    "synchrony": Observable("1", "modulation of the rate beyond that of independent neurons"),
    "peak_frequency": Observable("Hz", "highest peak of the spectrum of the population rate"),
}
OF_POPULATION: Final = {
    "nu": Observable("Hz", "mean rate"),
    "nu_sd": Observable("Hz", "standard deviation of the rate over neurons"),
    "silent": Observable("1", "share of neurons without a spike"),
    "cv": Observable("1", "mean CV of the inter-spike intervals; nan where none is known"),
    "fano": Observable("1", "mean Fano factor of the counts of single neurons in 100 ms"),
}
OF_SPACE: Final = {
    "wave_number": Observable("1", "cycles of the strongest pattern per ring or first side"),
    "wave_frequency": Observable("Hz", "its frequency"),
    "direction": Observable(
        "1", "1 to larger positions, -1 to smaller; on a sheet 1 to `angle`; 0 stands"
    ),
    "share": Observable("1", "share of the power that it holds"),
    "speed": Observable("m_per_s", "its frequency over its wave number; nan on a ring"),
    "angle": Observable("deg", "the way it travels, from the x axis; nan on a ring"),
    "phase_speed": Observable("m_per_s", "median speed of its phase; nan where it stands"),
    "directionality": Observable("1", "mean gradient of its phase over mean length of gradients"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observation:
    """What one run shows.

    Parameters
    ----------
    network : dict of str to float
        Every observable of `OF_NETWORK`, SI.
    regime : str
        See `label_regime`; "undetermined" where the recording is too short.
    populations : dict of str to ndarray of shape (n_pops,)
        Every observable of `OF_POPULATION`, SI.
    spectrum : RateSpectrum
        Of the rate of each population, (n_freqs, n_pops), up to the highest frequency wanted.
    pooled : RateSpectrum
        Of the rate of all neurons.
    waves : dict of str to dict of str to float
        Population -> every observable of `OF_SPACE`, on a ring.
    space_time : dict of str to SpaceTimeSpectrum
        Population -> power over frequency and wave number, on a ring.
    """

    network: dict[str, float]
    regime: str
    populations: dict[str, FloatArray]
    spectrum: RateSpectrum
    pooled: RateSpectrum
    waves: dict[str, dict[str, float]]
    space_time: dict[str, SpaceTimeSpectrum]


def observe(spikes: Spikes, bins: ObservationParams, *, ring: bool = False) -> Observation:
    """Return the named observables of a run.

    Parameters
    ----------
    spikes : Spikes
        Spikes of all populations in time order.
    bins : ObservationParams
        Bins and windows.
    ring : bool
        Whether neuron i of n of each population sits at i/n of one ring.

    Raises
    ------
    ParameterError
        A bin is no multiple of the step, or a segment longer than the recording.
    """
    whole = rate_spectrum(network_rate(spikes, bins.rate_bin), bins.rate_bin, segment=bins.segment)
    apart = rate_spectrum(
        population_rate(spikes, bins.rate_bin), bins.rate_bin, segment=bins.segment
    )
    cv = interval_cv(spikes, min_intervals=bins.min_intervals)
    waves = dict(_space_time(spikes, bins)) if ring else {}
    return Observation(
        network={
            "nu": len(spikes) / (spikes.sizes.sum() * spikes.duration),
            "cv": nanmean(cv),
            "cv_1s": windowed_cv(spikes, min(1.0, spikes.duration)),
            "correlation": count_correlation(spikes, bins.correlation_bin),
            "rate_std_ratio": rate_variation(spikes, bins.rate_bin),
            "fano": population_fano(spikes, bins.rate_bin),
            "synchrony": synchrony_index(spikes, bins.rate_bin),
            "peak_frequency": whole.peak(),
        },
        regime=label_regime(spikes) if spikes.duration >= 0.5 else "undetermined",
        populations=_populations(spikes, cv),
        spectrum=_up_to(apart, bins.max_frequency),
        pooled=_up_to(whole, bins.max_frequency),
        waves={name: _wave(spectrum) for name, spectrum in waves.items()},
        space_time=waves,
    )


def _populations(spikes: Spikes, cv: FloatArray) -> dict[str, FloatArray]:
    rates, at = firing_rates(spikes), spikes.first[1:-1]
    fano = fano_factors(spikes, min(0.1, spikes.duration))
    parts = np.split(rates, at)
    return {
        "nu": spikes.mean_rates(),
        "nu_sd": np.array([np.std(part) for part in parts]),
        "silent": np.array([np.mean(part == 0.0) for part in parts]),
        "cv": np.array([nanmean(part) for part in np.split(cv, at)]),
        "fano": np.array([nanmean(part) for part in np.split(fano, at)]),
    }


def _up_to(spectrum: RateSpectrum, highest: float) -> RateSpectrum:
    kept = spectrum.frequency <= highest
    return RateSpectrum(frequency=spectrum.frequency[kept], density=spectrum.density[kept])


def _space_time(spikes: Spikes, bins: ObservationParams) -> Iterator[tuple[str, SpaceTimeSpectrum]]:
    for name in spikes.names:
        rate = space_time_rate(spikes.of(name), n_space=bins.n_space, width=bins.rate_bin)
        yield name, space_time_spectrum(rate, bins.rate_bin, segment=bins.wave_segment)


def _wave(spectrum: SpaceTimeSpectrum) -> dict[str, float]:
    wave = detect_wave(spectrum)
    return {
        "wave_number": float(wave.number),
        "wave_frequency": wave.frequency,
        "direction": wave.direction,
        "share": wave.share,
        **dict.fromkeys(list(OF_SPACE)[4:], float("nan")),
    }
