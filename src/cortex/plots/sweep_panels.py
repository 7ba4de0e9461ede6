"""Panels of sweeps: an observable over one parameter, as curves, or over two, as a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, LogNorm

from cortex.plots.save import Table
from cortex.plots.style import BLACK, BLUE, FIELD_MAP, MEASUREMENT, SERIES, THEORY
from cortex.steps.select import rows
from cortex.typing import AnyArray, FloatArray
from cortex.units import UNITS, array_from_si

FAILED: Final = "failed"  # points that failed hold the empty word
NUMBER: Final = "{x:.6g}"
CLOSE: Final = 1e-4  # relative range below which ticks of six digits would all read alike
DECADES: Final = 4.0  # most of a scale of colours below its top: more would hide what matters
WIDE: Final = 30.0  # ratio of largest to smallest value from which on an axis is logarithmic


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A column of a summary as it is drawn.

    Parameters
    ----------
    name : str
        Column; of an observable, without ``_mean``.
    unit : str
        Unit it is shown in.
    doc : str
        What it is.
    is_word : bool
        Word, not number.
    is_theory : bool
        Computed, not simulated: a line.
    predicts : str
        Name of the observable that it predicts, or its own where nothing is simulated.
    moved : str
        Of a parameter, its name in the column ``varied`` of a one-at-a-time sweep.
    """

    name: str
    unit: str = "1"
    doc: str = ""
    is_word: bool = False
    is_theory: bool = False
    predicts: str = ""
    moved: str = ""

    @property
    def label(self) -> str:
        """Name and unit."""
        label = UNITS[self.unit].label
        return f"{self.name} ({label})" if label else self.name

    def of(self, table: Table, ending: str = "") -> AnyArray:
        """Return the values in the unit shown."""
        values = np.asarray(table[f"{self.name}{ending}"])
        return values if self.is_word or self.unit == "1" else array_from_si(values, self.unit)


def draw_over(
    ax: Axes, table: Table, pair: Sequence[Quantity], x: Quantity, by: Quantity | None = None
) -> None:
    """Draw an observable, and what predicts it, over one parameter; a colour per value of `by`.

    Parameters
    ----------
    ax : Axes
        Where.
    table : rows of a summary, SI columns.
    pair : sequence of Quantity
        The observable and, if there is one, its prediction.
    x, by : Quantity
        Parameters.
    """
    values = np.unique(by.of(table)) if by else [None]
    words = _words(pair, table)
    for value, colour in zip(values, cycle((BLUE, *SERIES[1:])), strict=False):
        part = table if by is None else rows(table, **{by.name: same_value(table, by, value)})
        at = places(x.of(part))
        for each in pair:
            paired = len(pair) > 1 and by is None
            looks: dict[str, Any] = {"color": BLACK if paired and each.is_theory else colour}
            looks["label"] = _legend(each, by, value, paired=paired)
            _draw_course(ax, each, part, at, words=words, looks=looks)
    _set_scale(ax, x, table)
    ax.set(xlabel=x.label, ylabel=pair[0].label)
    if words:
        ax.set_yticks(range(len(words)), [word or FAILED for word in words])
        ax.set_ylim(-0.5, len(words) - 0.5)
    elif not any(is_close(each.of(table, "_mean")) for each in pair):
        ax.yaxis.set_major_formatter(NUMBER)


def _draw_course(
    ax: Axes,
    each: Quantity,
    part: Table,
    at: FloatArray,
    *,
    words: list[str],
    looks: dict[str, Any],
) -> None:
    if each.is_word:
        y = np.array([words.index(word) for word in each.of(part)], dtype=float)
        ax.plot(at, y, **MEASUREMENT, **looks)
        return
    mean = each.of(part, "_mean")
    if each.is_theory:
        order, marker = np.argsort(at, kind="stable"), "." if len(at) < 12 else ""
        ax.plot(at[order], mean[order], **{**THEORY, "marker": marker}, **looks)
    else:
        spread = np.nan_to_num(each.of(part, "_sd"))
        ax.errorbar(at, mean, yerr=spread, elinewidth=0.7, **MEASUREMENT, **looks)


