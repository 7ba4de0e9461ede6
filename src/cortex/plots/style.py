"""The one style of all figures: sizes, colours, and what a mark or a line means.

Theory is always a line (or a filled field), measurement always a mark (or a thin grey trace
with its band). Colours are those of Okabe and Ito, told apart by colour-blind readers; the
field map is cividis. Widths are those of a journal's single and double column.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import cycle
from textwrap import wrap
from types import MappingProxyType
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.rcsetup import cycler

SINGLE_COLUMN: Final = 3.5
DOUBLE_COLUMN: Final = 7.2

BLACK: Final = "#000000"
GREY: Final = "#7f7f7f"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
RED: Final = "#D55E00"
PINK: Final = "#CC79A7"

EXCITATORY: Final = BLUE
INHIBITORY: Final = RED
SERIES: Final = (BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK, YELLOW)
CHARACTER: Final = 5.0
"""Width of a character of a sentence in a panel, points."""
LINE: Final = 10.0
"""Height of a line of it."""
ABOVE: Final[dict[str, Any]] = {
    "loc": "lower right",
    "bbox_to_anchor": (1.0, 1.0),
    "fontsize": 6,
    "handlelength": 1.2,
    "borderaxespad": 0.1,
    "labelspacing": 0.2,
}
"""A legend above its panel, where it covers no curve."""
STATE_COLOURS: Final = (RED, ORANGE, GREEN, BLUE, PINK, SKY)
OTHERS: Final = (GREEN, ORANGE, PINK, SKY, "#332288", "#999933", "#882255", "#117733")
"""Populations whose names end neither in E nor in I: colours of Okabe and Ito, then of Tol."""
TOGETHER: Final = "all"
"""What all populations together are called."""
_GIVEN: ContextVar[Mapping[str, str]] = ContextVar("_GIVEN", default=MappingProxyType({}))

THEORY: Final[dict[str, Any]] = {"linestyle": "-", "linewidth": 1.6, "marker": "", "zorder": 2}
MEASUREMENT: Final[dict[str, Any]] = {
    "linestyle": "",
    "marker": "o",
    "markersize": 4.5,
    "markeredgewidth": 0.8,
    "markeredgecolor": "black",
    "zorder": 3,
}
SIMULATED: Final[dict[str, Any]] = {"alpha": 0.55, "linewidth": 0.9}
"""A measured curve: pale and thin, with its band where there is one."""
FIELD_MAP: Final = "cividis"
SIGNED_MAP: Final = "RdBu_r"
UNDEFINED: Final = "#dcdcdc"
"""Colour of a map where there is no number."""

# In code and not in a style file: the digest of a drawing then covers it, and a change of a
# size draws the figures again. Readable at the width of a journal column.
STYLE: Final[dict[str, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.0,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "legend.fontsize": 7.0,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=SERIES),
    "lines.linewidth": 1.2,
    "figure.constrained_layout.use": True,
    "figure.dpi": 110.0,
    "savefig.facecolor": "white",
    "image.cmap": FIELD_MAP,
    "pdf.fonttype": 42,
    "svg.hashsalt": "cortex",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Apply the house style inside a ``with`` block."""
    with style.context(STYLE):
        yield


def letter(ax: Axes, text: str) -> None:
    """Put a bold panel letter at the upper left, outside the axes."""
    ax.set_title(text, loc="left", fontweight="bold", fontsize=10)


def panel(ax: Axes | None, size: tuple[float, float] = (SINGLE_COLUMN, 2.4)) -> Axes:
    """Return the given axes, or new ones of a figure of their own."""
    return plt.subplots(figsize=size)[1] if ax is None else ax


def say_why_empty(ax: Axes, sentence: str, *, keep_x: bool = False) -> Axes:
    """Write on axes why nothing is drawn there, and take their scales away."""
    ax.yaxis.set_visible(False)
    ax.xaxis.set_visible(keep_x)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(keep_x)
    extent, point = ax.get_window_extent(), ax.figure.dpi / 72.0
    across = max(16, int(extent.width / point / CHARACTER))
    lines = wrap(sentence, across, max_lines=max(3, int(extent.height / point / LINE)))
    ax.text(
        0.5, 0.5, "\n".join(lines), transform=ax.transAxes, ha="center", va="center",
        fontsize=7, color=GREY,
    )  # fmt: skip
    return ax


def state_colours(names: Iterable[str]) -> dict[str, str]:
    """Return the colour of each state, in the order of the states; after six they repeat."""
    return dict(zip(dict.fromkeys(names), cycle(STATE_COLOURS), strict=False))


@contextmanager
def same_colours(names: Iterable[str]) -> Iterator[None]:
    """Give populations their colours inside a ``with`` block, whichever of them a panel shows."""
    token = _GIVEN.set(_distinct(names))
    try:
        yield
    finally:
        _GIVEN.reset(token)


def population_colours(names: Iterable[str]) -> dict[str, str]:
    """Return the colour of each population: blue for names in E, red for I, others in turn.

    Populations of one kind have shades of it, by their names, in whatever order they stand.

    Examples
    --------
    >>> population_colours(["4E", "4I"]) == {"4E": EXCITATORY, "4I": INHIBITORY}
    True
    """
    given, shown = _GIVEN.get(), list(dict.fromkeys(names))
    own = _distinct([*given, *shown])
    return {name: given.get(name, own[name]) for name in shown}


def _distinct(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each name, from the alphabet of all."""
    kinds: dict[str, list[str]] = {"E": [], "I": [], "": []}
    for name in sorted(set(names) - {TOGETHER}):
        kinds[name[-1] if name[-1:] in kinds else ""].append(name)
    colours = dict(zip(kinds[""], cycle(OTHERS), strict=False)) | {TOGETHER: GREY}
    for kind, colour in (("E", EXCITATORY), ("I", INHIBITORY)):
        colours |= zip(kinds[kind], _shades(colour, len(kinds[kind])), strict=True)
    return colours


def _shades(colour: str, n: int) -> list[str]:
    """Return so many shades of a colour from dark to light; of one, the colour itself."""
    if n < 2:
        return [colour] * n
    rgb = np.array(to_rgb(colour))
    dark, light = 0.5 * rgb, 0.4 + 0.6 * rgb
    return [to_hex(dark + share * (light - dark)) for share in np.linspace(0.0, 1.0, n)]
