"""Figures of the default sweeps: phase diagram, trust in theory, learning rate, delay, LFP."""

from itertools import cycle
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.style import (
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    GREEN,
    GREY,
    MEASUREMENT,
    ORANGE,
    PINK,
    RED,
    SERIES,
    SIGNED_MAP,
    SKY,
    THEORY,
    YELLOW,
    letter,
)
from cortex.steps.select import groups, rows
from cortex.typing import AnyArray, FloatArray

RATIO: Final = r"$\nu_{ext}/\nu_{thr}$"
FAILED: Final = ""  # what the tables of a sweep hold for a point that failed
REGIMES: Final = {
    "SR": RED,
    "AR": PINK,
    "AI": GREEN,
    "SI fast": ORANGE,
    "SI slow": BLUE,
    "silent": GREY,
    "undetermined": SKY,
    FAILED: YELLOW,
}


def draw_phase_diagram(sweep: Table, regimes: Table, refined: Table) -> Figure:
    """Return simulated regimes under the predicted borders, rates against theory, refinement.

    Parameters
    ----------
    sweep : summary of a sweep of model `network`, SI columns.
    regimes : map of a refined sweep of model `network_theory`, SI columns.
    refined : map of a refined sweep of model `network`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.75), width_ratios=(1.15, 1, 1.15))
    _draw_simulated(axes[0], sweep)
    _draw_borders(axes[0], regimes)
    _draw_rates(axes[1], sweep)
    _draw_refinement(axes[2], refined)
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    shown = {*sweep["regime"], *refined["regime"]}
    for name in (each for each in REGIMES if each in shown - {*sweep["regime"]}):
        looks = MEASUREMENT | {"marker": "s", "color": REGIMES[name]}
        axes[0].plot([], [], **looks, label=name or "failed")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def _draw_simulated(ax: Axes, sweep: Table) -> None:
    for name, colour in REGIMES.items():
        here = rows(sweep, regime=name)
        if here["g"].size:
            style = MEASUREMENT | {"marker": "s", "color": colour, "clip_on": False}
            ax.plot(here["g"], here["nu_ext_ratio"], **style, label=name or "failed")
    ax.set(xlabel="relative inhibitory weight g", ylabel=f"external rate {RATIO}")
    ax.set_title("squares: simulation", loc="right", fontsize=7)


def _draw_borders(ax: Axes, regimes: Table) -> None:
    """Draw the borders between predicted regimes."""
    g, ratio = np.unique(regimes["g"]), np.unique(regimes["nu_ext_ratio"])
    field = regimes["regime"].reshape(len(g), len(ratio)).T
    for name in REGIMES:
        inside = (field == name).astype(float)
        if name != FAILED and 0.0 < inside.mean() < 1.0:
            ax.contour(g, ratio, inside, levels=[0.5], colors=BLACK, linewidths=1.6)
    ax.plot([], [], color=BLACK, **THEORY, label="predicted borders")


def _draw_rates(ax: Axes, sweep: Table) -> None:
    for name, colour in REGIMES.items():
        here = (sweep["regime"] == name) & (sweep["nu_mean"] > 0.0)
        if here.any():
            ax.errorbar(
                sweep["nu_theory_mean"][here],
                sweep["nu_mean"][here],
                yerr=np.nan_to_num(sweep["nu_sd"][here]),
                **(MEASUREMENT | {"markersize": 3.0, "markeredgewidth": 0.4}),
                color=colour,
            )
    limits = (0.5, 600.0)
    ax.plot(limits, limits, color=BLACK, **THEORY)
    ax.set(xscale="log", yscale="log", xlim=limits, ylim=limits)
    ax.set(xlabel="predicted rate (Hz)", ylabel="simulated rate (Hz)")


def _draw_refinement(ax: Axes, refined: Table) -> None:
    g, ratio = np.unique(refined["g"]), np.unique(refined["nu_ext_ratio"])
    names = [name for name in REGIMES if (refined["regime"] == name).any()]
    codes = np.array([names.index(each) for each in refined["regime"]], dtype=float)
    ax.pcolormesh(
        g,
        ratio,
        codes.reshape(len(g), len(ratio)).T,
        cmap=ListedColormap([REGIMES[name] for name in names]),
        vmin=-0.5,
        vmax=len(names) - 0.5,
        alpha=0.55,
        shading="nearest",
    )
    done = refined["computed"].astype(bool)
    ax.plot(refined["g"][done], refined["nu_ext_ratio"][done], "k.", markersize=1.2)
    ax.set(xlabel="relative inhibitory weight g", ylabel=f"external rate {RATIO}")
    ax.set_title(f"{done.sum()} of {done.size} points simulated", loc="right", fontsize=7)


def draw_trust(sweep: Table, regimes: Table) -> Figure:
    """Return by how much simulation departs from theory, over the plane and over synchrony.

    Silent networks are hatched: the ratio of two rates near zero says nothing.

    Parameters
    ----------
    sweep : summary of a sweep of model `network`, SI columns.
    regimes : map of a refined sweep of model `network_theory`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.6), width_ratios=(1.15, 1.15, 1))
    fires = np.where(sweep["regime"] == "silent", np.nan, 1.0)
    rate = 100.0 * fires * (sweep["nu_mean"] / sweep["nu_theory_mean"] - 1.0)
    _draw_departure(axes[0], sweep, rate, 20.0, "rate: simulated over predicted, less 1 (%)")
    irregularity = fires * (sweep["cv_mean"] - sweep["cv_theory_mean"])
    _draw_departure(axes[1], sweep, irregularity, 0.5, "CV of ISIs: simulated - predicted")
    for ax in axes[:2]:
        _draw_borders(ax, regimes)
    _draw_cause(axes[2], sweep, rate)
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def _draw_departure(ax: Axes, sweep: Table, departure: FloatArray, top: float, label: str) -> None:
    g, ratio = np.unique(sweep["g"]), np.unique(sweep["nu_ext_ratio"])
    field = departure.reshape(len(g), len(ratio)).T
    ax.patch.set(facecolor="white", edgecolor=GREY, hatch="////", linewidth=0.0)
    image = ax.pcolormesh(g, ratio, field, cmap=SIGNED_MAP, vmin=-top, vmax=top, shading="nearest")
    bar = ax.figure.colorbar(image, ax=ax, location="bottom", extend="both", aspect=30)
    bar.set_label(label)
    ax.set(xlabel="relative inhibitory weight g", ylabel=f"external rate {RATIO}")


