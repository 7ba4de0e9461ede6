"""Figures of the stability of LIF networks: plane, patterns, modes, delay rings."""

from itertools import cycle
from string import ascii_uppercase
from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.select import groups, rows
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    GREEN,
    GREY,
    MEASUREMENT,
    ORANGE,
    PINK,
    RED,
    SERIES,
    SIGNED_MAP,
    SKY,
    THEORY,
    letter,
)

RATIO: Final = r"external rate $\nu_{ext}/\nu_{thr}$"
BLENDS: Final = (BLUE, GREEN, ORANGE, PINK, SKY)
UNSTABLE: Final = {"color": GREY, "alpha": 0.18, "linewidth": 0.0}


def draw_lines(lines: Table, plane: Table) -> Figure:
    """Return folds and onsets of oscillations in the Brunel plane, and their frequencies.

    Parameters
    ----------
    lines, plane : tables `stability_lines` and `brunel_plane`, SI columns.
    """
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(DOUBLE_COLUMN, 3.0), width_ratios=(1.35, 1, 1)
    )
    g, ratio = np.unique(plane["g"]), np.unique(plane["nu_ext_ratio"])
    nu = np.log10(np.maximum(plane["nu"].reshape(g.size, ratio.size).T, 1.0))
    for ax in (left, middle):
        ax.pcolormesh(g, ratio, nu, cmap="Greys", vmax=4.0, shading="gouraud", rasterized=True)
        ax.set(xlabel="relative inhibitory weight g", ylabel=RATIO)
    for _, line in groups(lines, "line"):
        name, colour = _kind_of(line)
        for ax in (left, middle):
            ax.plot(line["g"], line["nu_ext_ratio"], color=colour, **THEORY)
        if line["kind"][0] == "hopf":
            right.plot(line["nu_ext_ratio"], line["frequency"], color=colour, **THEORY)
    kinds = dict(_kind_of(line) for _, line in groups(lines, "line"))
    for name, colour in kinds.items():
        right.plot([], [], color=colour, **THEORY, label=name)
    _label_regions(left, lines)
    left.set(xlim=(g[0], g[-1]), ylim=(max(0.3, ratio[0]), ratio[-1]))
    middle.set(xlim=(3.0, 6.0), ylim=(0.6, 1.0))
    right.set(xlabel=RATIO, ylabel="frequency at the onset (Hz)", yscale="log", ylim=(1.0, 2e4))
    right.legend(loc="upper left", fontsize=6)
    for ax, text in ((left, "A"), (middle, "B"), (right, "C")):
        letter(ax, text)
    return figure


def _kind_of(line: Table) -> tuple[str, str]:
    if line["kind"][0] == "fold":
        return "saddle-node", BLACK
    top = float(np.max(line["frequency"]))
    if top < 60.0:
        return "slow oscillation", BLUE
    if top < 300.0:
        return "fast oscillation", RED
    return "near 1/delay", GREEN


def _label_regions(ax: Axes, lines: Table) -> None:
    """Write the names of Brunel (2000) into the regions that lie in the window."""
    names = {"SI fast": (7.0, 3.5), "AI": (5.3, 2.0), "SR": (2.85, 2.4)}
    low, high = float(np.min(lines["g"])), float(np.max(lines["g"]))
    for name, (g, ratio) in names.items():
        if low <= g <= high:
            ax.text(g, ratio, name, ha="center", fontsize=8)


def draw_dispersion(dispersion: Table, blend: Table) -> Figure:
    """Return growth rates and frequencies over the wave number and along the blend.

    Parameters
    ----------
    dispersion, blend : tables `stability_dispersion` and `stability_blend`, SI columns.
    """
    weights = np.unique(dispersion["g"])
    figure, axes = plt.subplots(
        len(weights), 3, figsize=(DOUBLE_COLUMN, 2.5 * len(weights)), squeeze=False
    )
    for row, g in zip(axes, weights, strict=True):
        _draw_growth(row[0], rows(dispersion, g=g), "growth")
        _draw_growth(row[1], rows(dispersion, g=g), "frequency")
        _draw_blend(row[2], rows(blend, g=g))
        row[0].set_title(f"   g = {g:g}", loc="center", fontsize=8)
    for ax, text in zip(axes.ravel(), ascii_uppercase, strict=False):
        letter(ax, text)
    axes[0, 0].legend(loc="lower right", fontsize=6, frameon=True, edgecolor="none")
    axes[0, 2].legend(loc="lower left", fontsize=6)
    return figure


