"""Figures of the learning ring: kernels, learning rate, replay, locking to the drive."""

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
    RED,
    SERIES,
    THEORY,
    letter,
)
from cortex.typing import AnyArray

SECOND_THEORY: Final[dict[str, Any]] = {**THEORY, "linestyle": "--", "linewidth": 1.1}
SMALL_MARK: Final[dict[str, Any]] = {**MEASUREMENT, "markersize": 3.0, "markeredgewidth": 0.4}
HELD: Final = 0.005
VARIANTS: Final = (
    ("distributed delays", ORANGE),
    ("rate noise", BLUE),
    ("presynaptic derivative", RED),
)


def draw_kernels(kernels: Table) -> Figure:
    """Return learned kernels over distance, collapsed on the lead, their variants and spread.

    Parameters
    ----------
    kernels : table `learning_kernels`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.9))
    delays = [name for name in dict.fromkeys(kernels["case"]) if str(name).startswith("delay")]
    for number, (colour, name) in enumerate(zip(SERIES, delays, strict=False)):
        rows = _case(kernels, name)
        shift = _signed(rows["distance"])
        style: dict[str, Any] = {"color": colour, "first": 3 * number}
        _kernel(axes[0, 0], shift, rows, **style, label=name.removeprefix("delay "))
        _kernel(axes[0, 1], rows["lead"] * 1e3, rows, **style)
    rows = _by(_case(kernels, delays[0]), "lead")
    form = axes[0, 1].plot(
        rows["lead"] * 1e3, rows["closed_form"], color=BLACK, **SECOND_THEORY, label="closed form"
    )
    axes[0, 0].legend(
        title="delay", ncols=3, fontsize=6, loc="lower center", bbox_to_anchor=(0.5, 1.0)
    )
    axes[0, 1].legend(handles=form, loc="upper left")
    for number, (name, colour) in enumerate(VARIANTS):
        rows = _case(kernels, name)
        x = rows["lead"] * 1e3
        _kernel(axes[1, 0], x, rows, color=colour, first=3 * number, label=name)
        itself = rows["distance"] == 0
        axes[1, 0].plot(x[itself], rows["weight"][itself], color=colour, **SMALL_MARK)
    axes[1, 0].legend(fontsize=6)
    rows = _by(_case(kernels, "full matrix"), "lead")
    axes[1, 1].plot(rows["lead"] * 1e3, rows["spread_predicted"], color=BLACK, **THEORY)
    axes[1, 1].plot(rows["lead"][::8] * 1e3, rows["spread"][::8], color=GREEN, **SMALL_MARK)
    axes[0, 0].set(xlabel="target minus source (neurons)", ylabel="learned weight")
    for ax in (axes[0, 1], axes[1, 0]):
        ax.set(xlabel="lead of the source less the delay (ms)", ylabel="learned weight")
    axes[1, 1].set(
        xlabel="lead of the source less the delay (ms)", ylabel="spread along a diagonal"
    )
    axes[1, 1].set_ylim(0.0, 1.2 * float(np.max(rows["spread"])))
    return _lettered(figure, axes)


def draw_learning_rate(sweep: Table, residuals: Table) -> Figure:
    """Return the residual over time and learning rate, and the kernel over decay and size.

    Parameters
    ----------
    sweep, residuals : tables `learning_sweep` and `learning_residuals`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.9))
    betas = np.unique(residuals["beta"])
    for colour, beta in zip(SERIES, betas, strict=False):
        rows = _rows(residuals, residuals["beta"] == beta)
        first = _rows(rows, rows["replicate"] == 0)
        axes[0, 0].plot(first["time"], first["predicted"], color=colour, **THEORY)
        label = f"{beta:g}"
        axes[0, 0].plot(rows["time"], rows["residual"], color=colour, **SMALL_MARK, label=label)
        last = _rows(rows, rows["time"] == rows["time"].max())
        x = np.full(len(last["time"]), beta)
        axes[0, 1].plot(x, last["residual"], color=colour, **MEASUREMENT)
        axes[0, 1].plot(x, last["error"], color=colour, **{**MEASUREMENT, "marker": "v"})
    last = _rows(residuals, residuals["time"] == residuals["time"].max())
    last = _by(_rows(last, last["replicate"] == 0), "beta")
    axes[0, 1].plot(last["beta"], last["predicted"], color=BLACK, **THEORY)
    axes[0, 0].legend(
        title="learning rate β", ncols=4, fontsize=6, loc="lower center", bbox_to_anchor=(0.5, 1.0)
    )
    axes[0, 0].set(xlabel="time (s)", ylabel="distance from the fixed point", yscale="log")
    axes[0, 0].set_ylim(bottom=1e-8)
    axes[0, 1].set(xlabel="learning rate β", ylabel="distance at the end", xscale="log")
    axes[0, 1].set(yscale="log", ylim=(1e-15, 10.0))
    marks = [Line2D([], [], color=GREY, **{**MEASUREMENT, "marker": m}) for m in "ov"]
    axes[0, 1].legend(marks, ["from the fixed point", "from the predicted transient"])
    for ax, varied, column, label in (
        (axes[1, 0], "decay", "decay", "decay λ (1/s)"),
        (axes[1, 1], "n_neurons", "n_neurons", "neurons at the same period"),
    ):
        rows = _by(_rows(sweep, sweep["varied"] == varied), column)
        ax.plot(rows[column], rows["kernel_max_predicted"], color=BLACK, **THEORY, label="theory")
        ax.plot(rows[column], rows["kernel_max"], color=GREEN, **MEASUREMENT, label="simulation")
        ax.set(xlabel=label, ylabel="largest weight", xscale="log")
        ax.legend()
    axes[1, 0].set_yscale("log")
    axes[1, 1].set_ylim(0.0, 1.15 * float(np.max(rows["kernel_max_predicted"])))
    return _lettered(figure, axes)


