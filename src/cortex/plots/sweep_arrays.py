"""The figure of an array observable of any sweep: its curves, a colour per value of what varies."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.style import FIELD_MAP, MEASUREMENT, THEORY, say_why_empty
from cortex.plots.sweep_panels import Quantity, same_value
from cortex.plots.sweep_scales import WORD, broken, name_axes, places, plain
from cortex.plots.sweeps import SweepView, fit_titles, new_panels, say, say_notes, undefined
from cortex.steps.select import alone, is_empty, rows
from cortex.typing import AnyArray

SHOWN: Final = 8  # curves of a panel
PEAKED: Final = 100.0  # largest over median value from which on an axis is logarithmic
LEAST: Final = 1e-6  # share of the largest value down to which it goes
DOTS: Final = {**MEASUREMENT, "markersize": 2.5, "markeredgewidth": 0.2}
TRACE: Final = {"linewidth": 0.8}


def draw_array(table: Table, view: SweepView, columns: Sequence[Quantity]) -> Figure:
    """Return the curves of an array over its first column, those of the first repetition.

    Of words beside the coordinate (the signal of a spectrum) the first stands for all, of
    parameters that no colour tells the middle value; the panel says so. Points
    at random share no middle value: each parameter has a panel in which it is told by colour.

    Parameters
    ----------
    table : long table of the array, SI columns.
    view : SweepView
        Axes of the sweep; one at a time, a panel for each.
    columns : sequence of Quantity
        Columns of the array, the coordinate first.
    """
    x, *ys = columns
    if is_empty(table):
        figure, ((ax,),) = new_panels(1, 1)
        why = next((y.undefined for y in ys if y.undefined), "every point failed")
        say_why_empty(ax, f"{view.name}: no values at any point: {why}")
        return figure
    words = [y.name for y in takewhile(lambda each: each.is_word, ys)]
    of = {name: table[name][0] for name in words}
    first = rows(table, replicate=0, **of)
    drawn = [y for y in ys if not (y.is_word or y.is_coordinate)]
    defined = [y for y in drawn if np.isfinite(y.of(first).astype(float)).any()]
    pairs = replace(view, observables=tuple(defined)).pairs()
    parts = list(_parts(first, view))
    figure, grid = new_panels(max(len(pairs), 1), len(parts))
    if not pairs:
        say_why_empty(grid[0][0], f"{view.name}: nothing but undefined values")
    for line, pair in zip(grid, pairs, strict=False):
        for ax, (axis, title, part) in zip(line, parts, strict=True):
            draw_course(ax, part, pair, x, axis)
            said = [title, *(f"{name} = {word}" for name, word in of.items())]
            say(ax, pair[0].doc if ax is line[0] else "", ", ".join(filter(None, said)))
    for ax, (axis, _, _) in zip(grid[0] if pairs else (), parts, strict=False):
        looks = {"title_fontsize": 6, "fontsize": 5.5, "handlelength": 1.0}
        title = broken(axis.label, WORD)
        ax.legend(title=title, loc="upper left", bbox_to_anchor=(1.0, 1.0), **looks)
    lost = [each for each in drawn if each not in defined]
    return say_notes(fit_titles(figure), undefined(lost))


def draw_course(
    ax: Axes, table: Table, pair: Sequence[Quantity], x: Quantity, axis: Quantity
) -> None:
    """Draw a column of an array, and the one that predicts it, over another one.

    Parameters
    ----------
    ax : Axes
        Where.
    table : rows of the long table, SI columns.
    pair : sequence of Quantity
        The column and, if there is one, its prediction.
    x : Quantity
        The coordinate.
    axis : Quantity
        The parameter whose values are told by colour; eight of them at most, evenly chosen.
    """
    values = np.unique(axis.of(table))
    chosen = values[np.unique(np.linspace(0, len(values) - 1, SHOWN).round().astype(int))]
    colours = mpl.colormaps[FIELD_MAP](np.linspace(0.0, 0.9, len(chosen)))
    for value, colour in zip(chosen, colours, strict=True):
        part = rows(table, **{axis.name: same_value(table, axis, value)})
        at = places(x.of(part))
        for each in pair:
            y: AnyArray = each.of(part)
            label = None if each.is_theory and len(pair) > 1 else plain(value)
            ax.plot(at, y, color=colour, label=label, **_looks(each, pair, y))
    name_axes(ax, x=x.label, y=pair[0].label)
    shown = np.concatenate([each.of(table) for each in pair]).astype(float)
    positive = shown[np.isfinite(shown) & (shown > 0.0)]
    if positive.size > 0.9 * shown.size and positive.max() > PEAKED * np.median(positive):
        ax.set_yscale("log")
        ax.set_ylim(max(positive.min(), LEAST * positive.max()), 2.0 * positive.max())


def _looks(each: Quantity, pair: Sequence[Quantity], y: AnyArray) -> dict[str, Any]:
    """Return a line for a prediction, marks beside one and for events, else a trace."""
    if each.is_theory:
        return dict(THEORY)
    return dict(DOTS if len(pair) > 1 or y.dtype.kind in "iu" else TRACE)


def _parts(table: Table, view: SweepView) -> Iterator[tuple[Quantity, str, Table]]:
    """Yield what is told by colour, what is held fixed, and the rows of a panel."""
    if view.is_one_at_a_time:
        for axis in view.axes:
            named = {**table, axis.moved: table[axis.name]}
            yield axis, "", alone(named, axis.moved)
        return
    moving = [axis for axis in view.axes if len(np.unique(axis.of(table))) > 1]
    axis, *others = moving or view.axes
    held = {other.name: _middle(table[other.name]) for other in others}
    said = ", ".join(other.at(_middle(other.of(table))) for other in others)
    part = rows(table, **held) if held else table
    if moving and len(np.unique(axis.of(part))) < 2:  # points at random share no other value
        yield from ((each, "", table) for each in moving)
    else:
        yield axis, said, part


def _middle(values: AnyArray) -> Any:
    distinct = np.unique(values)
    return distinct[(len(distinct) - 1) // 2]
