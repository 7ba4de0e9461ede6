"""The one style of all figures: sizes, colours, and what a mark or a line means.

Theory is always a line (or a filled field), measurement always a mark (or a thin grey trace
with its band). Colours are those of Okabe and Ito, told apart by colour-blind readers; the
field map is cividis. Widths are those of a journal's single and double column.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from matplotlib import style
from matplotlib.axes import Axes

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

STYLE_FILE: Final = Path(__file__).with_name("cortex.mplstyle")


@contextmanager
def house_style() -> Iterator[None]:
    """Apply the house style inside a ``with`` block."""
    with style.context(STYLE_FILE):
        yield


def letter(ax: Axes, text: str) -> None:
    """Put a bold panel letter at the upper left, outside the axes."""
    ax.set_title(text, loc="left", fontweight="bold", fontsize=10)
