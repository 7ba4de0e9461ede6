"""Figure of the membrane potentials of all cells of the published Izhikevich networks."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from cortex.plots.izhikevich import CASE_TITLES
from cortex.plots.save import Table
from cortex.plots.style import BLACK, DOUBLE_COLUMN, EXCITATORY, FIELD_MAP, INHIBITORY, RED, letter
from cortex.steps.select import groups, rows

HIGHEST: Final = -0.03
"""Potential above which a spike goes up and colours no longer tell, V."""
LOWEST: Final = -0.09
FEW: Final = 20  # cells that are drawn as traces
APART: Final = 0.14  # V between traces


def draw_potentials(potentials: Table, rasters: Table) -> Figure:
    """Return potentials over time: traces of small networks, a field of all cells of large ones.

    Parameters
    ----------
    potentials, rasters : tables `izhikevich_potentials` and `izhikevich_rasters`, SI columns.
    """
    cases = {str(name): part for name, part in groups(potentials, "case")}
    small = [name for name, part in cases.items() if _n_cells(part) < FEW]
    large = [name for name in cases if name not in small]
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 1.9 * bool(small) + 3.2 * len(large)))
    heights = [1.9] * bool(small) + [3.2] * len(large)
    letters = iter("ABCDEFGH")
    rooms = list(figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False).flat)
    if small:
        for ax, name in zip(
            np.ravel(rooms.pop(0).subplots(1, len(small), squeeze=False)), small, strict=True
        ):
            _draw_traces(ax, cases[name])
            _name(ax, name, next(letters))
    for room, name in zip(rooms, large, strict=True):
        ax = room.subplots()
        _draw_all(room, ax, cases[name], rows(rasters, case=name, scheme="standard"))
        _name(ax, name, next(letters))
    return figure


def _n_cells(part: Table) -> int:
    return int(part["neuron"].max()) + 1


def _name(ax: Axes, case: str, text: str) -> None:
    ax.set_title(CASE_TITLES.get(case, case), loc="right")
    letter(ax, text)


def _draw_traces(ax: Axes, part: Table) -> None:
    """Draw the potential of every cell above that of the cell before it."""
    labels = []
    for number, (_, cell) in enumerate(groups(part, "neuron")):
        excitatory = bool(cell["excitatory"][0])
        first = int(np.min(part["neuron"][part["excitatory"] == excitatory]))
        labels.append(f"{'E' if excitatory else 'I'}{cell['neuron'][0] - first}")
        line = cell["v"] - LOWEST + APART * number
        colour = EXCITATORY if excitatory else INHIBITORY
        ax.plot(cell["time"] * 1e3, line * 1e3, color=colour, linewidth=0.6)
    rest = [1e3 * APART * number + 20.0 for number in range(len(labels))]
    ax.set_yticks(rest, labels)
    ax.set(xlabel="time (ms)", ylabel="cell")
    end, low = float(part["time"].max()) * 1e3, 1e3 * APART * (len(labels) - 1) + 20.0
    ax.plot([1.02 * end] * 2, [low, low + 100.0], color=BLACK, linewidth=1.5, clip_on=False)
    ax.annotate("100 mV", (1.03 * end, low + 50.0), fontsize=6, va="center", annotation_clip=False)


def _draw_all(room: SubFigure, ax: Axes, part: Table, spikes: Table) -> None:
    """Draw the potential of all cells as a field, spikes as points, inhibitory cells on top."""
    time, n = np.unique(part["time"]), _n_cells(part)
    field = part["v"].reshape(time.size, n).T * 1e3
    mesh = ax.pcolormesh(
        time * 1e3, np.arange(n), field, cmap=FIELD_MAP, rasterized=True,
        vmin=LOWEST * 1e3, vmax=HIGHEST * 1e3,
    )  # fmt: skip
    ax.plot(
        spikes["time"] * 1e3, spikes["neuron"], linestyle="", marker=".", markersize=1.6,
        markeredgewidth=0.0, color=RED, label="spikes", rasterized=True,
    )  # fmt: skip
    first = int(np.min(part["neuron"][~part["excitatory"].astype(bool)], initial=n))
    ax.axhline(first - 0.5, color="white", linewidth=1.0)
    ax.set(xlabel="time (ms)", ylabel="cell: E below, I above the line")
    ax.set_xlim(time[0] * 1e3, time[-1] * 1e3)
    ax.legend(loc="lower right", bbox_to_anchor=(0.8, 1.0), fontsize=6, markerscale=4)
    room.colorbar(mesh, ax=ax, label="membrane potential (mV)", extend="both", pad=0.01)
