"""Figures of Izhikevich cells, the published networks and the bump attractor."""

from itertools import cycle
from string import ascii_uppercase
from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.plots.save import Table
from cortex.plots.style import (
    ABOVE,
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    EXCITATORY,
    GREEN,
    GREY,
    INHIBITORY,
    MEASUREMENT,
    ORANGE,
    RED,
    SKY,
    THEORY,
    letter,
)
from cortex.steps.select import alone, groups, rows
from cortex.typing import AnyArray

CELL_COLOURS: Final = (EXCITATORY, INHIBITORY, GREEN, ORANGE)
RECEPTOR_COLOURS: Final = {"ampa": ORANGE, "nmda": RED, "gaba_a": SKY, "gaba_b": BLUE}
RECEPTOR_NAMES: Final = {"ampa": "AMPA", "nmda": "NMDA", "gaba_a": "GABA-A", "gaba_b": "GABA-B"}
NO_CURRENT: Final = 1e-15
CASE_TITLES: Final = {
    "net_2_2_hand": "2+2, by hand",
    "ring_2_2": "2+2 on a ring",
    "ring_100_20": "100+20 on a ring",
}


def draw_cells(landmarks: Table, curves: Table, traces: Table, nullclines: Table) -> Figure:
    """Return trace, phase plane and firing curve of each cell, one row per cell.

    Parameters
    ----------
    landmarks, curves, traces, nullclines : tables `izhikevich_<name>`, SI columns.
    """
    names = list(dict.fromkeys(landmarks["cell"]))
    figure, axes = plt.subplots(
        len(names),
        3,
        figsize=(DOUBLE_COLUMN, 2.1 * len(names)),
        squeeze=False,
        width_ratios=(1.2, 1.0, 1.2),
    )
    for row, (name, colour) in enumerate(zip(names, cycle(CELL_COLOURS), strict=False)):
        trace, plane, curve = axes[row]
        shown = rows(traces, cell=name)
        trace.plot(shown["time"] * 1e3, shown["v"] * 1e3, color=colour, linewidth=0.8)
        trace.set(xlabel="time since step (ms)", ylabel="v (mV)")
        trace.set_title(name, loc="right")
        _draw_plane(plane, shown, rows(nullclines, cell=name), colour)
        _draw_curve(curve, rows(curves, cell=name), rows(landmarks, cell=name), colour)
    for ax, text in zip(axes.flat, ascii_uppercase, strict=False):
        letter(ax, text)
    return figure


def _draw_plane(ax: Axes, trace: Table, lines: Table, colour: str) -> None:
    """Draw the trajectory over both nullclines."""
    v, u = trace["v"] * 1e3, trace["u"] * 1e12
    ax.plot(v, u, color=colour, linewidth=0.5, alpha=0.8)
    x = lines["v"] * 1e3
    ax.plot(x, lines["u_where_v_rests"] * 1e12, color=BLACK, **THEORY, label="dv/dt = 0")
    ax.plot(x, lines["u_where_u_rests"] * 1e12, color=GREEN, **THEORY, label="du/dt = 0")
    low, high = u.min(), u.max()
    ax.set(xlim=(x[0], x[-1] + 15), ylim=(low - 0.25 * (high - low), high + 0.1 * (high - low)))
    ax.set(xlabel="v (mV)", ylabel="u (pA)")
    ax.legend(**ABOVE)


def _draw_curve(ax: Axes, curve: Table, marks: Table, colour: str) -> None:
    """Draw onset and steady rate with the closed-form currents and the bistable range."""
    current = curve["current"] * 1e12
    ax.plot(current, curve["onset_rate"], color=GREY, linewidth=0.9, label="first interval")
    ax.plot(current, curve["steady_rate"], color=colour, label="steady")
    offset, hopf, fold = (marks[key][0] * 1e12 for key in ("firing_offset", "hopf", "fold"))
    ax.axvspan(offset, hopf, color=ORANGE, alpha=0.5, linewidth=0, label="bistable")
    ax.axvline(hopf, color=BLACK, linewidth=0.9, label=f"Hopf {hopf:.2f} pA")
    ax.axvline(fold, color=BLACK, linewidth=0.9, linestyle=":", label=f"fold {fold:.2f} pA")
    fires = current[curve["steady_rate"] > 0]
    ax.set(xlabel="step (pA)", ylabel="rate (Hz)", xlim=(0.6 * fold, 2.2 * fold))
    shown = (current < 2.2 * fold) & (current >= fires[0])
    ax.set_ylim(0, 1.05 * curve["onset_rate"][shown].max())
    ax.legend(**ABOVE, ncols=2, columnspacing=1.0)


