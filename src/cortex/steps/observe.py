"""From the spikes of all runs of a case to tables of observables, rasters and rates."""

from collections.abc import Sequence

import numpy as np

from cortex.analysis.excerpts import raster_excerpt, rate_excerpt
from cortex.analysis.observables import Observation
from cortex.analysis.observables import observe as observe_spikes
from cortex.analysis.population import population_rate
from cortex.networks.case import NetworkCase
from cortex.spikes import Spikes
from cortex.steps.columns import Columns, Tables, labelled, stacked
from cortex.steps.predict import POOLED


def observe(case: NetworkCase, runs: Sequence[Spikes]) -> Tables:
    """Return what the runs of a case show.

    Parameters
    ----------
    case : NetworkCase
        The network, its bins and windows.
    runs : sequence of Spikes
        One per independent network, in the order of their numbers.

    Returns
    -------
    dict
        ``network``, ``populations``, ``spectra``, ``raster``, ``activity`` and, on a ring,
        ``waves`` and ``space_time``, with drives that change, ``course``, as
        `cortex.io.schemas.network.OBSERVED` says. Raster and activity are those of the first run.
    """
    ring = case.network.space is not None
    seen = [observe_spikes(spikes, case.study.analysis, ring=ring) for spikes in runs]
    tables = {
        "network": stacked(_network(case, i, each) for i, each in enumerate(seen)),
        "populations": stacked(_populations(case, i, each) for i, each in enumerate(seen)),
        "spectra": stacked(_spectra(case, i, each) for i, each in enumerate(seen)),
        "raster": _raster(case, runs[0]),
        "activity": _activity(case, runs[0]),
    }
    if ring:
        tables["waves"] = stacked(_waves(case, i, each) for i, each in enumerate(seen))
        tables["space_time"] = stacked(_space_time(case, i, each) for i, each in enumerate(seen))
    if case.courses:
        tables["course"] = stacked(_course(case, i, spikes) for i, spikes in enumerate(runs))
    return tables


def _course(case: NetworkCase, number: int, spikes: Spikes) -> Columns:
    width = case.study.analysis.rate_bin
    rates = population_rate(spikes, width)
    time = (np.arange(len(rates)) + 0.5) * width
    return stacked(
        labelled({"time": time, "rate": rate}, state=case.state, seed=number, population=name)
        for name, rate in zip(case.network.names, rates.T, strict=True)
    )


def _network(case: NetworkCase, number: int, seen: Observation) -> Columns:
    return labelled(
        {name: np.array([value]) for name, value in seen.network.items()},
        state=case.state,
        seed=number,
        regime=seen.regime,
    )


def _populations(case: NetworkCase, number: int, seen: Observation) -> Columns:
    names = np.array(case.network.names, dtype=object)
    return labelled({"population": names, **seen.populations}, state=case.state, seed=number)


def _spectra(case: NetworkCase, number: int, seen: Observation) -> Columns:
    density = {POOLED: seen.pooled.density}
    density |= dict(zip(case.network.names, seen.spectrum.density.T, strict=True))
    return stacked(
        labelled(
            {"frequency": seen.spectrum.frequency, "power": power},
            state=case.state,
            seed=number,
            population=name,
        )
        for name, power in density.items()
    )


def _raster(case: NetworkCase, spikes: Spikes) -> Columns:
    cut = case.study.excerpt
    exciting = np.any(case.network.synapses.J > 0.0, axis=0)
    raster = raster_excerpt(
        spikes,
        start=cut.start,
        duration=cut.duration,
        n_neurons=cut.n_neurons,
        excitatory=[n for n, is_exc in zip(case.network.names, exciting, strict=True) if is_exc],
    )
    return labelled(raster, state=case.state)


def _activity(case: NetworkCase, spikes: Spikes) -> Columns:
    cut, width = case.study.excerpt, case.study.analysis.rate_bin
    shown = rate_excerpt(spikes, start=cut.start, duration=cut.duration, rate_bin=width)
    return labelled(shown, state=case.state)


def _waves(case: NetworkCase, number: int, seen: Observation) -> Columns:
    return stacked(
        labelled(
            {name: np.array([value]) for name, value in wave.items()},
            state=case.state,
            seed=number,
            population=population,
        )
        for population, wave in seen.waves.items()
    )


def _space_time(case: NetworkCase, number: int, seen: Observation) -> Columns:
    parts = []
    for population, spectrum in seen.space_time.items():
        f, k = np.meshgrid(spectrum.frequency, spectrum.wave_number, indexing="ij")
        columns = {
            "frequency": f.ravel(),
            "wave_number": k.ravel(),
            "power": spectrum.power.ravel(),
        }
        parts.append(labelled(columns, state=case.state, seed=number, population=population))
    return stacked(parts)
