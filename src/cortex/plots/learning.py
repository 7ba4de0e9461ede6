"""Figures of the learning ring: kernels, learning rate, replay, locking to the drive."""

from collections.abc import Iterable
from itertools import cycle
from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    FIELD_MAP,
    GREEN,
    GREY,
    MEASUREMENT,
    ORANGE,
    PINK,
    RED,
    SERIES,
    SKY,
    THEORY,
    letter,
)
from cortex.steps.select import alone, groups, rows
from cortex.typing import AnyArray, FloatArray

SECOND_THEORY: Final[dict[str, Any]] = {**THEORY, "linestyle": "--", "linewidth": 1.1}
SMALL_MARK: Final[dict[str, Any]] = {**MEASUREMENT, "markersize": 3.0, "markeredgewidth": 0.4}
HELD: Final = 0.005
EXACTLY: Final = 1e-8  # a wave that follows its drive to rounding is drawn here
VARIANTS: Final = (ORANGE, BLUE, RED, PINK, SKY)
LEAD: Final = "lead of the source less the delay (ms)"


def draw_kernels(kernels: Table) -> Figure:
    """Return learned kernels over distance, collapsed on the lead, their variants and spread.

    Parameters
    ----------
    kernels : table `learning_kernels`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.9))
    cases = dict(groups(kernels, "case"))
    matrix = cases.pop("full matrix")
    delays = {name: cases.pop(name) for name in list(cases) if str(name).startswith("delay")}
    _draw_delays(axes[0, 0], axes[0, 1], delays)
    _draw_variants(axes[1, 0], cases)
    _draw_spread(axes[1, 1], matrix)
    return _lettered(figure, axes)


def _draw_delays(over_distance: Axes, over_lead: Axes, delays: dict[str, Table]) -> None:
    """Draw the kernels of all delays over the distance and, with the closed form, the lead."""
    for number, ((name, part), colour) in enumerate(
        zip(delays.items(), cycle(SERIES), strict=False)
    ):
        style: dict[str, Any] = {"color": colour, "first": 3 * number}
        label = name.removeprefix("delay ")
        _kernel(over_distance, _signed(part["distance"]), part, **style, label=label)
        _kernel(over_lead, part["lead"] * 1e3, part, **style)
    first = _by(next(iter(delays.values())), "lead")
    form = over_lead.plot(
        first["lead"] * 1e3, first["closed_form"], color=BLACK, **SECOND_THEORY, label="closed form"
    )
    over_distance.legend(
        title="delay", ncols=3, fontsize=6, loc="lower center", bbox_to_anchor=(0.5, 1.0)
    )
    over_lead.legend(handles=form, loc="upper left")
    over_distance.set(xlabel="target minus source (neurons)", ylabel="learned weight")
    over_lead.set(xlabel=LEAD, ylabel="learned weight")
    _say_apart(over_lead, (_relative(part, "weight", "predicted") for part in delays.values()))


def _draw_variants(ax: Axes, cases: dict[str, Table]) -> None:
    """Draw kernels of other delays, noise and rules; the weight of a neuron on itself as well."""
    for number, ((name, part), colour) in enumerate(
        zip(cases.items(), cycle(VARIANTS), strict=False)
    ):
        x = part["lead"] * 1e3
        _kernel(ax, x, part, color=colour, first=3 * number, label=name)
        itself = part["distance"] == 0
        ax.plot(x[itself], part["weight"][itself], color=colour, **SMALL_MARK)
    ax.set(xlabel=LEAD, ylabel="learned weight")
    ax.legend(fontsize=6, handletextpad=0.1, loc="center", bbox_to_anchor=(0.27, 0.5))
    _say_apart(ax, (_relative(part, "weight", "predicted") for part in cases.values()))


def _draw_spread(ax: Axes, matrix: Table) -> None:
    """Draw the spread along the diagonals of the full matrix."""
    part = _by(matrix, "lead")
    ax.plot(part["lead"] * 1e3, part["spread_predicted"], color=BLACK, **THEORY)
    ax.plot(part["lead"][::8] * 1e3, part["spread"][::8], color=GREEN, **SMALL_MARK)
    ax.set(xlabel=LEAD, ylabel="spread along a diagonal")
    ax.set_ylim(0.0, 1.2 * float(np.max(part["spread"])))
    _say_apart(ax, [_relative(part, "spread", "spread_predicted")])


def draw_learning_rate(sweep: Table, residuals: Table) -> Figure:
    """Return the residual over time and learning rate, and the kernel over decay and size.

    Parameters
    ----------
    sweep, residuals : points and courses of a one-at-a-time sweep of model `learning`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.9))
    _draw_residuals(axes[0, 0], axes[0, 1], _by(alone(residuals, "beta"), "beta"))
    for ax, varied, label in (
        (axes[1, 0], "decay", "decay λ (1/s)"),
        (axes[1, 1], "n_neurons", "neurons at the same period"),
    ):
        part = alone(sweep, varied)
        x, predicted = part[varied], part["kernel_max_predicted"]
        ax.plot(x, predicted, color=BLACK, **THEORY, label="theory")
        ax.plot(x, part["kernel_max"], color=GREEN, **MEASUREMENT, label="simulation")
        ax.set(xlabel=label, ylabel="largest weight", xscale="log")
        ax.legend()
        _say_apart(ax, [part["kernel_max"] / predicted - 1.0])
    axes[1, 0].set_yscale("log")
    axes[1, 1].set_ylim(0.0, 1.15 * float(np.max(predicted)))
    return _lettered(figure, axes)


