"""Figures of the LFP family: amplitudes, currents, ground truth."""

from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.style import (
    ABOVE,
    BLACK,
    BLUE,
    DOUBLE_COLUMN,
    EXCITATORY,
    FIELD_MAP,
    GREEN,
    GREY,
    INHIBITORY,
    ORANGE,
    PINK,
    RED,
    SERIES,
    SIGNED_MAP,
    SIMULATED,
    SKY,
    letter,
)
from cortex.steps.select import rows
from cortex.typing import AnyArray

PROFILE_TITLES: Final = {
    "mazzoni_population": "population (Mazzoni 2015)",
    "mazzoni_neuron": "one cell",
    "neuron_over_disc": "mean cell of a disc",
    "aussel": "dipole (Aussel 2018)",
    "aussel_modified": "dipole, modified",
    "two_monopole": "source and sink",
}
PROXY_TITLES: Final = {"abs_I": "sum |I|", "I": "sum I", "WS": "fitted sum"}
PROXY_COLOURS: Final = {
    "RWS": BLUE,
    "abs_I": RED,
    "I": GREEN,
    "AMPA": ORANGE,
    "GABA": PINK,
    "ERWS1": SKY,
    "ERWS2": GREY,
    "WS": BLACK,
}


def draw_amplitude(amplitude: Table) -> Figure:
    """Return the amplitude maps and their profiles along the axis.

    Parameters
    ----------
    amplitude : table `lfp_amplitude`, SI columns.
    """
    figure, axes = plt.subplots(2, 4, figsize=(DOUBLE_COLUMN, 4.6), sharey=True)
    panels = axes.ravel()
    shown = [name for name in PROFILE_TITLES if name in set(amplitude["profile"])]
    relative = {name: _relative(rows(amplitude, profile=name)) for name in shown}
    for ax, name, text in zip(panels, shown, ascii_uppercase, strict=False):
        field = _draw_map(ax, relative[name])
        ax.text(0.97, 0.03, PROFILE_TITLES[name], fontsize=6, ha="right", transform=ax.transAxes)
        letter(ax, text)
    gap = _relative(rows(amplitude, profile="neuron_over_disc"))
    gap["amplitude"] = gap["amplitude"] - relative["mazzoni_population"]["amplitude"]
    _draw_map(panels[6], gap)
    panels[6].text(
        0.97,
        0.03,
        "C - A",
        fontsize=6,
        ha="right",
        transform=panels[6].transAxes,
    )
    for colour, name, text in zip(SERIES, shown, ascii_uppercase, strict=False):
        near = relative[name]["r"] == 0.0
        profile = relative[name]["amplitude"][near]
        visible = np.where(np.abs(profile) < 4.0, profile, np.nan)  # no line from pole to pole
        panels[7].plot(
            visible, 1e6 * relative[name]["d"][near], color=colour, linewidth=1.0, label=text
        )
    panels[7].set(xlabel="amplitude on the axis", xlim=(-2.5, 2.5))
    panels[7].legend(fontsize=6, loc="upper right", handlelength=1.0)
    for ax, text in zip(panels[6:], "GH", strict=True):
        letter(ax, text)
    bar = figure.colorbar(field, ax=axes, shrink=0.6, extend="both", aspect=30)
    bar.set_label("amplitude / that 150 µm below the centre")
    for ax in axes[:, 0]:
        ax.set_ylabel("d (µm)")
    return figure


