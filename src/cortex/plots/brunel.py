"""Figures of the Brunel network: plane, states, theory against simulation, LFP."""

from collections.abc import Iterable
from itertools import cycle
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke

from cortex.plots.save import Table
from cortex.plots.select import groups, rows
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    EXCITATORY,
    FIELD_MAP,
    GREEN,
    GREY,
    INHIBITORY,
    MEASUREMENT,
    ORANGE,
    PINK,
    RED,
    SINGLE_COLUMN,
    SKY,
    THEORY,
    letter,
)

RATIO: Final = r"$\nu_{ext}/\nu_{thr}$"
OUTLINE: Final[list[AbstractPathEffect]] = [withStroke(linewidth=1.6, foreground="black")]
DISC: Final[dict[str, Any]] = {
    "s": 60,
    "edgecolor": "white",
    "linewidth": 1.3,
    "zorder": 3,
    "clip_on": False,
}
BESIDE: Final[dict[str, Any]] = {"xytext": (8, -9), "textcoords": "offset points", "fontsize": 7}
CONTOURS: Final = (5.0, 20.0, 50.0, 100.0, 200.0)
"""Rates (Hz) of the white contours of the plane."""
STATE_COLOURS: Final = (RED, ORANGE, GREEN, BLUE, PINK, SKY)


def state_colours(names: Iterable[str]) -> dict[str, str]:
    """Return the colour of each state, in the order of the states; after six they repeat."""
    return dict(zip(dict.fromkeys(names), cycle(STATE_COLOURS), strict=False))


def draw_plane(plane: Table, states: Table) -> Figure:
    """Return the predicted rate over (g, external rate) with the simulated states on it.

    Parameters
    ----------
    plane, states : tables `brunel_plane` and `brunel_statistics`, SI columns.
    """
    figure, ax = plt.subplots(figsize=(SINGLE_COLUMN * 1.35, SINGLE_COLUMN))
    g, ratio = np.unique(plane["g"]), np.unique(plane["nu_ext_ratio"])
    nu = plane["nu"].reshape(len(g), len(ratio)).T
    norm = LogNorm(vmin=1.0, vmax=400.0, clip=True)
    field = ax.pcolormesh(g, ratio, nu, norm=norm, cmap=FIELD_MAP, shading="gouraud")
    ax.contour(g, ratio, nu, levels=CONTOURS, colors="white", linewidths=0.7)
    for name, run in groups(states, "state"):
        simulated = float(np.mean(run["nu"]))
        at = (run["g"][0], run["nu_ext_ratio"][0])
        ax.scatter(*at, c=[simulated], norm=norm, cmap=FIELD_MAP, **DISC)
        note = f"{name}  {simulated:.1f} Hz"
        ax.annotate(note, at, **BESIDE, color="white", path_effects=OUTLINE)
    ax.set(xlabel="relative inhibitory weight g", ylabel=f"external rate {RATIO}")
    ax.set(xlim=(g[0], g[-1]), ylim=(ratio[0], ratio[-1]))
    figure.colorbar(field, ax=ax, label="predicted rate (Hz)", extend="min")
    ax.set_title("field: theory · discs: simulation, same colours", loc="left")
    return figure


def draw_states(rasters: Table, activity: Table, states: Table) -> Figure:
    """Return rasters and population rates of all states, one column each.

    Parameters
    ----------
    rasters, activity, states : tables `brunel_rasters`, `brunel_activity`,
        `brunel_statistics`, SI columns.
    """
    runs = list(groups(states, "state"))
    figure, axes = plt.subplots(
        2,
        len(runs),
        figsize=(DOUBLE_COLUMN, 3.6),
        sharex=True,
        squeeze=False,
        height_ratios=(1.5, 1.0),
    )
    for column, (name, run) in enumerate(runs):
        raster, rate = axes[0, column], axes[1, column]
        _draw_raster(raster, rows(rasters, state=name))
        trace = rows(activity, state=name)
        rate.plot(trace["time"] * 1e3, trace["rate"], color=GREY, linewidth=0.7)
        theory = run["nu_theory"][0]
        rate.axhline(theory, color=BLACK, **THEORY, label=f"theory {theory:.1f} Hz")
        mean = float(np.mean(run["nu"]))
        rate.plot([], [], color=GREY, label=f"simulation, mean {mean:.1f} Hz")
        rate.set(xlabel="time (ms)", ylim=(0, 1.35 * max(trace["rate"].max(), theory)))
        rate.legend(loc="upper left", handlelength=1.2, borderaxespad=0.1, fontsize=6)
        letter(raster, name)
        point = f"g = {run['g'][0]:g}, {RATIO} = {run['nu_ext_ratio'][0]:g}"
        raster.set_title(point, loc="right", fontsize=7)
    axes[0, 0].set_ylabel("neuron")
    axes[1, 0].set_ylabel("population rate (Hz)")
    return figure