def draw_replay(replay: Table, picture: Table) -> Figure:
    """Return a driven and then free wave, and the frequency of free waves against theory.

    Parameters
    ----------
    replay, picture : tables `learning_replay` and `learning_picture`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.6))
    time, neuron = np.unique(picture["time"]), np.unique(picture["neuron"])
    rates = picture["rate"].reshape(time.size, neuron.size).T
    field = axes[0, 0].pcolormesh(
        time * 1e3, neuron, rates, cmap=FIELD_MAP, vmin=0, vmax=1, rasterized=True
    )
    figure.colorbar(field, ax=axes[0, 0], label="rate")
    control = _rows(replay, replay["varied"] == "control")
    period = float(control["period"][0])
    axes[0, 0].axvline(period * 1e3, color="white", linestyle=":", linewidth=1.2)
    axes[0, 0].set(xlabel="time (ms): driven, then free", ylabel="neuron")
    _frequencies(axes[0, 1], _rows(replay, replay["varied"] == "tau_d"), "tau_d")
    axes[0, 1].plot(
        control["tau_d"] * 1e3, control["frequency"], color=RED, **MEASUREMENT, label="control rule"
    )
    axes[0, 1].axhline(float(control["switch"][0]), color=RED, linewidth=0.8, xmax=0.6)
    axes[0, 1].axhline(0.0, color=GREY, linewidth=0.6)
    axes[0, 1].legend(fontsize=6)
    _frequencies(axes[1, 0], _rows(replay, replay["varied"] == "tau_x"), "tau_x")
    _frequencies(axes[1, 1], _rows(replay, replay["varied"] == "period"), "period")
    axes[0, 1].set(xlabel="delay τ_d (ms)")
    axes[1, 0].set(xlabel="time constant of the rates τ_x (ms)")
    axes[1, 1].set(xlabel="period of the training wave T (ms)")
    periods = _by(_rows(replay, replay["varied"] == "period"), "period")["period"]
    axes[1, 1].plot(periods * 1e3, 1.0 / periods, color=GREY, linewidth=0.8, label="training")
    axes[1, 1].set_ylim(bottom=0.0)
    axes[1, 1].legend(fontsize=6)
    return _lettered(figure, axes)


def draw_locking(locking: Table, tongue: Table, edge: Table) -> Figure:
    """Return where waves are held: while learning, over drive speed, and by which lead.

    Parameters
    ----------
    locking, tongue, edge : tables `learning_locking`, `_tongue`, `_tongue_edge`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.7))
    axes[0].axvspan(1.0, float(np.max(locking["strength"])), color=GREY, alpha=0.2, linewidth=0)
    for colour, decay in zip(SERIES, np.unique(locking["decay"]), strict=False):
        rows = _rows(locking, locking["decay"] == decay)
        label = f"λ = {decay:g}/s"
        mark = {**MEASUREMENT, "linestyle": ":"}
        axes[0].plot(rows["strength"], rows["frequency_ratio"], color=colour, **mark, label=label)
    axes[0].set(xlabel="drive over predicted limit", ylabel="wave over drive frequency")
    axes[0].legend(fontsize=6)
    held = np.abs(tongue["frequency_ratio"] - 1.0) < HELD
    axes[1].plot(edge["speed"], edge["limit"], color=BLACK, **THEORY)
    for chosen, face, label in ((held, GREEN, "held"), (~held, "white", "slips")):
        mark = {**MEASUREMENT, "markersize": 3.5, "markerfacecolor": face, "label": label}
        axes[1].plot(tongue["speed"][chosen], tongue["amplitude"][chosen], **mark)
    axes[1].set(xlabel="drive speed over training speed", ylabel="drive over limit at speed 1")
    axes[1].set_ylim(0.0, 1.3 * float(np.max(tongue["amplitude"])))
    axes[1].legend(fontsize=6, ncols=2, loc="upper right")
    axes[2].plot([-90, 90], [-90, 90], color=BLACK, **THEORY)
    lead, predicted = np.degrees(tongue["lead"]), np.degrees(tongue["lead_predicted"])
    axes[2].plot(predicted[held], lead[held], color=GREEN, **SMALL_MARK)
    axes[2].set(xlabel="predicted lead (degrees)", ylabel="simulated lead (degrees)")
    axes[2].set_aspect("equal")
    return _lettered(figure, axes)


