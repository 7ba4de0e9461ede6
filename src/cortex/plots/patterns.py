"""Panels of networks in space: dispersion, measured patterns, space-time spectrum."""

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from cortex.plots.style import (
    ABOVE,
    BLACK,
    FIELD_MAP,
    GREEN,
    MEASUREMENT,
    ORANGE,
    SINGLE_COLUMN,
    THEORY,
    panel,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty, rows
from cortex.typing import FloatArray, IntArray

MAX_WAVES: Final = 15
"""Largest number of cycles per ring that is shown."""
KINDS: Final = {"wave": ORANGE, "static": GREEN}
NO_SPACE: Final = "the network has no space"
SLOWEST_WAVE: Final = 0.1
"""Hz; what is slower stands: solvers return tiny frequencies for static patterns."""
CYCLES: Final = "cycles n"


def fastest(modes: Table, kind: str) -> tuple[int, float, float] | None:
    """Return cycles, growth (1/s) and frequency (Hz) of the fastest wave or static pattern."""
    if is_empty(modes):
        return None
    kept = np.isfinite(modes["growth"]) & (modes["wave_number"] > 0)
    kept &= (modes["frequency"] > SLOWEST_WAVE) == (kind == "wave")
    if not kept.any():
        return None
    mine = {name: values[kept] for name, values in modes.items()}
    i = int(np.argmax(mine["growth"]))
    return int(mine["wave_number"][i]), float(mine["growth"][i]), float(mine["frequency"][i])


def draw_dispersion(modes: Table, *, reason: str = NO_SPACE, ax: Axes | None = None) -> Axes:
    """Draw the growth of waves and static patterns over the wave number, with both maxima.

    Parameters
    ----------
    modes : table `network_predicted_modes`
        Of one state, SI.
    reason : str
        Why there is no wave number.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(modes) or not np.any(modes["wave_number"] > 0):
        return say_why_empty(ax, f"no dispersion: {reason}")
    ax.axhline(0.0, color=BLACK, linewidth=0.6)
    numbers = np.arange(int(modes["wave_number"].max()) + 1)
    for kind, colour in KINDS.items():
        top = fastest(modes, kind)
        if top is None:
            continue
        n, growth, f = top
        name = f"n = {n}, {f:.0f} Hz" if kind == "wave" else f"n = {n}, static"
        line = _largest(modes, numbers, kind)
        ax.plot(numbers, line, color=colour, **(THEORY | {"marker": "."}))
        ax.plot(
            n, growth, marker="D", color=colour, markersize=5, zorder=4, **THEORY_KEY,
            label=f"{name}: {growth:+.3g}",
        )  # fmt: skip
    ax.set(xlabel=CYCLES, ylabel="predicted growth (1/s)", xlim=(0, MAX_WAVES + 0.5))
    ax.legend(**ABOVE)
    return ax


THEORY_KEY: Final[dict[str, Any]] = {"linestyle": "-", "linewidth": 1.6}


def _largest(modes: Table, numbers: IntArray, kind: str) -> FloatArray:
    """Return the largest growth of one kind at each wave number, nan without any."""
    line = np.full(len(numbers), np.nan)
    oscillates = modes["frequency"] > SLOWEST_WAVE
    for i, n in enumerate(numbers):
        mine = modes["growth"][(modes["wave_number"] == n) & (oscillates == (kind == "wave"))]
        mine = mine[np.isfinite(mine)]
        if mine.size:
            line[i] = mine.max()
    return line


def draw_patterns(
    space_time: Table, modes: Table, *, reason: str = NO_SPACE, ax: Axes | None = None
) -> Axes:
    """Draw how strong waves and static patterns are, by wave number, beside theory.

    Amplitudes are squared, in units of the strongest component with at least one cycle; waves
    are the strongest frequency at each wave number, both directions together.

    Parameters
    ----------
    space_time : table `network_space_time`
        Of one state and one population, SI.
    modes : table `network_predicted_modes`
        Of this state; lines stand at the maxima that grow.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(space_time):
        return say_why_empty(ax, f"no patterns: {reason}")
    shares = [pattern_shares(part) for _, part in groups(space_time, "seed")]
    numbers = shares[0][0]
    for i, (kind, colour) in enumerate(KINDS.items()):
        share = np.array([each[1 + i] for each in shares])
        spread = np.std(share, axis=0, ddof=1) if len(share) > 1 else np.zeros(share.shape[1])
        marker = {"wave": "o", "static": "s"}[kind]
        looks = MEASUREMENT | {"marker": marker, "color": colour, "clip_on": False}
        at = numbers + 0.25 * i
        ax.errorbar(at, share.mean(axis=0), yerr=spread, label=f"simulation: {kind}", **looks)
        top = fastest(modes, kind)
        if top and top[1] > 0.0:
            name = f"theory: n = {top[0]}"
            ax.axvline(top[0] + 0.25 * i, color=colour, alpha=0.7, **THEORY, label=name)
    ax.set(xlabel=CYCLES, ylabel="power over strongest", xlim=(0, MAX_WAVES + 0.7))
    ax.set_ylim(0.0, 1.15)
    ax.legend(**ABOVE)
    return ax


def pattern_shares(spectrum: Table) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return cycles per ring, and power of waves and of static patterns over the largest of both.

    Parameters
    ----------
    spectrum : table `network_space_time`
        Of one state, population and network.
    """
    k, f = np.unique(spectrum["wave_number"]), np.unique(spectrum["frequency"])
    power = spectrum["power"].reshape(len(f), len(k))
    numbers = np.arange(1, min(MAX_WAVES, int(k.max())) + 1)
    both = np.stack([power[:, np.abs(k) == n].sum(axis=1) for n in numbers], axis=1)
    wave, static = both[1:].max(axis=0), both[0]
    top = max(float(wave.max()), float(static.max())) or 1.0
    return numbers.astype(float), wave / top, static / top


def draw_space_time(
    space_time: Table, modes: Table, *, reason: str = NO_SPACE, ax: Axes | None = None
) -> Axes:
    """Draw power over wave number and frequency, with bars where predicted modes grow.

    Parameters
    ----------
    space_time : table `network_space_time`
        Of one state and one population, SI.
    modes : table `network_predicted_modes`
        Of this state.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax, (SINGLE_COLUMN, 2.6))
    if is_empty(space_time):
        return say_why_empty(ax, f"no space-time spectrum: {reason}")
    k, f = np.unique(space_time["wave_number"]), np.unique(space_time["frequency"])
    power = np.mean([part["power"] for _, part in groups(space_time, "seed")], axis=0)
    field = power.reshape(len(f), len(k))
    top = float(field[:, k != 0].max()) or 1.0
    norm = LogNorm(vmin=1e-4 * top, vmax=top, clip=True)
    image = ax.pcolormesh(
        k, f, field, norm=norm, cmap=FIELD_MAP, shading="nearest", rasterized=True
    )
    ax.figure.colorbar(image, ax=ax, label="simulated power (Hz²)")
    highest = max(_draw_growing(ax, modes), _draw_ridge(ax, modes) if k.min() >= 0 else 0.0)
    ax.set(
        xlabel=CYCLES,
        ylabel="frequency (Hz)",
        xlim=(max(k.min(), -MAX_WAVES) - 0.5, min(k.max(), MAX_WAVES) + 0.5),
    )
    ax.set_ylim(-0.03 * f.max(), min(f.max(), max(2.0 * highest, 0.25 * f.max())))
    return ax


def _draw_ridge(ax: Axes, modes: Table) -> float:
    """Draw the frequency of the mode closest to growing, by wave number; return the highest."""
    if is_empty(modes):
        return 0.0
    first = rows(modes, rank=0)
    known = np.isfinite(first["growth"])
    if not known.any():
        return 0.0
    n, f = first["wave_number"][known], first["frequency"][known]
    ax.plot(n, f, color=ORANGE, linestyle=":", linewidth=1.0, marker=".", markersize=3)
    return float(f.max())


def _draw_growing(ax: Axes, modes: Table) -> float:
    """Draw the growing modes as bars, both directions; return the highest frequency, Hz."""
    if is_empty(modes):
        return 0.0
    growing = rows({**modes, "grows": modes["growth"] > 0.0}, grows=True)
    for n, f in zip(growing["wave_number"], growing["frequency"], strict=True):
        for at in {n, -n}:
            ax.plot([at - 0.5, at + 0.5], [f, f], color=ORANGE, **(THEORY | {"linewidth": 2.2}))
    if len(growing["frequency"]):
        ax.set_title("bars: growing in theory", loc="right", fontsize=6)
    return float(growing["frequency"].max(initial=0.0))
