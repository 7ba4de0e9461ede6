"""Figures of a recording beside a network: distributions over neurons, and their distances."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.power import draw_measured
from cortex.plots.style import (
    ABOVE,
    BLACK,
    DOUBLE_COLUMN,
    GREY,
    MEASUREMENT,
    THEORY,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty, rows

NAMES: Final = {
    "rate": "rate (Hz)",
    "cv": "CV",
    "cv2": "CV2",
    "lv": "LV",
    "fano": "Fano factor",
    "correlation": "correlation",
    "coupling": "coupling (Hz)",
}
"""Statistic -> what its axis says."""
OF_RECORDING: Final = "recording"
ACROSS: Final = 4
"""Most panels beside each other."""


def draw_distributions(distributions: Table, comparison: Table) -> Figure:
    """Return cumulative distributions of every statistic, a row for each population.

    Parameters
    ----------
    distributions : table `recording_distributions`
        Of a recording and, where a network is held against it, of each of its runs.
    comparison : table `recording_comparison`
        For what theory says; may be empty.
    """
    populations = list(dict.fromkeys(distributions["population"]))
    colours = population_colours(populations)
    figure, axes = plt.subplots(
        len(populations),
        len(NAMES),
        figsize=(DOUBLE_COLUMN, 0.5 + 1.35 * len(populations)),
        squeeze=False,
        sharey=True,
    )
    for ax, statistic in zip(axes[-1], NAMES, strict=True):
        ax.set_xlabel(NAMES[statistic])
    for row, name in zip(axes, populations, strict=True):
        for ax, statistic in zip(row, NAMES, strict=True):
            own = rows(distributions, population=name, statistic=statistic)
            told = rows(comparison, population=name, statistic=statistic)
            _draw_distribution(ax, own, told, colours[name])
        row[0].set_ylabel(f"{name}\nshare of neurons")
        row[list(NAMES).index("correlation")].set_ylabel("of pairs")
    axes[0, 0].plot([], [], color=colours[populations[0]], linewidth=1.6, label="recording")
    if not is_empty(rows(distributions, source="simulation")):
        axes[0, 0].plot([], [], color=GREY, linewidth=0.8, label="simulation, a line for each seed")
        axes[0, 0].plot([], [], color=BLACK, **THEORY, label="theory (mean)")
    figure.legend(loc="outside upper right", ncols=3, fontsize=6, handlelength=1.2)
    return figure


def _draw_distribution(ax: Axes, own: Table, told: Table, colour: str) -> None:
    if is_empty(own):
        say_why_empty(ax, "too few spikes")
        return
    for _, run in groups(rows(own, source="simulation"), "seed"):
        ax.plot(run["value"], run["share"], color=GREY, linewidth=0.8, alpha=0.8)
    data = rows(own, source=OF_RECORDING)
    ax.plot(data["value"], data["share"], color=colour, linewidth=1.6)
    theory = told["theory"][np.isfinite(told["theory"])]
    for value in theory:
        ax.axvline(value, color=BLACK, **THEORY)
    bulk = own["value"][(own["share"] >= 0.01) & (own["share"] <= 0.99)]  # outliers hide the rest
    low, high = float(min([bulk.min(), *theory])), float(max([bulk.max(), *theory]))
    reach = 0.08 * (high - low) or 0.1 * abs(high) or 1.0
    ax.set(xlim=(low - reach, high + reach), ylim=(0.0, 1.0), yticks=(0.0, 0.5, 1.0))
    ax.locator_params(axis="x", nbins=2)  # more labels would touch, and longer ones
    ax.xaxis.set_major_formatter("{x:g}")


def draw_measured_spectra(spectra: Table, *, label: str) -> Figure:
    """Return the spectra of a recording that no network stands beside.

    Parameters
    ----------
    spectra : table `network_observed_spectra` or `recording_unitary_spectra`
        SI columns.
    label : {"population", "contact"}
        Column that names a spectrum.
    """
    names = list(dict.fromkeys(spectra[label]))
    across = min(ACROSS, len(names))
    down = -(-len(names) // across)
    size = (DOUBLE_COLUMN * max(across, 2) / ACROSS, 2.2 * down)
    figure, axes = plt.subplots(down, across, figsize=size, squeeze=False)
    for ax, name in zip(axes.flat, names, strict=False):
        draw_measured(spectra, label=label, name=name, called=OF_RECORDING, ax=ax)
        ax.set_ylabel(ax.get_ylabel() if ax in axes[:, 0] else "")
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    return figure


def draw_distances(comparison: Table) -> Figure:
    """Return the distance of every statistic from a network, and the band of its seeds.

    Parameters
    ----------
    comparison : table `recording_comparison`
        SI columns.
    """
    populations = list(dict.fromkeys(comparison["population"]))
    colours = population_colours(populations)
    figure, axes = plt.subplots(
        1, len(populations), figsize=(DOUBLE_COLUMN, 2.3), squeeze=False, sharey=True
    )
    for ax, name in zip(axes[0], populations, strict=True):
        own = rows(comparison, population=name)
        place = np.arange(len(own["statistic"]))[::-1]
        for y, band in zip(place, own["band"], strict=True):
            if np.isfinite(band):
                ax.plot([0.0, min(band, 1.0)], [y, y], color=GREY, linewidth=6.0, alpha=0.4,
                        solid_capstyle="butt")  # fmt: skip
        for inside in (True, False):
            chosen = own["outside"] != inside
            fill = colours[name] if inside else "white"
            style = MEASUREMENT | {"markeredgecolor": colours[name], "markeredgewidth": 1.2}
            ax.plot(own["distance"][chosen], place[chosen], color=fill, **style)
        ax.set_yticks(place, [NAMES[each].replace(" (Hz)", "") for each in own["statistic"]])
        ax.set(xlim=(0.0, 1.02), xlabel="Kolmogorov-Smirnov distance", ylim=(-0.6, place[0] + 0.6))
        ax.set_title(name, loc="left", fontsize=8)
    axes[0, -1].plot([], [], color=GREY, linewidth=6.0, alpha=0.4, label="band of the seeds")
    for fill, label in ((GREY, "inside"), ("white", "outside")):
        style = MEASUREMENT | {"markeredgecolor": GREY}
        axes[0, -1].plot([], [], color=fill, **style, label=label)
    axes[0, -1].legend(**ABOVE, ncols=3)
    return figure
