"""Rows of the Brunel atlas: short simulations with rasters and spectra, theory beside them."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.analysis.excerpts import raster_excerpt
from cortex.analysis.population import RateSpectrum, network_rate, rate_spectrum, rate_variation
from cortex.analysis.regimes import label_regime
from cortex.analysis.trains import interval_cv
from cortex.meanfield.fluctuations.spectra import pooled_spectrum, population_spectra
from cortex.meanfield.stability.eigenvalues import leading_mode
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import WorkingPoint, solve_working_point
from cortex.params.brunel import BrunelAtlas, BrunelParams
from cortex.params.network import PopulationNetwork
from cortex.params.observation import ObservationParams
from cortex.spikes import Spikes
from cortex.spiking.simulation import simulate
from cortex.typing import AnyArray

Columns = dict[str, AnyArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtlasRow:
    """Tables `brunel_atlas_points`, `_spikes` and `_spectra` of one value of g, SI columns."""

    points: Columns
    spikes: Columns
    spectra: Columns


def atlas_row(
    model: BrunelParams,
    atlas: BrunelAtlas,
    bins: ObservationParams,
    *,
    row: int,
    seed: int,
) -> AtlasRow:
    """Simulate and predict all points of the atlas with the `row`-th value of g."""
    g = float(atlas.g.values()[row])
    pieces = [
        _point(model.at(g, ratio), atlas, bins, index=index, seed=seed)
        for index, ratio in enumerate(atlas.nu_ext_ratio.values())
    ]
    stacked = (
        {key: np.concatenate([piece[part][key] for piece in pieces]) for key in pieces[0][part]}
        for part in range(3)
    )
    points, spikes, spectra = stacked
    return AtlasRow(points=points, spikes=spikes, spectra=spectra)


def _point(
    model: BrunelParams, atlas: BrunelAtlas, bins: ObservationParams, *, index: int, seed: int
) -> tuple[Columns, Columns, Columns]:
    network = model.network()
    point = solve_working_point(network)
    spikes = simulate(network, atlas.simulation, seed=seed).spikes
    cut = atlas.excerpt
    raster = raster_excerpt(
        spikes,
        start=cut.start,
        duration=cut.duration,
        n_neurons=cut.n_neurons,
        excitatory=("E",),
    )
    segment = min(bins.segment, 0.5 * atlas.simulation.duration)
    rate = network_rate(spikes, bins.rate_bin)
    measured = rate_spectrum(rate, bins.rate_bin, segment=segment)
    kept = (measured.frequency <= bins.max_frequency) & (measured.frequency > 0.0)
    measured = replace(measured, frequency=measured.frequency[kept], density=measured.density[kept])
    numbers = _numbers(network, point, spikes, measured, bins)
    predicted = _predicted_spectrum(network, point, measured, numbers["growth"])
    place = {"point": index, "g": model.g, "nu_ext_ratio": model.nu_ext_ratio}
    return (
        {name: np.array([value]) for name, value in (place | numbers).items()},
        _labelled(index, {name: raster[name] for name in ("time", "row", "excitatory")}),
        _labelled(
            index,
            {
                "frequency": measured.frequency,
                "rate_power": measured.density,
                "rate_power_theory": predicted,
            },
        ),
    )


def _labelled(index: int, columns: Columns) -> Columns:
    n_rows = len(next(iter(columns.values())))
    return {"point": np.full(n_rows, index), **columns}


def _numbers(
    network: PopulationNetwork,
    point: WorkingPoint,
    spikes: Spikes,
    measured: RateSpectrum,
    bins: ObservationParams,
) -> dict[str, float | str]:
    mode = leading_mode(network, point)
    cvs = interval_cv(spikes)
    return {
        "nu": len(spikes.steps) / (float(spikes.sizes.sum()) * spikes.duration),
        "nu_theory": float(point.nu[0]),
        "cv": float(np.nanmean(cvs)) if np.any(np.isfinite(cvs)) else float("nan"),
        "cv_theory": float(population_cv(network, point)[0]),
        "rate_std_ratio": rate_variation(spikes, bins.rate_bin),
        "peak_frequency": measured.peak(),
        "growth": mode.real,
        "mode_frequency": mode.imag / (2.0 * np.pi),
        "regime": label_regime(spikes),
    }


def _predicted_spectrum(
    network: PopulationNetwork, point: WorkingPoint, measured: RateSpectrum, growth: float | str
) -> AnyArray:
    """Return the one-sided prediction; nan where the state is unstable."""
    if float(growth) >= 0.0:
        return np.full(len(measured.frequency), np.nan)
    C = population_spectra(network, point, measured.frequency, check=False)
    return 2.0 * pooled_spectrum(C, network.sizes)
