"""What one per cent more of a parameter does to the leading mode of a network."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.errors import ParameterError
from cortex.plots.modes import UNKNOWN
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    GREY,
    MEASUREMENT,
    RED,
    SERIES,
    SIGNED_MAP,
    THEORY,
    letter,
    panel,
    say_why_empty,
)
from cortex.steps.select import Table, is_empty, rows
from cortex.typing import FloatArray, IntArray

PER_CENT: Final = 0.01
MOST: Final = 12
"""Parameters shown, those that move the mode furthest."""
INTACT: Final = "intact"
"""State before anything is cut."""
RHYTHM: Final = (40.0, 100.0)
"""Frequencies, Hz, between which the rhythm lies that is cut."""


def furthest(elasticities: Table, n: int = MOST) -> IntArray:
    """Return the rows that move the mode furthest in the complex plane, first ones first.

    `elasticities` is a table `network_predicted_mode_elasticities` of one state and rank, SI.
    """
    angular = 2.0 * np.pi * elasticities["frequency_change"]
    return np.argsort(-np.hypot(elasticities["growth_change"], angular), kind="stable")[:n]


def draw_shifts(
    elasticities: Table, quantity: str, *, reason: str = UNKNOWN, ax: Axes | None = None
) -> Axes:
    """Draw what one per cent more of the strongest parameters adds to a mode.

    Parameters
    ----------
    elasticities : table `network_predicted_mode_elasticities`
        Elements of one state and rank, SI.
    quantity : {"frequency", "growth"}
        What is moved.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(elasticities):
        return say_why_empty(ax, f"no elasticities: {reason}")
    first = furthest(elasticities)
    shift = PER_CENT * elasticities[f"{quantity}_change"][first]
    y = -np.arange(len(first))
    ax.barh(y, shift, color=np.where(shift > 0.0, RED, BLUE).tolist(), height=0.7)
    ax.axvline(0.0, color=GREY, linewidth=0.6)
    ax.set_yticks(y, elasticities["parameter"][first].tolist(), fontsize=6)
    unit = {"frequency": "frequency (Hz", "growth": "growth (1/s"}[quantity]
    ax.set_xlabel(f"{unit} per +1 %)")
    return ax