def draw_map(
    ax: Axes, table: Table, each: Quantity, x: Quantity, y: Quantity, **scale: Any
) -> None:
    """Draw an observable over two parameters: a field on a full grid, else a mark per point.

    Parameters
    ----------
    ax : Axes
        Where.
    table : rows of a summary, SI columns.
    each : Quantity
        The observable: colours of its values, or of its words.
    x, y : Quantity
        Parameters.
    **scale : float
        ``vmin`` and ``vmax``, where maps share them.
    """
    at, up = places(x.of(table)), places(y.of(table))
    words = _words((each,), table)
    values = each.of(table) if words else each.of(table, "_mean")
    colours: dict[str, Any] = {"cmap": FIELD_MAP, **scale}
    beyond = "neither"
    if words:
        values = np.array([words.index(word) for word in values], dtype=float)
        names = ListedColormap([c for c, _ in zip(cycle(SERIES), words, strict=False)])
        colours = {"cmap": names, "vmin": -0.5, "vmax": len(words) - 0.5}
    elif spans_decades(values):
        top = scale.get("vmax", float(np.nanmax(values)))
        low = max(scale.get("vmin", 0.0), float(np.nanmin(values)), 10.0**-DECADES * top)
        colours = {"cmap": FIELD_MAP, "norm": LogNorm(low, top)}
        beyond = "min" if np.nanmin(values) < low else beyond
    if _is_grid(at, up):
        image: Any = _draw_field(ax, at, up, values, colours)
    else:
        image = ax.scatter(at, up, c=values, s=9.0, linewidths=0.3, edgecolors=BLACK, **colours)
    bar = ax.figure.colorbar(image, ax=ax, aspect=25, extend=beyond)
    if words:
        bar.set_ticks(range(len(words)), labels=[word or FAILED for word in words])
    elif not is_close(values):
        bar.ax.yaxis.set_major_formatter(NUMBER)
    ax.set(xlabel=x.label, ylabel=y.label)


def spans_decades(values: AnyArray) -> bool:
    """Return whether numbers are positive and so far apart that a linear scale hides most."""
    known = values[np.isfinite(values)]
    return bool(known.size and known.min() > 0.0 and known.max() >= WIDE * known.min())


def is_close(values: AnyArray) -> bool:
    """Return whether numbers differ so little that only the offset of an axis can tell."""
    known = values[np.isfinite(values)]
    return bool(known.size and 0.0 < np.ptp(known) < CLOSE * np.abs(known).max())


def _draw_field(
    ax: Axes, at: FloatArray, up: FloatArray, values: AnyArray, colours: dict[str, Any]
) -> Any:
    xs, ys = np.unique(at), np.unique(up)
    field = np.full((ys.size, xs.size), np.nan)
    field[np.searchsorted(ys, up), np.searchsorted(xs, at)] = values
    return ax.pcolormesh(xs, ys, field, shading="nearest", **colours)


def same_value(table: Table, axis: Quantity, value: Any) -> Any:
    """Return the SI value of an axis whose value in the unit shown is `value`."""
    return table[axis.name][axis.of(table) == value][0]


def plain(value: Any) -> str:
    """Return a value as it stands in a legend."""
    return value if isinstance(value, str) else f"{value:.4g}"


def _legend(each: Quantity, by: Quantity | None, value: Any, *, paired: bool) -> str | None:
    if by is not None:
        return None if each.predicts else plain(value)
    return ("theory" if each.is_theory else "simulation") if paired else None


def _words(pair: Sequence[Quantity], table: Table) -> list[str]:
    """Return all words of an observable; failed points hold the empty one."""
    return sorted({str(word) for each in pair if each.is_word for word in each.of(table)})


def places(values: AnyArray) -> FloatArray:
    """Return where values stand on an axis: numbers themselves, words by their order."""
    if values.dtype.kind in "fiub":
        return values.astype(float)
    return np.unique(values.astype(str), return_inverse=True)[1].astype(float)


def _set_scale(ax: Axes, x: Quantity, table: Table) -> None:
    values = x.of(table)
    if values.dtype.kind not in "fiub":
        words = np.unique(values.astype(str))
        ax.set_xticks(range(len(words)), words, rotation=30)
    elif values.min() > 0.0 and values.max() / values.min() >= WIDE:
        ax.set_xscale("log")


def _is_grid(x: FloatArray, y: FloatArray) -> bool:
    return len(x) == np.unique(x).size * np.unique(y).size
