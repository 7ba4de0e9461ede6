"""Panels of spectra of any network: rates and LFP over theory with their ratio, LFP traces."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullFormatter

from cortex.analysis.ratios import spectral_ratio
from cortex.plots.populations import rounded_down
from cortex.plots.style import (
    ABOVE,
    BLACK,
    GREY,
    SIMULATED,
    SINGLE_COLUMN,
    THEORY,
    panel,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, by_seed, groups, is_empty, rows
from cortex.typing import FloatArray

UNITS: Final = {
    "population": (1.0, "Hz²/Hz"),
    "signal": (1e24, "pA²/Hz"),
    "contact": (1e12, "µV²/Hz"),
}
"""Column that names a spectrum -> factor from SI and unit."""
AMPERE: Final = (1e12, "pA")
VOLT: Final = (1e6, "µV")
DECADES: Final = 5.0
"""Largest range of the ordinate below its top."""
MOST_REACH: Final = 12.0
"""Largest factor of the ratio up to which a factor of two gets its tick."""
RATIO_TICKS: Final = (0.01, 0.1, 0.5, 1.0, 2.0, 10.0, 100.0)
Pair = tuple[Axes, Axes]
"""Spectrum above, ratio below."""
STATIC: Final = 0.1
"""Hz; a mode below does not oscillate."""


def new_pair() -> Pair:
    """Return two axes of a new figure: a spectrum and its ratio below."""
    _, (upper, lower) = plt.subplots(
        2, 1, figsize=(SINGLE_COLUMN, 3.0), sharex=True, height_ratios=(2.2, 1.0)
    )
    return upper, lower


def draw_power(
    predicted: Table,
    observed: Table,
    *,
    label: str = "population",
    name: str = "all",
    modes: Table | None = None,
    finite: Table | None = None,
    called: str = "simulation",
    reason: str = "nothing was simulated",
    refused: str | None = None,
    ax: Pair | None = None,
) -> Pair:
    """Draw one spectrum, prediction over simulation, and their ratio below.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_spectra` and `network_observed_spectra`
        Of one state, SI; or `network_predicted_lfp` and `network_lfp_spectra`. Either may be empty.
    label : {"population", "signal"}
        Column that names the spectrum: of rates or of the LFP.
    name : str
        Which one.
    modes : table `network_predicted_modes`, optional
        Of this state; the frequency of a growing mode is marked.
    finite : table `network_predicted_finite`, optional
        Of this state: finite populations on a grid, a thin line.
    called : str
        Where what is observed comes from.
    reason : str
        Why there is no simulation.
    refused : str, optional
        Why there is no theory, where no mode grows.
    ax : pair of Axes, optional
        Where to draw: spectrum and ratio.

    Returns
    -------
    pair of Axes
        The simulation is the mean over independent networks with its standard error as a band.
    """
    upper, lower = ax or new_pair()
    draw_spectrum(
        predicted, observed, label=label, name=name, modes=modes, finite=finite, called=called,
        reason=reason, ax=upper,
    )  # fmt: skip
    upper.set_xlabel("")
    lower.set_xlabel("frequency (Hz)")
    told, seen = (_spectrum(table, label, name) for table in (predicted, observed))
    if told is None and seen is None:
        say_why_empty(lower, "no ratio")
        return upper, lower
    if told is None or not np.isfinite(told[1]).any():
        why = "a mode grows" if _grows(modes) else refused or "theory has none here"
        say_why_empty(lower, f"no predicted spectrum: {why}", keep_x=True)
    elif seen is None:
        say_why_empty(lower, f"no ratio: {reason}", keep_x=True)
    elif not np.any(seen[1][:, seen[0] > 0.0] > 0.0):
        say_why_empty(lower, f"no ratio: silent in the {called}", keep_x=True)
    else:
        line = np.interp(seen[0], told[0], told[1][0])
        draw_ratio(seen[0], line, seen[1], called=called, ax=lower)
    lower.set(xscale="log", xlim=upper.get_xlim())
    return upper, lower


def draw_spectrum(
    predicted: Table,
    observed: Table,
    *,
    label: str = "population",
    name: str = "all",
    modes: Table | None = None,
    finite: Table | None = None,
    called: str = "simulation",
    reason: str = "nothing was simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw one spectrum, prediction over simulation; the parameters are those of `draw_power`.

    Returns
    -------
    Axes
        The simulation is the mean over independent networks with its standard error as a band.
    """
    ax = panel(ax)
    scale, unit = UNITS[label]
    told, seen = (_spectrum(table, label, name) for table in (predicted, observed))
    if told is None and seen is None:
        return say_why_empty(ax, f"no spectrum: {reason}")
    together = [*predicted.get(label, ()), *observed.get(label, ()), name]
    colour = population_colours(together)[name] if label == "population" else GREY
    if seen is not None:
        _draw_simulated(ax, seen[0], scale * seen[1], colour, called)
    if told is not None and np.isfinite(told[1]).any():
        kept = (told[0] > 0.0) & np.isfinite(told[1][0])
        line = scale * told[1][0, kept]
        ax.loglog(told[0][kept], line, color=BLACK, **THEORY, label="theory")
    grid = None if finite is None else _spectrum(finite, label, name)
    if grid is not None:
        thin = {**THEORY, "linewidth": 0.8, "linestyle": "-."}
        ax.loglog(grid[0][1:], scale * grid[1][0, 1:], color=BLACK, **thin, label="finite size")
    _limit(ax)
    frequency = (seen or told or (np.ones(2),))[0]
    ends = (float(frequency[frequency > 0.0].min()), float(frequency.max()))
    _draw_growing(ax, modes, ends[1])
    ax.set(xscale="log", xlim=ends, xlabel="frequency (Hz)", ylabel=f"spectrum ({unit})")
    ax.legend(**ABOVE)
    return ax


def draw_measured(
    observed: Table, *, label: str, name: str, called: str, ax: Axes | None = None
) -> Axes:
    """Draw one measured spectrum that no theory stands beside.

    Parameters
    ----------
    observed : table `network_observed_spectra` or `recording_unitary_spectra`
        SI columns, not empty.
    label : {"population", "signal", "contact"}
        Column that names the spectrum.
    name : str
        Which one.
    called : str
        Where it comes from.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    scale, unit = UNITS[label]
    frequency, lines = _spectrum(observed, label, name) or (np.ones(2), np.ones((1, 2)))
    colour = population_colours([*observed[label]])[name] if label == "population" else GREY
    _draw_simulated(ax, frequency, scale * lines, colour, called)
    _limit(ax)
    ends = (float(frequency[frequency > 0.0].min()), float(frequency.max()))
    ax.set(xscale="log", xlim=ends, xlabel="frequency (Hz)", ylabel=f"spectrum ({unit})")
    ax.set_title(name, loc="left", fontsize=8)
    return ax


def draw_ratio(
    frequency: FloatArray,
    predicted: FloatArray,
    simulated: FloatArray,
    *,
    colour: str = BLACK,
    called: str = "simulation",
    ax: Axes | None = None,
) -> Axes:
    """Draw predicted over simulated density in thirds of octaves with its standard error.

    Parameters
    ----------
    frequency : ndarray of shape (n_freqs,)
        Hz.
    predicted : ndarray of shape (n_freqs,)
        Predicted density.
    simulated : ndarray of shape (n_networks, n_freqs)
        Density of each network, same unit.
    colour : str
        Of the steps and their band.
    called : str
        What the density is of.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax, (SINGLE_COLUMN, 1.4))
    found = spectral_ratio(frequency, predicted, simulated)
    edges = np.append(found.low, found.high[-1])
    ax.axhline(1.0, color=GREY, linewidth=0.7)
    for level in (0.5, 2.0):
        ax.axhline(level, color=GREY, linewidth=0.5, linestyle=":")
    ax.stairs(found.ratio, edges, baseline=None, color=colour, linewidth=1.2)
    if np.isfinite(found.error).any():
        low, high = found.ratio - found.error, found.ratio + found.error
        low = np.maximum(low, 0.05 * found.ratio)  # a band down to zero has no end on a log scale
        ax.fill_between(
            edges, np.append(low, low[-1]), np.append(high, high[-1]), step="post", color=colour,
            alpha=0.2, linewidth=0.0,
        )  # fmt: skip
    known = found.ratio[np.isfinite(found.ratio) & (found.ratio > 0.0)]
    least, most = (float(known.min()), float(known.max())) if known.size else (1.0, 1.0)
    reach = min(max(1.4 * max(most, 1.0 / least), 3.0), 300.0)
    ax.set(xscale="log", yscale="log", ylim=(1.0 / reach, reach), xlabel="frequency (Hz)")
    ticks = [t for t in RATIO_TICKS if 1.0 / reach <= t <= reach]
    if reach > MOST_REACH:
        ticks = [t for t in ticks if t not in {0.5, 2.0}]
    ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_ylabel(f"theory /\n{called}")
    if known.size:
        ax.set_title(f"ratio {least:.2g} to {most:.2g}", loc="right", fontsize=6, pad=2)
    return ax


def _spectrum(table: Table, label: str, name: str) -> tuple[FloatArray, FloatArray] | None:
    """Return frequencies and densities (n_networks, n_freqs) of one spectrum, or None."""
    if is_empty(table) or name not in table[label]:
        return None
    mine = rows(table, **{label: name})
    if "seed" not in mine:
        return mine["frequency"], np.asarray(mine["power"])[None]
    power = by_seed(mine, "power")
    return mine["frequency"][: power.shape[1]], power


def _draw_simulated(ax: Axes, f: FloatArray, power: FloatArray, colour: str, called: str) -> None:
    kept, n = f > 0.0, len(power)
    mean = power.mean(axis=0)[kept]
    if not np.any(mean > 0.0):
        say_why_empty(ax, f"silent in the {called}", keep_x=True)
        return
    label = called if n == 1 else f"{called}, {n} networks ± SE"
    ax.loglog(f[kept], mean, color=colour, **SIMULATED, label=label)
    if n > 1:
        error = np.std(power, axis=0, ddof=1)[kept] / np.sqrt(n)
        low = np.maximum(mean - error, 0.1 * mean)
        ax.fill_between(f[kept], low, mean + error, color=colour, alpha=0.25, linewidth=0.0)


def _grows(modes: Table | None) -> bool:
    return modes is not None and not is_empty(modes) and bool(np.any(modes["growth"] >= 0.0))


def _draw_growing(ax: Axes, modes: Table | None, highest: float) -> None:
    """Mark the frequency of the fastest growing mode."""
    if modes is None or not _grows(modes):
        return
    i = int(np.nanargmax(modes["growth"]))
    f, n = float(modes["frequency"][i]), int(modes["wave_number"][i])
    if f < STATIC:
        where = f" at n = {n}" if n else ""
        ax.plot([], [], " ", label=f"a static mode grows{where}")
    elif n > 0:  # a pattern in space leaves no peak at its frequency in the rate of all places
        ax.plot([], [], " ", label=f"mode grows at n = {n}, {f:.0f} Hz")
    elif f > highest:
        ax.plot([], [], " ", label=f"mode grows off the axis, {f:.0f} Hz")
    else:
        ax.axvline(f, color=BLACK, linestyle="--", linewidth=1.0, label=f"growing mode, {f:.0f} Hz")


def _limit(ax: Axes) -> None:
    """Keep the ordinate to what curves need, at most some decades."""
    drawn = (np.asarray(line.get_ydata(), dtype=float) for line in ax.lines)
    curves = [y for y in drawn if len(y) > 2]
    values = np.concatenate(curves) if curves else np.zeros(0)
    values = values[np.isfinite(values) & (values > 0.0)]
    if values.size:
        top = float(values.max())
        ax.set_ylim(max(float(values.min()) / 2.0, top * 10.0**-DECADES), 3.0 * top)


def draw_lfp_trace(
    traces: Table,
    *,
    duration: float | None = None,
    colour: str | None = None,
    unit: tuple[float, str] = AMPERE,
    reason: str = "the network has no `lfp:` block or was not simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw the LFP over time, signals below each other where there are several.

    Parameters
    ----------
    traces : table `network_lfp`
        Of one state, SI.
    duration : float, optional
        How much is shown, s.
    colour : str, optional
        Of the curve where there is one signal.
    unit : (float, str)
        Factor from SI, and what the axis calls it.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax, (SINGLE_COLUMN, 1.8))
    if is_empty(traces):
        return say_why_empty(ax, f"no LFP: {reason}")
    signals = list(groups(traces, "signal"))
    scale, called = unit
    largest = max(float(np.ptp(part["lfp"])) for _, part in signals)
    step = float(f"{1.2 * scale * largest:.2g}")  # a number that the axis can name
    colours = population_colours(name for name, _ in signals)
    for i, (name, part) in enumerate(signals):
        own = colours[name] if len(signals) > 1 else colour or GREY
        ax.plot(
            part["time"] * 1e3, part["lfp"] * scale - i * step, color=own, linewidth=0.8, label=name
        )
    ax.set_xlabel("time (ms)")
    ax.set_xlim(0.0, 1e3 * (duration or float(traces["time"].max())))
    if len(signals) == 1:
        ax.set_ylabel(f"LFP of {signals[0][0]}\n({called})")
    else:
        ax.set_yticks([-i * step for i in range(len(signals))], [name for name, _ in signals])
        ax.set_ylabel(f"LFP ({called}), {step:,g} apart")
    return ax


def some_cycles(trace: Table, cycles: float = 15.0) -> float:
    """Return how much of a trace (s) shows so many of its cycles, at most all of it."""
    if is_empty(trace):
        return 0.1
    _, first = next(groups(trace, "signal"))
    lfp = first["lfp"] - np.mean(first["lfp"])
    whole = float(first["time"][-1] + first["time"][0])
    seen = 0.5 * np.count_nonzero(np.diff(np.sign(lfp)))
    return whole if seen <= 2.0 * cycles else rounded_down(whole * cycles / seen)
