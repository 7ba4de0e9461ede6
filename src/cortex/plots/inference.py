"""What a recording says of the parameters of a network: posterior, calibration, prediction."""

from collections.abc import Sequence
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
    GREEN,
    GREY,
    MEASUREMENT,
    ORANGE,
    letter,
    panel,
)
from cortex.steps.select import groups, rows
from cortex.typing import FloatArray
from cortex.units import key_label

BINS: Final = 40
RANKS: Final = 10
DATA: Final = {
    "lfp": ("LFP", GREEN), "rate": ("population rate", ORANGE), "spikes": ("spikes", BLUE)
}  # fmt: skip
"""What a recording is, and its colour: what is told best lies on top."""
TRUTH: Final[dict[str, Any]] = {"color": BLACK, "linestyle": "--", "linewidth": 1.0}
TWO_DEVIATIONS: Final = 1.96


def draw_posterior(
    draws: FloatArray,
    low: float,
    high: float,
    *,
    key: str,
    truth: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the marginal posterior of a key over the width of its prior.

    Parameters
    ----------
    draws : ndarray of shape (n_draws,)
        In the unit of the key.
    low, high : float
        Bounds of the prior.
    key : str
        The key.
    truth : float, optional
        A dashed line, where it is known.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    bins = np.linspace(draws.min(), draws.max(), BINS).tolist()
    ax.hist(draws, bins=bins, density=True, histtype="stepfilled", color=BLUE, alpha=0.7)
    ax.axhline(1.0 / (high - low), color=GREY, linewidth=0.8)
    if truth is not None:
        ax.axvline(truth, **TRUTH)
    ax.set(xlabel=_named(key), xlim=(low, high), ylabel="density", yticks=[])
    return ax


def draw_ranks(rank: FloatArray, *, ax: Axes | None = None) -> Axes:
    """Draw where the truth of held-out simulations falls among draws: flat where it is right.

    `rank` has shape (n_runs,), shares of draws below the truth.
    """
    ax = panel(ax)
    n = len(rank)
    ax.hist(rank, bins=RANKS, range=(0.0, 1.0), histtype="step", color=BLACK)
    expected = n / RANKS
    spread = 1.64 * np.sqrt(expected * (1.0 - 1.0 / RANKS))  # 90 % of a binomial count
    ax.axhspan(expected - spread, expected + spread, color=GREY, alpha=0.2)
    ax.set(xlabel="rank of the truth", ylabel="held-out runs", xlim=(0.0, 1.0))
    return ax


def draw_predictive(
    seen: FloatArray, predicted: FloatArray, names: Sequence[str], *, ax: Axes | None = None
) -> Axes:
    """Draw the data less what the posterior predicts, in its deviations; band: 90 %.

    Parameters
    ----------
    seen : ndarray of shape (n_summaries,)
        Of the recording.
    predicted : ndarray of shape (n_draws, n_summaries)
        Of draws, noise included.
    names : sequence of str
        Summaries.
    ax : Axes, optional
        Where to draw.
    """
    ax = panel(ax)
    middle, scale = predicted.mean(axis=0), predicted.std(axis=0)
    y = -np.arange(len(seen))
    ax.axvspan(-1.64, 1.64, color=GREY, alpha=0.2)
    ax.plot((seen - middle) / scale, y, color=BLACK, **MEASUREMENT)
    ax.set_yticks(y, list(names), fontsize=6)
    ax.set_xlabel("data less prediction (s.d.)")
    return ax


def draw_inference(
    draws: FloatArray,
    bounds: FloatArray,
    keys: Sequence[str],
    rank: FloatArray,
    predictive: tuple[FloatArray, FloatArray, Sequence[str]],
) -> Figure:
    """Return posteriors, ranks of held-out simulations, and the data over their prediction.

    Parameters
    ----------
    draws : ndarray of shape (n_draws, n_keys)
        In the units of the keys.
    bounds : ndarray of shape (n_keys, 2)
        Of the prior.
    keys : sequence of str
        Keys.
    rank : ndarray of shape (n_runs, n_keys)
        As in `draw_ranks`.
    predictive : tuple
        Arguments of `draw_predictive`.
    """
    n = len(keys)
    figure = plt.figure(figsize=(DOUBLE_COLUMN, 1.7 * n))
    grid = figure.add_gridspec(n, 3, width_ratios=(1.0, 1.0, 1.2))
    for row, key in enumerate(keys):
        own = bounds[row].tolist()
        draw_posterior(draws[:, row], *own, key=key, ax=figure.add_subplot(grid[row, 0]))
        draw_ranks(rank[:, row], ax=figure.add_subplot(grid[row, 1]))
    draw_predictive(*predictive, ax=figure.add_subplot(grid[:, 2]))
    for ax, name in zip((*figure.axes[:2], figure.axes[-1]), "ABC", strict=True):
        letter(ax, name)
    return figure


def draw_recovered(recovered: Table, draws: Table) -> Figure:
    """Return estimates over truths, posteriors of one recording, ranks and coverage, key by key.

    Parameters
    ----------
    recovered, draws : tables `inference_recovered` and `inference_draws`.
    """
    keys, kinds = list(groups(recovered, "key")), set(recovered["data"])
    figure, axes = plt.subplots(
        len(keys), 4, figsize=(DOUBLE_COLUMN, 1.8 * len(keys) + 0.2), squeeze=False
    )
    for row, (key, own) in zip(axes, keys, strict=True):
        low, high = float(own["prior_low"][0]), float(own["prior_high"][0])
        first, posterior, ranks, coverage = row
        shown = rows(draws, key=key)["value"]
        bins = np.linspace(shown.min(), shown.max(), BINS).tolist()
        for name, (label, colour) in DATA.items():
            if name not in kinds:
                continue
            part = rows(own, data=name)
            spread = np.abs(np.stack([part["low"], part["high"]]) - part["middle"])
            first.errorbar(
                part["truth"], part["middle"], spread, color=colour, linestyle="", marker=".",
                markersize=3, linewidth=0.5, label=label,
            )  # fmt: skip
            posterior.hist(
                rows(draws, key=key, data=name)["value"], bins=bins, density=True,
                histtype="step", color=colour,
            )  # fmt: skip
            ranks.hist(part["rank"], bins=RANKS, range=(0.0, 1.0), histtype="step", color=colour)
            level, inside = _coverage(part["rank"])
            coverage.plot(level, inside, color=colour)
        n = len(part["rank"])
        first.plot([low, high], [low, high], color=GREY, linewidth=0.8, zorder=1)
        first.set(xlabel=f"true {_named(key)}", ylabel="inferred")
        posterior.axvline(float(own["truth"][0]), **TRUTH)
        posterior.axhline(1.0 / (high - low), color=GREY, linewidth=0.8)
        posterior.set(xlabel=_named(key), ylabel="density", yticks=[])
        count = n / RANKS
        spread_of_count = TWO_DEVIATIONS * np.sqrt(count * (1.0 - 1.0 / RANKS))
        ranks.axhspan(count - spread_of_count, count + spread_of_count, color=GREY, alpha=0.2)
        ranks.set(xlabel="rank of the truth", ylabel="recordings", xlim=(0, 1), ylim=(0, None))
        p = np.linspace(0.0, 1.0, 50)
        band = TWO_DEVIATIONS * np.sqrt(p * (1.0 - p) / n)
        coverage.fill_between(p, p - band, p + band, color=GREY, alpha=0.2)
        coverage.set(
            xlabel="level of the interval", ylabel="truths inside", xlim=(0, 1), ylim=(0, 1)
        )
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=3)
    for ax, name in zip(axes[0], ascii_uppercase, strict=False):
        letter(ax, name)
    return figure


def _coverage(rank: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return levels of central intervals, and the share of truths inside each."""
    level = np.sort(np.abs(2.0 * rank - 1.0))
    return level, np.arange(1, len(level) + 1) / len(level)


def _named(key: str) -> str:
    """Return the last two parts of a dotted key, its unit in parentheses."""
    return key_label(".".join(key.split(".")[-2:]))