def draw_currents(currents: Table, spectra: Table, electrodes: Table) -> Figure:
    """Return currents from spikes over simulated ones, and spectra of the contacts.

    Parameters
    ----------
    currents, spectra, electrodes : tables `lfp_currents`, `lfp_spectra`, `lfp_electrodes`.
    """
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.6), width_ratios=(1.3, 0.9, 1.0))
    start = currents["time"].searchsorted(0.1)
    shown = slice(start, start + 1500)
    t = 1e3 * (currents["time"][shown] - currents["time"][start])
    for name, colour in (("ampa", EXCITATORY), ("gaba", INHIBITORY)):
        simulated = currents[f"{name}_simulated"] - currents[f"{name}_simulated"].mean()
        axes[0].plot(t, 1e12 * simulated[shown], color=colour, **SIMULATED)
        label = "gaba_rebuilt" if name == "gaba" else "ampa"
        derived = currents[label] - currents[label].mean()
        axes[0].plot(t, 1e12 * derived[shown], color=BLACK, linewidth=0.6, linestyle="--")
    top = 1e12 * max(np.ptp(currents[f"{k}_simulated"][shown]) for k in ("ampa", "gaba"))
    axes[0].set(xlabel="time (ms)", ylabel="current - mean (pA)", ylim=(-0.9 * top, 1.1 * top))
    axes[0].plot([], [], color=EXCITATORY, label="AMPA, simulated")
    axes[0].plot([], [], color=INHIBITORY, label="GABA, simulated")
    axes[0].plot([], [], color=BLACK, linestyle="--", label="from spikes")
    axes[0].legend(fontsize=6, loc="upper right")
    axes[1].plot(t, 1e12 * currents["gaba_unscaled"][shown], color=GREY, label="bare exponentials")
    axes[1].plot(t, 1e12 * currents["gaba"][shown], color=INHIBITORY, label="kernel of unit area")
    axes[1].set(xlabel="time (ms)", ylabel="GABA current (pA)")
    axes[1].legend(**ABOVE)
    _draw_contact_spectra(axes[2], spectra, electrodes)
    for ax, text in zip(axes, "ABC", strict=True):
        letter(ax, text)
    return figure


def draw_ground_truth(proxies: Table, fits: Table, surface: Table, traces: Table) -> Figure:
    """Return proxies against the cable: traces, depth profiles, medians, the fit.

    Parameters
    ----------
    proxies, fits, surface, traces : tables `lfp_proxies`, `lfp_fits`, `lfp_surface`,
        `lfp_ground_truth`, SI columns.
    """
    figure, axes = plt.subplots(2, 2, figsize=(DOUBLE_COLUMN, 4.6))
    first = str(fits["variant"][0])
    _draw_truth_traces(axes[0, 0], rows(traces, variant=first))
    _draw_depths(axes[0, 1], rows(proxies, variant=first))
    _draw_medians(axes[1, 0], proxies)
    _draw_surface(axes[1, 1], rows(surface, variant=first), rows(fits, variant=first))
    for ax, text in zip(axes.ravel(), "ABCD", strict=True):
        letter(ax, text)
    return figure


def _relative(table: Table) -> dict[str, AnyArray]:
    """Return a map over its value on the axis, 150 µm below the centre."""
    distance = np.hypot(table["r"], table["d"] + 150e-6)
    scale = np.abs(table["amplitude"][np.argmin(distance)])
    return {**table, "amplitude": table["amplitude"] / scale}


def _draw_map(ax: Axes, table: Table) -> Any:
    r, d = np.unique(table["r"]), np.unique(table["d"])
    values = table["amplitude"].reshape(len(r), len(d)).T
    limits: dict[str, Any] = {"vmin": -1.5, "vmax": 1.5, "rasterized": True}
    field = ax.pcolormesh(1e6 * r, 1e6 * d, values, cmap=SIGNED_MAP, **limits)
    ax.set_xlabel("r (µm)")
    return field


def _draw_contact_spectra(ax: Axes, spectra: Table, electrodes: Table) -> None:
    own = rows(electrodes, x=electrodes["x"].min())
    for colour, contact in zip((BLUE, GREEN), own["electrode"][[0, -1]], strict=True):
        power = rows(spectra, electrode=contact)
        band = power["frequency"] > 0.0
        z = 1e6 * float(rows(electrodes, electrode=contact)["z"][0])
        f = power["frequency"][band]
        ax.loglog(f, 1e12 * power["per_neuron"][band], color=colour, lw=0.9, label=f"{z:.0f} µm")
        ax.loglog(f, 1e12 * power["population"][band], color=colour, lw=0.7, ls="--")
    ax.plot([], [], color=GREY, lw=0.7, ls="--", label="one dipole")
    ax.set(xlabel="frequency (Hz)", ylabel="LFP spectrum (µV²/Hz)")
    ax.legend(fontsize=6)


