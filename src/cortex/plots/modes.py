"""Panels of the modes of any network: growth, eigenvalues, sensitivity, response."""

from collections.abc import Iterator
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from cortex.plots.patterns import SLOWEST_WAVE
from cortex.plots.style import (
    ABOVE,
    BLACK,
    GREY,
    SIGNED_MAP,
    SINGLE_COLUMN,
    THEORY,
    panel,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty
from cortex.typing import AnyArray

NEAREST: Final = 3
"""Trajectories that are named, those which come closest to 1."""
MOST_BARS: Final = 8
UNKNOWN: Final = "theory refused it or does not apply"


def draw_growth(
    modes: Table, seen: Table | None = None, *, reason: str = UNKNOWN, ax: Axes | None = None
) -> Axes:
    """Draw the growth rates of the leading modes with their frequencies.

    Parameters
    ----------
    modes : table `network_predicted_modes`
        Of one state or more, SI.
    seen : table `network_observed`, optional
        Of the same states; the frequency of the simulated peak stands beside its state.
    reason : str
        Why there is no mode.
    ax : Axes, optional
        Where to draw.
    """
    known = {} if is_empty(modes) else _leading(modes)
    ax = panel(ax, (SINGLE_COLUMN, 0.6 + 0.3 * max(len(known.get("growth", ())), 3)))
    if not known or not len(known["growth"]):
        return say_why_empty(ax, f"no modes: {reason}")
    several = len(set(known["state"])) > 1
    y = -np.arange(len(known["growth"]))
    ax.axvline(0.0, color=BLACK, linewidth=0.7)
    names = []
    for at, growth, f, k, state in zip(
        y, known["growth"], known["frequency"], known["wave_number"], known["state"], strict=True
    ):
        ax.plot([0.0, growth], [at, at], color=BLACK, **(THEORY | {"linewidth": 3.0}))
        of = f"{state}  " if several else ""
        names.append(
            of + (f"n = {k}, " if k else "") + (f"{f:.0f} Hz" if f > SLOWEST_WAVE else "static")
        )
        ax.annotate(
            f"{growth:+.3g}", (max(growth, 0.0), at), xytext=(3, 0), textcoords="offset points",
            va="center", fontsize=6,
        )  # fmt: skip
    ax.set_yticks(y, names, fontsize=6)
    ax.set(xlabel="predicted growth rate (1/s)", ylim=(y[-1] - 0.6, 0.6))
    ax.margins(x=0.25)
    _write_peaks(ax, seen)
    return ax


def _leading(modes: Table) -> dict[str, AnyArray]:
    """Return the fastest modes of every state, fastest first."""
    parts = []
    n_states = len(set(modes["state"]))
    for _, part in groups(modes, "state"):
        order = np.argsort(-part["growth"])  # nan last
        order = order[np.isfinite(part["growth"][order])][: max(1, MOST_BARS // n_states)]
        parts.append({name: values[order] for name, values in part.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in modes}


def _write_peaks(ax: Axes, seen: Table | None) -> None:
    if seen is None or is_empty(seen):
        return
    peaks = [(s, float(np.nanmean(part["peak_frequency"]))) for s, part in groups(seen, "state")]
    of = (f"{state} {peak:.0f} Hz" if len(peaks) > 1 else f"{peak:.0f} Hz" for state, peak in peaks)
    ax.set_title("simulated peaks: " + ", ".join(of), loc="right", fontsize=6)


def _trajectories(eigenvalues: Table) -> Iterator[tuple[Table, str, bool]]:
    """Yield every trajectory, its colour, and whether it comes close to 1; the farthest first."""
    parts = [part for _, part in groups(eigenvalues, "mode")]
    distance = [
        float(np.min(np.hypot(1.0 - p["real"], p["imag"]))) if _moves(p) else np.inf for p in parts
    ]
    order = np.argsort(distance)
    colours = mpl.colormaps["plasma"](np.linspace(0.0, 0.8, min(NEAREST, len(parts))))
    for rank in reversed(range(len(parts))):
        close = rank < NEAREST and bool(np.isfinite(distance[order[rank]]))
        colour = mpl.colors.to_hex(colours[rank]) if close else GREY
        yield parts[order[rank]], colour, close


def _moves(part: Table) -> bool:
    """Return whether an eigenvalue is more than the zero of a matrix without full rank."""
    return bool(np.max(np.hypot(part["real"], part["imag"])) > 1e-6)


def draw_eigenvalues(eigenvalues: Table, *, reason: str = UNKNOWN, ax: Axes | None = None) -> Axes:
    """Draw the trajectories of the eigenvalues over frequency; a star marks 1.

    Parameters
    ----------
    eigenvalues : table `network_predicted_eigenvalues`
        Of one state, SI.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax, (2.8, 2.6))
    if is_empty(eigenvalues):
        return say_why_empty(ax, f"no eigenvalues: {reason}")
    for part, colour, close in _trajectories(eigenvalues):
        looks = THEORY if close else THEORY | {"linewidth": 0.6}
        ax.plot(part["real"], part["imag"], color=colour, label=_closest(part, close), **looks)
    ax.axhline(0.0, color=GREY, linewidth=0.5)
    ax.plot(1.0, 0.0, marker="*", color=BLACK, markersize=8, linestyle="", zorder=4)
    ax.set(xlabel="real part of the eigenvalue", ylabel="imaginary part")
    ax.set(xlim=(-2.0, 2.0), ylim=(-2.0, 2.0), aspect="equal")
    ax.legend(**ABOVE)
    return ax


def _closest(part: Table, close: bool) -> str | None:
    i = int(np.argmin(np.hypot(1.0 - part["real"], part["imag"])))
    return f"closest to 1 at {part['frequency'][i]:.0f} Hz" if close else None


def draw_distance(eigenvalues: Table, *, reason: str = UNKNOWN, ax: Axes | None = None) -> Axes:
    """Draw how far every eigenvalue is from 1 over frequency; arguments as `draw_eigenvalues`."""
    ax = panel(ax)
    if is_empty(eigenvalues):
        return say_why_empty(ax, f"no eigenvalues: {reason}")
    for part, colour, close in _trajectories(eigenvalues):
        distance = np.hypot(1.0 - part["real"], part["imag"])
        looks = THEORY if close else THEORY | {"linewidth": 0.6}
        ax.semilogy(part["frequency"], distance, color=colour, label=_closest(part, close), **looks)
    ax.set(xlabel="frequency (Hz)", ylabel="distance of the eigenvalue from 1")
    ax.legend(**ABOVE)
    return ax


def draw_sensitivity(
    sensitivity: Table, *, key: str = "along", reason: str = UNKNOWN, ax: Axes | None = None
) -> Axes:
    """Draw what every connection does to one mode, as a matrix of target and source.

    Parameters
    ----------
    sensitivity : table `network_predicted_sensitivity`
        Of one state and one rank.
    key : {"along", "across"}
        Amplitude of the peak, or its frequency.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax, (2.8, 2.4))
    if is_empty(sensitivity):
        return say_why_empty(ax, f"no sensitivity: {reason}")
    names = list(dict.fromkeys(sensitivity["target"]))
    field = sensitivity[key].reshape(len(names), len(names))
    top = float(np.max(np.abs(field))) or 1.0
    image = ax.imshow(field, cmap=SIGNED_MAP, vmin=-top, vmax=top)
    ax.set_xticks(range(len(names)), names, rotation=90 if len(names) > 3 else 0, fontsize=6)
    ax.set_yticks(range(len(names)), names, fontsize=6)
    ax.figure.colorbar(image, ax=ax, shrink=0.75)
    what = {"along": "amplitude", "across": "frequency"}[key]
    ax.set(xlabel="source", ylabel=f"{what}\ntarget")
    ax.set_title(f"mode at {sensitivity['frequency'][0]:.1f} Hz", fontsize=7, loc="right")
    return ax


def draw_response(response: Table, *, reason: str = UNKNOWN, ax: Axes | None = None) -> Axes:
    """Draw the gain of every population over frequency, and its low-pass fit.

    Parameters
    ----------
    response : table `network_predicted_response`
        Of one state, SI.
    reason : str
        Why it is empty.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    if is_empty(response):
        return say_why_empty(ax, f"no response: {reason}")
    names = list(dict.fromkeys(response["population"]))
    colours = population_colours(names)
    drawn: list[np.ndarray] = []
    for name, part in groups(response, "population"):
        f, size = part["frequency"], 1e-3 * np.hypot(part["real"], part["imag"])
        fit = 1e-3 * np.abs(part["gain"] / (1.0 + 2j * np.pi * f * part["tau"]))
        tau = 1e3 * float(part["tau"][0])
        if any(np.allclose(size, each) for each in drawn):
            ax.plot([], [], " ", label=f"{name}: the same")
            continue
        drawn.append(size)
        ax.loglog(f, size, color=colours[name], **THEORY, label=f"{name}, fit: {tau:.2g} ms")
        ax.loglog(f, fit, color=colours[name], linestyle="--", linewidth=1.0)
    ax.set(xlabel="frequency (Hz)", ylabel="gain (Hz/mV)")
    columns = 1 if len(names) <= NEAREST else 2
    ax.legend(
        **ABOVE, ncols=columns, columnspacing=0.8, title="full: theory · dashed: low-pass fit",
        title_fontsize=6,
    )  # fmt: skip
    return ax
