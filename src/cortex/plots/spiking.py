"""Figures of spiking simulations beside theory: waves on the ring, the microcircuit."""

from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.select import rows
from cortex.plots.style import (
    BLACK,
    DOUBLE_COLUMN,
    EXCITATORY,
    FIELD_MAP,
    INHIBITORY,
    MEASUREMENT,
    ORANGE,
    THEORY,
    letter,
)

MAX_WAVES: Final = 8


def draw_ring(statistics: Table, modes: Table, spectra: Table, rasters: Table) -> Figure:
    """Return raster, space-time spectrum and dispersion of the ring, one row per case.

    Parameters
    ----------
    statistics, modes, spectra, rasters : tables `ring_statistics`, `ring_modes`,
        `ring_spectra`, `ring_rasters`, SI columns.
    """
    cases = list(dict.fromkeys(statistics["case"]))
    figure, axes = plt.subplots(
        len(cases),
        3,
        figsize=(DOUBLE_COLUMN, 2.3 * len(cases)),
        squeeze=False,
        layout="constrained",
    )
    for row, case in zip(axes, cases, strict=True):
        mine = rows(statistics, case=case)
        g = mine["g"][0]
        _draw_raster(row[0], rows(rasters, case=case, network=0))
        row[0].set_title(f"simulation, g = {g:g}", loc="right", fontsize=8)
        _draw_space_time(row[1], rows(spectra, case=case, network=0))
        predicted = rows(modes, case=case)
        growing = predicted["growth"] > 0.0
        numbers, tones = predicted["wave_number"][growing], predicted["frequency"][growing]
        row[1].plot([*numbers, *-numbers], [*tones, *tones], "x", color=ORANGE, label="theory")
        row[1].legend(loc="upper right", fontsize=6, labelcolor="white")
        _draw_dispersion(row[2], predicted, mine)
    for ax, name in zip(axes.ravel(), ascii_uppercase, strict=False):
        letter(ax, name)
    return figure


def _draw_raster(ax: Axes, raster: Table) -> None:
    ax.plot(raster["time"] * 1e3, raster["position"], ",", color=EXCITATORY, rasterized=True)
    ax.set(xlabel="time (ms)", ylabel="position on the ring", ylim=(0, 1))
    ax.set_xlim(0, max(1.0, float(np.max(raster["time"], initial=0.0)) * 1e3))


def _draw_space_time(ax: Axes, spectrum: Table) -> None:
    """Draw power over wave number and frequency."""
    numbers, frequency = np.unique(spectrum["wave_number"]), np.unique(spectrum["frequency"])
    power = spectrum["power"].reshape(len(frequency), len(numbers))
    low = float(np.max(power)) * 1e-4
    norm = LogNorm(vmin=low, vmax=low * 1e4, clip=True)
    field = ax.pcolormesh(numbers, frequency, power, norm=norm, cmap=FIELD_MAP, shading="nearest")
    ax.set(xlabel="wave number (cycles per ring)", ylabel="frequency (Hz)")
    ax.set(xlim=(-MAX_WAVES, MAX_WAVES), ylim=(0, 500))
    ax.figure.colorbar(field, ax=ax, label="power (Hz²)")


def _draw_dispersion(ax: Axes, modes: Table, statistics: Table) -> None:
    """Draw the predicted growth and mark the wave number that was found."""
    known = np.isfinite(modes["growth"])
    ax.axhline(0.0, color=BLACK, linewidth=0.6)
    ax.plot(
        modes["wave_number"][known], modes["growth"][known], **(THEORY | {"marker": "."}),
        color=ORANGE, label="theory",
    )  # fmt: skip
    found = statistics["wave_number"]
    ax.plot(found, np.zeros(len(found)), **MEASUREMENT, color=EXCITATORY, label="simulation")
    fastest = int(np.nanargmax(modes["growth"]))
    ax.set(xlabel="wave number (cycles per ring)", ylabel="growth rate (1/s)")
    tones = (modes["frequency"][fastest], float(np.mean(statistics["frequency"])))
    note = "theory {:.1f} Hz\nsimulation {:.1f} Hz".format(*tones)
    ax.set_title(note, loc="right", fontsize=6.5)
    ax.legend(loc="lower center", fontsize=6)


