"""Figures of single-neuron responses, low-pass fits and microcircuit rates."""

from itertools import cycle
from string import ascii_uppercase
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
from cortex.steps.select import rows

TREATMENTS: Final = {"white": GREY, "shift": BLUE, "taylor": RED, "nodes": BLACK}
LABELS: Final = {
    "white": "white noise",
    "shift": "shifted boundaries",
    "taylor": "first order",
    "nodes": "on nodes",
}
DASHES: Final = {"white": "-", "shift": "-", "taylor": (0, (4, 2)), "nodes": "-"}
MICROCIRCUIT_SERIES: Final = {"shift": BLUE, "taylor": RED, "constant drive": GREEN}


def draw_neurons(stationary: Table, transfer: Table, driven: Table) -> Figure:
    """Return amplitude and phase of the response at each input, by four treatments and simulated.

    Parameters
    ----------
    stationary, transfer, driven : tables `response_<name>`, SI columns.
    """
    points = list(dict.fromkeys(stationary["point"]))
    figure, axes = plt.subplots(
        2,
        len(points),
        figsize=(DOUBLE_COLUMN, 3.8),
        sharex=True,
        sharey="row",
        squeeze=False,
    )
    for column, point in enumerate(points):
        gain, phase = axes[:, column]
        at = rows(stationary, point=point)
        for treatment, colour in TREATMENTS.items():
            curve = rows(transfer, point=point, treatment=treatment)
            rate = rows(at, treatment=treatment)
            line = {**THEORY, "color": colour, "linestyle": DASHES[treatment], "linewidth": 1.3}
            label = f"{LABELS[treatment]}, {rate['nu'][0]:.1f} Hz"
            gain.loglog(curve["frequency"], curve["gain"] * 1e-3, **line, label=label)
            phase.semilogx(curve["frequency"], np.degrees(curve["phase"]), **line)
            marks = {**MEASUREMENT, "marker": "<", "color": colour, "clip_on": False}
            gain.plot(curve["frequency"][0], rate["slope"][0] * 1e-3, **marks)
            gain.axvline(rate["nu"][0], color=colour, linewidth=0.6, linestyle=":")
        _draw_driven(gain, phase, rows(driven, point=point))
        end = float(at["validity"][0])
        for ax in (gain, phase):
            ax.axvspan(end, float(transfer["frequency"].max()), color=GREY, alpha=0.15, linewidth=0)
        gain.legend(
            loc="lower left", fontsize=5.5, handlelength=1.6, frameon=True, edgecolor="none"
        )
        gain.set_title(at["title"][0], loc="right", fontsize=7)
        phase.set(xlabel="frequency (Hz)", yticks=(0, -15, -30, -45), ylim=(-55, 5))
        letter(gain, ascii_uppercase[column])
    floor = 1e-5 * transfer["gain"].min()  # room for the legends
    axes[0, 0].set(ylabel="gain (Hz/mV)", ylim=(floor, 2e-3 * transfer["gain"].max()))
    axes[1, 0].set(ylabel="phase (°)")
    return figure


def _draw_driven(gain: Axes, phase: Axes, seen: Table) -> None:
    """Draw what simulated neurons answer, with standard errors that are mostly hidden."""
    style: dict[str, Any] = {"color": GREEN, "elinewidth": 0.8, **MEASUREMENT, "markersize": 3.5}
    style["label"] = f"simulation, {np.mean(seen['nu']):.1f} Hz"
    error, phase_error = seen["gain_error"] * 1e-3, np.degrees(seen["phase_error"])
    gain.errorbar(seen["frequency"], seen["gain"] * 1e-3, yerr=error, **style)
    phase.errorbar(seen["frequency"], np.degrees(seen["phase"]), yerr=phase_error, **style)


