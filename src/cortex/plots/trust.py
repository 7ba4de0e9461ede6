"""Error maps: three layers of theory over a plane of parameters, each against the simulation."""

from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from cortex.plots.save import Table
from cortex.plots.style import DOUBLE_COLUMN, FIELD_MAP, GREY, SIGNED_MAP, letter
from cortex.steps.select import rows
from cortex.typing import FloatArray

AXES: Final = ("g", "nu_ext_ratio")
LAYERS: Final = ("white noise", "the network's\nown noise", "populations of\nfinite size")
OF_NEURONS: Final = {
    "rate (%)": (SIGNED_MAP, Normalize(-20.0, 20.0)),
    "CV": (SIGNED_MAP, Normalize(-0.4, 0.4)),
    "rates of neurons": (FIELD_MAP, Normalize(0.0, 0.4)),
}
TITLES: Final = ("error (%)", "difference", "distance", "theory / simulation")
RATIO_LABEL: Final = r"$\nu_{ext}/\nu_{thr}$"
RATIO: Final = (SIGNED_MAP, LogNorm(0.1, 10.0))


def draw_trust(white: Table, own: Table, white_bands: Table, own_bands: Table) -> Figure:
    """Return the errors of three layers of theory over the plane of g and external rate.

    Parameters
    ----------
    white, own : summaries of two sweeps of model `network`, SI columns
        `theory.noise` white (Poisson) and recurrent; the same simulations.
    white_bands, own_bands : their arrays `bands`
        Those of white noise hold populations of finite size, too.
    """
    bands = np.unique(white_bands["low"])
    names = [*OF_NEURONS, *(_band(white_bands, low) for low in bands)]
    figure, panels = plt.subplots(
        3, len(names), figsize=(DOUBLE_COLUMN, 4.6), sharex=True, sharey=True, squeeze=False
    )
    for line, table in zip(panels, (white, own), strict=False):
        for ax, error, (colours, norm) in zip(
            line, errors(table), OF_NEURONS.values(), strict=False
        ):
            _draw_field(ax, table, error, colours, norm)
    layers = ((white_bands, "power_ratio"), (own_bands, "power_ratio"),
              (white_bands, "power_ratio_finite"))  # fmt: skip
    for line, (table, column) in zip(panels, layers, strict=True):
        for ax, low in zip(line[len(OF_NEURONS) :], bands, strict=True):
            at = rows(table, low=low)
            _draw_field(ax, at, mean_over_networks(at, column), *RATIO)
    _explain(figure, panels, names)
    return figure


def errors(table: Table) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the errors of rate (per cent) and CV, and the distance of rates of neurons."""
    fires = np.where(table["regime"] == "silent", np.nan, 1.0)
    rate = 100.0 * fires * (table["nu_theory_mean"] / table["nu_mean"] - 1.0)
    return rate, fires * (table["cv_theory_mean"] - table["cv_mean"]), table["spread_distance_mean"]


def mean_over_networks(table: Table, column: str) -> FloatArray:
    """Return the geometric mean of a ratio over the networks of each point, points in order."""
    points = np.unique(np.array([table[name] for name in AXES]), axis=1, return_inverse=True)[1]
    flat = np.ravel(points)
    total = np.bincount(flat, weights=np.log(table[column]))
    return np.asarray(np.exp(total / np.bincount(flat)))


def _draw_field(ax: Axes, table: Table, values: FloatArray, colours: str, norm: Any) -> None:
    x, y = (np.unique(table[name]) for name in AXES)
    field = values.reshape(len(x), len(y)).T
    cells: dict[str, Any] = {"cmap": colours, "norm": norm, "shading": "nearest"}
    ax.pcolormesh(np.arange(len(x)), np.arange(len(y)), field, **cells)
    ax.set_facecolor("lightgrey")
    ax.set_xticks(np.arange(len(x))[::2], [f"{value:g}" for value in x[::2]])
    ax.set_yticks(np.arange(len(y)), [f"{value:g}" for value in y])
    ax.tick_params(labelsize=6)


def _explain(figure: Figure, panels: Any, names: list[str]) -> None:
    """Name layers, columns and colours."""
    for ax, name in zip(panels[0], names, strict=True):
        ax.set_title(name, fontsize=7)
    for line, name, text in zip(panels, LAYERS, "ABC", strict=True):
        first = line[0] if text != "C" else line[len(OF_NEURONS)]
        first.set_ylabel(f"{name}\n{RATIO_LABEL}", fontsize=7)
        letter(first, text)
    for ax in panels[2][: len(OF_NEURONS)]:
        ax.set_axis_off()
        ax.text(0.5, 0.5, "as in A", color=GREY, fontsize=7, ha="center", transform=ax.transAxes)
    for ax in (*panels[1][: len(OF_NEURONS)], *panels[2][len(OF_NEURONS) :]):
        ax.tick_params(labelbottom=True)
        ax.set_xlabel("g", fontsize=7)
    panels[2][len(OF_NEURONS)].tick_params(labelleft=True)
    kinds = [*OF_NEURONS.values(), RATIO]
    n = len(OF_NEURONS)
    columns = [*(panels[:, i] for i in range(n)), panels[:, n:]]
    for axes, (colours, norm), title in zip(columns, kinds, TITLES, strict=True):
        mappable = plt.cm.ScalarMappable(norm=norm, cmap=colours)
        bar = figure.colorbar(
            mappable, ax=axes, location="bottom", aspect=12 * axes.size / 3, extend="both"
        )
        bar.set_label(title, fontsize=6)
        bar.ax.tick_params(labelsize=6)


def _band(table: Table, low: float) -> str:
    high = rows(table, low=low)["high"][0]
    return f"{low:.0f} to {high:.0f} Hz"
