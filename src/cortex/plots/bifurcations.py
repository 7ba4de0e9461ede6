"""Lines at which the working point of any network changes its kind, in a plane of two keys."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
    SKY,
    THEORY,
    panel,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty

ONSETS: Final = (BLUE, RED, GREEN, ORANGE, PINK, SKY)
"""Colours of the onsets of oscillations; folds are black."""


def draw_plane(
    lines: Table,
    points: Table,
    *,
    names: tuple[str, str],
    window: tuple[tuple[float, float], tuple[float, float]],
    reason: str = "none was met in the window",
) -> Figure:
    """Return the lines in the window of two keys with the states, and the frequencies of onsets.

    Parameters
    ----------
    lines : table `network_lines`
        Coordinates in the units of their keys, the rest SI.
    points : table with columns state, x, y, grows
        Working points of states in this plane; `grows` where a mode of theirs does.
    names : (str, str)
        What the keys are called, with their units.
    window : ((float, float), (float, float))
        Limits of both keys.
    reason : str
        Why there is no line.
    """
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(DOUBLE_COLUMN, 2.9), width_ratios=(1.25, 1.0)
    )
    x, y = names
    draw_lines(lines, x=x, y=y, reason=reason, ax=left)
    draw_onset_frequencies(lines, y=y, reason=reason, ax=right)
    if is_empty(lines):
        return figure
    left.set(xlim=window[0], ylim=window[1])
    mark_states(points, ax=left)
    right.set_xlim(window[1])
    return figure


def mark_states(points: Table, *, ax: Axes) -> None:
    """Mark the working points of states in a plane: full where stable, open where a mode grows.

    Parameters
    ----------
    points : table with columns state, x, y, grows
        Coordinates in the units of the axes.
    ax : Axes
        Where to draw.
    """
    for grows, fill, label in (
        (False, GREY, "working point, stable"),
        (True, "white", "working point, a mode grows"),
    ):
        kept = np.asarray(points["grows"], dtype=bool) == grows
        if kept.any():
            style = MEASUREMENT | {"color": fill, "clip_on": False}
            ax.plot(points["x"][kept], points["y"][kept], **style, label=label)
    if ax.get_legend_handles_labels()[1]:
        ax.legend(**ABOVE)
    if len(points["state"]) > 1:
        for state, at_x, at_y in zip(points["state"], points["x"], points["y"], strict=True):
            up = 4 if at_y < np.mean(ax.get_ylim()) else -10  # away from the legend above
            ax.annotate(
                state, (at_x, at_y), xytext=(4, up), textcoords="offset points", fontsize=7,
                fontweight="bold",
            )  # fmt: skip


def draw_lines(
    lines: Table,
    *,
    x: str,
    y: str,
    reason: str = "the network has no `lines:` block",
    ax: Axes | None = None,
) -> Axes:
    """Draw folds and onsets of oscillations over two keys.

    Parameters
    ----------
    lines : table with columns line, kind, x, y, nu, frequency
        Coordinates in the units of their keys, the rest SI.
    x, y : str
        What the keys are called, with their units.
    reason : str
        Why there is no line.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(lines):
        return say_why_empty(ax, f"no lines: {reason}")
    for _, line, colour in _coloured(lines):
        ax.plot(line["x"], line["y"], color=colour, **THEORY)
    ax.set(xlabel=x, ylabel=y)
    return ax


def draw_onset_frequencies(
    lines: Table,
    *,
    y: str,
    reason: str = "no oscillation sets in",
    ax: Axes | None = None,
) -> Axes:
    """Draw the frequency along every onset of an oscillation over the second key.

    Parameters
    ----------
    lines, y, reason, ax
        As for `draw_lines`.
    """
    ax = panel(ax)
    if is_empty(lines):
        return say_why_empty(ax, f"no onsets: {reason}")
    for name, line, colour in _coloured(lines):
        if line["kind"][0] == "hopf":
            ax.plot(line["y"], line["frequency"], color=colour, **THEORY)
        ax.plot([], [], color=colour, **THEORY, label=name)
    ax.legend(**ABOVE)
    if "hopf" not in lines["kind"]:
        return say_why_empty(ax, "no frequencies: no oscillation sets in on these lines")
    ax.set(xlabel=y, ylabel="frequency at the onset (Hz)")
    frequency = lines["frequency"][lines["kind"] == "hopf"]
    if frequency.max() > 10.0 * frequency.min():
        ax.set_yscale("log")
    return ax


def _coloured(lines: Table) -> list[tuple[str | None, Table, str]]:
    """Return name, rows and colour of each line; onsets are named by their frequencies."""
    made: list[tuple[str | None, Table, str]] = []
    folds = 0
    onsets = iter(ONSETS * (1 + len(np.unique(lines["line"])) // len(ONSETS)))
    for _, line in groups(lines, "line"):
        if line["kind"][0] == "hopf":
            low, high = float(line["frequency"].min()), float(line["frequency"].max())
            made.append((f"oscillation, {low:.0f} to {high:.0f} Hz", line, next(onsets)))
        else:
            made.append((None if folds else "saddle-node", line, BLACK))
            folds += 1
    return made
