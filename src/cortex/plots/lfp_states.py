"""Figures of LFP methods by network state, and of kernels of single spikes."""

from itertools import cycle
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.lfp import PROXY_COLOURS, PROXY_TITLES
from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    EXCITATORY,
    GREY,
    INHIBITORY,
    ORANGE,
    RED,
    SERIES,
    THEORY,
    letter,
)
from cortex.steps.select import rows
from cortex.typing import AnyArray

COLOURS: Final = {"E": EXCITATORY, "I": INHIBITORY}


RATE: Final = "drive_background_rate"
"""Column of the external rate, Hz."""


def draw_states(states: Table, proxies: Table) -> Figure:
    """Return proxies against the cable by the firing rate of the network.

    Parameters
    ----------
    states, proxies : sweep of model `lfp_proxies` over the external rate, its array `proxies`
        SI columns.
    """
    runs = zip(states[RATE], states["replicate"], strict=True)
    row_of = {run: row for row, run in enumerate(runs)}
    own = [row_of[run] for run in zip(proxies[RATE], proxies["replicate"], strict=True)]
    rates = {**proxies, **{name: states[name][own] for name in ("nu", "correlation")}}
    figure, axes = plt.subplots(
        1, 3, figsize=(DOUBLE_COLUMN, 2.8), sharex=True, width_ratios=(1.2, 1.0, 1.0)
    )
    first = rows(rates, variant=rates["variant"][0])
    for kind in dict.fromkeys(rates["proxy"]):
        label = PROXY_TITLES.get(kind, kind)
        _draw_by_rate(axes[0], rows(first, proxy=kind), "r_squared", PROXY_COLOURS[kind], label)
    for colour, name in zip(cycle(SERIES), dict.fromkeys(rates["variant"]), strict=False):
        run = rows(rates, variant=name, proxy="RWS")
        _draw_by_rate(axes[1], run, "r_squared", colour, name.replace("_", " "))
    _draw_state(axes[2], rows(first, proxy="RWS"))
    for ax, top in zip(axes, (1.5, 1.3), strict=False):
        ax.set(ylim=(0.0, top), yticks=np.linspace(0.0, 1.0, 6), ylabel="explained variance")
        ax.legend(ncols=2, fontsize=6, loc="upper center", handlelength=1.0)
    axes[1].set_title("RWS", loc="right", fontsize=6.5)
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
        ax.set(xscale="log", xlabel="firing rate (Hz)")
        ax.set_xlim(rates["nu"].min() / 1.5, 1.5 * rates["nu"].max())
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter("")
    return figure


def draw_kernels(kernels: Table, traces: Table, scores: Table) -> Figure:
    """Return kernels of single spikes, what they make of the spikes, and how well.

    Parameters
    ----------
    kernels, traces, scores : tables `lfp_kernels`, `lfp_kernel_traces`,
        `lfp_kernel_scores`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.8), width_ratios=(1.0, 1.3, 0.9))
    depths = np.unique(scores["depth"])
    _draw_kernels(axes[0], rows(kernels, depth=depths[-1]))
    _draw_traces(axes[1], traces, depths[[0, len(depths) // 2, -1]])
    for name, colour, label in (
        ("convolved", BLUE, "convolution"),
        ("unitary", RED, "unitary"),
        ("unitary_shifted", ORANGE, "unitary, shifted"),
    ):
        axes[2].plot(
            scores[name], 1e6 * scores["depth"], "o-", ms=3, lw=0.8, color=colour, label=label
        )
    axes[2].set(xlabel="explained variance", ylabel="depth (µm)", xlim=(0.0, 1.05))
    axes[2].set_ylim(top=1.9 * 1e6 * scores["depth"].max())
    axes[2].legend(fontsize=6, loc="upper left")
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def _draw_by_rate(ax: Axes, table: Table, name: str, colour: str, label: str) -> None:
    """Draw means over networks by firing rate, and the networks themselves as dots."""
    runs = [rows(table, **{RATE: rate}) for rate in np.unique(table[RATE])]
    means = [[run[key].mean() for run in runs] for key in ("nu", name)]
    ax.plot(*means, color=colour, linewidth=0.7, alpha=0.7)
    ax.plot(table["nu"], table[name], "o", ms=2.5, color=colour, label=label)


def _draw_state(ax: Axes, state: Table) -> None:
    """Draw the correlation of the currents, with the external rate beside each point."""
    _draw_by_rate(ax, state, "correlation", BLACK, "")
    rates = np.unique(state[RATE])
    for rate, (end, away) in zip(rates, cycle(((np.max, 4), (np.min, -9))), strict=False):
        at = rows(state, **{RATE: rate})
        place = (at["nu"].mean(), end(at["correlation"]))
        text: dict[str, Any] = {"xytext": (0, away), "textcoords": "offset points", "fontsize": 5.5}
        ax.annotate(f"{1e-3 * rate:g}", place, **text, ha="center")
    ax.set(ylabel="correlation of AMPA and GABA", ylim=(-1.1, 0.2))
    ax.set_title("at each point: external rate (kHz)", loc="right", fontsize=6)


def _draw_kernels(ax: Axes, kernels: Table) -> None:
    for name in dict.fromkeys(kernels["population"]):
        run = rows(kernels, population=name)
        lag = 1e3 * run["lag"]
        ax.plot(
            lag, 1e9 * run["kernel"], color=COLOURS[name], **THEORY, label=f"{name}, weighted sum"
        )
        unitary = {**THEORY, "linestyle": "--", "linewidth": 1.0}
        ax.plot(lag, 1e9 * run["unitary"], color=COLOURS[name], **unitary, label=f"{name}, unitary")
    depth = f"{1e6 * kernels['depth'][0]:.0f} µm"
    ax.set(xlabel="time after a spike (ms)", ylabel=f"LFP of one spike at {depth} (nV)")
    ax.legend(fontsize=6)


def _draw_traces(ax: Axes, traces: Table, depths: AnyArray) -> None:
    step = 5.0 * 1e6 * max(rows(traces, depth=z)["cells"].std() for z in depths)
    for level, z in enumerate(depths):
        run, shift = rows(traces, depth=z), level * step
        t = 1e3 * run["time"]
        ax.plot(t, shift + 1e6 * run["cells"], color=GREY, linewidth=1.6, alpha=0.7)
        ax.plot(t, shift + 1e6 * run["convolved"], color=BLUE, linewidth=0.8)
        ax.plot(t, shift + 1e6 * run["unitary"], color=RED, linewidth=0.8, linestyle="--")
        ax.text(t[-1], shift, f" {1e6 * z:.0f} µm", fontsize=6, va="center")
    for colour, label, dash in (
        (GREY, "sum over cells", "-"),
        (BLUE, "convolution", "-"),
        (RED, "unitary, scaled", "--"),
    ):
        ax.plot([], [], color=colour, label=label, linestyle=dash)
    bar = 10.0 ** np.floor(np.log10(step))  # µV
    ax.plot([0, 0], [-1.1 * step, -1.1 * step + bar], color=BLACK, linewidth=1.5)
    ax.text(0.02 * t[-1], -1.1 * step, f"{bar:g} µV", fontsize=6, va="bottom")
    ax.set(xlabel="time (ms)", yticks=[])
    ax.spines["left"].set_visible(False)
    ax.set_ylim(bottom=-1.6 * step)
    ax.legend(fontsize=6, loc="lower right")
