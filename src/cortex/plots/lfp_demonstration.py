"""The demonstration network of the LFP: scene, traces, both ways to an LFP."""

from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    EXCITATORY,
    GREEN,
    GREY,
    INHIBITORY,
    RED,
    SIGNED_MAP,
    letter,
)
from cortex.steps.select import groups, rows

SHOWN_CELLS: Final = 60
"""Cells whose dendrite is drawn; all somata are."""


def draw_demonstration(raster: Table, cells: Table, electrodes: Table, traces: Table) -> Figure:
    """Return raster, scene, amplitudes and the traces of every contact.

    Parameters
    ----------
    raster, cells, electrodes, traces : tables `lfp_raster`, `lfp_cells`, `lfp_electrodes`,
        `lfp_traces`, SI.
    """
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 5.6))
    shanks = np.unique(electrodes["x"])
    halves = figure.add_gridspec(2, 1, height_ratios=(1.15, 1.2))
    top = halves[0].subgridspec(1, 3, width_ratios=(0.8, 1.4, 1.2))
    grid = halves[1].subgridspec(1, 1 + len(shanks))
    _draw_raster(figure.add_subplot(top[0]), raster)
    draw_scene(figure.add_subplot(top[1], projection="3d"), cells, electrodes)
    _draw_contacts(figure.add_subplot(top[2]), electrodes)
    step = 2.2 * 1e6 * np.abs(traces["per_neuron"]).max()
    for column, x in enumerate(shanks):
        _draw_shank(figure.add_subplot(grid[0, column]), electrodes, traces, x, step)
    _draw_depth_profile(figure.add_subplot(grid[0, -1]), electrodes, traces)
    panels = [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]
    for ax, text in zip(panels, ascii_uppercase, strict=False):
        letter(ax, text)
    return figure


def draw_scene(ax: Any, cells: Table, electrodes: Table) -> Any:
    """Draw somata, some apical dendrites and the contacts in three dimensions.

    Parameters
    ----------
    ax : Axes3D
    cells, electrodes : tables `lfp_cells`, `lfp_electrodes`, SI.
    """
    soma = 1e6 * np.array([cells[name] for name in ("x", "y", "z")])
    tip = 1e6 * np.array([cells[f"{name}_tip"] for name in ("x", "y", "z")])
    ax.plot(*soma, ".", color=EXCITATORY, markersize=1.2, alpha=0.5, label="somata")
    for cell in np.linspace(0, soma.shape[1] - 1, SHOWN_CELLS).astype(int):
        label = "dendrites" if cell == 0 else None
        ends = np.stack([soma[:, cell], tip[:, cell]], axis=1)
        ax.plot(*ends, color=GREEN, linewidth=0.5, alpha=0.8, label=label)
    top = np.abs(electrodes["amplitude"]).max()
    for x, shank in groups(electrodes, "x"):
        ax.plot([1e6 * x] * 2, [0.0] * 2, 1e6 * shank["z"][[0, -1]], color=BLACK, linewidth=0.8)
    places = 1e6 * electrodes["x"], np.zeros(len(electrodes["x"])), 1e6 * electrodes["z"]
    colours: dict[str, Any] = {"c": electrodes["amplitude"], "cmap": SIGNED_MAP, "s": 16}
    limits: dict[str, Any] = {"vmin": -top, "vmax": top, "edgecolor": BLACK, "linewidth": 0.5}
    ax.scatter(*places, **colours, **limits, depthshade=False, label="contacts")
    extent = [np.ptp(np.concatenate(each)) for each in zip(soma, tip, places, strict=True)]
    ax.set_box_aspect(extent, zoom=1.1)
    ax.view_init(elev=14.0, azim=-60.0)
    for name, axis in (("x (µm)", ax.xaxis), ("y (µm)", ax.yaxis), ("", ax.zaxis)):
        axis.set_major_locator(MaxNLocator(3))
        axis.set_tick_params(labelsize=5.5, pad=-3)
        axis.set_label_text(name, fontsize=6.5)
        axis.labelpad = -7.0
    return ax


def _draw_raster(ax: Axes, raster: Table) -> None:
    for excitatory, colour in ((True, EXCITATORY), (False, INHIBITORY)):
        kind = rows(raster, excitatory=excitatory)
        label = "E" if excitatory else "I"
        style: dict[str, Any] = {"linestyle": "", "marker": ".", "markersize": 1.2, "label": label}
        ax.plot(1e3 * kind["time"], kind["neuron"], color=colour, **style)
    ax.set(xlabel="time (ms)", ylabel="neuron")


