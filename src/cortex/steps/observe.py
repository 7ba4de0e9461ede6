"""From the spikes of all runs of a case to tables of observables, rasters and rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from cortex.analysis.excerpts import raster_excerpt, rate_excerpt
from cortex.analysis.observables import Observation
from cortex.analysis.observables import observe as observe_spikes
from cortex.analysis.population import population_rate
from cortex.analysis.sheets import SheetPlaces
from cortex.networks.case import NetworkCase
from cortex.params.description.settings import ExcerptParams
from cortex.params.observation import ObservationParams
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.steps.predict import POOLED
from cortex.steps.sheets import observe_sheet, places_of


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How runs are looked at, be they simulated or recorded.

    Parameters
    ----------
    state : str
        What the rows of the tables are called.
    names, exciting : tuple of str
        All populations, and those that excite.
    bins : ObservationParams
        Bins and windows.
    excerpt : ExcerptParams
        What the raster shows.
    ring : bool
        Whether neuron i of n of each population sits at i/n of one ring.
    course : bool
        Whether rates are wanted bin by bin.
    sheet : SheetPlaces, optional
        Where the neurons sit on a sheet.
    """

    state: str
    names: tuple[str, ...]
    exciting: tuple[str, ...]
    bins: ObservationParams
    excerpt: ExcerptParams
    ring: bool = False
    course: bool = False
    sheet: SheetPlaces | None = None

    @classmethod
    def of(cls, case: NetworkCase) -> Self:
        """Return how the file of a network wants its runs to be looked at."""
        exciting = np.any(case.network.synapses.J > 0.0, axis=0)
        return cls(
            state=case.state,
            names=case.network.names,
            exciting=tuple(
                name for name, is_exc in zip(case.network.names, exciting, strict=True) if is_exc
            ),
            bins=case.study.analysis,
            excerpt=case.study.excerpt,
            ring=case.network.space is not None and case.network.space.dim == 1,
            course=bool(case.courses),
            sheet=places_of(case),
        )


def observe(case: NetworkCase, runs: Sequence[Spikes]) -> Tables:
    """Return what the runs of a case show, looked at as its file wants; see `look`."""
    return look(View.of(case), runs)


def look(view: View, runs: Sequence[Spikes]) -> Tables:
    """Return what some runs of one network show.

    Parameters
    ----------
    view : View
        Bins, windows, and what the rows are called.
    runs : sequence of Spikes
        One per independent network, in the order of their numbers.

    Returns
    -------
    dict
        ``network``, ``populations``, ``neurons``, ``spectra``, ``raster``, ``activity`` and, on a
        ring or sheet, ``waves`` and ``space_time``, on a sheet ``distances``, ``maps`` and
        ``film``, with drives that change, ``course``, as `cortex.io.schemas.network.OBSERVED`
        says. Raster, activity and film are those of the first run.
    """
    seen = [observe_spikes(spikes, view.bins, ring=view.ring) for spikes in runs]
    tables = {
        "network": stacked(_network(view, i, each) for i, each in enumerate(seen)),
        "populations": stacked(_populations(view, i, each) for i, each in enumerate(seen)),
        "spectra": stacked(_spectra(view, i, each) for i, each in enumerate(seen)),
        "neurons": stacked(_neurons(view, i, spikes) for i, spikes in enumerate(runs)),
        "raster": _raster(view, runs[0]),
        "activity": _activity(view, runs[0]),
    }
    if view.ring:
        tables["waves"] = stacked(_waves(view, i, each) for i, each in enumerate(seen))
        tables["space_time"] = stacked(_space_time(view, i, each) for i, each in enumerate(seen))
    if view.sheet is not None:
        tables |= observe_sheet(view.state, view.sheet, runs, view.bins, view.excerpt)
    if view.course:
        tables["course"] = stacked(_course(view, i, spikes) for i, spikes in enumerate(runs))
    return tables


def _course(view: View, number: int, spikes: Spikes) -> Columns:
    width = view.bins.rate_bin
    rates = population_rate(spikes, width)
    time = (np.arange(len(rates)) + 0.5) * width
    return stacked(
        labelled({"time": time, "rate": rate}, state=view.state, seed=number, population=name)
        for name, rate in zip(view.names, rates.T, strict=True)
    )


def _network(view: View, number: int, seen: Observation) -> Columns:
    return labelled(
        {name: np.array([value]) for name, value in seen.network.items()},
        state=view.state,
        seed=number,
        regime=seen.regime,
    )


def _populations(view: View, number: int, seen: Observation) -> Columns:
    names = np.array(view.names, dtype=object)
    return labelled({"population": names, **seen.populations}, state=view.state, seed=number)


def _neurons(view: View, number: int, spikes: Spikes) -> Columns:
    """Return the share of neurons at every rate, one spike apart."""
    counts = np.split(np.bincount(spikes.neurons, minlength=spikes.n_neurons), spikes.first[1:-1])
    parts = []
    for name, each in zip(view.names, counts, strict=True):
        share = np.bincount(each) / len(each)
        rate = np.arange(len(share)) / spikes.duration
        columns = {"rate": rate, "share": share}
        parts.append(labelled(columns, state=view.state, seed=number, population=name))
    return stacked(parts)


def _spectra(view: View, number: int, seen: Observation) -> Columns:
    density = {POOLED: seen.pooled.density}
    density |= dict(zip(view.names, seen.spectrum.density.T, strict=True))
    return stacked(
        labelled(
            {"frequency": seen.spectrum.frequency, "power": power},
            state=view.state,
            seed=number,
            population=name,
        )
        for name, power in density.items()
    )


def _raster(view: View, spikes: Spikes) -> Columns:
    cut = view.excerpt
    raster = raster_excerpt(
        spikes,
        start=cut.start,
        duration=cut.duration,
        n_neurons=cut.n_neurons,
        excitatory=view.exciting,
    )
    return labelled(raster, state=view.state)


def _activity(view: View, spikes: Spikes) -> Columns:
    cut, width = view.excerpt, view.bins.rate_bin
    shown = rate_excerpt(spikes, start=cut.start, duration=cut.duration, rate_bin=width)
    return labelled(shown, state=view.state)


def _waves(view: View, number: int, seen: Observation) -> Columns:
    return stacked(
        labelled(
            {name: np.array([value]) for name, value in wave.items()},
            state=view.state,
            seed=number,
            population=population,
        )
        for population, wave in seen.waves.items()
    )


def _space_time(view: View, number: int, seen: Observation) -> Columns:
    parts = []
    for population, spectrum in seen.space_time.items():
        f, k = np.meshgrid(spectrum.frequency, spectrum.wave_number, indexing="ij")
        columns = {
            "frequency": f.ravel(),
            "wave_number": k.ravel(),
            "power": spectrum.power.ravel(),
        }
        parts.append(labelled(columns, state=view.state, seed=number, population=population))
    return stacked(parts)
