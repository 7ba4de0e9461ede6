"""Figures of the stability of LIF networks: plane, patterns, modes, delay rings."""

from itertools import cycle
from string import ascii_uppercase
from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke

from cortex.plots import bifurcations, modes
from cortex.plots.modes import draw_distance, draw_eigenvalues
from cortex.plots.save import Table
from cortex.plots.style import (
    ABOVE,
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
    SKY,
    THEORY,
    letter,
)
from cortex.steps.select import groups, rows

RATIO: Final = r"external rate $\nu_{ext}/\nu_{thr}$"
BLENDS: Final = (BLUE, GREEN, ORANGE, PINK, SKY)
REGIONS: Final = {
    "SR": (2.85, 2.4),
    "AI": (5.3, 2.0),
    "SI fast": (7.0, 3.5),
    "silent": (5.6, 0.63),
}
"""Names of Brunel (2000) and where they stand in the plane of g and the external rate."""
REGIONS_BELOW: Final = {"AI": (5.2, 0.95), "SI slow": (4.6, 0.885), "silent": (5.2, 0.72)}
HALO: Final[list[AbstractPathEffect]] = [withStroke(linewidth=2.0, foreground="white")]
UNSTABLE: Final = {"color": GREY, "alpha": 0.18, "linewidth": 0.0}


def draw_lines(lines: Table, plane: Table) -> Figure:
    """Return folds and onsets of oscillations in the Brunel plane, and their frequencies.

    Parameters
    ----------
    lines : table `network_lines`
        Over g and the ratio of the external rate.
    plane : summary of a sweep of model `network_theory`
        Over the same, SI columns.
    """
    figure, (left, middle, right) = plt.subplots(
        1, 3, figsize=(DOUBLE_COLUMN, 3.0), width_ratios=(1.35, 1, 1)
    )
    g, ratio = np.unique(plane["g"]), np.unique(plane["nu_ext_ratio"])
    nu = np.log10(np.maximum(plane["nu_mean"].reshape(g.size, ratio.size).T, 1.0))
    for ax in (left, middle):
        ax.pcolormesh(g, ratio, nu, cmap="Greys", vmax=4.0, shading="gouraud", rasterized=True)
        bifurcations.draw_lines(lines, x="relative inhibitory weight g", y=RATIO, ax=ax)
    bifurcations.draw_onset_frequencies(lines, y=RATIO, ax=right)
    left.set(xlim=(g[0], g[-1]), ylim=(max(0.3, ratio[0]), ratio[-1]))
    middle.set(xlim=(3.0, 6.0), ylim=(0.6, 1.0))
    right.set_ylim(1.0, 2e3)
    for ax, regions in ((left, REGIONS), (middle, REGIONS_BELOW)):
        for name, at in regions.items():
            ax.text(*at, name, ha="center", va="center", fontsize=7, path_effects=HALO)
    slow = {"arrowstyle": "-", "linewidth": 0.6, "shrinkB": 0.0}
    left.annotate("SI slow", (5.0, 0.87), xytext=(6.3, 1.25), fontsize=7, arrowprops=slow)
    for ax, text in ((left, "A"), (middle, "B"), (right, "C")):
        letter(ax, text)
    return figure


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
    axes[0, 0].legend(loc="lower left", bbox_to_anchor=(0.0, 1.1), fontsize=6)
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


def draw_circuit(spectra: Table, eigenvalues: Table) -> Figure:
    """Return spectra of the populations and trajectories of the eigenvalues of M.

    Parameters
    ----------
    spectra, eigenvalues : tables `network_predicted_spectra`, `network_predicted_eigenvalues`
        Of one state, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 3.1), width_ratios=(1.1, 1, 0.9))
    kept = spectra["population"] != "all"
    apart = {name: values[kept] for name, values in spectra.items()}
    for i, (name, line) in enumerate(groups(apart, "population")):
        over = line["power"] / line["shot_noise"]
        style = "-" if name.endswith("E") else "--"
        colour = SERIES[i // 2 % len(SERIES)]
        axes[0].semilogy(
            line["frequency"], over, linestyle=style, linewidth=1.0, color=colour, label=name
        )
    axes[0].set(xlabel="frequency (Hz)", ylabel="spectrum over shot noise")
    axes[0].legend(ncols=4, **(ABOVE | {"columnspacing": 0.8}))
    draw_eigenvalues(eigenvalues, ax=axes[1])
    draw_distance(eigenvalues, ax=axes[2])
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def draw_sensitivity(sensitivity: Table) -> Figure:
    """Return what every connection does to amplitude and frequency of the leading modes.

    Parameters
    ----------
    sensitivity : table `network_predicted_sensitivity`
        Of one state, SI columns.
    """
    ranks = np.unique(sensitivity["rank"])
    figure, axes = plt.subplots(
        2, len(ranks), figsize=(DOUBLE_COLUMN, 4.6), squeeze=False, sharex=True, sharey=True
    )
    for column, rank in zip(axes.T, ranks, strict=True):
        for ax, key in zip(column, ("along", "across"), strict=True):
            modes.draw_sensitivity(rows(sensitivity, rank=rank), key=key, ax=ax)
            ax.label_outer()
        column[1].set_title("", loc="right")
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
