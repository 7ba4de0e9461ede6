"""Figures of predicted LFP spectra: Brunel states, layers of the microcircuit, plane."""

from itertools import cycle

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from cortex.plots.brunel import state_colours
from cortex.plots.lfp import SIMULATED
from cortex.plots.save import Table
from cortex.plots.select import rows
from cortex.plots.style import (
    BLACK,
    DOUBLE_COLUMN,
    FIELD_MAP,
    SERIES,
    SIGNED_MAP,
    THEORY,
    letter,
)


def draw_spectra(states: Table) -> Figure:
    """Return predicted over simulated LFP spectra of the Brunel states.

    Parameters
    ----------
    states : table `lfp_states`, SI columns.
    """
    colours = state_colours(states["state"])
    figure, axes = plt.subplots(
        1, len(colours), figsize=(DOUBLE_COLUMN, 2.4), sharex=True, squeeze=False
    )
    for ax, (name, colour) in zip(axes[0], colours.items(), strict=True):
        run = rows(states, state=name)
        power, spread = 1e24 * run["simulated"], 1e24 * run["spread"]
        ax.loglog(run["frequency"], power, color=colour, **SIMULATED, label="simulation")
        low = np.maximum(power - spread, 0.1 * power)
        ax.fill_between(run["frequency"], low, power + spread, color=colour, alpha=0.2, lw=0)
        known = np.isfinite(run["predicted"])
        ax.loglog(
            run["frequency"][known],
            1e24 * run["predicted"][known],
            color=BLACK,
            **THEORY,
            label="theory",
        )
        if run["growth"][0] >= 0.0:
            ax.axvline(run["mode_frequency"][0], color=BLACK, linestyle="--", lw=1.0)
        note = "theory" if known.any() else _why_no_spectrum(run)
        ax.set_title(note, loc="right", fontsize=6.5)
        ax.set(xlabel="frequency (Hz)", xlim=(4.0, run["frequency"].max()))
        letter(ax, name)
    axes[0, 0].set_ylabel("LFP spectrum (pA²/Hz)")
    return figure


def draw_circuit(layers: Table) -> Figure:
    """Return predicted over simulated LFP spectra of the layers of the microcircuit.

    Parameters
    ----------
    layers : table `lfp_states` with a layer for each state, SI columns.
    """
    names = list(dict.fromkeys(layers["state"]))
    figure, axes = plt.subplots(
        1, len(names), figsize=(DOUBLE_COLUMN, 2.4), sharex=True, sharey=True, squeeze=False
    )
    for ax, name, colour in zip(axes[0], names, cycle(SERIES), strict=False):
        run = rows(layers, state=name)
        ax.loglog(run["frequency"], 1e24 * run["simulated"], color=colour, **SIMULATED)
        ax.loglog(run["frequency"], 1e24 * run["predicted"], color=BLACK, **THEORY)
        ax.set(xlabel="frequency (Hz)", xlim=(4.0, run["frequency"].max()))
        letter(ax, name)
    axes[0, 0].set_ylabel("LFP spectrum (pA²/Hz)")
    return figure


def draw_plane(plane: Table) -> Figure:
    """Return the LFP over the Brunel plane: size, theory over simulation, spectra.

    Parameters
    ----------
    plane : table `lfp_plane`, SI columns.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.5), width_ratios=(1, 1, 1.2))
    g, ratio = np.unique(plane["g"]), np.unique(plane["nu_ext_ratio"])
    f = np.unique(plane["frequency"])
    shape = (len(g), len(ratio), len(f))
    simulated, predicted = (plane[k].reshape(shape) for k in ("simulated", "predicted"))
    size = 1e12 * plane["lfp_sd"].reshape(shape)[..., 0]
    field = axes[0].pcolormesh(g, ratio, size.T, norm=LogNorm(), cmap=FIELD_MAP)
    figure.colorbar(field, ax=axes[0], label="standard deviation (pA)")
    excess = plane["power_ratio"].reshape(shape)[..., 0]
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
    axes[2].set(xlabel="frequency (Hz)", ylabel="LFP spectrum (pA²/Hz)", xlim=(4.0, f.max()))
    axes[2].set_title(f"external rate {ratio[column]:.2g}", loc="right", fontsize=6.5)
    axes[2].legend(fontsize=6, loc="lower left")
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def _why_no_spectrum(run: Table) -> str:
    return "unstable mode (dashed)" if run["growth"][0] >= 0.0 else "regular firing: no theory"
