"""From the spikes of a network on a sheet to tables of patterns, distances and a film."""

from collections.abc import Iterator, Sequence

import numpy as np

from cortex.analysis.observables import OF_SPACE
from cortex.analysis.sheets import (
    SheetPlaces,
    SheetSpectrum,
    detect_sheet_wave,
    over_distance,
    phase_gradient,
    sheet_rate,
    sheet_spectrum,
)
from cortex.analysis.trains import firing_rates, interval_cv
from cortex.connectivity.positions import places
from cortex.networks.case import NetworkCase
from cortex.params.description.settings import ExcerptParams
from cortex.params.observation import ObservationParams
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.typing import FloatArray, IntArray

HALF_BAND = 0.3  # of the frequency of a wave, kept on both sides to follow its phase


def places_of(case: NetworkCase) -> SheetPlaces | None:
    """Return where the neurons of a network sit; None where they do not lie on a sheet."""
    network, space = case.network, case.network.space
    if space is None or space.dim != 2:
        return None
    sizes = zip(network.names, network.sizes.tolist(), strict=True)
    coordinates = {name: places(space, name, size).coordinates for name, size in sizes}
    return SheetPlaces(extent=space.extent, coordinates=coordinates)


def observe_sheet(
    state: str,
    sheet: SheetPlaces,
    runs: Sequence[Spikes],
    bins: ObservationParams,
    excerpt: ExcerptParams,
) -> Tables:
    """Return what some runs of one network on a sheet show.

    Parameters
    ----------
    state : str
        What the rows of the tables are called.
    sheet : SheetPlaces
        Where the neurons sit.
    runs : sequence of Spikes
        One per independent network.
    bins, excerpt
        Bins and windows; what the film shows.

    Returns
    -------
    dict
        ``waves``, ``space_time`` and ``distances`` of every run and population, ``maps`` of all,
        ``film`` of the first run, as `cortex.io.schemas.network.OBSERVED` says.
    """
    parts: dict[str, list[Columns]] = {"waves": [], "space_time": [], "distances": []}
    for number, spikes in enumerate(runs):
        for name in spikes.names:
            rate = sheet_rate(spikes.of(name), sheet, n_space=bins.n_space, width=bins.rate_bin)
            spectrum = sheet_spectrum(rate, bins.rate_bin, sheet.extent, segment=bins.wave_segment)
            labels = {"state": state, "seed": number, "population": name}
            wave = _wave(spectrum, rate, bins.rate_bin)
            parts["waves"].append(labelled(wave, **labels))
            parts["space_time"].append(labelled(_space_time(spectrum, bins), **labels))
            at = float(wave["wave_frequency"][0])
            parts["distances"].append(labelled(_distances(spectrum, at), **labels))
    film = stacked(_film(state, sheet, runs[0], bins, excerpt))
    maps = stacked(_maps(state, sheet, runs, bins))
    return {name: stacked(each) for name, each in parts.items()} | {"film": film, "maps": maps}


def _wave(spectrum: SheetSpectrum, rate: FloatArray, dt: float) -> Columns:
    """Return the strongest pattern, and how its phase travels, as columns of one row."""
    wave = detect_sheet_wave(spectrum)
    found = {
        "wave_number": float(wave.number),
        "wave_frequency": wave.frequency,
        "direction": wave.direction,
        "share": wave.share,
        "speed": wave.speed,
        "angle": wave.angle,
        "phase_speed": np.nan,
        "directionality": np.nan,
    }
    if wave.frequency > 2.0 * spectrum.frequency[1]:
        band = (1.0 - HALF_BAND) * wave.frequency, (1.0 + HALF_BAND) * wave.frequency
        phase = phase_gradient(rate, dt, spectrum.extent, band=band)
        found["phase_speed"] = float(np.median(phase.speed))
        found["directionality"] = float(np.mean(phase.directionality))
    return {name: np.array([found[name]]) for name in OF_SPACE}


def _space_time(spectrum: SheetSpectrum, bins: ObservationParams) -> Columns:
    radial = spectrum.radial()
    kept = radial.frequency <= bins.max_frequency
    f, n = np.meshgrid(radial.frequency[kept], radial.wave_number, indexing="ij")
    return {
        "frequency": f.ravel(),
        "wave_number": n.ravel(),
        "power": radial.power[kept].ravel(),
    }


def _distances(spectrum: SheetSpectrum, frequency: float) -> Columns:
    alike = over_distance(spectrum)
    at = int(np.argmin(np.abs(alike.frequency - frequency)))
    return {
        "distance": alike.distance,
        "correlation": alike.correlation,
        "frequency": np.full(len(alike.distance), alike.frequency[at]),
        "coherence": alike.coherence[at],
    }


def _maps(
    state: str, sheet: SheetPlaces, runs: Sequence[Spikes], bins: ObservationParams
) -> Iterator[Columns]:
    """Yield rate and CV of the neurons of every cell, mean over all networks."""
    for name in runs[0].names:
        cell, (ny, nx) = sheet.cells(name, bins.n_space)
        own = [spikes.of(name) for spikes in runs]
        in_cell, columns = np.tile(cell, len(own)), {}
        for of, measure in (("rate", firing_rates), ("cv", interval_cv)):
            values = np.concatenate([measure(each) for each in own])
            columns[of] = _mean_by_cell(in_cell, values, nx * ny)
        y, x = np.meshgrid(*_middles(sheet, ny, nx), indexing="ij")
        placed = {"x": x.ravel(), "y": y.ravel(), **columns}
        yield labelled(placed, state=state, population=name)


def _mean_by_cell(cell: IntArray, values: FloatArray, n: int) -> FloatArray:
    """Return the mean of the values of each of `n` cells, those that are nan left out."""
    known = np.isfinite(values)
    count = np.bincount(cell[known], minlength=n)
    total = np.bincount(cell[known], values[known], minlength=n)
    mean: FloatArray = np.divide(total, count, out=np.full(n, np.nan), where=count > 0)
    return mean


def _middles(sheet: SheetPlaces, ny: int, nx: int) -> tuple[FloatArray, FloatArray]:
    """Return the middles of the cells along y and along x, m."""
    y, x = (
        (np.arange(n) + 0.5) * side / n
        for n, side in zip((ny, nx), sheet.extent[::-1], strict=True)
    )
    return y, x


def _film(
    state: str,
    sheet: SheetPlaces,
    spikes: Spikes,
    bins: ObservationParams,
    excerpt: ExcerptParams,
) -> Iterator[Columns]:
    """Yield the frames of each population: middles of times and cells, rates."""
    for name in spikes.names:
        rate = sheet_rate(spikes.of(name), sheet, n_space=bins.n_space, width=excerpt.frame)
        first = round(excerpt.start / excerpt.frame)
        shown = rate[first : first + max(round(excerpt.duration / excerpt.frame), 1)]
        ny, nx = shown.shape[1:]
        time = (np.arange(len(shown)) + 0.5) * excerpt.frame
        grid = np.meshgrid(time, *_middles(sheet, ny, nx), indexing="ij")
        columns = {
            "time": grid[0].ravel(),
            "x": grid[2].ravel(),
            "y": grid[1].ravel(),
            "rate": shown.ravel(),
        }
        yield labelled(columns, state=state, population=name)
