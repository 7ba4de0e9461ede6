"""Panels of a sheet: rates of one place after the other in time, likeness over distance."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from cortex.plots.patterns import draw_dispersion, draw_space_time
from cortex.plots.style import (
    ABOVE,
    DOUBLE_COLUMN,
    FIELD_MAP,
    MEASUREMENT,
    ORANGE,
    SIGNED_MAP,
    panel,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty, rows
from cortex.typing import FloatArray

FRAMES: Final = 8
"""Pictures of a film strip."""
PAIRS: Final = 4
"""Pairs of populations whose kernels are shown, at most."""
MM: Final = 1e3
MS: Final = 1e3


def draw_sheet(film: Table, distances: Table, *, reason: str = "") -> Figure:
    """Return a film strip of the first population, and likeness over distance, a row per state.

    Parameters
    ----------
    film, distances : tables of one network
        `network_film`, `network_distances`, SI columns.
    reason : str
        Why they are empty.
    """
    states = list(dict.fromkeys(film["state"])) or [""]
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 1.9 * len(states)))
    ratios = (*[1.0] * FRAMES, 0.25, 2.6)
    grid: Any = figure.subplots(len(states), FRAMES + 2, squeeze=False, width_ratios=ratios)
    for axes, state in zip(grid, states, strict=True):
        mine = rows(film, state=state)
        first = next(iter(mine["population"]), "")
        draw_film(axes[: FRAMES + 1], rows(mine, population=first), f"{state}  {first}")
        alike = rows(distances, state=state, population=first)
        draw_distances(alike, reason=reason, ax=axes[-1])
    return figure


def draw_places(kernels: Table, maps: Table, *, reason: str = "") -> Figure:
    """Return how the sheet is joined, and maps of rate and CV of the first population, by state.

    Parameters
    ----------
    kernels, maps : tables of one network
        `network_kernels`, `network_maps`, SI columns.
    reason : str
        Why maps are empty.
    """
    states = list(dict.fromkeys(kernels["state"]))
    pairs = list(dict.fromkeys(zip(kernels["target"], kernels["source"], strict=True)))[:PAIRS]
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 1.9 * len(states)))
    ratios = (*[1.0] * len(pairs), 1.3, 1.0, 1.0)
    grid: Any = figure.subplots(len(states), len(ratios), squeeze=False, width_ratios=ratios)
    for axes, state in zip(grid, states, strict=True):
        joined = rows(kernels, state=state)
        top = float(np.max(np.abs(joined["probability"] * joined["weight"]), initial=0.0))
        for ax, (target, source) in zip(axes, pairs, strict=False):
            pair = rows(joined, target=target, source=source)
            _draw_kernel(pair, top, f"{source} to {target}", ax)
            middle = rows(pair, y=0.0)
            strength = middle["probability"] * middle["weight"]
            axes[-3].plot(middle["x"] * MM, strength, label=f"{source} to {target}")
        axes[-3].axhline(0.0, color="0.7", linewidth=0.6)
        axes[-3].set(xlabel="displacement (mm)", ylabel="probability x weight")
        axes[-3].legend(**ABOVE)
        axes[0].set_ylabel(state)
        seen = rows(maps, state=state)
        first = rows(seen, population=next(iter(seen["population"]), ""))
        for ax, name, unit in zip(axes[-2:], ("rate", "cv"), ("rate (Hz)", "CV"), strict=True):
            _draw_map(first, name, unit, reason, ax)
    return figure


def _draw_kernel(pair: Table, top: float, title: str, ax: Axes) -> None:
    """Draw probability times weight of one pair of populations; lines are equal delays."""
    x, y = (np.unique(pair[name]) * MM for name in ("x", "y"))
    shape = len(y), len(x)
    strength = (pair["probability"] * pair["weight"]).reshape(shape)
    look: Any = {"vmin": -top, "vmax": top, "cmap": SIGNED_MAP, "rasterized": True}
    ax.pcolormesh(x, y, strength, **look)
    delay = pair["delay"].reshape(shape) * MS
    if np.ptp(delay) > 0.0:
        lines = ax.contour(x, y, delay, levels=3, colors="0.4", linewidths=0.5)
        ax.clabel(lines, fmt="%g ms", fontsize=5)
    ax.set(aspect="equal", xlabel="mm", title=title)


def _draw_map(table: Table, name: str, title: str, reason: str, ax: Axes) -> None:
    """Draw the values of the cells of a sheet."""
    ax.set(title=title, xticks=[], yticks=[])
    if is_empty(table):
        say_why_empty(ax, f"no maps: {reason}")
        return
    x, y = (np.unique(table[side]) * MM for side in ("x", "y"))
    image = ax.pcolormesh(x, y, table[name].reshape(len(y), len(x)), rasterized=True)
    ax.set(aspect="equal", xlabel=f"{x[0] + x[-1]:.3g} mm")
    ax.figure.colorbar(image, ax=ax, shrink=0.7)


def draw_ridge(modes: Table, waves: Table, space_time: Table) -> Figure:
    """Return the spectrum with the predicted ridge, and the predicted growth, a column per state.

    Parameters
    ----------
    modes, waves, space_time : tables of one network
        `network_predicted_modes`, `network_waves`, `network_space_time`, SI columns.
    """
    states = list(dict.fromkeys(modes["state"]))
    figure, axes = plt.subplots(2, len(states), figsize=(DOUBLE_COLUMN, 4.4), squeeze=False)
    for (top, bottom), state in zip(axes.T, states, strict=True):
        mine, found = rows(modes, state=state), rows(waves, state=state, population="E")
        draw_space_time(rows(space_time, state=state, population="E"), mine, ax=top)
        look = MEASUREMENT | {"marker": "s", "markersize": 7, "markerfacecolor": "none"}
        top.plot(
            found["wave_number"], found["wave_frequency"], **(look | {"markeredgecolor": "white"})
        )
        top.set_ylabel(f"{state}\nfrequency (Hz)")
        draw_dispersion(mine, ax=bottom)
    return figure


def animate_sheet(film: Table, *, most: int = 60) -> bytes:
    """Return a film of the first population at all states side by side, as an animated GIF.

    Parameters
    ----------
    film : table `network_film`
        SI columns, not empty.
    most : int
        Largest number of frames, the first ones of the excerpt.
    """
    states = list(dict.fromkeys(film["state"]))
    figure, axes = plt.subplots(1, len(states), figsize=(1.8 * len(states), 2.0), squeeze=False)
    parts, images = [], []
    for ax, state in zip(axes[0], states, strict=True):
        mine = rows(film, state=state)
        t, y, x, maps = _maps(rows(mine, population=mine["population"][0]))
        ax.set(xticks=[], yticks=[], xlabel=f"{(x[0] + x[-1]) * MM:.3g} mm", title=state)
        box = (0.0, x[0] + x[-1], 0.0, y[0] + y[-1])
        looks = {"vmax": _top(maps), "cmap": FIELD_MAP, "origin": "lower", "extent": box}
        images.append(ax.imshow(maps[0], vmin=0.0, **looks))
        parts.append((t, maps))

    def show(i: int) -> list[AxesImage]:
        for (t, maps), image in zip(parts, images, strict=True):
            at = min(i, len(t) - 1)
            image.set_data(maps[at])
            image.axes.set_ylabel(f"{(t[at] - t[0]) * MS:.0f} ms")
        return images

    n = min(most, max(len(t) for t, _ in parts))
    with TemporaryDirectory() as folder:
        path = Path(folder, "film.gif")
        FuncAnimation(figure, show, frames=n).save(path, writer=PillowWriter(fps=10), dpi=90)
        plt.close(figure)
        return path.read_bytes()


def _maps(film: Table) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return times, heights, places along x, and the maps (n_times, ny, nx)."""
    t, y, x = (np.unique(film[name]) for name in ("time", "y", "x"))
    return t, y, x, film["rate"].reshape(len(t), len(y), len(x))


