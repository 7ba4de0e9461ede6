"""Panels of the LFP over a sheet: over distance, through the layers, after one spike."""

from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.style import (
    ABOVE,
    DOUBLE_COLUMN,
    GREY,
    MEASUREMENT,
    SERIES,
    SIGNED_MAP,
    THEORY,
    panel,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty, rows
from cortex.typing import FloatArray

BANDS: Final = ((8.0, 25.0), (30.0, 60.0), (60.0, 120.0))
"""Hz; over each the coherence is averaged."""
MM: Final = 1e3
MS: Final = 1e3
MICRO: Final = 1e6


def draw_sheet_lfp(distances: Table, shaft: Table, responses: Table) -> Figure:
    """Return coherence over distance, a shaft with its CSD and responses to a spike by state.

    Parameters
    ----------
    distances, shaft, responses : tables of one network
        `network_lfp_distances`, `network_lfp_shaft`, `network_lfp_responses`, SI columns.
    """
    states = list(dict.fromkeys(distances["state"])) or [""]
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 2.3 * len(states)), layout="constrained")
    grid: Any = figure.subplots(len(states), 3, squeeze=False, width_ratios=(1.0, 1.3, 1.0))
    for axes, state in zip(grid, states, strict=True):
        draw_coherence(rows(distances, state=state), ax=axes[0])
        draw_shaft(rows(shaft, state=state), ax=axes[1])
        draw_responses(rows(responses, state=state), ax=axes[2])
        axes[0].set_ylabel(f"{state}\ncoherence")
    return figure


def draw_coherence(distances: Table, *, ax: Axes | None = None) -> Axes:
    """Draw the coherence of contacts, and of pairs of neurons, over distance, band by band.

    Parameters
    ----------
    distances : table `network_lfp_distances`
        Of one state, SI.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(distances):
        return say_why_empty(ax, "no contacts")
    for (low, high), colour in zip(BANDS, SERIES, strict=False):
        for kind, marker in (("lfp", "o"), ("spikes", "s")):
            r, mean = over_band(rows(distances, kind=kind), low, high)
            look: dict[str, Any] = {"color": colour, "marker": marker, "markersize": 3.5}
            look |= {} if kind == "lfp" else {"markerfacecolor": "none", "markeredgecolor": colour}
            label = f"{low:.0f} to {high:.0f} Hz" if kind == "lfp" else None
            ax.plot(r * MM, mean, label=label, **(MEASUREMENT | look))
    ax.plot([], [], label="two neurons", **(MEASUREMENT | {"marker": "s", "color": "none"}))
    ax.axhline(0.0, color="0.7", linewidth=0.6)
    ax.set(xlabel="distance (mm)", ylabel="coherence")
    ax.legend(**(ABOVE | {"ncols": 2}))
    return ax


def over_band(distances: Table, low: float, high: float) -> tuple[FloatArray, FloatArray]:
    """Return distances, and the coherence over a band of frequencies, mean over all networks."""
    inside = (distances["frequency"] >= low) & (distances["frequency"] <= high)
    r = np.unique(distances["distance"][inside])
    here = [distances["coherence"][inside & (distances["distance"] == each)] for each in r]
    return r, np.array([each.mean() for each in here])


def draw_shaft(shaft: Table, *, ax: Axes | None = None) -> Axes:
    """Draw potentials over time at their heights, over the current source density.

    Parameters
    ----------
    shaft : table `network_lfp_shaft`
        Of one state, SI.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(shaft):
        return say_why_empty(ax, "no shaft (`lfp.electrodes.shaft_mm`)")
    t, h = np.unique(shaft["time"]), np.unique(shaft["height"])
    lfp, csd = (shaft[name].reshape(len(t), len(h)).T for name in ("lfp", "csd"))
    top = float(np.nanquantile(np.abs(csd), 0.99)) or 1.0
    image = ax.pcolormesh(
        t * MS, h * MM, csd / 1e3, vmin=-top / 1e3, vmax=top / 1e3, cmap=SIGNED_MAP, rasterized=True
    )
    ax.figure.colorbar(image, ax=ax, label="CSD (µA/mm³), sources +", shrink=0.9, pad=0.02)
    spacing = float(h[1] - h[0]) * MM
    size = float(np.abs(lfp).max()) or 1.0
    for height, trace in zip(h * MM, lfp, strict=True):
        ax.plot(t * MS, height + 0.7 * spacing * trace / size, color="black", linewidth=0.6)
    ax.set(xlabel="time (ms)", ylabel="height over somata (mm)")
    ax.set_title(f"traces: ±{size * MICRO:.0f} µV", fontsize=7)
    return ax


def draw_responses(responses: Table, *, ax: Axes | None = None) -> Axes:
    """Draw the potential after one spike of each population, near contacts dark, far ones pale.

    Parameters
    ----------
    responses : table `network_lfp_responses`
        Of one state, SI.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(responses):
        return say_why_empty(ax, "no responses")
    colours = population_colours(dict.fromkeys(responses["population"]))
    for name, part in groups(responses, "population"):
        r = np.unique(part["distance"])
        shown = r[:: max(len(r) // 4, 1)][:4]
        for i, distance in enumerate(shown):
            here = rows(part, distance=distance)
            look = THEORY | {"color": colours[name], "alpha": 1.0 - 0.25 * i, "linewidth": 1.2}
            label = f"{name}" if i == 0 else None
            ax.plot(here["time"] * MS, here["lfp"] * MICRO, label=label, **look)
    ax.axvline(0.0, color=GREY, linewidth=0.6)
    far = ", ".join(f"{each * MM:.2g}" for each in shown)
    ax.set(xlabel="after a spike (ms)", ylabel="potential (µV)")
    ax.set_title(f"at {far} mm", fontsize=7, loc="left")
    ax.legend(loc="upper right")
    return ax