def _draw_residuals(over_time: Axes, at_end: Axes, residuals: Table) -> None:
    """Draw the distance from the fixed point over time and, at the end, over learning rate."""
    for (beta, part), colour in zip(groups(residuals, "beta"), cycle(SERIES), strict=False):
        first = rows(part, replicate=0)
        over_time.plot(first["time"], first["predicted"], color=colour, **THEORY)
        style = {**SMALL_MARK, "color": colour, "label": f"{beta:g}"}
        over_time.plot(part["time"], part["residual"], **style)
        last = rows(part, time=part["time"].max())
        at_end.plot(last["beta"], last["residual"], color=colour, **MEASUREMENT)
        at_end.plot(last["beta"], last["error"], color=colour, **{**MEASUREMENT, "marker": "v"})
    last = rows(residuals, time=residuals["time"].max(), replicate=0)
    told = last["predicted"] > 0.0  # it leaves the doubles at the largest rates
    at_end.plot(last["beta"][told], last["predicted"][told], color=BLACK, **THEORY)
    over_time.legend(
        title="learning rate β", ncols=4, fontsize=6, loc="lower center", bbox_to_anchor=(0.5, 1.0)
    )
    over_time.set(xlabel="time (s)", ylabel="distance from the fixed point", yscale="log")
    over_time.set_ylim(bottom=1e-8)
    at_end.set(xlabel="learning rate β", ylabel="distance at the end", xscale="log")
    at_end.set(yscale="log", ylim=(1e-15, 10.0))
    marks = [Line2D([], [], color=GREY, **{**MEASUREMENT, "marker": m}) for m in "ov"]
    at_end.legend(marks, ["from the fixed point", "from the predicted transient"])