def draw_networks(rasters: Table, currents: Table) -> Figure:
    """Return rasters of the published networks and the currents of one E and one I cell.

    Parameters
    ----------
    rasters, currents : tables `izhikevich_rasters` and `izhikevich_currents`, SI columns.
    """
    cases = list(dict.fromkeys(rasters["case"]))
    figure, axes = plt.subplots(
        3,
        len(cases),
        figsize=(DOUBLE_COLUMN, 5.0),
        sharex="col",
        squeeze=False,
        height_ratios=(1.4, 1.0, 1.0),
    )
    for column, case in enumerate(cases):
        _draw_spikes(axes[0, column], rows(rasters, case=case))
        axes[0, column].set_title(CASE_TITLES.get(case, case), loc="right")
        for row, population in enumerate("EI", start=1):
            ax = axes[row, column]
            cell = rows(currents, case=case, population=population)
            for name, colour in RECEPTOR_COLOURS.items():
                if np.max(np.abs(cell[name])) > NO_CURRENT:
                    ax.plot(cell["time"] * 1e3, cell[name] * 1e9, color=colour, linewidth=0.7)
            ax.axhline(0.0, color=GREY, linewidth=0.5, zorder=0)
            if not ax.lines[:-1]:
                ax.set(ylim=(-1.0, 1.0))
                ax.annotate("no input", (0.5, 0.6), xycoords="axes fraction", ha="center")
        axes[2, column].set_xlabel("time (ms)")
    axes[0, 0].set_ylabel("neuron")
    axes[1, 0].set_ylabel("current into E0 (nA)")
    axes[2, 0].set_ylabel("current into I0 (nA)")
    handles = [
        Line2D([], [], color=colour, label=RECEPTOR_NAMES[name])
        for name, colour in RECEPTOR_COLOURS.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, handlelength=1.2)
    for ax, text in zip(axes.flat, ascii_uppercase, strict=False):
        letter(ax, text)
    return figure


def _draw_spikes(ax: Axes, raster: Table) -> None:
    """Draw spikes; few neurons as ticks, the reference scheme above the standard one."""
    n = int(raster["neuron"].max()) + 1
    few = n < 20
    for scheme, shift in (("reference", 0.18), ("standard", -0.18)):
        if scheme == "standard" and not few:
            continue
        spikes = rows(raster, scheme=scheme)
        for excitatory, colour in ((True, EXCITATORY), (False, INHIBITORY)):
            shown = rows(spikes, excitatory=excitatory)
            ax.plot(
                shown["time"] * 1e3,
                shown["neuron"] + (shift if few else 0.0),
                linestyle="",
                marker="|" if few else ".",
                markersize=5.0 if few else 1.2,
                alpha=1.0 if scheme == "reference" else 0.45,
                markeredgewidth=0.8 if few else 0.0,
                color=colour,
            )
    if few:
        ax.set_yticks(range(n), [f"{'E' if j < n // 2 else 'I'}{j % (n // 2)}" for j in range(n)])


def draw_bump(raster: Table, trials: Table) -> Figure:
    """Return the raster of one trial with its decoded angle, and the errors of all trials.

    Parameters
    ----------
    raster, trials : tables `bump_raster` and `bump_trials`, SI columns.
    """
    figure, (top, bottom) = plt.subplots(
        2, 1, figsize=(DOUBLE_COLUMN, 4.2), sharex=True, height_ratios=(1.6, 1.0)
    )
    angle = np.rad2deg(raster["angle"])
    style = {"linestyle": "", "marker": ".", "markersize": 1.4, "markeredgewidth": 0.0}
    top.plot(raster["time"], angle, color=EXCITATORY, **style, rasterized=True)
    first = rows(trials, trial=0)
    decoded = np.rad2deg(first["angle"])
    top.plot(first["time"], decoded, color=ORANGE, linewidth=1.8, label="population vector")
    cued = float(np.rad2deg(first["angle"][0] - first["error"][0])) % 360.0
    cue = raster["time"][raster["during_cue"]]
    top.plot([cue.min(), 0.0], [cued, cued], color=BLACK, linewidth=3.0, label="cue")
    top.set(ylabel="preferred angle (°)", ylim=(0, 360), yticks=range(0, 361, 90))
    top.legend(loc="upper right")
    for _, run in groups(trials, "trial"):
        bottom.plot(run["time"], np.rad2deg(run["error"]), color=GREY, linewidth=0.5, alpha=0.6)
    times = np.unique(trials["time"])
    errors = np.rad2deg(trials["error"].reshape(-1, len(times)))
    bottom.plot(times, errors.mean(axis=0), color=BLACK, linewidth=1.5, label="mean of trials")
    bottom.set(xlabel="time since end of cue (s)", ylabel="decoded - cued (°)")
    bottom.plot([], [], color=GREY, linewidth=0.8, label=f"{len(errors)} trials")
    bottom.legend(loc="upper left", ncols=2)
    letter(top, "A")
    letter(bottom, "B")
    return figure


