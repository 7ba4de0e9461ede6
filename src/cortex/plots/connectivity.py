"""Figures of built networks: random network, sheet, ring, cost."""

from itertools import cycle
from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    EXCITATORY,
    FIELD_MAP,
    GREEN,
    GREY,
    INHIBITORY,
    MEASUREMENT,
    ORANGE,
    PINK,
    SIGNED_MAP,
    THEORY,
    letter,
)
from cortex.steps.select import groups, rows

COLOURS: Final = {"E": EXCITATORY, "I": INHIBITORY, "all": GREY}
ALGORITHMS: Final = {"stencil": "lattice stencil", "tree": "k-d tree (any places)"}
FLOORS: Final = (10.0, 12.0)
"""Bytes of an index and a weight: among few neurons, and among more than `FEW`."""
FEW: Final = 65536


def draw_network(cells: Table, blocks: Table, degrees: Table) -> Figure:
    """Return the block-averaged matrix of the random network and its in-degrees.

    Parameters
    ----------
    cells, blocks, degrees : tables `connectivity_cells`, `connectivity_blocks`,
        `connectivity_degrees`, SI columns.
    """
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 3.9))
    sources = list(groups(degrees, "source"))
    grid = figure.add_gridspec(len(sources), 2, width_ratios=(1.25, 1.0))
    matrix = figure.add_subplot(grid[:, 0])
    _draw_matrix(figure, matrix, cells, blocks)
    letter(matrix, "A")
    for row, (name, part) in enumerate(sources):
        ax = figure.add_subplot(grid[row, 1])
        colour = COLOURS.get(name, GREEN)
        ax.bar(part["degree"], part["count"], width=1.0, color=colour, alpha=0.55, label="built")
        ax.plot(part["degree"], part["expected"], color=BLACK, **THEORY, label="exact law")
        mean = np.sum(part["degree"] * part["expected"]) / np.sum(part["expected"])
        ax.axvline(mean, color=BLACK, linewidth=0.7, linestyle=":")
        source = "all neurons" if name == "all" else f"{name} neurons"
        ax.set(ylabel="neurons", xlim=(0, degrees["degree"].max()))
        ax.set_ylim(0, 1.3 * max(part["count"].max(), part["expected"].max()))
        ax.annotate(
            f"from {source}\nmean {mean:.0f}",
            (0.98, 0.95),
            xycoords="axes fraction",
            ha="right",
            va="top",
            fontsize=7,
        )
        letter(ax, ascii_uppercase[row + 1])
        if row == 0:
            ax.legend(loc="upper left", fontsize=6)
    ax.set_xlabel("in-degree")
    return figure


def draw_sheet(profile: Table, received: Table) -> Figure:
    """Return probability against distance, and summed weights over an open sheet and a torus.

    Parameters
    ----------
    profile, received : tables `connectivity_sheet_profile`, `connectivity_sheet_input`,
        SI columns.
    """
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 4.6))
    grid = figure.add_gridspec(2, 4)
    for column, (source, title) in enumerate((("E", "excitatory"), ("I", "inhibitory"))):
        ax = figure.add_subplot(grid[0, 2 * column : 2 * column + 2])
        _draw_profiles(ax, rows(profile, source=source), COLOURS[source])
        if column:
            ax.legend(fontsize=6, loc="center right")
        ax.set_title(f"{title} projections", fontsize=7)
        letter(ax, "AB"[column])
    panels = [
        (kind, boundary) for kind in ("excitatory", "inhibitory") for boundary in ("open", "torus")
    ]
    maps = [figure.add_subplot(grid[1, column]) for column in range(len(panels))]
    for column, (ax, (kind, boundary)) in enumerate(zip(maps, panels, strict=True)):
        shown = _draw_received(ax, received, kind, boundary)
        letter(ax, "CDEF"[column])
        if column:
            ax.set_yticklabels([])
        if boundary == "torus":
            both = maps[column - 1 : column + 1]
            bar = figure.colorbar(shown, ax=both, location="bottom", shrink=0.6, aspect=30)
            bar.set_label(f"size of the summed {kind} weight (nS)", fontsize=7)
    maps[0].set_ylabel("y (µm)")
    return figure