def _draw_truth_traces(ax: Axes, traces: Table) -> None:
    depths = np.unique(traces["depth"])
    step = 3.0 * 1e6 * max(rows(traces, depth=z)["truth"].std() for z in depths)
    for level, z in enumerate(depths):
        run = rows(traces, depth=z)
        t, truth = 1e3 * run["time"], 1e6 * (run["truth"] - run["truth"].mean())
        shift = 2.0 * level * step
        ax.plot(t, shift + truth, color=GREY, linewidth=1.6, alpha=0.7)
        ax.plot(t, shift + 1e6 * run["rws"], color=BLUE, linewidth=0.8)
        ax.plot(t, shift + 1e6 * run["ws"], color=RED, linewidth=0.8, linestyle="--")
        ax.text(t[-1], shift, f" {1e6 * z:.0f} µm", fontsize=6, va="center")
    for colour, label in ((GREY, "cable"), (BLUE, "RWS"), (RED, "fitted sum")):
        ax.plot([], [], color=colour, label=label)
    ax.set(xlabel="time (ms)", yticks=[])
    ax.legend(ncols=3, fontsize=6, loc="upper center", bbox_to_anchor=(0.5, 1.12))


def _draw_depths(ax: Axes, proxies: Table) -> None:
    for name in dict.fromkeys(proxies["proxy"]):
        run = rows(proxies, proxy=name)
        ax.plot(run["r_squared"], 1e6 * run["depth"], color=PROXY_COLOURS[name], linewidth=1.1)
    ax.set(xlabel="explained variance", ylabel="depth (µm)", xlim=(0.0, 1.02))
    ax.text(0.03, 0.05, "colours as in C", fontsize=6, transform=ax.transAxes)


def _draw_medians(ax: Axes, proxies: Table) -> None:
    variants = list(dict.fromkeys(proxies["variant"]))
    kinds = list(dict.fromkeys(proxies["proxy"]))
    width = 0.8 / len(kinds)
    for k, kind in enumerate(kinds):
        runs = [rows(proxies, variant=v, proxy=kind)["r_squared"] for v in variants]
        middle = np.array([np.median(run) for run in runs])
        reach = np.array([(run.min(), run.max()) for run in runs]).T
        x = np.arange(len(variants)) + (k - 0.5 * (len(kinds) - 1)) * width
        ax.bar(x, middle, width, color=PROXY_COLOURS[kind], label=PROXY_TITLES.get(kind, kind))
        ax.errorbar(x, middle, np.abs(reach - middle), fmt="none", ecolor=BLACK, elinewidth=0.6)
    names = [name.replace("_", " ") for name in variants]
    ax.set(xticks=range(len(variants)), xticklabels=names, ylim=(0.0, 1.25))
    ax.set_ylabel("explained variance")
    ax.legend(ncols=4, fontsize=5.5, loc="upper center")


def _draw_surface(ax: Axes, surface: Table, fit: Table) -> None:
    alpha, delay = np.unique(surface["alpha"]), np.unique(surface["delay_ampa"])
    values = surface["r_squared"].reshape(len(alpha), len(delay)).T
    field = ax.pcolormesh(alpha, 1e3 * delay, values, cmap=FIELD_MAP, vmin=0.5, vmax=1.0)
    reference = fit["alpha_rws"], 1e3 * fit["delay_ampa_rws"]
    ax.plot(*reference, "ws", mec="black", ms=5, ls="", label="RWS")
    ax.plot(fit["alpha"], 1e3 * fit["delay_ampa"], "w*", mec="black", ms=9, ls="", label="best")
    ax.set(xscale="log", xlabel="weight of GABA", ylabel="delay of AMPA (ms)")
    ax.figure.colorbar(field, ax=ax, label="explained variance", extend="min")
    ax.legend(fontsize=6, loc="upper left", labelcolor="white")
