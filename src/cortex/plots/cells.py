"""Figures of single cells: rates and responses beside theory, firing patterns of AdEx."""

from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.style import (
    ABOVE,
    BLUE,
    DOUBLE_COLUMN,
    GREY,
    MEASUREMENT,
    ORANGE,
    RED,
    SERIES,
    SKY,
    THEORY,
    letter,
)
from cortex.steps.select import groups, rows

PATTERN_COLOURS: Final = {
    "silent": "#e5e5e5", "transient": GREY, "tonic": BLUE, "adapting": SKY,
    "bursting": ORANGE, "irregular": RED,
}  # fmt: skip
LOWEST: Final = 0.3  # of the smallest simulated gain, where the axis of gains begins
PHASES: Final = (-225.0, 30.0)  # degrees; a phase that has turned further has hardly a gain
KNOWN: Final = 2.0  # standard errors from which on a phase is drawn


def draw_rates(curves: Table, responses: Table) -> Figure:
    """Return rate and CV over the mean input, gain and phase over frequency, of every cell.

    Parameters
    ----------
    curves, responses : tables `cells_<name>`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.6))
    (rate, cv), (gain, phase) = axes
    for (name, own), colour in zip(groups(curves, "cell"), SERIES, strict=False):
        x, label = 1e3 * own["mu"], str(name).upper().replace("ADEX", "AdEx")
        rate.plot(x, own["nu"], color=colour, label=label, **THEORY)
        rate.plot(x, own["nu_seen"], color=colour, **MEASUREMENT)
        cv.plot(x, own["cv"], color=colour, **THEORY)
        cv.plot(x, own["cv_seen"], color=colour, **MEASUREMENT)
    for (_, own), colour in zip(groups(responses, "cell"), SERIES, strict=False):
        f, per_mV = own["frequency"], 1e-3
        gain.plot(f, per_mV * own["gain"], color=colour, **THEORY)
        gain.errorbar(f, per_mV * own["gain_seen"], per_mV * own["se"], color=colour, **MEASUREMENT)
        turned = np.unwrap(own["phase"])
        phase.plot(f, np.degrees(turned), color=colour, **THEORY)
        sure = own["gain_seen"] > KNOWN * own["se"]
        turns = np.rint((own["phase_seen"] - turned) / (2.0 * np.pi))
        seen = np.degrees(own["phase_seen"] - 2.0 * np.pi * turns)
        phase.plot(f[sure], seen[sure], color=colour, **MEASUREMENT)
    rate.set(xlabel="mean input above rest (mV)", ylabel="rate (Hz)")
    cv.set(xlabel="mean input above rest (mV)", ylabel="CV of the intervals", ylim=(0.0, None))
    gain.set(xlabel="frequency (Hz)", ylabel="gain (Hz/mV)", xscale="log", yscale="log")
    lowest = LOWEST * float(np.nanmin(responses["gain_seen"]))
    gain.set_ylim(bottom=1e-3 * lowest)
    phase.set(xlabel="frequency (Hz)", ylabel="phase (degrees)", xscale="log", ylim=PHASES)
    rate.legend(**(ABOVE | {"ncols": 4}))
    _letters(axes.flat)
    return figure


def draw_patterns(plane: Table, traces: Table) -> Figure:
    """Return the firing patterns over reset and adaptation, and a neuron of each.

    Parameters
    ----------
    plane, traces : tables `cells_<name>`, SI columns.
    """
    names = [name for name in PATTERN_COLOURS if name in set(plane["pattern"])]
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 0.5 + 0.62 * max(len(names), 4)))
    grid = figure.add_gridspec(len(names), 2, width_ratios=(1.0, 1.2))
    field = figure.add_subplot(grid[:, 0])
    resets, b = np.unique(plane["reset"]), np.unique(plane["b"])
    kinds = np.array([names.index(name) for name in plane["pattern"]]).reshape(b.size, resets.size)
    colours = ListedColormap([PATTERN_COLOURS[name] for name in names])
    norm = BoundaryNorm(np.arange(len(names) + 1) - 0.5, len(names))
    field.pcolormesh(1e3 * resets, 1e12 * b, kinds, cmap=colours, norm=norm, shading="nearest")
    field.set(xlabel="reset (mV)", ylabel="adaptation by a spike, b (pA)")
    panels = [figure.add_subplot(grid[k, 1]) for k in range(len(names))]
    for ax, name in zip(panels, names, strict=True):
        own = rows(traces, pattern=name)
        ax.plot(1e3 * own["time"], 1e3 * own["v"], color=PATTERN_COLOURS[name], linewidth=0.7)
        ax.set_ylabel("V (mV)")
        ax.set_title(name, loc="right", fontsize=7)
        field.plot(
            1e3 * own["reset"][:1], 1e12 * own["b"][:1], color=PATTERN_COLOURS[name], **MEASUREMENT
        )
        if ax is not panels[-1]:
            ax.set_xticklabels([])
    panels[-1].set_xlabel("time since the step (ms)")
    _letters([field, *panels])
    return figure


def _letters(axes: Any) -> None:
    for ax, text in zip(axes, ascii_uppercase, strict=False):
        letter(ax, text)