def _draw_growth(ax: Axes, table: Table, quantity: str) -> None:
    rate = rows(table, model="rate")
    for branch, line in groups(rate, "branch"):
        leading = branch in {0, -1}
        label = "rate model, branches 0, -1" if branch == 0 else None
        ax.plot(
            line["wave_number"] / 1e3,
            line[quantity] if quantity == "growth" else np.abs(line[quantity]),
            color=BLUE if leading else GREY,
            linewidth=1.4 if leading else 0.7,
            label=label,
        )
    spiking = rows(table, model="spiking")
    ax.plot(
        spiking["wave_number"] / 1e3,
        spiking[quantity] if quantity == "growth" else np.abs(spiking[quantity]),
        linestyle="",
        marker=".",
        markersize=3,
        color=RED,
        label="spiking model, all modes",
    )
    ax.axhline(0.0, color=BLACK, linewidth=0.6)
    if quantity == "growth":
        ax.set(ylabel="growth rate (1/s)", ylim=(-1200, 250))
    else:
        ax.set(ylabel="frequency (Hz)", ylim=(-20, 450))
    ax.set(xlabel="wave number k (1/mm)", xlim=(0, rate["wave_number"].max() / 1e3))


def _draw_blend(ax: Axes, blend: Table) -> None:
    shown = (part for part in groups(blend, "branch") if part[0] >= 0)  # others: conjugates
    for (branch, line), colour in zip(shown, cycle(BLENDS), strict=False):
        ax.plot(
            line["growth_integrated"],
            line["frequency_integrated"],
            color=colour,
            **THEORY,
            label=f"branch {branch}, integrated",
        )
        ax.plot(
            line["growth_solved"],
            line["frequency_solved"],
            color=colour,
            **{**MEASUREMENT, "markersize": 3.0, "markeredgewidth": 0.4},
        )
        start = (line["growth_solved"][0], line["frequency_solved"][0])
        ax.annotate("α = 0", start, xytext=(3, 4), textcoords="offset points", fontsize=6)
    ax.plot([], [], color=GREY, **MEASUREMENT, label="solved")
    ax.axvline(0.0, color=BLACK, linewidth=0.6)
    ax.set(xlabel="growth rate (1/s)", ylabel="frequency (Hz)")
    ax.margins(0.12)