def draw_weights(
    elasticities: Table, names: list[str], *, reason: str = UNKNOWN, ax: Axes | None = None
) -> Axes:
    """Draw what one per cent more of each weight adds to the growth rate of a mode.

    Parameters
    ----------
    elasticities : table `network_predicted_mode_elasticities`
        Elements of one state and rank, SI.
    names : list of str
        Populations.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    moved = dict(
        zip(elasticities["parameter"].tolist(), elasticities["growth_change"], strict=True)
    )
    shift: FloatArray = np.array(
        [[PER_CENT * moved.get(f"J({a}<-{b})", np.nan) for b in names] for a in names]
    )
    if not np.isfinite(shift).any():
        return say_why_empty(ax, f"no elasticities: {reason}")
    most = float(np.nanmax(np.abs(shift)))
    image = ax.imshow(shift, cmap=SIGNED_MAP, vmin=-most, vmax=most)
    ax.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    ax.set_yticks(range(len(names)), names, fontsize=6)
    ax.set(xlabel="source", ylabel="target")
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.8)
    bar.set_label("growth rate (1/s per +1 % weight)")
    return ax


def shown_modes(elasticities: Table) -> list[tuple[str, int]]:
    """Return (state, rank) of the modes shown: the leading one of each of several states.

    `elasticities` is a table `network_predicted_mode_elasticities`.
    """
    pairs = zip(elasticities["state"].tolist(), elasticities["rank"].tolist(), strict=True)
    known = list(dict.fromkeys(pairs))
    several = len({state for state, _ in known}) > 1
    return [(state, rank) for state, rank in known if not (several and rank)]


def draw_elasticities(elasticities: Table, populations: Table, *, reason: str = UNKNOWN) -> Figure:
    """Return, a row per mode, the parameters that move it furthest, and all weights.

    Parameters
    ----------
    elasticities : table `network_predicted_mode_elasticities`
        Of one network, SI.
    populations : table `network_predicted_rates`
        Its populations.
    reason : str
        Why there are none.
    """
    modes = shown_modes(elasticities) or [("", 0)]
    several = len({state for state, _ in modes}) > 1
    figure, axes = plt.subplots(
        len(modes),
        3,
        figsize=(DOUBLE_COLUMN, 2.5 * len(modes)),
        squeeze=False,
        width_ratios=(1, 1, 1.2),
    )
    for row, (state, rank) in zip(axes, modes, strict=True):
        moved = rows(elasticities, state=state, rank=rank, kind="element")
        draw_shifts(moved, "frequency", reason=reason, ax=row[0])
        draw_shifts(moved, "growth", reason=reason, ax=row[1])
        names = list(dict.fromkeys(rows(populations, state=state)["population"]))
        draw_weights(moved, names, reason=reason, ax=row[2])
        if not is_empty(moved):
            row[1].tick_params(labelleft=False)
            mode = f"{moved['frequency'][0]:.0f} Hz, {moved['growth'][0]:+.3g} 1/s"
            row[0].set_title(f"{state}: {mode}" if several else mode, loc="left")
    return figure


def strongest_at_held_rates(elasticities: Table, band: tuple[float, float]) -> Table:
    """Return the weights by what they do, at held rates, to the least damped mode of a band.

    Parameters
    ----------
    elasticities : table `network_predicted_mode_elasticities`
        Of one state, SI.
    band : tuple of float
        Frequencies, Hz, between which the mode lies.

    Returns
    -------
    table
        Its rows of the mode and of single weights, the strongest first.

    Raises
    ------
    ParameterError
        No mode lies there.
    """
    f = elasticities["frequency"]
    inside = (f >= band[0]) & (f <= band[1])
    if not inside.any():
        msg = f"no mode lies between {band[0]:g} and {band[1]:g} Hz"
        raise ParameterError(msg)
    weights = np.array([str(name).startswith("J(") for name in elasticities["parameter"]])
    kept = inside & weights & (elasticities["rank"] == elasticities["rank"][inside].min())
    order = np.flatnonzero(kept)[np.argsort(-np.abs(elasticities["growth_held"][kept]))]
    return {name: values[order] for name, values in elasticities.items()}


def draw_cuts(elasticities: Table, predicted: Table, observed: Table) -> Figure:
    """Return which weights feed a rhythm, and spectra before and after two of them are cut.

    Parameters
    ----------
    elasticities : table `network_predicted_mode_elasticities`
        Of the network `rhythm`, SI.
    predicted, observed : tables `network_predicted_spectra` and `network_observed_spectra`
        Of its states.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.6), width_ratios=(1, 1.2, 1.2))
    first = strongest_at_held_rates(rows(elasticities, state=INTACT), RHYTHM)
    shift = PER_CENT * first["growth_held"][:MOST]
    y = -np.arange(len(shift))
    axes[0].barh(y, shift, color=GREY, height=0.7)
    axes[0].axvline(0.0, color=BLACK, linewidth=0.6)
    axes[0].set_yticks(y, first["parameter"][:MOST].tolist(), fontsize=6)
    axes[0].set_xlabel("growth (1/s per +1 %), rates held")
    axes[0].set_title(f"mode at {first['frequency'][0]:.0f} Hz")
    for ax, population in zip(axes[1:], ("23E", "4E"), strict=True):
        states = list(dict.fromkeys(predicted["state"]))
        for state, colour in zip(states, SERIES, strict=False):
            told = rows(predicted, state=state, population=population)
            seen = rows(observed, state=state, population=population)
            ax.plot(told["frequency"], told["power"], color=colour, **THEORY)
            named = state.replace("_", " ")
            ax.plot(seen["frequency"], seen["power"], color=colour, label=named, **MEASUREMENT)
        ax.set(yscale="log", xlim=(10.0, 130.0), xlabel="frequency (Hz)", title=population)
        ax.set_ylabel("power of the rate (Hz²/Hz)")
    for ax in axes[1:]:
        ax.set_ylim(1e-4, 1.0)
    axes[2].legend(fontsize=6)
    for ax, mark in zip(axes, "ABC", strict=True):
        letter(ax, mark)
    return figure