def draw_ring(histogram: Table, transform: Table) -> Figure:
    """Return displacements of the ring network and their cosine transform.

    Parameters
    ----------
    histogram, transform : tables `connectivity_ring_histogram`,
        `connectivity_ring_transform`, SI columns.
    """
    projections = list(dict.fromkeys(histogram["projection"]))
    figure, axes = plt.subplots(3, len(projections), figsize=(DOUBLE_COLUMN, 4.8), squeeze=False)
    for column, name in enumerate(projections):
        bins, moments = rows(histogram, projection=name), rows(transform, projection=name)
        upper = axes[0, column]
        colour = COLOURS.get(name[0], GREEN)
        edges = np.append(bins["low"], bins["high"][-1]) * 1e3
        upper.stairs(
            bins["connections"] / 1e3, edges, fill=True, color=colour, alpha=0.55, label="built"
        )
        upper.stairs(bins["expected"] / 1e3, edges, color=BLACK, lw=1.2, label="rule")
        upper.set(xlabel="displacement (mm)", ylim=(0, 1.35 * bins["expected"].max() / 1e3))
        upper.set_title(name.replace("-", " → "), fontsize=7)
        _draw_transform(axes[1, column], moments, colour)
        _draw_deviation(axes[2, column], moments, colour)
        letter(upper, ascii_uppercase[column])
    axes[0, 0].set_ylabel("connections (1000)")
    axes[1, 0].set_ylabel("mean of cos(k x)")
    axes[0, 0].legend(fontsize=6, loc="upper left")
    axes[1, -1].legend(fontsize=6, loc="upper right")
    axes[2, 0].set_ylabel("deviation from line (10⁻³)")
    axes[2, 0].legend(fontsize=6, loc="lower right")
    return figure