def draw_theory(states: Table, spectra: Table, predicted: Table) -> Figure:
    """Return predicted against simulated rate, CV and spectrum of the population rate.

    Parameters
    ----------
    states, spectra, predicted : tables `brunel_statistics`, `brunel_spectra` and
        `brunel_predicted`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.6), width_ratios=(1, 1, 1.5))
    _draw_identity(axes[0], states, "nu", "rate (Hz)", log=True)
    _draw_identity(axes[1], states, "cv", "CV of intervals", log=False)
    colours = state_colours(states["state"])
    for name, run in groups(spectra, "state"):
        _draw_spectrum(axes[2], name, run, rows(predicted, state=name), colours[name])
    axes[2].set(
        xlabel="frequency (Hz)",
        ylabel="spectrum of population rate (Hz²/Hz)",
        xlim=(4.0, spectra["frequency"].max()),
        ylim=(1e-5, 1e3),
    )
    axes[2].plot([], [], color=GREY, alpha=0.55, label="simulation")
    axes[2].plot([], [], color=GREY, **THEORY, label="theory")
    axes[2].plot([], [], color=GREY, linestyle="--", label="unstable mode")
    axes[2].legend(ncols=2, loc="lower left", fontsize=6, frameon=True, edgecolor="none")
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def draw_lfp(activity: Table, spectra: Table) -> Figure:
    """Return the LFP proxy of each state in time and its spectrum.

    Parameters
    ----------
    activity, spectra : tables `brunel_activity` and `brunel_spectra`, SI columns.
    """
    colours = state_colours(activity["state"])
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 3.2))
    grid = figure.add_gridspec(len(colours), 2, width_ratios=(1.5, 1))
    spectrum = figure.add_subplot(grid[:, 1])
    first: Axes | None = None
    for row, (name, colour) in enumerate(colours.items()):
        ax = figure.add_subplot(grid[row, 0], sharex=first)
        first = first or ax
        trace, power = rows(activity, state=name), rows(spectra, state=name)
        ax.plot(trace["time"] * 1e3, trace["lfp"] * 1e12, color=colour, linewidth=0.8)
        ax.set_ylabel(f"{name}  (pA)")
        ax.tick_params(labelbottom=row == len(colours) - 1)
        band = power["frequency"] > 0.0
        spectrum.loglog(
            power["frequency"][band],
            power["lfp_power"][band] * 1e24,
            color=colour,
            label=name,
            lw=0.9,
        )
    ax.set_xlabel("time (ms)")
    spectrum.set(xlabel="frequency (Hz)", ylabel="spectrum of LFP proxy (pA²/Hz)")
    spectrum.legend(title="state", ncols=2)
    letter(figure.axes[1], "A")
    letter(spectrum, "B")
    return figure


def _draw_raster(ax: Axes, raster: Table) -> None:
    for excitatory, colour in ((True, EXCITATORY), (False, INHIBITORY)):
        shown = rows(raster, excitatory=excitatory)
        label = "E" if excitatory else "I"
        ax.plot(
            shown["time"] * 1e3,
            shown["row"],
            linestyle="",
            marker="|",
            markersize=2.2,
            markeredgewidth=0.6,
            color=colour,
            label=label,
        )
    ax.set(yticks=[])
    ax.spines["left"].set_visible(False)


def _draw_identity(ax: Axes, states: Table, quantity: str, label: str, *, log: bool) -> None:
    top = max(states[quantity].max(), states[f"{quantity}_theory"].max())
    low = min(states[quantity].min(), states[f"{quantity}_theory"].min())
    limits = (0.6 * low, 1.6 * top) if log else (0.0, 1.15 * top)
    ax.plot(limits, limits, color=BLACK, **THEORY, label="theory")
    colours = state_colours(states["state"])
    for name, run in groups(states, "state"):
        x = np.full(len(run[quantity]), run[f"{quantity}_theory"][0])
        ax.plot(x, run[quantity], color=colours[name], **MEASUREMENT, label=name)
    if log:
        ax.set(xscale="log", yscale="log")
    ax.set(xlabel=f"predicted {label}", ylabel=f"simulated {label}", xlim=limits, ylim=limits)
    ax.set_aspect("equal")
    ax.legend(handletextpad=0.3)


def _draw_spectrum(ax: Axes, name: str, run: Table, theory: Table, colour: str) -> None:
    """Draw a simulated spectrum with its band and, over it, theory: a line or a mode."""
    band = run["frequency"] > 0.0
    f, power, spread = (run[key][band] for key in ("frequency", "rate_power", "rate_power_std"))
    ax.loglog(f, power, color=colour, alpha=0.55, linewidth=0.8, label=name)
    low = np.maximum(power - spread, power / 10)
    ax.fill_between(f, low, power + spread, color=colour, alpha=0.2, linewidth=0)
    stable = (theory["frequency"] > 0.0) & np.isfinite(theory["rate_power"])
    ax.loglog(theory["frequency"][stable], theory["rate_power"][stable], color=colour, **THEORY)
    if theory["growth"][0] >= 0.0:
        ax.axvline(theory["mode_frequency"][0], color=colour, linewidth=1.0, linestyle="--")