def _kernel(ax: Axes, x: AnyArray, rows: Table, *, color: str, first: int, label: str = "") -> None:
    """Draw prediction and every n-th learned weight, from the one numbered `first`."""
    order = np.argsort(x)
    ax.plot(x[order], rows["predicted"][order], color=color, **THEORY)
    marks = order[first % len(order) :: max(len(order) // 30, 1)]
    ax.plot(x[marks], rows["weight"][marks], color=color, **SMALL_MARK, label=label)


def _frequencies(ax: Axes, rows: Table, varied: str) -> None:
    rows = _by(rows, varied)
    x = rows[varied] * 1e3
    ax.plot(x, rows["switch"], color=BLACK, **THEORY, label="input at the switch")
    ax.plot(x, rows["continuum"], color=ORANGE, **SECOND_THEORY, label="first harmonic")
    ax.plot(x, rows["frequency"], color=GREEN, **MEASUREMENT, label="simulation")
    ax.set(ylabel="replay frequency (Hz)")


def _case(kernels: Table, name: str) -> dict[str, AnyArray]:
    return _rows(kernels, kernels["case"] == name)


def _rows(table: Table, chosen: AnyArray) -> dict[str, AnyArray]:
    return {key: values[chosen] for key, values in table.items()}


def _by(table: Table, key: str) -> dict[str, AnyArray]:
    return _rows(table, np.argsort(table[key], kind="stable"))


def _signed(distance: AnyArray) -> AnyArray:
    n = len(distance)
    signed: AnyArray = np.where(distance > n // 2, distance - n, distance)
    return signed


def _lettered(figure: Figure, axes: AnyArray) -> Figure:
    for ax, text in zip(axes.flat, "ABCD", strict=False):
        letter(ax, text)
    return figure
