"""Figures of kernels: atlas with lattice points and cuts, Gabor fields and their spectra."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from cortex.plots.save import Table
from cortex.plots.style import (
    ABOVE,
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    FIELD_MAP,
    GREY,
    MEASUREMENT,
    ORANGE,
    SERIES,
    SIGNED_MAP,
    THEORY,
    letter,
)
from cortex.steps.select import groups, rows


def draw_kernels(kernels: Table, fields: Table, samples: Table) -> Figure:
    """Return the kernel atlas: field with lattice points above, cut through y = 0 below.

    Parameters
    ----------
    kernels, fields, samples : tables `connectivity_kernels`, `connectivity_fields`,
        `connectivity_samples`, SI columns.
    """
    names = list(kernels["kernel"])
    largest = float(np.max(np.abs(kernels["weight"]))) * 1e9
    figure, axes = plt.subplots(
        2, len(names), figsize=(DOUBLE_COLUMN, 3.7), squeeze=False, height_ratios=(1.25, 1.0)
    )
    for column, name in enumerate(names):
        own = rows(kernels, kernel=name)
        radius, weight, prune, pitch = (
            float(own[key][0]) for key in ("radius", "weight", "prune", "pitch")
        )
        field, points = rows(fields, kernel=name), rows(samples, kernel=name)
        image = _draw_field(axes[0, column], field, points, weight * 1e9, largest)
        axes[0, column].add_patch(Circle((0, 0), radius * 1e6, fill=False, color=BLACK, lw=0.6))
        axes[0, column].set_title(name.replace("_", " "), fontsize=7)
        _draw_cut(axes[1, column], field, points, weight * 1e9, prune * abs(weight) * 1e9)
        axes[1, column].set_xlim(-1.1 * radius * 1e6, 1.1 * radius * 1e6)
        axes[1, column].set_xlabel("x (µm)")
        axes[0, column].set_aspect("equal")
    axes[0, 0].set_ylabel("y (µm)")
    axes[1, 0].set_ylabel("weight at y = 0 (nS)")
    handles, labels = axes[1, 0].get_legend_handles_labels()
    title = f"lattice of pitch {pitch * 1e6:.1f} µm"
    place: dict[str, Any] = {"loc": "outside lower center", "ncols": 4, "title": title}
    figure.legend(handles, labels, fontsize=6.5, title_fontsize=6.5, **place)
    bar = figure.colorbar(image, ax=list(axes[0]), shrink=0.85, pad=0.01)
    bar.set_label("weight (nS)")
    bar.outline.set_linewidth(0.5)
    letter(axes[0, 0], "A")
    letter(axes[1, 0], "B")
    return figure


def draw_tuning(tuning: Table) -> Figure:
    """Return rates over the angle of the grating, and over the drive by the transform.

    Parameters
    ----------
    tuning : table `connectivity_tuning`
        SI columns.
    """
    figure, axes = plt.subplots(1, 2, figsize=(DOUBLE_COLUMN, 2.8), width_ratios=(1.6, 1.0))
    for colour, (theta, part) in zip(SERIES, groups(tuning, "theta"), strict=False):
        name = f"{np.rad2deg(theta):.0f}°"
        looks = {"color": colour, "markersize": 3.5}
        for ax, x in zip(axes, (np.rad2deg(part["angle"]), part["drive"] * 1e3), strict=True):
            order = np.argsort(x, kind="stable")
            ax.plot(x[order], part["predicted"][order], **(THEORY | {"color": colour}))
            bars = {"capsize": 0, "elinewidth": 0.8}
            ax.errorbar(
                x, part["simulated"], part["error"], label=name, **(MEASUREMENT | looks | bars)
            )
    axes[0].set(xlabel="angle of the grating (°)", ylabel="rate (Hz)", xlim=(-5.0, 180.0))
    axes[0].legend(title="kernel", **(ABOVE | {"ncols": 4}))
    axes[1].set(xlabel="drive by the transform (mV)", ylabel="rate (Hz)")
    return figure


def draw_gabors(samples: Table, spectrum: Table) -> Figure:
    """Return Gabor fields on their lattices above, spectra with the Nyquist square below.

    Parameters
    ----------
    samples, spectrum : tables `connectivity_gabor_samples`,
        `connectivity_gabor_spectrum`, SI columns.
    """
    fields = list(dict.fromkeys(samples["field"]))
    figure, axes = plt.subplots(2, len(fields), figsize=(DOUBLE_COLUMN, 3.3), squeeze=False)
    for column, index in enumerate(fields):
        points, power = rows(samples, field=index), rows(spectrum, field=index)
        theta, frequency, pitch = (float(points[k][0]) for k in ("theta", "frequency", "pitch"))
        ax = axes[0, column]
        ax.scatter(
            points["x"] * 1e6,
            points["y"] * 1e6,
            c=points["value"],
            cmap=SIGNED_MAP,
            vmin=-1,
            vmax=1,
            marker="s",
            s=(pitch * 1e6 / 5.2) ** 2,
            linewidths=0,
        )
        ax.set(aspect="equal", xticks=(-200, 0, 200), yticks=(-200, 0, 200))
        ax.set_title(f"θ = {np.rad2deg(theta):.0f}°\npitch {pitch * 1e6:.0f} µm", fontsize=7)
        _draw_spectrum(axes[1, column], power, frequency, theta, pitch)
        axes[0, column].set_xlabel("x (µm)")
        axes[1, column].set_xlabel("$f_x$ (1/µm)")
        if column:
            ax.set_yticklabels([])
            axes[1, column].set_yticklabels([])
    axes[0, 0].set_ylabel("y (µm)")
    axes[1, 0].set_ylabel("$f_y$ (1/µm)")
    letter(axes[0, 0], "A")
    letter(axes[1, 0], "B")
    return figure


def _draw_field(ax: Axes, field: Table, points: Table, weight: float, largest: float) -> Any:
    n = int(np.sqrt(len(field["x"])))
    side = field["x"].max() * 1e6
    image = ax.imshow(
        weight * field["value"].reshape(n, n),
        extent=(-side, side, -side, side),
        origin="lower",
        cmap=SIGNED_MAP,
        vmin=-largest,
        vmax=largest,
    )
    own = (points["x"] == 0.0) & (points["y"] == 0.0)
    ax.plot(points["x"][~own] * 1e6, points["y"][~own] * 1e6, ".", ms=1.8, color=BLACK, mew=0)
    ax.plot([0], [0], "x", ms=4.5, mew=1.0, color=BLACK)
    return image


def _draw_cut(ax: Axes, field: Table, points: Table, weight: float, prune: float) -> None:
    on_axis = field["y"] == field["y"][np.argmin(np.abs(field["y"]))]
    x, value = field["x"][on_axis] * 1e6, weight * field["value"][on_axis]
    ax.axhline(0.0, color=GREY, lw=0.5)
    ax.plot(x, value, color=BLUE, lw=1.2, label="kernel")
    for sign in (1.0, -1.0):
        ax.axhline(
            sign * prune,
            color=ORANGE,
            lw=0.8,
            ls="--",
            label="prune of braintools" if sign > 0 else None,
        )
    row = points["y"] == 0.0
    own = row & (points["x"] == 0.0)
    ax.plot(
        points["x"][row & ~own] * 1e6,
        weight * points["value"][row & ~own],
        ".",
        ms=5,
        color=BLACK,
        label="lattice points",
    )
    ax.plot([0.0], weight * points["value"][own], "x", ms=5, color=BLACK, label="autapse, left out")


def _draw_spectrum(ax: Axes, power: Table, frequency: float, theta: float, pitch: float) -> None:
    axis = np.unique(power["frequency_x"]) * 1e-6
    side, n = float(axis.max()), len(axis)
    ax.imshow(
        power["power"].reshape(n, n),
        extent=(-side, side, -side, side),
        origin="lower",
        cmap=FIELD_MAP,
        vmin=0,
        vmax=1,
    )
    nyquist = 0.5e-6 / pitch
    ax.add_patch(
        Rectangle(
            (-nyquist, -nyquist),
            2 * nyquist,
            2 * nyquist,
            fill=False,
            color="white",
            lw=1.0,
            ls="--",
        )
    )
    carrier = frequency * 1e-6 * np.array([np.cos(theta), np.sin(theta)])
    for sign in (1, -1):
        ax.plot(*(sign * carrier), "o", mfc="none", mec="white", ms=8, mew=0.9)
    is_aliased = np.max(np.abs(carrier)) > nyquist
    ax.set_title("aliased" if is_aliased else "resolved", fontsize=7)
    ax.set(xlim=(-side, side), ylim=(-side, side), xticks=(-0.03, 0, 0.03), yticks=(-0.03, 0, 0.03))