def draw_replay(replay: Table, picture: Table) -> Figure:
    """Return a driven and then free wave, and the frequency of free waves against theory.

    Parameters
    ----------
    replay, picture : tables `learning_replay` and `learning_picture`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.6))
    control = rows(replay, varied="control")
    _draw_picture(axes[0, 0], picture, float(control["period"][0]))
    delays = rows(replay, varied="tau_d")
    _frequencies(axes[0, 1], delays, "tau_d", r"delay $\tau_d$ (ms)")
    axes[0, 1].plot(
        control["tau_d"] * 1e3, control["frequency"], color=RED, **MEASUREMENT, label="control rule"
    )
    told = {"marker": "_", "markersize": 16, "markeredgewidth": 2.0, "linestyle": ""}
    axes[0, 1].plot(control["tau_d"] * 1e3, control["switch"], color=BLACK, zorder=1, **told)
    axes[0, 1].axhline(0.0, color=GREY, linewidth=0.6)
    axes[0, 1].legend(fontsize=6)
    _say_apart(axes[0, 1], (part["frequency"] / part["switch"] - 1.0 for part in (delays, control)))
    _frequencies(
        axes[1, 0],
        rows(replay, varied="tau_x"),
        "tau_x",
        r"time constant of the rates $\tau_x$ (ms)",
    )
    trained = rows(replay, varied="period")
    _frequencies(axes[1, 1], trained, "period", "period of the training wave T (ms)")
    periods = np.sort(trained["period"])
    axes[1, 1].plot(periods * 1e3, 1.0 / periods, color=GREY, linewidth=0.8, label="training")
    axes[1, 1].set_ylim(bottom=0.0)
    axes[1, 1].legend(fontsize=6)
    return _lettered(figure, axes)


def _draw_picture(ax: Axes, picture: Table, period: float) -> None:
    """Draw rates over time and neurons, and the end of the driven period."""
    time, neuron = np.unique(picture["time"]), np.unique(picture["neuron"])
    rates = picture["rate"].reshape(time.size, neuron.size).T
    field = ax.pcolormesh(
        time * 1e3, neuron, rates, cmap=FIELD_MAP, vmin=0, vmax=1, rasterized=True
    )
    ax.figure.colorbar(field, ax=ax, label="rate")
    ax.axvline(period * 1e3, color="white", linestyle=":", linewidth=1.2)
    ax.set(xlabel="time (ms): driven, then free", ylabel="neuron")


def draw_locking(locking: Table, tongue: Table, edge: Table) -> Figure:
    """Return where waves are held: while learning, over drive speed, and by which lead.

    Parameters
    ----------
    locking, tongue, edge : tables `learning_locking`, `_tongue`, `_tongue_edge`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.7))
    _draw_learning_locks(axes[0], locking)
    held = np.abs(tongue["frequency_ratio"] - 1.0) < HELD
    _draw_tongue(axes[1], tongue, edge, held)
    axes[2].plot([-90, 90], [-90, 90], color=BLACK, **THEORY)
    lead, predicted = (np.degrees(tongue[name][held]) for name in ("lead", "lead_predicted"))
    axes[2].plot(predicted, lead, color=GREEN, **SMALL_MARK)
    axes[2].set(xlabel="predicted lead (degrees)", ylabel="simulated lead (degrees)")
    axes[2].set_aspect("equal")
    _say_apart(axes[2], [lead - predicted], unit="°")
    return _lettered(figure, axes)


def _draw_learning_locks(ax: Axes, locking: Table) -> None:
    """Draw how far the frequency of learning waves is from that of their drive; full: held."""
    ax.axvspan(1.0, float(np.max(locking["strength"])), color=GREY, alpha=0.2, linewidth=0)
    ax.axhline(HELD, color=GREY, linewidth=0.8, linestyle="--")
    for (decay, part), colour in zip(groups(locking, "decay"), cycle(SERIES), strict=False):
        off = np.maximum(np.abs(part["frequency_ratio"] - 1.0), EXACTLY)
        label = f"λ = {decay:g}/s"
        ax.plot(part["strength"], off, color=colour, linewidth=0.8, linestyle=":", zorder=1)
        for shown, face in ((off < HELD, colour), (off >= HELD, "white")):
            edge = {"markerfacecolor": face, "markeredgecolor": colour, "markeredgewidth": 1.2}
            ax.plot(part["strength"][shown], off[shown], **{**MEASUREMENT, **edge})
        ax.plot([], [], color=colour, **MEASUREMENT, label=label)
    ax.set(xlabel="drive over predicted limit", ylabel="|wave/drive frequency - 1|", yscale="log")
    ax.legend(fontsize=6)
    above = locking["frequency_ratio"][locking["strength"] > 1.0]
    _say_apart(ax, [above - 1.0], where="grey: ")


