"""Figure of a field recorded beside spikes: its spectrum, and how the spikes go with it."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.style import (
    BLACK,
    DOUBLE_COLUMN,
    GREY,
    MEASUREMENT,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, rows

MOST_CHANNELS: Final = 4
"""Channels shown, spread evenly over all."""


def draw_field(
    power: Table, peaks: Table, coherence: Table, triggered: Table, locking: Table
) -> Figure:
    """Return a row for each channel: spectrum, coherence, field around spikes, phases at spikes.

    Parameters
    ----------
    power, peaks, coherence, triggered, locking : tables `recording_field_*`
        SI columns; of many channels some are shown.
    """
    channels = list(dict.fromkeys(power["channel"]))
    spread = np.linspace(0, len(channels) - 1, min(len(channels), MOST_CHANNELS))
    shown = [channels[k] for k in np.unique(spread.astype(int))]
    colours = population_colours(dict.fromkeys(coherence["population"]))
    figure, axes = plt.subplots(
        len(shown), 4, figsize=(DOUBLE_COLUMN, 0.7 + 1.35 * len(shown)), squeeze=False, sharex="col"
    )
    for row, channel in zip(axes, shown, strict=True):
        _draw_spectrum(row[0], rows(power, channel=channel), rows(peaks, channel=channel))
        _draw_coherence(row[1], rows(coherence, channel=channel), colours)
        _draw_triggered(row[2], rows(triggered, channel=channel), colours)
        _draw_locking(row[3], rows(locking, channel=channel), colours)
        named = f"channel {channel}\n" if len(channels) > 1 else ""
        row[0].set_ylabel(f"{named}power (µV²/Hz)")
        row[1].set_ylabel("coherence")
        row[2].set_ylabel("field (µV)")
        row[3].set_ylabel("consistency")
    for ax, label in zip(
        axes[-1],
        ("frequency (Hz)", "frequency (Hz)", "time after spike (ms)", "band of phases"),
        strict=True,
    ):
        ax.set_xlabel(label)
    _add_legend(figure, axes[0], colours)
    return figure


def _draw_spectrum(ax: Axes, power: Table, peaks: Table) -> None:
    f = power["frequency"]
    ax.loglog(f, 1e12 * power["power"], color=GREY, linewidth=1.0)
    ax.loglog(f, 1e12 * power["law"], color=BLACK, linewidth=1.0, linestyle="--")
    at = np.interp(peaks["frequency"], f, 1e12 * power["power"])
    ax.plot(peaks["frequency"], 1.6 * at, "v", color=BLACK, markersize=3.5)


def _draw_coherence(ax: Axes, coherence: Table, colours: dict[str, str]) -> None:
    for name, colour in colours.items():
        own = rows(coherence, population=name)
        ax.semilogx(own["frequency"], own["coherence"], color=colour, linewidth=1.0)
    ax.axhline(coherence["chance"][0], color=BLACK, linewidth=0.8, linestyle="--")
    ax.set_ylim(0.0, min(1.0, 1.1 * float(np.nanmax([*coherence["coherence"], 1e-3]))))


def _draw_triggered(ax: Axes, triggered: Table, colours: dict[str, str]) -> None:
    if not np.any(triggered["n_spikes"] > 0):
        say_why_empty(ax, "no spikes within", keep_x=True)
        return
    for name, colour in colours.items():
        own = rows(triggered, population=name)
        lag, wide = 1e3 * own["lag"], 1e6 * own["chance"]
        ax.fill_between(lag, -wide, wide, color=colour, alpha=0.15, linewidth=0.0)
        ax.plot(lag, 1e6 * own["field"], color=colour, linewidth=1.0)
    ax.axvline(0.0, color=GREY, linewidth=0.6)


def _draw_locking(ax: Axes, locking: Table, colours: dict[str, str]) -> None:
    bands = list(dict.fromkeys(locking["band"]))
    for i, (name, colour) in enumerate(colours.items()):
        own = rows(locking, population=name)
        at = np.arange(len(bands)) + 0.16 * (i - 0.5 * (len(colours) - 1))
        ax.plot(at, own["consistency"], color=colour, **MEASUREMENT)
    ax.axhline(0.0, color=BLACK, linewidth=0.8, linestyle="--")
    ax.set_xticks(np.arange(len(bands)), bands, rotation=30)
    ax.set_xlim(-0.5, len(bands) - 0.5)


def _add_legend(
    figure: Figure, axes: "np.ndarray[tuple[int], np.dtype[np.object_]]", colours: dict[str, str]
) -> None:
    axes[0].plot([], [], color=BLACK, linewidth=1.0, linestyle="--", label="power law")
    axes[0].plot([], [], "v", color=BLACK, markersize=3.5, label="peak")
    for name, colour in colours.items():
        axes[1].plot([], [], color=colour, linewidth=1.0, label=f"with spikes of {name}")
    axes[1].plot([], [], color=BLACK, linewidth=0.8, linestyle="--", label="95 % by chance")
    figure.legend(loc="outside upper right", ncols=6, fontsize=6, handlelength=1.2)
