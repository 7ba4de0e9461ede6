"""Figures of the Brunel network: plane, states, theory against simulation, LFP."""

from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke

from cortex.plots.populations import draw_rates, growing_states, pooled_rate
from cortex.plots.power import draw_lfp_trace, draw_power, some_cycles
from cortex.plots.save import Table
from cortex.plots.style import (
    DOUBLE_COLUMN,
    FIELD_MAP,
    SINGLE_COLUMN,
    state_colours,
)
from cortex.steps.select import groups, rows

RATIO: Final = r"$\nu_{ext}/\nu_{thr}$"
OUTLINE: Final[list[AbstractPathEffect]] = [withStroke(linewidth=1.6, foreground="black")]
DISC: Final[dict[str, Any]] = {
    "s": 60,
    "edgecolor": "white",
    "linewidth": 1.3,
    "zorder": 3,
    "clip_on": False,
}
BESIDE: Final[dict[str, Any]] = {"xytext": (8, -9), "textcoords": "offset points", "fontsize": 7}
CONTOURS: Final = (5.0, 20.0, 50.0, 100.0, 200.0)
"""Rates (Hz) of the white contours of the plane."""


def draw_plane(plane: Table, points: Table, rates: Table, network: Table) -> Figure:
    """Return the predicted rate over (g, external rate) with the simulated states on it.

    Parameters
    ----------
    plane : summary of a sweep of model `network_theory`
        Over g and the ratio of the external rate, SI columns.
    points, rates, network : tables of network `brunel`
        `network_points`, `network_predicted_rates` and `network_observed`, SI columns.
    """
    figure, ax = plt.subplots(figsize=(SINGLE_COLUMN * 1.35, SINGLE_COLUMN))
    g, ratio = np.unique(plane["g"]), np.unique(plane["nu_ext_ratio"])
    nu = plane["nu_mean"].reshape(len(g), len(ratio)).T
    norm = LogNorm(vmin=1.0, vmax=400.0, clip=True)
    field = ax.pcolormesh(g, ratio, nu, norm=norm, cmap=FIELD_MAP, shading="gouraud")
    ax.contour(g, ratio, nu, levels=CONTOURS, colors="white", linewidths=0.7)
    for name, runs in groups(network, "state"):
        simulated = float(np.mean(runs["nu"]))
        at = (value_of(points, name, "g"), value_of(points, name, "nu_ext_ratio"))
        ax.scatter(*at, c=[simulated], norm=norm, cmap=FIELD_MAP, **DISC)
        predicted = pooled_rate(rows(rates, state=name))
        note = f"{name}  {predicted:.1f} / {simulated:.1f} Hz"
        beside = BESIDE | ({"ha": "right", "xytext": (-8, -9)} if at[0] > 5.5 else {})
        ax.annotate(note, at, **beside, color="white", path_effects=OUTLINE)
    ax.set(xlabel="relative inhibitory weight g", ylabel=f"external rate {RATIO}")
    ax.set(xlim=(g[0], g[-1]), ylim=(ratio[0], ratio[-1]))
    figure.colorbar(field, ax=ax, label="predicted rate (Hz)", extend="min")
    ax.set_title(
        "field: theory · discs: simulation\nnumbers: theory / simulation", loc="left", fontsize=7
    )
    return figure


def value_of(points: Table, state: str, key: str) -> float:
    """Return what a state sets a key to, in the unit of the key."""
    return float(rows(points, state=state, key=key)["value"][0])


def draw_theory(
    rates: Table, observed: Table, predicted: Table, spectra: Table, modes: Table
) -> Figure:
    """Return rates, CV and spectra of the population rate, predicted beside simulated.

    Parameters
    ----------
    rates, observed, predicted, spectra, modes : tables of network `brunel`
        `network_predicted_rates`, `network_observed_populations`, `network_predicted_spectra`,
        `network_observed_spectra`, `network_predicted_modes`, SI columns.
    """
    states = list(dict.fromkeys(rates["state"]))
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 5.2))
    parts: Any = figure.subfigures(2, 1, height_ratios=(1.0, 1.2))
    top, bottom = parts
    nu, cv = top.subplots(1, 2)
    for quantity, ax in (("nu", nu), ("cv", cv)):
        draw_rates(rates, observed, quantity=quantity, unstable=growing_states(modes), ax=ax)
    grid: Any = bottom.subplots(2, len(states), height_ratios=(2, 1), sharex="col", squeeze=False)
    draw_state_spectra(grid, states, predicted, spectra, modes, label="population", name="all")
    return figure


def draw_state_spectra(
    grid: Any,
    states: list[str],
    predicted: Table,
    spectra: Table,
    modes: Table,
    *,
    label: str,
    name: str,
) -> None:
    """Draw one spectrum of every state into a grid of two rows: spectra and their ratios."""
    limits: list[tuple[float, float]] = []
    for column, state in zip(grid.T, states, strict=True):
        draw_power(
            rows(predicted, state=state), rows(spectra, state=state), label=label, name=name,
            modes=rows(modes, state=state), ax=(column[0], column[1]),
        )  # fmt: skip
        limits.append(column[0].get_ylim())
        column[0].set_title(f"state {state}", loc="left", fontsize=8)
        column[0].get_legend().set_bbox_to_anchor((1.0, 1.12))
        for ax, others in zip(column, (grid[0], grid[1]), strict=True):
            labelled = [each for each in others if each.yaxis.get_visible() and each.get_ylabel()]
            if ax in labelled[1:]:  # the first that has a scale names it
                ax.set_ylabel("")
    for i, upper in enumerate(grid[0]):
        upper.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
        upper.tick_params(labelleft=i == 0)


def draw_lfp(traces: Table, spectra: Table) -> Figure:
    """Return the LFP proxy of each state in time and its spectrum.

    Parameters
    ----------
    traces, spectra : tables of network `brunel`
        `network_lfp` and `network_lfp_spectra`, SI columns.
    """
    colours = state_colours(traces["state"])
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 4.2))
    grid = figure.add_gridspec(len(colours), 2, width_ratios=(1.5, 1))
    spectrum = figure.add_subplot(grid[:, 1])
    for row, (name, colour) in enumerate(colours.items()):
        ax = figure.add_subplot(grid[row, 0])
        trace = rows(traces, state=name)
        draw_lfp_trace(trace, duration=some_cycles(trace), colour=colour, ax=ax)
        ax.set_ylabel(f"state {name}\n(pA)")
        if row < len(colours) - 1:
            ax.set_xlabel("")
        power = rows(spectra, state=name)
        mean = np.mean([part["power"] for _, part in groups(power, "seed")], axis=0)
        f = power["frequency"][: len(mean)]
        spectrum.loglog(f, mean * 1e24, color=colour, label=name, lw=0.9)
    spectrum.set(xlabel="frequency (Hz)", ylabel="spectrum of LFP proxy (pA²/Hz)")
    spectrum.legend(
        title="state, simulation", ncols=4, loc="lower right", bbox_to_anchor=(1.0, 1.0),
        fontsize=7, handlelength=1.2,
    )  # fmt: skip
    return figure