def draw_mapping(fits: Table, curves: Table) -> Figure:
    """Return responses with their low-pass fits, and the fit over all inputs.

    Parameters
    ----------
    fits, curves : tables `response_fits` and `response_curves`, SI columns.
    """
    figure, axes = plt.subplots(2, 3, figsize=(DOUBLE_COLUMN, 4.4))
    shown = rows(fits, g=fits["g"][0])
    inputs = _diagonal(shown)
    for (mu, sigma), colour in zip(inputs, cycle(SERIES), strict=False):
        curve = rows(curves, mu=mu, sigma=sigma)
        label = f"µ = {mu * 1e3:g}, σ = {sigma * 1e3:g} mV"
        thin: dict[str, Any] = {"color": colour, "linewidth": 2.2, "alpha": 0.45}
        dashed = {**THEORY, "color": colour, "linewidth": 0.9, "linestyle": (0, (3, 2))}
        axes[0, 0].plot(curve["frequency"], curve["gain"] * 1e-3, **thin, label=label)
        axes[0, 0].plot(curve["frequency"], curve["fit_gain"] * 1e-3, **dashed)
        axes[1, 0].plot(curve["frequency"], np.degrees(curve["phase"]), **thin)
        axes[1, 0].plot(curve["frequency"], np.degrees(curve["fit_phase"]), **dashed)
    axes[0, 0].plot([], [], color=BLACK, linestyle=(0, (3, 2)), linewidth=0.9, label="fit")
    axes[0, 0].legend(fontsize=5.5, loc="upper right")
    axes[0, 0].set(ylabel="gain (Hz/mV)", ylim=(0, 1.4e-3 * curves["gain"].max()))
    axes[1, 0].set(xlabel="frequency (Hz)", ylabel="phase (°)")
    panels = (
        (axes[0, 1], "nu", 1.0, "rate (Hz)", "{:.1f}"),
        (axes[0, 2], "tau", 1e3, "time constant (ms)", "{:.2f}"),
        (axes[1, 1], "w_exc", 1.0, "excitatory weight", "{:.2f}"),
        (axes[1, 2], "fit_error", 1e2, "fit error (%)", "{:.2f}"),
    )
    for ax, name, scale, title, style in panels:
        _draw_grid(ax, {**shown, "value": shown[name] * scale}, title, style)
    for ax, text in zip(axes.T.ravel(), "ABCDEF", strict=True):
        letter(ax, text)
    return figure


def _diagonal(fits: Table) -> list[tuple[float, float]]:
    """Return inputs along the diagonal of the grid."""
    mu, sigma = np.unique(fits["mu"]), np.unique(fits["sigma"])
    return [(float(m), float(s)) for m, s in zip(mu, sigma, strict=False)]


def _draw_grid(ax: Axes, fits: Table, title: str, style: str) -> None:
    mu, sigma = np.unique(fits["mu"]), np.unique(fits["sigma"])
    field = fits["value"].reshape(len(mu), len(sigma))
    image = ax.imshow(field, origin="lower", cmap=FIELD_MAP, aspect="auto")
    middle = 0.5 * (field.min() + field.max())
    for (row, column), value in np.ndenumerate(field):
        colour = "white" if value < middle else "black"
        ax.text(
            column, row, style.format(value), ha="center", va="center", fontsize=6, color=colour
        )
    ax.set_xticks(range(len(sigma)), [f"{1e3 * s:g}" for s in sigma])
    ax.set_yticks(range(len(mu)), [f"{1e3 * m:g}" for m in mu])
    ax.set(xlabel="noise σ (mV)", ylabel="mean µ (mV)")
    ax.set_title(title, loc="right", fontsize=7.5)
    ax.figure.colorbar(image, ax=ax, fraction=0.05)


def draw_microcircuit(rates: Table) -> Figure:
    """Return predicted rates and CVs of the eight populations with the published simulation.

    Parameters
    ----------
    rates : table `response_microcircuit`, SI columns.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(DOUBLE_COLUMN, 2.6), width_ratios=(2, 1))
    names = list(dict.fromkeys(rates["population"]))
    place = np.arange(len(names))
    offsets = dict(zip(MICROCIRCUIT_SERIES, (-0.22, 0.0, 0.22), strict=True))
    for treatment, colour in MICROCIRCUIT_SERIES.items():
        part = rows(rates, treatment=treatment)
        label = {"shift": "Poisson drive, shifted", "taylor": "Poisson drive, first order"}.get(
            treatment, treatment
        )
        x = place + offsets[treatment]
        left.bar(x, part["nu"], width=0.2, color=colour, label=f"theory: {label}")
        step = {"marker": "_", "markersize": 9, "markeredgewidth": 2.0, "linestyle": ""}
        right.plot(x, part["cv"], color=colour, **step)
    simulated = rows(rates, treatment="shift")["nu_simulated"]
    dots = {**MEASUREMENT, "color": ORANGE}
    left.plot(place + offsets["shift"], simulated, **dots, label="published simulation: Poisson")
    left.legend(fontsize=6, loc="upper left")
    left.set_xticks(place, names)
    left.set(ylabel="rate (Hz)", xlabel="population")
    right.set_xticks(place, names, fontsize=6)
    right.set(ylabel="CV of intervals", xlabel="population", ylim=(0.7, 1.05))
    letter(left, "A")
    letter(right, "B")
    return figure
