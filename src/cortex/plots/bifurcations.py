"""Lines at which the working point of any network changes its kind, in a plane of two keys."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from cortex.plots.style import (
    ABOVE,
    BLACK,
    BLUE,
    GREEN,
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
    ax.set(xlabel=y, ylabel="frequency at the onset (Hz)", yscale="log")
    ax.legend(**ABOVE)
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
