"""Figure of the weights of all pairs on the learning ring, and of rules given as functions."""

from typing import Any, Final

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
    GREEN,
    MEASUREMENT,
    ORANGE,
    RED,
    SIGNED_MAP,
    SKY,
    THEORY,
    letter,
)
from cortex.steps.select import groups, rows
from cortex.typing import FloatArray

SMALL: Final[dict[str, Any]] = {**MEASUREMENT, "markersize": 3.0, "markeredgewidth": 0.4}
KERNEL_COLOURS: Final = (BLACK, SKY, ORANGE, RED)  # from early to late
RULE_COLOURS: Final = (GREEN, ORANGE, BLUE, RED)
BUILT_IN: Final[dict[str, Any]] = {
    "color": BLACK,
    "linestyle": ":",
    "linewidth": 2.6,
    "alpha": 0.6,
    "zorder": 1,
}
MARKS: Final = 30


def draw_pairs(
    weights: Table, activity: Table, history: Table, changes: Table, rules: Table
) -> Figure:
    """Return the full matrix, what a step writes into it, its history, and rules as functions.

    Parameters
    ----------
    weights, activity, history, changes, rules : tables `learning_<name>`, SI columns.
    """
    figure, axes = plt.subplots(2, 3, figsize=(DOUBLE_COLUMN, 4.6))
    places = (weights["source"], weights["target"])
    _draw_field(axes[0, 0], *places, weights["weight"], "weight")
    _draw_field(axes[0, 1], *places, weights["change"], "change of a weight (1/s)")
    for ax in axes[0, :2]:
        ax.set(xlabel="source neuron", ylabel="target neuron")
    _draw_field(
        axes[0, 2],
        activity["time"] * 1e3,
        activity["neuron"],
        activity["derivative"],
        "change of a rate (1/s)",
    )
    axes[0, 2].set(xlabel="time in the last period (ms)", ylabel="neuron")
    _draw_kernels(axes[1, 0], history)
    _draw_changes(axes[1, 1], changes)
    _draw_rules(axes[1, 2], rules)
    for ax, text in zip(axes.flat, "ABCDEF", strict=True):
        letter(ax, text)
    for ax in axes[0]:
        ax.set_box_aspect(1.0)
    return figure


def _draw_field(ax: Axes, x: FloatArray, y: FloatArray, values: FloatArray, label: str) -> None:
    """Draw signed values over two places, zero in white."""
    columns, lines = np.unique(x), np.unique(y)
    field = np.zeros((lines.size, columns.size))
    field[np.searchsorted(lines, y), np.searchsorted(columns, x)] = values
    largest = float(np.max(np.abs(values))) or 1.0
    signed: dict[str, Any] = {"cmap": SIGNED_MAP, "vmin": -largest, "vmax": largest}
    mesh = ax.pcolormesh(columns, lines, field, rasterized=True, **signed)
    ax.figure.colorbar(mesh, ax=ax, label=label, shrink=0.7)


def _draw_kernels(ax: Axes, history: Table) -> None:
    """Draw the diagonal average at times that double, from the first to the last one kept."""
    times = np.unique(history["time"])
    chosen = np.unique(np.geomspace(1, times.size, len(KERNEL_COLOURS)).round().astype(int)) - 1
    for number, (time, colour) in enumerate(zip(times[chosen], KERNEL_COLOURS, strict=False)):
        part = rows(history, time=time)
        order = np.argsort(part["lead"])
        lead = part["lead"][order] * 1e3
        every = slice(number, None, max(lead.size // MARKS, 1))
        ax.plot(lead, part["predicted"][order], color=colour, **THEORY)
        seen = part["weight"][order][every]
        ax.plot(lead[every], seen, color=colour, **SMALL, label=f"{time:.2g} s")
    ax.set(xlabel="lead less the delay (ms)", ylabel="mean weight")
    ax.legend(loc="lower right", fontsize=6, handletextpad=0.0, labelspacing=0.2)


def _draw_changes(ax: Axes, changes: Table) -> None:
    """Draw how much one step changes single weights, and their mean at each distance."""
    for name, colour, label in (("pairs", GREEN, "a pair"), ("kernel", ORANGE, "mean kernel")):
        ax.plot(changes["time"], changes[f"{name}_predicted"], color=colour, **THEORY)
        ax.plot(changes["time"], changes[name], color=colour, **SMALL, label=label)
    ax.set(xlabel="time (s)", ylabel="change in one step (1/s)", yscale="log")
    ax.legend(loc="center right", bbox_to_anchor=(1.0, 0.8), fontsize=6, handletextpad=0.0)


def _draw_rules(ax: Axes, rules: Table) -> None:
    """Draw the kernels of rules given as functions and, dotted, that of the built-in rule."""
    handles = []
    for number, ((name, part), colour) in enumerate(
        zip(groups(rules, "rule"), RULE_COLOURS, strict=False)
    ):
        order = np.argsort(part["lead"])
        lead = part["lead"][order] * 1e3
        if number == 0:
            ax.plot(lead, part["built_in"][order], **BUILT_IN)
            handles.append(Line2D([], [], **BUILT_IN, label="built in"))
        every = slice(number, None, max(lead.size // MARKS, 1))
        ax.plot(lead, part["predicted"][order], color=colour, **THEORY)
        seen = part["weight"][order][every]
        handles += ax.plot(lead[every], seen, color=colour, **SMALL, label=name)
    ax.set(xlabel="lead less the delay (ms)", ylabel="weight over the largest")
    ax.legend(handles=handles, **{**ABOVE, "handletextpad": 0.4})
