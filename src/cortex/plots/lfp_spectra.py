"""Figures of predicted LFP spectra: Brunel states, layers of the microcircuit, plane."""

from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from cortex.plots.brunel import draw_state_spectra
from cortex.plots.power import draw_power, draw_ratio
from cortex.plots.save import Table
from cortex.plots.style import (
    DOUBLE_COLUMN,
    FIELD_MAP,
    SERIES,
    SIGNED_MAP,
    SIMULATED,
    THEORY,
    letter,
)
from cortex.steps.select import rows

RATIOS: Final = (0.05, 20.0)
"""Range of the ratios of several spectra in one panel."""


def draw_spectra(predicted: Table, spectra: Table, modes: Table) -> Figure:
    """Return predicted over simulated LFP spectra of the Brunel states, with their ratios.

    Parameters
    ----------
    predicted, spectra, modes : tables of network `brunel`
        `network_predicted_lfp`, `network_lfp_spectra`, `network_predicted_modes`, SI columns.
    """
    states = list(dict.fromkeys(spectra["state"]))
    figure, axes = plt.subplots(
        2,
        len(states),
        figsize=(DOUBLE_COLUMN, 3.4),
        height_ratios=(2, 1),
        sharex="col",
        squeeze=False,
    )
    (name, *_) = dict.fromkeys(spectra["signal"])
    draw_state_spectra(axes, states, predicted, spectra, modes, label="signal", name=name)
    return figure


def draw_circuit(predicted: Table, spectra: Table) -> Figure:
    """Return predicted over simulated LFP spectra of the layers of the microcircuit.

    Parameters
    ----------
    predicted, spectra : tables of network `bos2016`
        `network_predicted_lfp` and `network_lfp_spectra`, a signal per layer, SI columns.
    """
    names = list(dict.fromkeys(spectra["signal"]))
    figure, axes = plt.subplots(
        2,
        len(names),
        figsize=(DOUBLE_COLUMN, 3.2),
        height_ratios=(2, 1),
        sharex="col",
        squeeze=False,
    )
    for i, (column, name) in enumerate(zip(axes.T, names, strict=True)):
        draw_power(predicted, spectra, label="signal", name=name, ax=(column[0], column[1]))
        column[0].set_title(name, loc="left", fontsize=8, fontweight="bold")
        column[0].get_legend().remove()
        for ax in column:
            ax.set_ylabel("" if i else ax.get_ylabel())
    figure.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2, fontsize=7
    )
    return figure


def draw_plane(plane: Table, spectra: Table) -> Figure:
    """Return the LFP over the Brunel plane: size, theory over simulation, spectra.

    Parameters
    ----------
    plane, spectra : summary of a sweep of model `network`, its array `lfp_spectrum`
        Over g and the ratio of the external rate, SI columns.
    """
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 3.0))
    grid = figure.add_gridspec(2, 3, width_ratios=(1, 1, 1.2), height_ratios=(1.6, 1))
    axes = [figure.add_subplot(grid[:, i]) for i in range(2)]
    axes += [figure.add_subplot(grid[i, 2]) for i in range(2)]
    g, ratio = np.unique(plane["g"]), np.unique(plane["nu_ext_ratio"])
    first = rows(spectra, replicate=0)
    f, shape = np.unique(first["frequency"]), (len(g), len(ratio))
    simulated, predicted = (
        first[name].reshape(*shape, len(f)) for name in ("lfp_power", "lfp_power_theory")
    )
    size = 1e12 * plane["lfp_sd_mean"].reshape(shape)
    field = axes[0].pcolormesh(g, ratio, size.T, norm=LogNorm(), cmap=FIELD_MAP)
    figure.colorbar(field, ax=axes[0], label="standard deviation (pA)")
    excess = plane["lfp_power_ratio_mean"].reshape(shape)
    field = axes[1].pcolormesh(g, ratio, excess.T, cmap=SIGNED_MAP, norm=LogNorm(0.1, 10.0))
    figure.colorbar(field, ax=axes[1], label="theory / simulation", extend="both")
    axes[1].set_facecolor("lightgrey")
    for ax in axes[:2]:
        ax.set(xlabel="relative inhibition g", ylabel=r"$\nu_{ext}/\nu_{thr}$")
    axes[1].set_title("grey: unstable", loc="right", fontsize=6.5)
    column = int(np.argmin(np.abs(ratio - 2.0)))
    for colour, i in zip(
        SERIES, np.linspace(0, len(g) - 1, min(len(g), 3)).astype(int), strict=False
    ):
        axes[2].loglog(f, 1e24 * simulated[i, column], color=colour, **SIMULATED)
        axes[2].loglog(
            f, 1e24 * predicted[i, column], color=colour, **THEORY, label=f"g = {g[i]:g}"
        )
        draw_ratio(f, predicted[i, column], simulated[i, column][None], colour=colour, ax=axes[3])
    axes[2].set(ylabel="spectrum (pA²/Hz)", xlim=(4.0, f.max()))
    axes[3].set(xlim=(4.0, f.max()), ylim=RATIOS)
    axes[3].set_yticks([0.1, 1.0, 10.0], ["0.1", "1", "10"])
    axes[3].set_title("", loc="right")
    axes[2].set_title(f"external rate {ratio[column]:.2g}", loc="right", fontsize=6.5)
    axes[2].legend(fontsize=6, loc="lower left")
    for ax, text in zip(axes, "ABCD", strict=True):
        letter(ax, text)
    return figure
