"""Figure of whole networks: histograms of weights and lengths, matrices."""

from string import ascii_uppercase
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.select import groups, rows
from cortex.plots.style import (
    BLACK,
    DOUBLE_COLUMN,
    EXCITATORY,
    GREY,
    INHIBITORY,
    SIGNED_MAP,
    letter,
)

DECADES = 2.0  # between the fewest and the most connections of a bin, from where on it is log
COLOURS = {"E": EXCITATORY, "I": INHIBITORY, "all": GREY}


def draw_survey(weights: Table, lengths: Table, matrices: Table) -> Figure:
    """Return, for each network, its weights, its matrix and the lengths of its connections.

    Parameters
    ----------
    weights, lengths, matrices : tables `connectivity_weights`, `connectivity_lengths`,
        `connectivity_matrices`, SI columns.
    """
    names = list(dict.fromkeys(weights["network"]))
    figure, axes = plt.subplots(
        3, len(names), figsize=(DOUBLE_COLUMN, 4.4), squeeze=False, height_ratios=(1.0, 1.1, 1.0)
    )
    for column, name in zip(axes.T, names, strict=True):
        _draw_bins(column[0], rows(weights, network=name), 1e9)
        _draw_matrix(column[1], rows(matrices, network=name))
        _draw_bins(column[2], rows(lengths, network=name), 1e6)
        column[0].set_title(name.replace("_", " "), loc="right", fontsize=7)
        column[0].set(xlabel="weight (nS)")
        counts = rows(weights, network=name)["connections"]
        counts = counts[counts > 0]
        if np.ptp(np.log10(np.maximum(counts, 1))) > DECADES:
            column[0].set_yscale("log")
        column[2].set(xlabel="distance (µm)", ylim=(0.0, None))
    for ax, label in zip(axes[:, 0], ("connections", "target", "connections"), strict=True):
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
    ends = [float(table[name].max()) for name in ("source", "target")]
    box = (0.0, ends[0], ends[1], 0.0)
    ax.imshow(-field / top, cmap=SIGNED_MAP, vmin=-1.0, vmax=1.0, extent=box, aspect="auto")
    ax.set_xlabel("source")
    ax.tick_params(labelsize=6)
