"""The one style of all figures: sizes, colours, and what a mark or a line means.

Theory is always a line (or a filled field), measurement always a mark (or a thin grey trace
with its band). Colours are those of Okabe and Ito, told apart by colour-blind readers; the
field map is cividis. Widths are those of a journal's single and double column.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from matplotlib import style
from matplotlib.axes import Axes
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

THEORY: Final[dict[str, Any]] = {"linestyle": "-", "linewidth": 1.6, "marker": "", "zorder": 2}
MEASUREMENT: Final[dict[str, Any]] = {
    "linestyle": "",
    "marker": "o",
    "markersize": 4.5,
    "markeredgewidth": 0.8,
    "markeredgecolor": "black",
    "zorder": 3,
}
FIELD_MAP: Final = "cividis"
SIGNED_MAP: Final = "RdBu_r"

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