def draw_cost(cost: Table) -> Figure:
    """Return time and memory per connection against the number of neurons.

    Parameters
    ----------
    cost : table `connectivity_cost`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.5))
    looks = cycle(zip((BLUE, ORANGE, GREEN, PINK), "osD^", strict=True))
    for (name, part), (colour, marker) in zip(groups(cost, "algorithm"), looks, strict=False):
        style: dict[str, Any] = {
            "color": colour,
            "marker": marker,
            "markersize": 4,
            "label": ALGORITHMS.get(name, name),
        }
        per_connection = part["cpu_time"] / part["n_connections"] * 1e9
        axes[0].loglog(part["n_neurons"], part["cpu_time"], **style)
        axes[1].loglog(part["n_neurons"], per_connection, **style)
        axes[2].loglog(part["n_neurons"], part["peak_memory"] / part["n_connections"], **style)
    few, many = FLOORS
    (floor,) = axes[2].plot(
        [1.0, FEW, FEW, 1e9], [few, few, many, many], color=BLACK, lw=1.0, ls="--"
    )
    axes[2].legend([floor], ["index and weight alone"], fontsize=6, loc="upper right")
    axes[2].set_ylim(5, 300)
    for ax, name, text in zip(
        axes,
        ("CPU time (s)", "CPU time per connection (ns)", "peak memory per connection (B)"),
        "ABC",
        strict=True,
    ):
        ax.set(xlabel="neurons", ylabel=name, xlim=(200, 2e6))
        ax.xaxis.set_minor_formatter(NullFormatter())
        letter(ax, text)
    axes[0].legend(fontsize=6.5, loc="lower right")
    return figure


def _draw_matrix(figure: Figure, ax: Axes, cells: Table, blocks: Table) -> None:
    targets, sources = np.unique(cells["target"]), np.unique(cells["source"])
    density = cells["density"].reshape(len(targets), len(sources))
    size = [float(np.ceil(np.sqrt(blocks["pairs"][i]) - 1e-9)) for i in (0, -1)]
    n_exc, n = size[0], sum(size)
    is_inhibitory = sources >= n_exc - 0.5
    signed = np.where(is_inhibitory, -density, density)
    limit = float(density.max())
    image = ax.imshow(
        signed,
        extent=(0, n, n, 0),
        cmap=SIGNED_MAP.removesuffix("_r"),  # reversed: excitatory is blue in all figures
        vmin=-limit,
        vmax=limit,
        interpolation="nearest",
    )
    ax.axhline(n_exc, color=BLACK, lw=0.7)
    ax.axvline(n_exc, color=BLACK, lw=0.7)
    centres = {"E": n_exc / 2.0, "I": n_exc + size[1] / 2.0}
    for i in range(len(blocks["target"])):
        place = centres[blocks["source"][i]], centres[blocks["target"][i]]
        p, error = blocks["probability"][i] * 100, blocks["error"][i] * 100
        text = (
            f"{p:.2f}\n± {error:.2f} %"
            if blocks["source"][i] == "I"
            else f"{p:.2f} ± {error:.2f} %"
        )
        box = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.5}
        ax.text(*place, text, ha="center", va="center", fontsize=6, bbox=box)
    ax.set(xlabel="source neuron (E | I)", ylabel="target neuron")
    bar = figure.colorbar(image, ax=ax, shrink=0.8, pad=0.02)
    bar.set_label("connection probability, excitatory (blue) / inhibitory (red)")
    ticks = np.linspace(-limit, limit, 5)
    bar.set_ticks(list(ticks), labels=[f"{abs(tick) * 100:.0f} %" for tick in ticks])


def _draw_profiles(ax: Axes, profile: Table, colour: str) -> None:
    marks = (
        ("whole", "o", colour, "all pairs in reach"),
        ("pruned", "s", "white", "after the hidden prune"),
        ("drawn", "D", GREEN, "Gaussian probability"),
    )
    for variant, marker, fill, label in marks:
        part = rows(profile, variant=variant)
        middle = (part["low"] + part["high"]) / 2.0 * 1e6
        if variant == "drawn":
            ax.plot(middle, part["expected"], color=BLACK, **THEORY, label="rule")
        style = {
            **MEASUREMENT,
            "marker": marker,
            "markersize": 3.5,
            "markeredgecolor": colour if fill == "white" else BLACK,
        }
        ax.errorbar(
            middle,
            part["probability"],
            part["error"],
            color=colour,
            ecolor=GREY,
            mfc=fill,
            label=label,
            **style,
        )
    ax.axvline(profile["radius"][0] * 1e6, color=BLACK, lw=0.8, ls=":", label="radius asked for")
    ax.set(xlabel="distance (µm)", ylabel="connected / available pairs", ylim=(-0.05, 1.12))


def _draw_received(ax: Axes, received: Table, kind: str, boundary: str) -> Any:
    sheet = rows(received, boundary=boundary)
    every = np.abs(received[kind]) * 1e9
    shown = ax.scatter(
        sheet["x"] * 1e6,
        sheet["y"] * 1e6,
        c=np.abs(sheet[kind]) * 1e9,
        s=7,
        cmap=FIELD_MAP,
        vmin=0.0,
        vmax=float(every.max()),
        linewidths=0,
    )
    spread = float(np.std(sheet[kind]) / abs(np.mean(sheet[kind])))
    ax.set(aspect="equal", xlabel="x (µm)", xticks=(0, 500, 1000), yticks=(0, 500, 1000))
    ax.set_title(f"{boundary}: sd {spread * 100:.0f} %", fontsize=7)
    return shown


def _draw_transform(ax: Axes, moments: Table, colour: str) -> None:
    k, is_mode = moments["wave_number"] * 1e-3, moments["is_mode"]
    ax.axhline(0.0, color=GREY, lw=0.5)
    ax.plot(k, moments["theory"], color=BLACK, **THEORY, label="sin(kw) / (kw)")
    marks = {**MEASUREMENT, "markersize": 3.5}
    ax.plot(k[is_mode], moments["measured"][is_mode], color=colour, **marks, label="built")
    ax.set(ylim=(-0.35, 1.1))
    ax.set_xticklabels([])


def _draw_deviation(ax: Axes, moments: Table, colour: str) -> None:
    k, is_mode = moments["wave_number"] * 1e-3, moments["is_mode"]
    ax.axhline(0.0, color=BLACK, **THEORY)
    rule = (moments["expected"] - moments["theory"]) * 1e3
    built = (moments["measured"] - moments["theory"]) * 1e3
    band = 4e3 * moments["error"]
    ax.fill_between(k, rule - band, rule + band, color=GREY, alpha=0.4, lw=0, label="rule ± 4 σ")
    marks = {**MEASUREMENT, "markersize": 3.5}
    ax.plot(k[is_mode], built[is_mode], color=colour, **marks)
    ax.set(xlabel="k (1/mm)")