def draw_onset(onset: Table) -> Figure:
    """Return where waves set in over delay and relative inhibition, and their frequency.

    Parameters
    ----------
    onset : table `stability_onset`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.5))
    for model, colour in (("rate", BLUE), ("spiking", RED)):
        line = rows(onset, model=model)
        delay = line["delay"] * 1e3
        axes[0].plot(delay, line["g"], color=colour, **THEORY, label=f"{model} model")
        axes[1].plot(delay, line["frequency"], color=colour, **THEORY)
        axes[2].plot(delay, line["wave_number"] / 1e3, color=colour, **THEORY)
    line = rows(onset, model="spiking")
    axes[0].fill_between(line["delay"] * 1e3, line["g"], onset["g"].max(), **UNSTABLE)
    axes[0].set(ylabel="relative inhibitory weight g at onset")
    axes[0].legend(title="shaded: waves grow", loc="upper right", fontsize=6, title_fontsize=6)
    axes[1].set(ylabel="frequency at onset (Hz)")
    axes[2].set(ylabel="wave number at onset (1/mm)", ylim=(0, None))
    for ax, text in zip(axes, "ABC", strict=True):
        ax.set(xlabel="delay (ms)")
        letter(ax, text)
    return figure


def draw_circuit(spectra: Table, modes: Table) -> Figure:
    """Return spectra of the populations and trajectories of the eigenvalues of M.

    Parameters
    ----------
    spectra, modes : tables `stability_spectra` and `stability_modes`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.8), width_ratios=(1.1, 1, 0.9))
    for i, (name, line) in enumerate(groups(spectra, "population")):
        over = line["rate_power"] / line["shot_noise"]
        style = "-" if name.endswith("E") else "--"
        colour = SERIES[i // 2 % len(SERIES)]
        axes[0].semilogy(
            line["frequency"], over, linestyle=style, linewidth=1.0, color=colour, label=name
        )
    for (_, line), colour in zip(groups(modes, "mode"), cycle(SERIES), strict=False):
        axes[1].plot(line["real"], line["imag"], color=colour, linewidth=0.9)
        distance = np.hypot(1.0 - line["real"], line["imag"])
        axes[2].semilogy(line["frequency"], distance, color=colour, linewidth=0.9)
    axes[1].plot(1.0, 0.0, marker="*", color=BLACK, markersize=8, linestyle="")
    axes[0].set(xlabel="frequency (Hz)", ylabel="spectrum over shot noise")
    axes[0].legend(ncols=2, fontsize=6)
    axes[1].set(xlabel="real part of the eigenvalue", ylabel="imaginary part")
    axes[1].set(xlim=(-2.0, 2.0), ylim=(-2.0, 2.0), aspect="equal")
    axes[2].set(xlabel="frequency (Hz)", ylabel="distance of the eigenvalue from 1")
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def draw_sensitivity(sensitivity: Table) -> Figure:
    """Return what every connection does to amplitude and frequency of the leading modes.

    Parameters
    ----------
    sensitivity : table `stability_sensitivity`, SI columns.
    """
    ranks = np.unique(sensitivity["rank"])
    figure, axes = plt.subplots(
        2, len(ranks), figsize=(DOUBLE_COLUMN, 4.6), squeeze=False, sharex=True, sharey=True
    )
    for column, rank in zip(axes.T, ranks, strict=True):
        table = rows(sensitivity, rank=rank)
        names = list(dict.fromkeys(table["target"]))
        for ax, key in zip(column, ("along", "across"), strict=True):
            field = table[key].reshape(len(names), len(names))
            top = float(np.max(np.abs(field)))
            image = ax.imshow(field, cmap=SIGNED_MAP, vmin=-top, vmax=top)
            ax.set_xticks(range(len(names)), names, rotation=90)
            ax.set_yticks(range(len(names)), names)
            figure.colorbar(image, ax=ax, shrink=0.75)
        column[0].set_title(f"mode at {table['frequency'][0]:.1f} Hz", fontsize=8, loc="right")
        column[1].set_xlabel("source")
    axes[0, 0].set_ylabel("amplitude\ntarget")
    axes[1, 0].set_ylabel("frequency\ntarget")
    for ax, text in zip(axes.ravel(), ascii_uppercase, strict=False):
        letter(ax, text)
    return figure


def draw_rings(rings: Table) -> Figure:
    """Return the couplings at which delay rings lose stability, over the delay.

    Parameters
    ----------
    rings : table `stability_rings`.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(DOUBLE_COLUMN, 2.6))
    delay = rings["delay"]
    for key, colour, name in (
        ("J0_rate", GREY, "$J_0$: rate instability"),
        ("J1_turing", SKY, "$J_1$: bumps"),
        ("J0_oscillation", RED, "$J_0$: uniform oscillation"),
        ("J1_wave", ORANGE, "$J_1$: waves"),
    ):
        left.plot(delay, rings[key], color=colour, **THEORY, label=name)
    left.set(xlabel="delay (time constants)", ylabel="coupling at onset", xscale="log")
    left.set_yscale("symlog", linthresh=1.0)
    left.legend(fontsize=6, loc=(0.03, 0.42))
    right.loglog(delay, rings["frequency"], color=RED, **THEORY, label="oscillation and waves")
    right.loglog(delay, 0.25 / delay, color=GREY, linestyle="--", label="1 / (4 delay)")
    right.loglog(delay, 0.5 / delay, color=GREY, linestyle=":", label="1 / (2 delay)")
    right.set(xlabel="delay (time constants)", ylabel="frequency at onset (1 / time constant)")
    right.legend(fontsize=6)
    letter(left, "A")
    letter(right, "B")
    return figure
