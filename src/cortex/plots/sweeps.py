"""The figure of any sweep: lines over one axis, maps over two, small multiples over further ones.

What a model predicts is a line and what it simulates are marks, as in all figures; where a
model gives both they share a panel, or stand beside each other as maps of one scale. Panels of one
observable share their axes; what is undefined at every point is said in words.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from textwrap import fill
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.text import Text

from cortex.plots.save import Table
from cortex.plots.style import say_why_empty
from cortex.plots.sweep_panels import (
    Quantity,
    draw_bar,
    draw_map,
    draw_over,
    same_value,
    shades_for,
)
from cortex.plots.sweep_scales import broken
from cortex.steps.select import alone, rows
from cortex.units import UNITS

PANEL: Final = (2.4, 1.95)  # in
COLUMNS: Final = 3
FEW: Final = 4  # values of an axis that are told apart by colour
MANY: Final = 6  # small multiples beside each other
TINY: Final = 0.5  # below, a smaller unit is taken
SAID: Final[dict[str, Any]] = {"fontsize": 6.5}
LINE: Final = 0.12  # in
WIDTH: Final = 0.55  # of a character, as a share of the size of its font
NARROW: Final = 16  # characters of a title in the narrowest panel
Panels = tuple[Figure, list[list[Axes]]]


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
    defined = tuple(each for each in view.observables if _is_defined(each, table))
    lost = [each for each in view.observables if each not in defined]
    if not defined:
        figure, ((ax,),) = new_panels(1, 1)
        why = "nothing but undefined values" if view.observables else "arrays only"
        say_why_empty(ax, f"{view.name}: {why}")
        return say_notes(figure, undefined(lost))
    units = {each.name: _readable(each, table).unit for each in defined}
    shared = (units.get(each.predicts, units[each.name]) for each in defined)
    shown_in = tuple(replace(e, unit=u) for e, u in zip(defined, shared, strict=True))
    view = replace(view, observables=shown_in)
    moving = [axis for axis in view.axes if _n_values(table, axis) > 1]
    moving.sort(key=lambda axis: -_n_values(table, axis))
    is_map = (
        not (view.is_one_at_a_time or _is_scattered(table, moving))
        and len(moving) > 1
        and _n_values(table, moving[-1]) > FEW
    )
    notes = _notes(table, view, is_map=is_map)
    if view.is_one_at_a_time or _is_scattered(table, moving):
        figure = _draw_alone(table, view)
    elif is_map:
        shown = [axis for axis in view.axes if axis in moving]
        figure = _draw_maps(table, view, shown, notes)
    else:
        figure = _draw_curves(table, view, moving or [*view.axes][:1], notes)
    return say_notes(figure, [*notes, *undefined(lost)])


def _draw_alone(table: Table, view: SweepView) -> Figure:
    """Draw every observable over every parameter that moves alone, or with all others at random."""
    pairs = view.pairs()
    figure, axes = new_panels(len(pairs), len(view.axes), is_grid=True)
    for line, pair in zip(axes, pairs, strict=True):
        for ax, axis in zip(line, view.axes, strict=True):
            moved = table
            if view.is_one_at_a_time:
                moved = alone({**table, axis.moved: table[axis.name]}, axis.moved)
            scattered = not view.is_one_at_a_time
            draw_over(ax, moved, pair, axis, whole=table, is_scattered=scattered)
        say(line[0], pair[0].doc)
    return _with_legend(_outer_names(figure, axes))


def _draw_curves(
    table: Table, view: SweepView, axes: Sequence[Quantity], notes: list[str]
) -> Figure:
    """Draw curves: colours tell the values of the second axis apart, panels those of others."""
    pairs, (x, *others) = view.pairs(), axes or (_nothing(table),)
    by = others.pop() if others else None
    if not others:
        figure, panels = _panels_in_a_row(len(pairs))
        for ax, pair in zip(panels, pairs, strict=False):
            draw_over(ax, table, pair, x, by)
            say(ax, pair[0].doc)
        return _with_legend(figure, by)
    parts = list(_parts(table, others))
    _say_rest(notes, len(parts))
    figure, grid = new_panels(len(pairs), len(parts[:MANY]), is_grid=True)
    for line, pair in zip(grid, pairs, strict=True):
        for ax, (title, part) in zip(line, parts, strict=False):
            draw_over(ax, part, pair, x, by, whole=table)
            say(ax, pair[0].doc if ax is line[0] else "", title if line is grid[0] else "")
    return _with_legend(_outer_names(figure, grid), by)


def _draw_maps(table: Table, view: SweepView, axes: Sequence[Quantity], notes: list[str]) -> Figure:
    """Draw maps over two axes; panels beside each other hold the values of further ones."""
    x, y, *others = axes
    said = [{str(word) for word in e.of(table)} for e in view.observables if e.is_word]
    members = [(each, pair) for pair in view.pairs() for each in pair]
    parts = list(_parts(table, others))
    _say_rest(notes, len(parts))
    is_grid = len(parts) > 1
    if is_grid:
        figure, grid = new_panels(len(members), len(parts[:MANY]), is_grid=True)
    else:
        figure, panels = _panels_in_a_row(len(members))
        grid = [[ax] for ax in panels]
    for line, (each, pair) in zip(grid, members, strict=True):
        own = {str(word) for word in each.of(table)} if each.is_word else set()
        shades = shades_for(pair, table, sorted(chain.from_iterable(w for w in said if w & own)))
        for ax, (title, part) in zip(line, parts, strict=False):
            draw_map(ax, part, each, x, y, shades=shades, has_bar=not is_grid)
            named = f"{each.label}: {each.doc}" if ax is line[0] else ""
            say(ax, named, title if is_grid and line is grid[0] else "")
        if is_grid:
            draw_bar(line, ScalarMappable(shades.norm, shades.cmap), shades)
    return fit_titles(_outer_names(figure, grid) if is_grid else figure)


def _is_scattered(table: Table, moving: Sequence[Quantity]) -> bool:
    """Return whether points of three keys or more lie on no grid, so that none share a panel."""
    n_cells = math.prod(_n_values(table, axis) for axis in moving)
    return len(moving) > 2 and len(table["n"]) < n_cells


def _is_defined(each: Quantity, table: Table) -> bool:
    return each.is_word or bool(np.isfinite(each.of(table, "_mean")).any())


def undefined(lost: Sequence[Quantity]) -> list[str]:
    """Return which observables are undefined at every point, and why, in words."""
    reasons: dict[str, list[str]] = {}
    for each in lost:
        reasons.setdefault(each.undefined or "every point failed", []).append(each.name)
    said = "; ".join(f"{', '.join(names)} ({why})" for why, names in reasons.items())
    return [f"undefined at every point, and not drawn: {said}"] if said else []


def _notes(table: Table, view: SweepView, *, is_map: bool) -> list[str]:
    """Return what marks, lines and blank places mean."""
    numbers = [each for each in view.observables if not each.is_word]
    n, notes = int(table["n"].max()), []
    if any(not each.is_theory for each in numbers):
        spread = "" if is_map else " ± standard deviation"
        mean = f"mean{spread} of {n} repetitions" if n > 1 else "one repetition"
        notes.append(f"simulation: {mean}")
    if is_map:
        holes = (np.isnan(each.of(table, "_mean")).any() for each in numbers)
        notes += ["light grey: undefined"] if any(holes) else []
    elif any(each.is_theory for each in numbers):
        is_line = view.is_one_at_a_time or not _is_scattered(table, view.axes)
        notes.append(f"theory: {'lines' if is_line else 'dashes'}")
    failed = np.count_nonzero(table["n"] == 0)
    notes += [f"{failed} of {len(table['n'])} points failed"] if failed else []
    notes += [f"{axis.label} moves with {', '.join(axis.tied)}" for axis in view.axes if axis.tied]
    return notes


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


def _parts(table: Table, axes: Sequence[Quantity]) -> Iterator[tuple[str, Table]]:
    """Yield the rows that share the values of some axes, and what they share."""
    for values in product(*(np.unique(axis.of(table)) for axis in axes)):
        wanted = {a.name: same_value(table, a, v) for a, v in zip(axes, values, strict=True)}
        part = rows(table, **wanted) if wanted else dict(table)
        if len(next(iter(part.values()))):
            named = zip(axes, values, strict=True)
            yield ", ".join(axis.at(value) for axis, value in named), part


def _n_values(table: Table, axis: Quantity) -> int:
    return len(np.unique(table[axis.name].astype(str)))


def _nothing(table: Table) -> Quantity:
    """Return a column to draw a single point over."""
    return Quantity(name="n", doc=f"{len(table['n'])} points")


def new_panels(
    n_rows: int, n_columns: int, *, is_grid: bool = False
) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure of small panels, row by row; those of a grid share axes."""
    size = (max(PANEL[0] * n_columns, 4.0), PANEL[1] * n_rows)
    shared: dict[str, Any] = {"sharex": "col", "sharey": "row"} if is_grid else {}
    figure, axes = plt.subplots(n_rows, n_columns, figsize=size, squeeze=False, **shared)
    return figure, axes.tolist()