def _draw_tongue(ax: Axes, tongue: Table, edge: Table, held: AnyArray) -> None:
    """Draw which drives hold the wave, and the predicted edge."""
    ax.plot(edge["speed"], edge["limit"], color=BLACK, **THEORY)
    for shown, face, label in ((held, GREEN, "held"), (~held, "white", "slips")):
        mark = {**MEASUREMENT, "markersize": 3.5, "markerfacecolor": face, "label": label}
        ax.plot(tongue["speed"][shown], tongue["amplitude"][shown], **mark)
    ax.set(xlabel="drive speed over training speed", ylabel="drive over limit at speed 1")
    ax.set_ylim(0.0, 1.3 * float(np.max(tongue["amplitude"])))
    ax.legend(fontsize=6, ncols=2, loc="upper right")
    astray = held != (tongue["amplitude"] > tongue["limit"])
    ax.set_title(f"{astray.sum()} of {held.size} on the wrong side", loc="right", fontsize=6)


def _kernel(ax: Axes, x: AnyArray, part: Table, *, color: str, first: int, label: str = "") -> None:
    """Draw prediction and every n-th learned weight, from the one numbered `first`."""
    order = np.argsort(x)
    ax.plot(x[order], part["predicted"][order], color=color, **THEORY)
    marks = order[first % len(order) :: max(len(order) // 30, 1)]
    ax.plot(x[marks], part["weight"][marks], color=color, **SMALL_MARK, label=label)


def _frequencies(ax: Axes, part: Table, varied: str, label: str) -> None:
    """Draw free frequencies and both predictions over the parameter that varies."""
    part = _by(part, varied)
    x = part[varied] * 1e3
    ax.plot(x, part["switch"], color=BLACK, **THEORY, label="input at the switch")
    ax.plot(x, part["continuum"], color=ORANGE, **SECOND_THEORY, label="first harmonic")
    ax.plot(x, part["frequency"], color=GREEN, **MEASUREMENT, label="simulation")
    ax.set(xlabel=label, ylabel="replay frequency (Hz)")
    _say_apart(ax, [part["frequency"] / part["switch"] - 1.0])


def _by(table: Table, key: str) -> dict[str, AnyArray]:
    """Return the rows in the order of one column."""
    order = np.argsort(table[key], kind="stable")
    return {name: values[order] for name, values in table.items()}


def _relative(part: Table, measured: str, predicted: str) -> FloatArray:
    """Return the differences of two columns over the largest predicted size."""
    off: FloatArray = (part[measured] - part[predicted]) / np.max(np.abs(part[predicted]))
    return off


def _say_apart(
    ax: Axes, differences: Iterable[FloatArray], *, unit: str = "", where: str = ""
) -> None:
    """Write at the upper right by how much simulation and theory differ at most."""
    sizes = np.abs(np.concatenate(list(differences)))
    known = sizes[np.isfinite(sizes)]  # nan: a wave that died
    if known.size:
        largest = float(known.max())
        text = f"difference {largest:.2g}{unit}" if unit else f"relative difference {largest:.1g}"
        ax.set_title(f"{where}largest {text}", loc="right", fontsize=6)


def _signed(distance: AnyArray) -> AnyArray:
    n = len(distance)
    signed: AnyArray = np.where(distance > n // 2, distance - n, distance)
    return signed


def _lettered(figure: Figure, axes: AnyArray) -> Figure:
    for ax, text in zip(axes.flat, ascii_uppercase, strict=False):
        letter(ax, text)
    return figure