def draw_circuit(rates: Table, spectra: Table, rasters: Table) -> Figure:
    """Return raster, rates, irregularity and spectra of the microcircuit beside theory.

    Parameters
    ----------
    rates, spectra, rasters : tables `circuit_rates`, `circuit_spectra`, `circuit_rasters`,
        SI columns.
    """
    names = list(dict.fromkeys(rates["population"]))
    mosaic: list[Any] = [["raster", "raster", "nu", "cv"], list("abcd"), list("efgh")]
    figure: Figure
    figure, axes = plt.subplot_mosaic(
        mosaic, figsize=(DOUBLE_COLUMN, 6.2), layout="constrained", height_ratios=[1.5, 1, 1]
    )
    _draw_circuit_raster(axes["raster"], rows(rasters, network=0))
    _draw_populations(axes["nu"], rates, names, ("nu", "nu_theory", "rate (Hz)"))
    _draw_populations(axes["cv"], rates, names, ("cv", "cv_theory", "CV of intervals"))
    order = [*names[0::2], *names[1::2]]
    for key, name in zip("abcdefgh", order, strict=True):
        _draw_spectrum(axes[key], rows(spectra, population=name), name)
    for key, ylabel in (("a", "spectrum (Hz²/Hz)"), ("e", "spectrum (Hz²/Hz)")):
        axes[key].set_ylabel(ylabel)
    for key in "efgh":
        axes[key].set_xlabel("frequency (Hz)")
    for key, name in (("raster", "A"), ("nu", "B"), ("cv", "C"), ("a", "D")):
        letter(axes[key], name)
    return figure


def _draw_circuit_raster(ax: Axes, raster: Table) -> None:
    for kind, colour in ((True, EXCITATORY), (False, INHIBITORY)):
        mine = rows(raster, excitatory=kind)
        ax.plot(mine["time"] * 1e3, mine["row"], ".", ms=1.5, color=colour)
    ax.set(xlabel="time (ms)", ylabel="neuron, layer 2/3 on top", yticks=[])


def _draw_populations(ax: Axes, rates: Table, names: list[str], what: tuple[str, str, str]) -> None:
    """Draw the measured values of every network over the predicted bars."""
    measured, theory, label = what
    for x, name in enumerate(names):
        mine = rows(rates, population=name)
        colour = EXCITATORY if name.endswith("E") else INHIBITORY
        level = float(mine[theory][0])
        ax.plot([x - 0.4, x + 0.4], [level, level], **THEORY, color=BLACK)
        ax.plot(np.full(len(mine[measured]), x), mine[measured], **MEASUREMENT, color=colour)
    ax.set(ylabel=label, xticks=range(len(names)))
    ax.set_ylim(bottom=0.0)
    ax.set_xticklabels(names, fontsize=6, rotation=90)
    ax.set_title("bars: theory", loc="right", fontsize=7)


def _draw_spectrum(ax: Axes, spectrum: Table, name: str) -> None:
    """Draw the spectrum of one population: mean over networks, band of them, theory."""
    frequency = np.unique(spectrum["frequency"])
    power = spectrum["power"].reshape(-1, len(frequency))
    colour = EXCITATORY if name.endswith("E") else INHIBITORY
    keep = frequency > 0
    ax.fill_between(
        frequency[keep], power.min(axis=0)[keep], power.max(axis=0)[keep], color=colour, alpha=0.25,
        linewidth=0,
    )  # fmt: skip
    ax.plot(frequency[keep], power.mean(axis=0)[keep], color=colour, linewidth=0.8)
    ax.plot(
        frequency[keep], spectrum["power_theory"][: len(frequency)][keep], **THEORY, color=BLACK
    )
    ax.set(yscale="log", xlim=(0, frequency[-1]))
    ax.set_title(name, loc="right", fontsize=8)
