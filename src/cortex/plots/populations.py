"""Panels of any network in time: rates and CV beside theory, rasters, population rate."""

from collections.abc import Collection
from itertools import pairwise
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from cortex.plots.style import (
    ABOVE,
    BLACK,
    GREY,
    MEASUREMENT,
    THEORY,
    panel,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty, rows
from cortex.typing import FloatArray

LABELS: Final = {"nu": "rate (Hz)", "cv": "CV of intervals"}
UNSTABLE: Final = {"linestyle": ":"}
"""Theory of a working point that the network leaves."""
LOG_RANGE: Final = 20.0
"""Largest over smallest value from which on the scale is logarithmic."""
SPIKES_SHOWN: Final = 9.0
"""Spikes per neuron that a raster can show apart."""
NAME_HEIGHT: Final = 0.055
"""Height of a name beside a raster, as a share of its rows."""
MANY_SPIKES: Final = 6000


def growing_states(modes: Table) -> frozenset[str]:
    """Return the names of the states at whose working point a mode grows.

    Parameters
    ----------
    modes : table `network_predicted_modes`
        SI columns.

    Examples
    --------
    >>> modes = {"state": np.array(["A", "B"], object), "growth": np.array([1.0, -1.0])}
    >>> sorted(growing_states(modes))
    ['A']
    """
    grows = zip(modes["state"], modes["growth"], strict=True)
    return frozenset(state for state, growth in grows if growth >= 0.0)


def draw_rates(
    predicted: Table,
    observed: Table,
    *,
    quantity: str = "nu",
    unstable: Collection[str] = (),
    reason: str = "nothing was predicted or simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw a number of every population, predicted beside simulated, and the difference.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_rates` and `network_observed_populations`
        Of one state or more, SI; either may be empty.
    quantity : str
        Column of both: ``nu`` or ``cv``.
    unstable : collection of str
        States at whose working point a mode grows; their theory is dotted.
    reason : str
        Why both are empty.
    ax : Axes, optional
        Where to draw; a figure of its own when not given.

    Returns
    -------
    Axes
        Bars are theory, marks the mean over independent networks with their standard deviation.
    """
    ax = panel(ax)
    columns = _columns(observed) or _columns(predicted)
    if not columns:
        return say_why_empty(ax, f"no {LABELS[quantity]}: {reason}")
    colours = population_colours(name for _, name in columns)
    shown: list[float] = []
    label = "simulation"
    for x, (state, name) in enumerate(columns):
        told = _values(predicted, state, name, quantity)
        seen = _values(observed, state, name, quantity)
        if told.size and np.isfinite(told[0]):
            how = THEORY | UNSTABLE if state in unstable else THEORY
            ax.plot([x - 0.4, x + 0.4], [told[0]] * 2, color=BLACK, **how)
        if seen.size:
            spread = float(np.std(seen, ddof=1)) if seen.size > 1 else 0.0
            ax.errorbar(x, seen.mean(), yerr=spread, color=colours[name], **MEASUREMENT)
            label = "simulation, SD over networks" if seen.size > 1 else label
        if told.size and seen.size and seen.mean() and np.isfinite(told[0]):
            _write_difference(ax, x, 100.0 * (told[0] / seen.mean() - 1.0), len(columns))
        shown += [*told, *seen]
    _scale(ax, np.array(shown, dtype=float), LABELS[quantity])
    _name_columns(ax, columns)
    if not is_empty(predicted):
        states = set(predicted["state"])
        if not states <= set(unstable):
            ax.plot([], [], color=BLACK, **THEORY, label="theory")
        if states & set(unstable):
            ax.plot([], [], color=BLACK, **THEORY | UNSTABLE, label="theory, a mode grows")
    if not is_empty(observed):
        ax.plot([], [], color=GREY, **MEASUREMENT, label=label)
    both = not (is_empty(predicted) or is_empty(observed))
    title = "numbers: theory less simulation (%)" if both else None
    ax.legend(**ABOVE, title=title, title_fontsize=6)
    return ax


def _columns(table: Table) -> list[tuple[str, str]]:
    if is_empty(table):
        return []
    return list(dict.fromkeys(zip(table["state"], table["population"], strict=True)))


def _values(table: Table, state: str, name: str, quantity: str) -> FloatArray:
    if is_empty(table):
        return np.zeros(0)
    values = np.asarray(rows(table, state=state, population=name)[quantity], dtype=float)
    known: FloatArray = values[np.isfinite(values)]
    return known


def _write_difference(ax: Axes, x: int, per_cent: float, n: int) -> None:
    text = f"{round(per_cent, 1) + 0.0:+.1f}" if abs(per_cent) < 10.0 else f"{per_cent:+.0f}"
    if abs(per_cent) >= 1000.0:
        text = f"×{per_cent / 100.0 + 1.0:.0f}"
    ax.text(
        x, 0.98, text, transform=ax.get_xaxis_transform(), ha="center", va="top", fontsize=6,
        rotation=0 if n <= 4 else 90,
    )  # fmt: skip


def _scale(ax: Axes, values: FloatArray, label: str) -> None:
    """Leave room above for the differences; logarithmic where values differ by much."""
    known = values[np.isfinite(values)]
    top = float(known.max(initial=0.0)) or 1.0
    positive = known[known > 0.0]
    if positive.size and top / positive.min() > LOG_RANGE and label != LABELS["cv"]:
        low = float(positive.min()) / 2.0
        ax.set_yscale("log")
        ax.set_ylim(low, top * (top / low) ** 0.3)
    else:
        ax.set_ylim(0.0, 1.35 * top)
    ax.set_ylabel(label)


def _name_columns(ax: Axes, columns: list[tuple[str, str]]) -> None:
    states = list(dict.fromkeys(state for state, _ in columns))
    last = {state: i for i, (state, _) in enumerate(columns)}
    first = {state: i for i, (state, _) in reversed(list(enumerate(columns)))}
    ax.set_xticks(range(len(columns)), [name for _, name in columns], fontsize=6)
    if len(columns) > 8 or max(len(name) for _, name in columns) > 3:
        ax.tick_params("x", rotation=90)
    ax.set_xlim(-0.7, len(columns) - 0.3)
    if len(states) == 1:
        return
    for state in states:
        middle = 0.5 * (first[state] + last[state])
        ax.annotate(
            state, (middle, 0), xycoords=ax.get_xaxis_transform(), xytext=(0, -16),
            textcoords="offset points", ha="center", va="top", fontsize=7, fontweight="bold",
            annotation_clip=False,
        )  # fmt: skip
    for state, _ in pairwise(states):
        ax.axvline(last[state] + 0.5, color=GREY, linewidth=0.5, linestyle=":")


def fitting_duration(raster: Table, whole: float) -> float:
    """Return how much of an excerpt of `whole` s shows single spikes, at most all of it."""
    if is_empty(raster):
        return whole
    per_neuron = len(raster["time"]) / (1.0 + float(raster["row"].max()))
    wanted = max(whole * SPIKES_SHOWN / per_neuron, 1e-3)
    return whole if wanted >= whole else rounded_down(wanted)


def rounded_down(value: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten up to a positive value.

    Examples
    --------
    >>> rounded_down(0.043)
    0.02
    """
    step = 10.0 ** np.floor(np.log10(value))
    return float(max(m * step for m in (1.0, 2.0, 5.0) if m * step <= value * (1 + 1e-9)))


def length_of(activity: Table) -> float:
    """Return the length of an excerpt, s: from zero to the end of its last bin."""
    if is_empty(activity):
        return 0.1
    time = activity["time"]
    return float(time[-1] + time[0])


def draw_raster(
    raster: Table,
    *,
    along: str = "row",
    duration: float | None = None,
    reason: str = "nothing was simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw spikes as marks, populations apart by colour and by name.

    Parameters
    ----------
    raster : table `network_raster`
        Of one state, SI.
    along : {"row", "place"}
        Neurons below each other, or at their places on a ring.
    duration : float, optional
        How much is shown, s; all when not given.
    reason : str
        Why there is no spike.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(raster):
        return say_why_empty(ax, f"no raster: {reason}")
    looks: dict[str, Any] = {"marker": "|", "markersize": 2.2, "markeredgewidth": 0.6}
    if len(raster["time"]) > MANY_SPIKES:
        looks = {"marker": ".", "markersize": 0.6, "markeredgewidth": 0.0}
    colours, middle = population_colours(raster["population"]), {}
    for name, part in groups(raster, "population"):
        ax.plot(
            part["time"] * 1e3, part[along], linestyle="", color=colours[name], label=name,
            rasterized=True, **looks,
        )  # fmt: skip
        middle[name] = 0.5 * (part["row"].min() + part["row"].max())
    end = 1e3 * (duration or float(raster["time"].max()))
    ax.set(xlabel="time (ms)", xlim=(0.0, max(end, 1.0)))
    if along == "place":
        ax.set(ylabel="place (share of the neurons)", ylim=(0.0, 1.0))
    else:
        span = float(np.ptp(raster["row"])) or 1.0
        ax.set_yticks(_apart(list(middle.values()), NAME_HEIGHT * span), list(middle), fontsize=6)
        for name, label in zip(middle, ax.get_yticklabels(), strict=True):
            label.set_color(colours[name])
        ax.tick_params("y", length=0)
        ax.spines["left"].set_visible(False)
    return ax


def _apart(places: list[float], least: float) -> list[float]:
    """Return places moved as little as keeps neighbours `least` apart.

    Examples
    --------
    >>> _apart([0.0, 1.0, 10.0], 2.0)
    [-0.5, 1.5, 10.0]
    """
    order = np.argsort(places)
    moved = np.array(places, dtype=float)[order]
    for _ in range(len(moved)):  # each pass settles at least one neighbour
        short = np.maximum(least - np.diff(moved), 0.0)
        moved[:-1] -= 0.5 * short
        moved[1:] += 0.5 * short
    back = np.empty_like(moved)
    back[order] = moved
    return [float(place) for place in back]


def draw_activity(
    activity: Table,
    *,
    level: float | None = None,
    duration: float | None = None,
    called: str = "simulation",
    reason: str = "nothing was simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of all neurons over time, and the predicted mean as a line.

    Parameters
    ----------
    activity : table `network_activity`
        Of one state, SI.
    level : float, optional
        Predicted mean rate, Hz.
    duration : float, optional
        How much is shown, s.
    called : str
        Where the spikes come from.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax, (3.5, 1.6))
    if is_empty(activity):
        return say_why_empty(ax, f"no population rate: {reason}")
    time, rate = activity["time"] * 1e3, activity["rate"]
    end = 1e3 * duration if duration else float(time.max())
    shown = rate[time <= end]
    ax.plot(time, rate, color=GREY, linewidth=0.8, label=f"{called}, mean {rate.mean():.3g} Hz")
    if level is not None and np.isfinite(level):
        ax.axhline(level, color=BLACK, **THEORY, label=f"theory {level:.3g} Hz")
    ax.set(xlabel="time (ms)", ylabel="population rate (Hz)", xlim=(0.0, end))
    ax.set_ylim(0.0, 1.1 * max(float(shown.max(initial=0.0)), level or 0.0, 1e-9))
    ax.legend(**ABOVE)
    return ax


def pooled_rate(predicted: Table) -> float:
    """Return the predicted rate of all neurons of one state, Hz; nan without a prediction."""
    if is_empty(predicted):
        return float("nan")
    return float(np.average(predicted["nu"], weights=predicted["size"]))