def _panels_in_a_row(n: int) -> tuple[Figure, list[Axes]]:
    """Return as many panels, row after row; the rest stays empty."""
    columns = min(n, COLUMNS)
    figure, axes = new_panels(math.ceil(n / columns), columns)
    panels = list(chain.from_iterable(axes))
    for ax in panels[n:]:
        ax.set_axis_off()
    return figure, panels[:n]


def _outer_names(figure: Figure, grid: Sequence[Sequence[Axes]]) -> Figure:
    """Leave names of axes at the left and below alone, where panels share them."""
    for line in grid:
        for ax in line:
            ax.set_ylabel(ax.get_ylabel() if ax is line[0] else "")
            ax.set_xlabel(ax.get_xlabel() if line is grid[-1] else "")
    return figure


def say(ax: Axes, doc: str, held: str = "") -> None:
    """Write over a panel what is drawn and, below that, which values are held."""
    text = f"{doc}\n{held}".strip()
    ax.set_title(_filled(text, NARROW), loc="left", gid=text or None, **SAID)


def _filled(text: str, across: int) -> str:
    return "\n".join(broken(line, across) for line in text.split("\n"))


def fit_titles(figure: Figure) -> Figure:
    """Break titles at the width that their panels have, once all is laid out."""
    figure.draw_without_rendering()
    for title in _titles(figure):
        width = title.axes.get_window_extent().width * 72.0 / figure.dpi
        across = max(NARROW, int(width / (WIDTH * SAID["fontsize"])))
        title.set_text(_filled(title.get_gid(), across))
    _make_room(figure)
    return figure


