"""Figures of the ring of Senk et al. and of the microcircuit: simulation beside theory."""

from string import ascii_uppercase
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from cortex.plots.overview import draw_space_row
from cortex.plots.populations import draw_raster, draw_rates, growing_states
from cortex.plots.power import draw_power
from cortex.plots.save import Table
from cortex.plots.style import DOUBLE_COLUMN, letter


def draw_ring(
    rates: Table, observed: Table, modes: Table, space_time: Table, raster: Table
) -> Figure:
    """Return raster, space-time spectrum, dispersion and patterns, one row per state, and rates.

    Parameters
    ----------
    rates, observed, modes, space_time, raster : tables of network `senk_ring`
        `network_predicted_rates`, `network_observed_populations`, `network_predicted_modes`,
        `network_space_time`, `network_raster`, SI columns.
    """
    states = list(dict.fromkeys(modes["state"]))
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 2.6 * len(states) + 2.5))
    parts: Any = figure.subfigures(2, 1, height_ratios=(2.6 * len(states), 2.5))
    grid: Any = parts[0].subplots(len(states), 4, squeeze=False, width_ratios=(1, 1.25, 1, 1))
    for row, state in zip(grid, states, strict=True):
        draw_space_row(row, state, modes, space_time, raster)
        for ax in row:
            if ax.get_legend():  # above the letter
                ax.get_legend().set_bbox_to_anchor((1.0, 1.1))
    below: Any = parts[1].subplots(1, 2)
    for quantity, ax in zip(("nu", "cv"), below, strict=True):
        draw_rates(rates, observed, quantity=quantity, unstable=growing_states(modes), ax=ax)
    for ax, name in zip([*grid.ravel(), *below], ascii_uppercase, strict=False):
        letter(ax, name)
    return figure


def draw_circuit(
    rates: Table, observed: Table, predicted: Table, spectra: Table, raster: Table
) -> Figure:
    """Return raster, rates, irregularity and spectra of the microcircuit beside theory.

    Parameters
    ----------
    rates, observed, predicted, spectra, raster : tables of network `microcircuit`
        `network_predicted_rates`, `network_observed_populations`, `network_predicted_spectra`,
        `network_observed_spectra`, `network_raster`, SI columns.
    """
    names = list(dict.fromkeys(rates["population"]))
    order = [*names[0::2], *names[1::2]]
    half = (len(names) + 1) // 2
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 8.2))
    parts: Any = figure.subfigures(2, 1, height_ratios=(1.0, 2.0))
    top, bottom = parts
    panels: Any = top.subplots(1, 3, width_ratios=(1.4, 1, 1))
    draw_raster(raster, ax=panels[0])
    draw_rates(rates, observed, ax=panels[1])
    draw_rates(rates, observed, quantity="cv", ax=panels[2])
    grid: Any = bottom.subplots(4, half, height_ratios=(2, 1, 2, 1), sharex=True, squeeze=False)
    for i, name in enumerate(order):
        pair = grid[2 * (i // half) : 2 * (i // half) + 2, i % half]
        draw_power(predicted, spectra, name=name, ax=(pair[0], pair[1]))
        pair[0].set_title(name, loc="right", fontsize=8)
        pair[0].get_legend().remove()
        for ax in pair:
            ax.set_ylabel("" if i % half else ax.get_ylabel())
        if i // half == 0:
            pair[1].set_xlabel("")
    bottom.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    for ax, text in zip([*panels, grid[0, 0]], "ABCD", strict=True):
        letter(ax, text)
    return figure
