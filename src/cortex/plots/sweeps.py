"""The figure of any sweep: lines over one axis, maps over two, small multiples over further ones.

What a model predicts is a line and what it simulates are marks, as in all figures; where a
model gives both they share a panel, or stand beside each other as maps of one scale.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from textwrap import fill
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.sweep_panels import Quantity, draw_map, draw_over, plain, same_value
from cortex.steps.select import alone, rows
from cortex.units import UNITS

PANEL: Final = (2.4, 1.95)  # in
COLUMNS: Final = 3
FEW: Final = 4  # values of an axis that are told apart by colour
MANY: Final = 6  # small multiples beside each other
TINY: Final = 0.5  # below, a smaller unit is taken
DOC_WIDTH: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepView:
    """What the figure of a sweep shows.

    Parameters
    ----------
    name : str
        Name of the sweep.
    axes : tuple of Quantity
        Parameters that vary; of tied ones, the first.
    observables : tuple of Quantity
        Observables.
    is_one_at_a_time : bool
        Whether each parameter varies alone.
    """

    name: str
    axes: tuple[Quantity, ...]
    observables: tuple[Quantity, ...]
    is_one_at_a_time: bool = False

    def pairs(self) -> list[tuple[Quantity, ...]]:
        """Return each observable with the one that predicts it, if there is one."""
        names = {each.name for each in self.observables}
        beside = {each.name: each.predicts in names - {each.name} for each in self.observables}
        predicting = {each.predicts: each for each in self.observables if beside[each.name]}
        return [
            (each, *filter(None, [predicting.get(each.name)]))
            for each in self.observables
            if not beside[each.name]
        ]


def draw_sweep(table: Table, view: SweepView) -> Figure:
    """Return the figure of a sweep.

    Parameters
    ----------
    table : summary of the sweep, SI columns.
    view : SweepView
        What is shown.
    """
    if not view.observables:
        figure, _ = new_panels(1, 1)
        figure.suptitle(f"{view.name}: arrays only")
        return figure
    units = {each.name: _readable(each, table).unit for each in view.observables}
    shared = (units.get(each.predicts, units[each.name]) for each in view.observables)
    shown_in = tuple(replace(e, unit=u) for e, u in zip(view.observables, shared, strict=True))
    view = replace(view, observables=shown_in)
    moving = [axis for axis in view.axes if _n_values(table, axis) > 1]
    moving.sort(key=lambda axis: -_n_values(table, axis))
    if view.is_one_at_a_time:
        return _draw_alone(table, view)
    if len(moving) < 2 or _n_values(table, moving[-1]) <= FEW:
        return _draw_curves(table, view, moving or [*view.axes][:1])
    shown = [axis for axis in view.axes if axis in moving]
    return _draw_maps(table, view, shown)


def _draw_alone(table: Table, view: SweepView) -> Figure:
    """Draw every observable over every parameter that moves alone."""
    pairs = view.pairs()
    figure, axes = new_panels(len(pairs), len(view.axes))
    for line, pair in zip(axes, pairs, strict=True):
        for ax, axis in zip(line, view.axes, strict=True):
            moved = alone({**table, axis.moved: table[axis.name]}, axis.moved)
            draw_over(ax, moved, pair, axis)
            if ax is not line[0]:
                ax.set_ylabel("")
        say(line[0], pair[0])
    return _with_legend(figure)


def _draw_curves(table: Table, view: SweepView, axes: Sequence[Quantity]) -> Figure:
    """Draw curves: colours tell the values of the second axis apart, panels those of others."""
    pairs, (x, *others) = view.pairs(), axes or (_nothing(table),)
    by = others.pop() if others else None
    if not others:
        figure, panels = _panels_in_a_row(len(pairs))
        for ax, pair in zip(panels, pairs, strict=False):
            draw_over(ax, table, pair, x, by)
            say(ax, pair[0])
        return _with_legend(figure, by)
    parts = list(_parts(table, others))
    figure, grid = new_panels(len(pairs), len(parts[:MANY]))
    for line, pair in zip(grid, pairs, strict=True):
        for ax, (title, part) in zip(line, parts, strict=False):
            draw_over(ax, part, pair, x, by)
            ax.set_title(title, loc="right", fontsize=7)
        say(line[0], pair[0])
    return _say_rest(_with_legend(figure, by), len(parts))


def _draw_maps(table: Table, view: SweepView, axes: Sequence[Quantity]) -> Figure:
    """Draw maps over two axes; panels beside each other hold the values of further ones."""
    x, y, *others = axes
    members = [(each, pair) for pair in view.pairs() for each in pair]
    parts = list(_parts(table, others))
    if len(parts) == 1:
        figure, panels = _panels_in_a_row(len(members))
        places = [
            (ax, each, pair, "", table) for ax, (each, pair) in zip(panels, members, strict=False)
        ]
    else:
        figure, grid = new_panels(len(members), len(parts[:MANY]))
        places = [
            (ax, each, pair, title, part)
            for line, (each, pair) in zip(grid, members, strict=True)
            for ax, (title, part) in zip(line, parts, strict=False)
        ]
    for ax, each, pair, title, part in places:
        draw_map(ax, part, each, x, y, **_shared(pair, table))
        say(ax, each, name=True)
        ax.set_title(title, loc="right", fontsize=7)
    return _say_rest(figure, len(parts))


def _readable(each: Quantity, table: Table) -> Quantity:
    """Return an observable in a smaller unit where its numbers are tiny."""
    if each.is_word or each.unit == "1":
        return each
    values = np.abs(each.of(table, "_mean"))
    peak = values[np.isfinite(values)].max(initial=0.0) * UNITS[each.unit].scale
    if not 0.0 < peak < TINY * UNITS[each.unit].scale:
        return each
    dimension = UNITS[each.unit].dimension
    fitting = {n: u.scale for n, u in UNITS.items() if u.dimension == dimension and u.scale <= peak}
    return replace(each, unit=max(fitting, key=lambda name: fitting[name])) if fitting else each


def _shared(pair: Sequence[Quantity], table: Table) -> dict[str, float]:
    """Return the common scale of an observable and its prediction."""
    if any(each.is_word for each in pair):
        return {}
    values = np.concatenate([each.of(table, "_mean") for each in pair])
    known = values[np.isfinite(values)]
    return {"vmin": known.min(), "vmax": known.max()} if known.size else {}


def _parts(table: Table, axes: Sequence[Quantity]) -> Iterator[tuple[str, Table]]:
    """Yield the rows that share the values of some axes, and what they share."""
    for values in product(*(np.unique(axis.of(table)) for axis in axes)):
        wanted = {a.name: same_value(table, a, v) for a, v in zip(axes, values, strict=True)}
        part = rows(table, **wanted) if wanted else dict(table)
        if len(next(iter(part.values()))):
            named = zip(axes, values, strict=True)
            yield ", ".join(f"{axis.name} = {plain(value)}" for axis, value in named), part


def _n_values(table: Table, axis: Quantity) -> int:
    return len(np.unique(table[axis.name].astype(str)))


def _nothing(table: Table) -> Quantity:
    """Return a column to draw a single point over."""
    return Quantity(name="n", doc=f"{len(table['n'])} points")


def new_panels(n_rows: int, n_columns: int) -> tuple[Figure, Any]:
    """Return a figure of small panels, shape (n_rows, n_columns)."""
    size = (max(PANEL[0] * n_columns, 4.0), PANEL[1] * n_rows)
    figure, axes = plt.subplots(n_rows, n_columns, figsize=size, squeeze=False)
    return figure, axes


def _panels_in_a_row(n: int) -> tuple[Figure, list[Axes]]:
    """Return as many panels, row after row; the rest stays empty."""
    columns = min(n, COLUMNS)
    figure, axes = new_panels(math.ceil(n / columns), columns)
    for ax in axes.flat[n:]:
        ax.set_axis_off()
    return figure, list(axes.flat[:n])


def say(ax: Axes, each: Quantity, *, name: bool = False) -> None:
    """Write over a panel what is drawn."""
    text = f"{each.label}: {each.doc}" if name else each.doc
    ax.set_title(fill(text, DOC_WIDTH), loc="left", fontsize=6.5)


def _with_legend(figure: Figure, by: Quantity | None = None) -> Figure:
    """Put below the panels what their colours, marks and lines mean."""
    found = [ax.get_legend_handles_labels() for ax in figure.axes]
    handles, labels = max(found, key=lambda each: len(each[1]))
    if labels:
        title = by.label if by else None
        figure.legend(handles, labels, title=title, loc="outside lower center", ncols=len(labels))
    return figure


def _say_rest(figure: Figure, n_parts: int) -> Figure:
    if n_parts > MANY:
        figure.suptitle(f"the first {MANY} of {n_parts} cuts through the sweep", fontsize=7)
    return figure