def _titles(figure: Figure) -> list[Any]:
    """Return the titles of all panels; each holds its whole text as `gid`."""
    return [each for each in figure.findobj(Text) if each.get_gid()]


def _make_room(figure: Figure) -> None:
    """Let a figure grow by the lines of its titles, so that its panels keep their height."""
    lines: dict[int, int] = {}
    for title in _titles(figure):
        row = title.axes.get_subplotspec().rowspan.start
        lines[row] = max(lines.get(row, 0), title.get_text().count("\n"))
    figure.set_figheight(figure.get_figheight() + LINE * sum(lines.values()))


def _with_legend(figure: Figure, by: Quantity | None = None) -> Figure:
    """Put below the panels what their colours, marks and lines mean."""
    found = [ax.get_legend_handles_labels() for ax in figure.axes]
    handles, labels = max(found, key=lambda each: len(each[1]))
    if labels:
        title = by.label if by else None
        figure.legend(handles, labels, title=title, loc="outside lower center", ncols=len(labels))
    return fit_titles(figure)


def _say_rest(notes: list[str], n_parts: int) -> None:
    if n_parts > MANY:
        notes.append(f"the first {MANY} of {n_parts} cuts through the sweep")


def say_notes(figure: Figure, notes: Sequence[str]) -> Figure:
    """Write above all panels what their marks mean and what is not drawn."""
    if notes:
        across = int(figure.get_figwidth() * 72.0 / (WIDTH * SAID["fontsize"]))
        text = fill("; ".join(notes), across)
        figure.set_figheight(figure.get_figheight() + LINE * (1 + text.count("\n")))
        figure.suptitle(text[:1].upper() + text[1:], x=0.01, ha="left", **SAID)
    return figure
