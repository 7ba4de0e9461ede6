"""A picture of any network: populations, their sizes, and what projects onto what."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch

from cortex.plots.style import EXCITATORY, INHIBITORY, panel, population_colours, say_why_empty
from cortex.typing import AnyArray, FloatArray

FEW: Final = 4
"""Up to so many populations every projection bears its in-degree."""
LEAST_SHARE: Final = 0.02
"""Projections weaker than this share of the strongest are left out of the picture."""


def draw_network(
    names: Sequence[str],
    sizes: AnyArray,
    in_degrees: FloatArray,
    J: FloatArray,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw populations as discs and projections as arrows.

    Parameters
    ----------
    names : sequence of str
        Populations, shape (n_pops,).
    sizes : ndarray of shape (n_pops,)
        Neurons.
    in_degrees : ndarray of shape (n_pops, n_pops)
        Synapses per target neuron, ``[target, source]``.
    J : ndarray of shape (n_pops, n_pops)
        Jumps, V; the sign is the colour, blue excites, red inhibits.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        The area of a disc is the size, the width of an arrow in-degree times |J|; numbers are
        in-degrees, for small networks.
    """
    ax = panel(ax, (3.5, 3.2))
    if not len(names):
        return say_why_empty(ax, "no picture: the network has no populations")
    n = len(names)
    angle = np.pi - 2.0 * np.pi * np.arange(n) / n  # the first on the left
    place = np.column_stack([np.cos(angle), np.sin(angle)]) if n > 1 else np.zeros((1, 2))
    radius = 0.12 + 0.16 * np.sqrt(np.asarray(sizes, dtype=float) / np.max(sizes))
    radius = radius * min(1.0, 5.0 / n + 0.3)
    strength = in_degrees * np.abs(J)
    top = float(strength.max()) or 1.0
    for target in range(n):
        for source in range(n):
            share = float(strength[target, source]) / top
            if share <= LEAST_SHARE:
                continue
            looks: dict[str, Any] = {
                "color": EXCITATORY if J[target, source] > 0.0 else INHIBITORY,
                "lw": 0.4 + 2.0 * share,
            }
            text = f"{in_degrees[target, source]:.4g}" if n <= FEW else ""
            if target == source:
                _draw_loop(ax, place[target], radius[target], text, looks)
            else:
                ends = place[source], place[target]
                _draw_arrow(ax, ends, (radius[source], radius[target]), text, looks)
    colours = population_colours(names)
    for name, size, at, r in zip(names, sizes, place, radius, strict=True):
        ax.add_patch(
            Circle(tuple(at), r, facecolor="white", edgecolor=colours[name], lw=1.5, zorder=3)
        )
        ax.text(at[0], at[1], f"{name}\n{size:,}", ha="center", va="center", fontsize=6.5, zorder=4)
    ax.set(xlim=(-1.75, 1.75), ylim=(-1.75, 1.75) if n > 2 else (-0.7, 0.7), aspect="equal")
    ax.set_axis_off()
    ax.set_title(
        "area: neurons · width: in-degree × |J|\nblue excites, red inhibits"
        + (" · numbers: in-degree" if n <= FEW else ""),
        loc="left", fontsize=6,
    )  # fmt: skip
    return ax


def _draw_arrow(
    ax: Axes,
    ends: tuple[FloatArray, FloatArray],
    radii: tuple[float, float],
    text: str,
    looks: dict[str, Any],
) -> None:
    """Draw a bent arrow from rim to rim, so that both directions stay apart."""
    start, end = ends
    along = (end - start) / np.hypot(*(end - start))
    side = np.array([along[1], -along[0]])
    a = start + radii[0] * (0.9 * along - 0.35 * side)
    b = end - radii[1] * (1.05 * along + 0.35 * side)
    middle = 0.5 * (a + b) - 0.2 * np.hypot(*(b - a)) * side
    _bend(ax, (a, b), -0.18, 8, looks)
    _write(ax, middle, text, looks)


def _draw_loop(ax: Axes, at: FloatArray, radius: float, text: str, looks: dict[str, Any]) -> None:
    """Draw a loop on the outside of a disc."""
    out = at / (np.hypot(*at) or 1.0) if np.hypot(*at) else np.array([0.0, 1.0])
    across = np.array([-out[1], out[0]])
    a, b = at + radius * (0.9 * out + 0.45 * across), at + radius * (0.95 * out - 0.45 * across)
    _bend(ax, (a, b), -1.6, 7, looks)
    _write(ax, at + out * (2.3 * radius + 0.12), text, looks)


def _bend(
    ax: Axes, ends: tuple[FloatArray, FloatArray], bend: float, head: float, looks: dict[str, Any]
) -> None:
    """Draw the arrow itself."""
    arrow = FancyArrowPatch(
        tuple(ends[0]),
        tuple(ends[1]),
        connectionstyle=f"arc3,rad={bend}",
        arrowstyle="-|>",
        mutation_scale=head,
        shrinkA=0,
        shrinkB=0,
        alpha=0.75,
        zorder=2,
        **looks,
    )
    ax.add_patch(arrow)


def _write(ax: Axes, at: FloatArray, text: str, looks: dict[str, Any]) -> None:
    ax.text(at[0], at[1], text, ha="center", va="center", fontsize=6, color=str(looks["color"]))
