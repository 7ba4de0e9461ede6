"""Figure of whole networks: histograms of weights and lengths, matrices."""

from string import ascii_uppercase
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    DOUBLE_COLUMN,
    EXCITATORY,
    GREY,
    INHIBITORY,
    SIGNED_MAP,
    letter,
)
from cortex.steps.select import groups, rows
from cortex.units import from_si

DECADES = 2.0  # between the fewest and the most connections of a bin, from where on it is log
COLOURS = {"E": EXCITATORY, "I": INHIBITORY, "all": GREY}


def draw_survey(weights: Table, lengths: Table, matrices: Table, *, unit: str = "nS") -> Figure:
    """Return, for each network, its weights, its matrix and the lengths of its connections.

    For a projection of one's own: ``draw_survey(**connectivity.survey_tables(projection))``.

    Parameters
    ----------
    weights, lengths, matrices : tables `connectivity_weights`, `connectivity_lengths`,
        `connectivity_matrices`, SI columns. No row of lengths, no panel of them.
    unit : str
        Unit in which weights are drawn; "1" for bare numbers.
    """
    names = list(dict.fromkeys(weights["network"]))
    n_rows = 3 if len(lengths["network"]) else 2
    width = DOUBLE_COLUMN * min(1.0, (len(names) + 1) / 4)
    figure, axes = plt.subplots(
        n_rows, len(names), figsize=(width, 1.5 * n_rows), squeeze=False,
        height_ratios=(1.0, 1.1, 1.0)[:n_rows],
    )  # fmt: skip
    for column, name in zip(axes.T, names, strict=True):
        _draw_bins(column[0], rows(weights, network=name), from_si(1.0, unit))
        _draw_matrix(column[1], rows(matrices, network=name))
        column[0].set_title(name.replace("_", " "), loc="right", fontsize=7)
        column[0].set_xlabel("weight" if unit == "1" else f"weight ({unit})")
        counts = rows(weights, network=name)["connections"]
        counts = counts[counts > 0]
        if np.ptp(np.log10(np.maximum(counts, 1))) > DECADES:
            column[0].set_yscale("log")
        if n_rows == 3:
            _draw_bins(column[2], rows(lengths, network=name), 1e6)
            column[2].set(xlabel="distance (µm)", ylim=(0.0, None))
    for ax, label in zip(axes[:, 0], ("connections", "target", "connections"), strict=False):
        ax.set_ylabel(label)
    for ax, text in zip(axes[:, 0], ascii_uppercase, strict=False):
        letter(ax, text)
    return figure


def _draw_bins(ax: Axes, table: Table, scale: float) -> None:
    """Draw the histogram of each source and a line at its mean."""
    for source, part in groups(table, "source"):
        colour = COLOURS[str(source)]
        edges = scale * np.append(part["low"], part["high"][-1])
        ax.stairs(part["connections"], edges, fill=True, color=colour, alpha=0.55)
        style: dict[str, Any] = {"color": BLACK if source == "all" else colour, "linewidth": 1.0}
        ax.axvline(scale * float(part["mean"][0]), **style)
    ax.tick_params(labelsize=6)


def _draw_matrix(ax: Axes, table: Table) -> None:
    """Draw the mean weight in cells, in units of the largest, excitation blue."""
    shape = tuple(np.unique(table[name]).size for name in ("target", "source"))
    field = table["weight"].reshape(shape)
    top = float(np.percentile(np.abs(field), 99.0)) or 1.0
    first = [np.unique(table[name]) for name in ("source", "target")]  # of each cell
    ends = [float(of[-1] + (of[1] if len(of) > 1 else 1)) for of in first]
    box = (0.0, ends[0], ends[1], 0.0)
    ax.imshow(-field / top, cmap=SIGNED_MAP, vmin=-1.0, vmax=1.0, extent=box, aspect="auto")
    own = groups(table, "population")
    starts = {name: float(part["source"].min()) for name, part in own}
    for (name, start), stop in zip(starts.items(), [*starts.values()][1:] + ends[:1], strict=True):
        if len(starts) > 1:
            at = 0.5 * (start + stop)
            ax.text(at, -0.01 * ends[1], name, fontsize=6, ha="center", va="bottom")
        if start > 0.0:  # the line between E and I
            ax.axvline(start, color=BLACK, linewidth=0.8)
    ax.set_xlabel("source")
    ax.tick_params(labelsize=6)