def _top(maps: FloatArray) -> float:
    """Return the rate at which the colours end, Hz."""
    return float(np.quantile(maps, 0.995)) or 1.0


def draw_film(axes: Any, film: Table, title: str) -> None:
    """Draw evenly spaced frames into all axes but the last, which takes the scale."""
    if is_empty(film):
        say_why_empty(axes[0], "no film")
        return
    t, y, x, maps = _maps(film)
    top = _top(maps)
    step = max(len(t) // (4 * FRAMES), 1)
    for i, ax in enumerate(axes[:-1]):
        ax.set(xticks=[], yticks=[], aspect="equal")
        at = i * step
        if at < len(t):
            image = ax.pcolormesh(
                x * MM, y * MM, maps[at], vmin=0.0, vmax=top, cmap=FIELD_MAP, rasterized=True
            )
            ax.set_title(f"{(t[at] - t[0]) * MS:.3g} ms", fontsize=6)
    side = x[-1] + x[0]
    axes[0].set_ylabel(title, fontsize=7)
    axes[0].set_xlabel(f"{side * MM:.3g} mm", fontsize=6)
    axes[0].figure.colorbar(image, cax=axes[-1])
    axes[-1].set_title("Hz", fontsize=6)


def draw_distances(distances: Table, *, reason: str = "", ax: Axes | None = None) -> Axes:
    """Draw correlation, and coherence at the frequency of the strongest pattern, over distance.

    Parameters
    ----------
    distances : table `network_distances`
        Of one state and one population, SI.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(distances):
        return say_why_empty(ax, f"no distances: {reason}")
    parts = [part for _, part in groups(distances, "seed")]
    r = parts[0]["distance"] * MM
    f = float(np.mean([part["frequency"][0] for part in parts]))
    looks = {"correlation": {}, "coherence": {"marker": "s", "color": ORANGE}}
    names = {"correlation": "correlation", "coherence": f"coherence at {f:.3g} Hz"}
    for name, look in looks.items():
        mean = np.mean([part[name] for part in parts], axis=0)
        ax.plot(r, mean, label=names[name], **(MEASUREMENT | look))
    ax.axhline(0.0, color="0.7", linewidth=0.6)
    ax.set(xlabel="distance (mm)", ylabel="of two cells")
    ax.legend(**ABOVE)
    return ax
