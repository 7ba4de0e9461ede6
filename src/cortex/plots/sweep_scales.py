"""Scales of sweeps: names that fit, colours of a map, and places of values on an axis."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, ListedColormap, LogNorm, Normalize

from cortex.plots.style import FIELD_MAP, SERIES, SIGNED_MAP, UNDEFINED
from cortex.typing import AnyArray, FloatArray

FAILED: Final = "failed"  # points that failed hold the empty word
NUMBER: Final = "{x:.6g}"
CLOSE: Final = 1e-4  # relative range below which ticks of six digits would all read alike
DECADES: Final = 4.0  # most of a scale of colours below its top: more would hide what matters
WIDE: Final = 30.0  # ratio of largest to smallest value from which on an axis is logarithmic
BOTH: Final = 0.1  # share of the larger sign from which on the smaller one counts
FEWEST: Final = 10.0  # per cent of the values that a linear scale may hide at its lower end
TICKS: Final = 5
WORD: Final = 14  # characters of a line of a word beside an axis
NAME: Final = {"x": 27, "y": 18}  # characters of a line of a name along a panel


def broken(text: str, width: int) -> str:
    r"""Return a name broken into lines after spaces, dots and underscores, where it is too long.

    Examples
    --------
    >>> broken("populations.Pyr23.tau_m (ms)", 18)
    'populations.Pyr23.\ntau_m (ms)'
    """
    lines = [""]
    for part in re.split(r"(?<=[ ._])", text):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def name_axes(ax: Axes, *, x: str = "", y: str = "") -> None:
    """Write what the axes of a panel show, in lines as long as the panel."""
    ax.set(xlabel=broken(x, NAME["x"]), ylabel=broken(y, NAME["y"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """The colours of a map: of one observable, and of what predicts it."""

    cmap: Colormap
    norm: Normalize
    extend: str = "neither"
    ticks: tuple[float, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def looks(self) -> dict[str, Any]:
        """Keywords of what is drawn."""
        return {"cmap": self.cmap, "norm": self.norm}

    def coded(self, values: AnyArray) -> FloatArray:
        """Return words by their number, and what lies below a logarithmic scale just below it."""
        if self.words:
            return np.array([self.words.index(word or FAILED) for word in values], dtype=float)
        if isinstance(self.norm, LogNorm):
            return np.where(values <= 0.0, 0.5 * (self.norm.vmin or 1.0), values)
        return np.asarray(values, dtype=float)


def shades_of(values: AnyArray) -> Shades:
    """Return the colours of numbers: from blue over white to red where both signs occur."""
    known = values[np.isfinite(values)]
    low, top = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    plain = mpl.colormaps[FIELD_MAP].with_extremes(bad=UNDEFINED)
    if low == top:
        return Shades(cmap=plain, norm=Normalize(low - 1.0, low + 1.0), ticks=(low,))
    if spans_decades(values):
        end = max(float(known[known > 0.0].min()), 10.0**-DECADES * top)
        return Shades(cmap=plain, norm=LogNorm(end, top), extend="min" if low < end else "neither")
    if min(-low, top) > BOTH * max(-low, top):
        signed = mpl.colormaps[SIGNED_MAP].with_extremes(bad=UNDEFINED)
        return Shades(cmap=signed, norm=Normalize(-max(-low, top), max(-low, top)))
    return Shades(cmap=plain, norm=Normalize(low, top))


def shades_of_words(words: Sequence[str], vocabulary: Sequence[str]) -> Shades:
    """Return a colour for each word; a word has the same one wherever its vocabulary is shown."""
    colours = dict(
        zip(sorted({word or FAILED for word in vocabulary}), cycle(SERIES), strict=False)
    )
    shown = tuple(sorted({word or FAILED for word in words}))
    return Shades(
        cmap=ListedColormap([colours[word] for word in shown]),
        norm=Normalize(-0.5, len(shown) - 0.5),
        words=shown,
    )


def spans_decades(values: AnyArray) -> bool:
    """Return whether no number is negative and a linear scale would hide a tenth of them."""
    known = values[np.isfinite(values)]
    positive = known[known > 0.0]
    if not positive.size or known.min() < 0.0:
        return False
    return bool(positive.max() >= WIDE * np.percentile(positive, FEWEST, method="lower"))


def is_close(values: AnyArray) -> bool:
    """Return whether numbers differ so little that only the offset of an axis can tell."""
    known = values[np.isfinite(values)]
    return bool(known.size and 0.0 < np.ptp(known) < CLOSE * np.abs(known).max())


def is_wide(values: AnyArray) -> bool:
    """Return whether the values of a parameter lie so far apart that an axis is logarithmic."""
    is_number = values.dtype.kind in "fiub"
    return bool(is_number and values.min() > 0.0 and values.max() >= WIDE * values.min())


def plain(value: Any) -> str:
    """Return a value as it stands in a legend."""
    return value if isinstance(value, str) else f"{value:.4g}"


def places(values: AnyArray) -> FloatArray:
    """Return where values stand on an axis: numbers themselves, words by their order."""
    if values.dtype.kind in "fiub":
        return values.astype(float)
    return np.unique(values.astype(str), return_inverse=True)[1].astype(float)


def cells(values: AnyArray) -> tuple[FloatArray, list[str] | None]:
    """Return where values stand along a map, and their names where they are one cell each."""
    if values.dtype.kind in "fiub" and not is_wide(values):
        return values.astype(float), None
    shown = values if values.dtype.kind in "fiub" else values.astype(str)
    distinct, index = np.unique(shown, return_inverse=True)
    return index.astype(float), [plain(value) for value in distinct.tolist()]