def draw_memory(diffusion: Table, fit: Table, sweep: Table) -> Figure:
    """Return diffusion with its fit, and how the memory depends on three parameters.

    Parameters
    ----------
    diffusion, fit : tables `bump_diffusion` and `bump_fit`, SI columns.
    sweep : points of a one-at-a-time sweep of model `bump`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.4))
    _draw_diffusion(axes[0, 0], diffusion, fit)
    for ax, key, scale, label in (
        (axes[0, 1], "J_plus", 1.0, r"structure $J_+$"),
        (axes[1, 0], "gaba_gain", 1.0, "gain of inhibition"),
        (axes[1, 1], "cue_amplitude", 1e12, "cue (pA)"),
    ):
        points = alone(sweep, key)
        _draw_sweep(ax, points, points[key] * scale, label)
    axes[1, 0].set_xscale("log")
    axes[1, 1].set_xscale("symlog", linthresh=10.0)
    axes[1, 1].set_xlim(left=-2.0)
    for ax, text in zip(axes.flat, "ABCD", strict=True):
        letter(ax, text)
    return figure


def _draw_diffusion(ax: Axes, diffusion: Table, fit: Table) -> None:
    """Draw the variance over trials and the fitted line with its band."""
    squared = np.rad2deg(1.0) ** 2
    time, line = diffusion["time"], diffusion["line"] * squared
    band = diffusion["line_error"] * squared
    slope, error = fit["coefficient"][0] * squared, fit["coefficient_error"][0] * squared
    ax.fill_between(time, line - band, line + band, color=SKY, alpha=0.4, linewidth=0)
    text = f"fit {slope:.2f} ± {error:.2f} °²/s, R² = {fit['linearity'][0]:.2f}"
    ax.plot(time, line, color=BLUE, **THEORY, label=text)
    ax.errorbar(
        time,
        diffusion["variance"] * squared,
        yerr=diffusion["variance_error"] * squared,
        color=GREY,
        elinewidth=0.6,
        **MEASUREMENT,
        label=f"{fit['n_trials'][0]} trials",
    )
    ax.set(xlabel="time since end of cue (s)", ylabel="variance of angle (°²)")
    ax.set_ylim(bottom=0.0)
    ax.legend(loc="upper left")


def _from_zero(values: AnyArray) -> tuple[float, float]:
    """Return limits whose zero lies at one height whatever the values."""
    top = 1.12 * (float(np.max(values, initial=0.0)) or 1.0)
    return -0.05 * top, top


def _draw_sweep(ax: Axes, points: Table, x: AnyArray, label: str) -> None:
    """Draw the lifetime of every trial and the E rate at the end on a second axis."""
    ax.plot(x, points["lifetime"], color=BLUE, **MEASUREMENT, alpha=0.6)
    values = np.unique(x)
    mean = [points["lifetime"][x == value].mean() for value in values]
    ax.plot(values, mean, color=BLUE, linewidth=1.2)
    ax.set(xlabel=label, ylabel="lifetime (s)")
    ax.set_ylim(*_from_zero(points["lifetime"]))
    ax.yaxis.label.set_color(BLUE)
    rates = ax.twinx()
    rates.spines["right"].set_visible(True)
    mean = [points["last_rate"][x == value].mean() for value in values]
    rates.plot(values, mean, color=ORANGE, linewidth=1.2, marker="s", markersize=2.5)
    rates.set_ylabel("E rate at the end (Hz)", color=ORANGE)
    rates.set_ylim(*_from_zero(np.array(mean)))