def _draw_contacts(ax: Axes, electrodes: Table) -> None:
    amplitude = 1e6 * electrodes["amplitude"]
    top = np.abs(amplitude).max()
    dots = ax.scatter(
        1e6 * electrodes["x"],
        1e6 * electrodes["z"],
        c=amplitude,
        cmap=SIGNED_MAP,
        vmin=-top,
        vmax=top,
        s=38,
        edgecolor="black",
        linewidth=0.6,
        zorder=3,
    )
    off = ~electrodes["reliable"].astype(bool)
    ax.plot(1e6 * electrodes["x"][off], 1e6 * electrodes["z"][off], "kx", zorder=4,
            label="inversion depth")  # fmt: skip
    cube, dendrite = (1e6 * electrodes[name][0] for name in ("half_width", "dendrite"))
    beside = (0.0, cube)  # the half of the cube on the side of the shanks
    for low, colour, shade, label in (
        (-cube, EXCITATORY, 0.12, "somata"),
        (dendrite - cube, GREEN, 0.08, "apical ends"),
    ):
        ax.fill_between(beside, low, low + 2 * cube, color=colour, alpha=shade, lw=0, label=label)
    ax.figure.colorbar(dots, ax=ax, label="mean amplitude (µV)")
    ax.set(xlabel="distance from the axis (µm)", ylabel="depth (µm)")
    ax.legend(fontsize=5, loc="lower center", bbox_to_anchor=(0.735, 0.0), handlelength=0.6)


def _draw_shank(ax: Axes, electrodes: Table, traces: Table, x: float, step: float) -> None:
    own = rows(electrodes, x=x)
    for level, contact in enumerate(own["electrode"]):
        trace = rows(traces, electrode=contact)
        t = 1e3 * trace["time"]
        offset = level * 0.35 * step
        ax.plot(t, offset + 1e6 * trace["population"], color=GREY, linewidth=0.6)
        ax.plot(t, offset + 1e6 * trace["per_neuron"], color=BLUE, linewidth=0.8)
    ax.set(xlabel="time (ms)", yticks=[])
    ax.spines["left"].set_visible(False)
    ax.set_title(f"{1e6 * x:.0f} µm", loc="right", fontsize=7)
    ax.plot([0, 0], [-0.3 * step, -0.3 * step + 0.2], color=BLACK, linewidth=1.5, clip_on=False)
    ax.text(4, -0.3 * step, "0.2 µV", fontsize=6, va="bottom")


def _draw_depth_profile(ax: Axes, electrodes: Table, traces: Table) -> None:
    own = rows(electrodes, x=electrodes["x"].min())
    for kind, colour, label in (
        ("per_neuron", BLUE, "sum over cells"),
        ("population", GREY, "one dipole"),
        ("physical", RED, "source and sink"),
    ):
        size = [rows(traces, electrode=e)[kind].std() for e in own["electrode"]]
        ax.plot(
            np.array(size) / np.max(size), 1e6 * own["z"], "o-", ms=3, color=colour, label=label
        )
    ax.set(xlabel="standard deviation / largest", ylabel="depth (µm)", xlim=(0.0, 1.1))
    ax.set_ylim(top=1.75 * 1e6 * own["z"].max())
    ax.legend(fontsize=6, loc="upper left")


def draw_ways(traces: Table, spectra: Table) -> Figure:
    """Return the LFP of simulated currents and of spikes: in time, their spectra, their ratio.

    Parameters
    ----------
    traces, spectra : tables `lfp_way_traces`, `lfp_way_spectra`, SI.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.4), width_ratios=(1.5, 1.0))
    contacts = np.unique(traces["electrode"])[[0, -1]]
    for ax, contact in zip(axes[:, 0], contacts, strict=True):
        own = rows(traces, electrode=contact)
        for name, (style, label) in WAYS.items():
            ax.plot(1e3 * own["time"], 1e6 * own[name], **style, label=label)
        ax.set_title(f"contact at {1e6 * own['z'][0]:.0f} µm", loc="right", fontsize=7)
        ax.set(xlabel="time (ms)", ylabel="normalised LFP (µV)")
    low = rows(spectra, electrode=contacts[0])
    seen = low["frequency"] > 0.0
    f = low["frequency"][seen]
    for name, (style, label) in WAYS.items():
        axes[0, 1].loglog(f, 1e12 * low[name][seen], **style, label=label)
        if name != "simulated":
            axes[1, 1].semilogx(f, low[name][seen] / low["simulated"][seen], **style)
    axes[0, 1].set(xlabel="frequency (Hz)", ylabel="spectrum (µV²/Hz)")
    axes[1, 1].axhspan(1.0 / BAND, BAND, color=GREY, alpha=0.2, linewidth=0)
    axes[1, 1].set(xlabel="frequency (Hz)", ylabel="over simulated", ylim=(0.0, None))
    axes[0, 1].legend(fontsize=6, loc="lower left")
    for ax, text in zip(axes.T.ravel(), "ABCD", strict=True):
        letter(ax, text)
    return figure


BAND: Final = 1.25
"""A factor, shaded, within which spectra of one record are called alike."""
WAYS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "simulated": ({"color": GREY, "linewidth": 2.2, "alpha": 0.6}, "simulated currents"),
    "from_spikes": ({"color": BLUE, "linewidth": 0.9, "linestyle": "--"}, "from spikes"),
    "bare": ({"color": RED, "linewidth": 0.8}, "from spikes, bare exponentials"),
}
"""Way to the LFP -> how it is drawn, in this order."""
