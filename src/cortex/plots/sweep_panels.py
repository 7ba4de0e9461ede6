"""Panels of sweeps: an observable over one parameter, as curves, or over two, as a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    MEASUREMENT,
    SERIES,
    THEORY,
    say_why_empty,
)
from cortex.plots.sweep_scales import (
    FAILED,
    NUMBER,
    TICKS,
    WORD,
    Shades,
    broken,
    cells,
    is_close,
    is_wide,
    name_axes,
    places,
    plain,
    shades_of,
    shades_of_words,
)
from cortex.steps.select import rows
from cortex.typing import AnyArray, FloatArray
from cortex.units import UNITS, array_from_si

DASHES: Final = {"linestyle": "", "marker": "_", "markersize": 7.0}
APART: Final = 0.16  # between words of curves that would hide each other


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
    is_coordinate : bool
        Of a column of an array: where numbers stand, nothing to draw.
    predicts : str
        Name of the observable that it predicts, or its own where nothing is simulated.
    undefined : str
        When it is nan.
    called : str
        What axes call it where that is not its column: the key of a parameter.
    moved : str
        Of a parameter, its name in the column ``varied`` of a one-at-a-time sweep.
    tied : tuple of str
        Keys that move with a parameter.
    """

    name: str
    unit: str = "1"
    doc: str = ""
    is_word: bool = False
    is_theory: bool = False
    is_coordinate: bool = False
    predicts: str = ""
    undefined: str = ""
    called: str = ""
    moved: str = ""
    tied: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name and unit."""
        label = UNITS[self.unit].label
        return f"{self.called or self.name} ({label})" if label else self.called or self.name

    def at(self, value: Any) -> str:
        """Return a value with name and unit, which no line breaks apart."""
        unit = UNITS[self.unit].label
        return f"{self.called or self.name} = {plain(value)}" + f"\N{NO-BREAK SPACE}{unit}" * bool(
            unit
        )

    def of(self, table: Table, ending: str = "") -> AnyArray:
        """Return the values in the unit shown."""
        values = np.asarray(table[f"{self.name}{ending}"])
        return values if self.is_word or self.unit == "1" else array_from_si(values, self.unit)


def draw_over(
    ax: Axes,
    table: Table,
    pair: Sequence[Quantity],
    x: Quantity,
    by: Quantity | None = None,
    *,
    whole: Table | None = None,
    is_scattered: bool = False,
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
    whole : summary, optional
        Of all panels that share the scale of this one.
    is_scattered : bool
        Whether other parameters differ from point to point: theory is a dash at each, no line.
    """
    whole = table if whole is None else whole
    values = np.unique(by.of(whole)) if by else [None]
    words = _words(pair, whole)
    if not words and not any(np.isfinite(each.of(table, "_mean")).any() for each in pair):
        say_why_empty(ax, _why(pair[0]), keep_x=True)
    else:
        for i, (value, colour) in enumerate(zip(values, cycle(SERIES), strict=False)):
            part = table if by is None else rows(table, **{by.name: same_value(whole, by, value)})
            at = places(x.of(part))
            for each in pair:
                paired = len(pair) > 1 and by is None
                looks: dict[str, Any] = {"color": BLACK if paired and each.is_theory else colour}
                looks["label"] = _legend(each, by, value, paired=paired)
                looks |= DASHES if is_scattered and each.is_theory and not each.is_word else {}
                shift = APART * (i - 0.5 * (len(values) - 1))
                _draw_course(ax, each, part, at, words=words, shift=shift, looks=looks)
    _set_scale(ax, x, whole)
    name_axes(ax, x=x.label, y=pair[0].label)
    _set_values(ax, pair, whole, words)


def _draw_course(
    ax: Axes,
    each: Quantity,
    part: Table,
    at: FloatArray,
    *,
    words: list[str],
    shift: float,
    looks: dict[str, Any],
) -> None:
    if each.is_word:
        y = np.array([words.index(word) + shift for word in each.of(part)], dtype=float)
        ax.plot(at, y, **MEASUREMENT, **looks)
        return
    mean = each.of(part, "_mean")
    if each.is_theory:
        order, marker = np.argsort(at, kind="stable"), "." if len(at) < 12 else ""
        ax.plot(at[order], mean[order], **{**THEORY, "marker": marker, **looks})
    else:
        spread = np.nan_to_num(each.of(part, "_sd"))
        ax.errorbar(at, mean, yerr=spread, elinewidth=0.7, **MEASUREMENT, **looks)


