"""What simulated networks show of each wish of a design."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from cortex.analysis.cross_spectra import cross_spectra_between
from cortex.errors import CortexError
from cortex.inverse.design import Solution
from cortex.inverse.fitted_mode import BAND, SeenMode, fit_mode, leading
from cortex.inverse.goals import Goal
from cortex.inverse.search import Search
from cortex.inverse.stretched import stretch
from cortex.networks.case import NetworkCase
from cortex.spikes import Spikes
from cortex.spiking.result import SpikingRun
from cortex.steps.columns import Columns, Tables
from cortex.steps.lfp import currents_of, synthesise_lfp
from cortex.steps.observe import observe
from cortex.steps.predict import POOLED, predict
from cortex.steps.select import rows
from cortex.steps.simulate import needs_currents, simulate
from cortex.typing import FloatArray

SURE: Final = 1.0 / 3.0
"""Standard error of a frequency over the tolerance: up to it no further network is simulated."""
FURTHER: Final = 6
"""Most networks simulated for that, over those asked for."""


def simulated(
    search: Search, found: Solution, keys: dict[str, float], tolerance: float, *, seed: int, n: int,
    number: int,
) -> tuple[FloatArray, FloatArray, int | None]:  # fmt: skip
    """Return what networks at keys that were found show: values, their errors, and the wave.

    Parameters
    ----------
    search : Search
        With the goals.
    found : Solution
        Theory at the keys.
    keys : dict of str to float
        The same, rounded.
    tolerance : float
        Share by which frequencies may miss.
    seed, n, number : int
        Seed, networks at least, and round.
    """
    case, network_at = search.case(keys), number * n * FURTHER
    traced: list[SpikingRun] = []
    mode: SeenMode | None = None
    for i in range(n * FURTHER):
        traced.append(simulate(case, seed=seed, number=network_at + i))
        if len(traced) < n:
            continue
        mode = _mode(search, found, keys, [each.spikes for each in traced])
        if mode is None or mode.frequency_error <= SURE * tolerance * mode.frequency:
            break
    tables = _tables(case, traced)
    told, _ = predict(case, _needed(search))
    each_run = range(len(traced))
    values = np.array([_measured(found, search.goals, told, _of_seed(tables, i)) for i in each_run])
    known = np.isfinite(values)
    n_known = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean = np.where(n_known > 0, total / np.maximum(n_known, 1), np.nan)
    error = np.full(len(mean), np.nan)
    if len(traced) > 1:
        error = np.std(values, axis=0, ddof=1) / np.sqrt(len(traced))
    for i, goal in enumerate(search.goals):
        if mode is not None and goal.kind == "frequency":
            mean[i], error[i] = mode.frequency, mode.frequency_error
        if mode is not None and goal.kind == "growth":
            mean[i], error[i] = mode.lam.real, mode.error.real
    wave = None
    if search.wave_number is not None and mode is not None and np.isfinite(mode.lam.real):
        wave = _leading_wave(search, found, keys, [each.spikes for each in traced])
    elif search.wave_number is not None:  # a pattern that stands, or a cycle
        rhythm = next((g.wanted for g in search.goals if g.kind == "frequency"), 0.0)
        wave = strongest_wave(tables["space_time"], rhythm)
    return mean, error, wave


def _leading_wave(
    search: Search, found: Solution, keys: dict[str, float], runs: Sequence[Spikes]
) -> int:
    """Return the wave number, cycles per ring, of the damped mode that decays slowest."""
    waves = replace(search, near=found.state).waves_at(keys)
    functions, lams = zip(*waves.values(), strict=True)
    f = abs(waves[search.wave_number or 0][1].imag) / (2.0 * np.pi)
    width = search.case(keys).study.analysis.rate_bin
    seen = [
        cross_spectra_between(runs, BAND[0] * f, BAND[1] * f, width=width, wave_number=number)
        for number in waves
    ]
    return list(waves)[leading(functions, lams, seen)]


def _mode(
    search: Search, found: Solution, keys: dict[str, float], runs: Sequence[Spikes]
) -> SeenMode | None:
    """Return the mode that wishes are about, as the runs show it; None where nothing shows it."""
    if not any(goal.kind in {"frequency", "growth"} for goal in search.goals):
        return None
    try:
        function, lam = replace(search, near=found.state).mode_at(keys)
        f = abs(lam.imag) / (2.0 * np.pi)
        width = search.case(keys).study.analysis.rate_bin
        seen = cross_spectra_between(
            runs, BAND[0] * f, BAND[1] * f, width=width, wave_number=search.wave_number or 0
        )
        return fit_mode(function, complex(lam.real, abs(lam.imag)), seen)
    except CortexError:
        return None


def _tables(case: NetworkCase, traced: Sequence[SpikingRun]) -> Tables:
    runs = [each.spikes for each in traced]
    tables = observe(case, runs)
    if case.study.lfp is not None:
        own = [currents_of(case, each) for each in traced] if needs_currents(case) else []
        tables |= {f"lfp_{kind}": t for kind, t in synthesise_lfp(case, runs, own).items()}
    return tables


def _needed(search: Search) -> list[str]:
    """Return the predictions that tell where peaks are, and whether modes grow where they may."""
    kinds = {goal.kind for goal in search.goals}
    found = ["spectra"] if "rate_peak" in kinds else []
    found += ["lfp"] if "lfp_peak" in kinds else []
    damped = any(goal.kind == "growth" and goal.wanted < 0.0 for goal in search.goals)
    return found + ([] if damped or search.is_stable or not found else ["modes"])


def strongest_wave(space_time: Columns, rhythm: float) -> int:
    """Return the wave number with the most power around a rhythm, both directions together."""
    f, power = space_time["frequency"], space_time["power"]
    lowest = np.min(f[f > 0.0])
    near = (f >= 0.7 * rhythm) & (f <= max(1.4 * rhythm, 4.0 * lowest)) & (f > 0.0)
    number = np.abs(space_time["wave_number"])
    half = np.arange(number.max())  # the highest one has no other direction
    return int(half[np.argmax([np.mean(power[near & (number == k)]) for k in half])])


def _of_seed(tables: Tables, seed: int) -> Tables:
    """Return the rows of one run; rasters and excerpts, of the first run alone, drop out."""
    kept = {kind: columns for kind, columns in tables.items() if "seed" in columns}
    return {kind: rows(columns, seed=seed) for kind, columns in kept.items()}


def _measured(at: Solution, goals: tuple[Goal, ...], told: Tables, seen: Tables) -> list[float]:
    """Return what one run shows of every wish; nan where it shows nothing, and of modes."""
    cells = seen["populations"]
    found = []
    for goal, theory in zip(goals, at.values, strict=True):
        if goal.kind in {"rate", "cv"}:
            column = cells["nu" if goal.kind == "rate" else "cv"]
            found.append(float(column[cells["population"] == goal.population][0]))
        elif goal.kind in {"frequency", "growth"}:
            found.append(np.nan)
        else:
            kind, label, name = ("spectra", "population", POOLED)
            if goal.kind == "lfp_peak":
                kind, label, name = ("lfp", "signal", str(seen["lfp_spectra"]["signal"][0]))
            measured = seen["lfp_spectra" if kind == "lfp" else kind]
            pair = rows(measured, **{label: name}), rows(told[kind], **{label: name})
            found.append(theory * _stretched(*pair, float(theory)))
    return found


def _stretched(seen: Columns, told: Columns, rhythm: float) -> float:
    """Return measured over predicted frequency; nan where a mode grows or the band is narrow."""
    f = seen["frequency"]
    power = np.interp(f, told["frequency"], told["power"])
    if not np.isfinite(power).all():
        return np.nan
    try:
        return stretch(f[f > 0.0], seen["power"][f > 0.0], power[f > 0.0], rhythm)
    except CortexError:
        return np.nan