def _draw_cause(ax: Axes, sweep: Table, rate: FloatArray) -> None:
    """Draw the departure of the rate over the synchrony that the theory leaves out."""
    for name, colour in REGIMES.items():
        here = (sweep["regime"] == name) & np.isfinite(rate)
        if here.any():
            looks = MEASUREMENT | {"markersize": 3.0, "markeredgewidth": 0.4, "color": colour}
            ax.plot(sweep["rate_std_ratio_mean"][here], rate[here], **looks, label=name)
    ax.axhline(0.0, color=BLACK, **THEORY)
    ax.set(xlabel="SD over mean of population rate", ylabel="departure of the rate (%)")
    ax.set_xlim(0.0, None)
    ax.legend(loc="upper center", bbox_to_anchor=(0.45, -0.28), ncols=3, handletextpad=0.1)


def draw_lines(learning: Table, delay: Table, lfp: Table) -> Figure:
    """Return three sweeps of one parameter: learning rate, delay, weight of GABA in the LFP.

    Parameters
    ----------
    learning, delay, lfp : summaries of sweeps of the models `learning`, `senk_theory` and
        `network`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.5))
    _draw_learning(axes[0], learning)
    _draw_delay(axes[1], delay)
    _draw_lfp(axes[2], lfp)
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def _draw_learning(ax: Axes, learning: Table) -> None:
    beta = learning["beta"]
    ax.plot(beta, learning["kernel_max_predicted_mean"], color=BLACK, **THEORY, label="theory")
    _draw_mean(ax, beta, learning, "kernel_max", 1.0, color=BLUE, label="simulation")
    ax.set(xscale="log", xlabel=r"learning rate $\beta$", ylabel="largest learned weight")
    ax.set_ylim(0.0, 1.25 * float(np.nanmax(learning["kernel_max_predicted_mean"])))
    ax.legend(loc="lower right")


def _draw_delay(ax: Axes, delay: Table) -> None:
    d = delay["delay"] * 1e3
    lines: dict[str, Any] = {"_rate_model": (SKY, "rate model"), "": (BLACK, "spiking model")}
    for model, (colour, label) in lines.items():
        frequency = delay[f"frequency{model}_mean"]
        frequency = np.where(frequency > 1e-3, frequency, np.nan)  # static modes have none
        unstable = delay[f"growth{model}_mean"] > 0.0
        ax.plot(d, np.where(unstable, frequency, np.nan), color=colour, **THEORY, label=label)
        ax.plot(
            d, np.where(unstable, np.nan, frequency), color=colour, linestyle=":", linewidth=1.0
        )
    ax.set(xlabel="delay (ms)", ylabel="frequency of the fastest mode (Hz)", ylim=(0, None))
    ax.legend(title="solid: grows into a wave", title_fontsize=7)


def _draw_lfp(ax: Axes, lfp: Table) -> None:
    for (g, part), colour in zip(groups(lfp, "g"), cycle(SERIES), strict=False):
        _draw_mean(ax, part["alpha"], part, "lfp_sd", 1e12, color=colour, label=f"g = {g:g}")
        ax.plot(part["alpha"], part["lfp_sd_mean"] * 1e12, color=colour, linewidth=0.6, alpha=0.6)
    ax.set(xlabel=r"weight of GABA $\alpha$", ylabel="SD of the LFP proxy (pA)")
    ax.legend()


def _draw_mean(
    ax: Axes, x: FloatArray | AnyArray, table: Table, name: str, scale: float, **looks: Any
) -> None:
    """Draw mean and standard deviation over seeds."""
    spread = np.nan_to_num(table[f"{name}_sd"]) * scale
    ax.errorbar(x, table[f"{name}_mean"] * scale, yerr=spread, **MEASUREMENT, **looks)