def _set_values(ax: Axes, pair: Sequence[Quantity], whole: Table, words: list[str]) -> None:
    """Let the vertical axis name words, one value where there is but one, or numbers."""
    if words:
        ax.set_yticks(range(len(words)), [broken(word or FAILED, WORD) for word in words])
        ax.set_ylim(-0.5, len(words) - 0.5)
        return
    values = np.concatenate([each.of(whole, "_mean") for each in pair])
    known = np.unique(values[np.isfinite(values)])
    if known.size == 1:
        ax.set_yticks(known, [NUMBER.format(x=float(known[0]))])
    elif not is_close(known):
        ax.yaxis.set_major_formatter(NUMBER)


def draw_map(
    ax: Axes,
    table: Table,
    each: Quantity,
    x: Quantity,
    y: Quantity,
    *,
    shades: Shades | None = None,
    has_bar: bool = True,
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
    shades : Shades, optional
        The colours, where maps share them.
    has_bar : bool
        Whether a bar beside the map says what its colours mean.
    """
    (at, across), (up, along) = (cells(axis.of(table)) for axis in (x, y))
    values = each.of(table) if each.is_word else each.of(table, "_mean")
    name_axes(ax, x=x.label, y=y.label)
    if not each.is_word and not np.isfinite(values).any():
        say_why_empty(ax, _why(each), keep_x=True)
        return
    shades = shades or shades_for((each,), table)
    coded = shades.coded(values)
    if _is_grid(at, up):
        image: Any = _draw_field(ax, at, up, coded, shades)
    else:
        size: dict[str, Any] = {"s": 9.0, "linewidths": 0.3, "edgecolors": BLACK}
        image = ax.scatter(at, up, c=coded, plotnonfinite=True, **size, **shades.looks)
    if has_bar:
        draw_bar([ax], image, shades)
    for axis, names in ((ax.xaxis, across), (ax.yaxis, along)):
        if names:
            few = range(0, len(names), -(-len(names) // TICKS))
            axis.set_ticks(few, [broken(names[i], WORD) for i in few])


def draw_bar(axes: Sequence[Axes], image: ScalarMappable, shades: Shades) -> None:
    """Draw beside one map, or several of one scale, what their colours mean."""
    bar = axes[0].figure.colorbar(image, ax=[*axes], aspect=25, extend=shades.extend)
    if shades.words:
        words = [broken(word, WORD) for word in shades.words]
        bar.set_ticks(list(range(len(words))), labels=words)
    elif shades.ticks:
        bar.set_ticks(list(shades.ticks), labels=[plain(tick) for tick in shades.ticks])
    elif not is_close(np.array([shades.norm.vmin, shades.norm.vmax])):
        bar.ax.yaxis.set_major_formatter(NUMBER)


def shades_for(
    pair: Sequence[Quantity], table: Table, vocabulary: Sequence[str] | None = None
) -> Shades:
    """Return the one scale of colours of an observable and its prediction."""
    words = _words(pair, table)
    if words:
        return shades_of_words(words, vocabulary or words)
    return shades_of(np.concatenate([each.of(table, "_mean") for each in pair]))


def _draw_field(
    ax: Axes, at: FloatArray, up: FloatArray, values: FloatArray, shades: Shades
) -> Any:
    xs, ys = np.unique(at), np.unique(up)
    field = np.full((ys.size, xs.size), np.nan)
    field[np.searchsorted(ys, up), np.searchsorted(xs, at)] = values
    return ax.pcolormesh(xs, ys, field, shading="nearest", **shades.looks)


def same_value(table: Table, axis: Quantity, value: Any) -> Any:
    """Return the SI value of an axis whose value in the unit shown is `value`."""
    return table[axis.name][axis.of(table) == value][0]


def _why(each: Quantity) -> str:
    reason = each.undefined or "every point failed"
    return f"{each.name} is undefined here: {reason}"


def _legend(each: Quantity, by: Quantity | None, value: Any, *, paired: bool) -> str | None:
    if by is not None:
        return None if each.predicts else plain(value)
    return ("theory" if each.is_theory else "simulation") if paired else None


def _words(pair: Sequence[Quantity], table: Table) -> list[str]:
    """Return all words of an observable; failed points hold the empty one."""
    return sorted({str(word) for each in pair if each.is_word for word in each.of(table)})


def _set_scale(ax: Axes, x: Quantity, table: Table) -> None:
    values = x.of(table)
    if values.dtype.kind not in "fiub":
        words = np.unique(values.astype(str))
        ax.set_xticks(range(len(words)), [broken(word, WORD) for word in words], rotation=30)
    elif is_wide(values):
        ax.set_xscale("log")
    else:
        ax.locator_params(axis="x", nbins=TICKS)


def _is_grid(x: FloatArray, y: FloatArray) -> bool:
    return len(x) == np.unique(x).size * np.unique(y).size
