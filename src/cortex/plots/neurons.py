"""Panel of the rates of single neurons: predicted shares over the simulated histogram."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from cortex.plots.style import (
    ABOVE,
    BLACK,
    THEORY,
    panel,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import Table, groups, is_empty, rows
from cortex.typing import FloatArray

BARS: Final = 40
"""Most bars of a histogram."""
SHOWN: Final = 0.999
"""Share of neurons up to whose rate it reaches."""


def draw_neuron_rates(
    predicted: Table,
    observed: Table,
    *,
    population: str,
    reason: str = "nothing was simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of neurons of one population at every rate.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_neurons` and `network_observed_neurons`
        Of one state, SI. Either may be empty.
    population : str
        Which one.
    reason : str
        Why both are empty.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Bars are the mean over independent networks, the line is theory for a recording of the
        same length, with the scatter of counts.
    """
    ax = panel(ax)
    together = [*predicted.get("population", ()), *observed.get("population", ()), population]
    told, seen = (
        table if is_empty(table) else rows(table, population=population)
        for table in (predicted, observed)
    )
    if is_empty(told) and is_empty(seen):
        return say_why_empty(ax, f"no rates of single neurons: {reason}")
    edges = _edges(told if is_empty(seen) else seen)
    if not is_empty(seen):
        runs = [_binned(part, edges) for _, part in groups(seen, "seed")]
        colour = population_colours(together)[population]
        bars = np.mean(runs, axis=0)
        ax.stairs(bars, edges, fill=True, color=colour, alpha=0.45, label="simulation")
    if not is_empty(told):
        ax.stairs(_binned(told, edges), edges, color=BLACK, linewidth=THEORY["linewidth"])
        ax.plot([], [], color=BLACK, **THEORY, label="theory")
    ax.legend(**ABOVE)
    ax.set(xlabel="rate of a neuron (Hz)", ylabel="share of neurons", xlim=(edges[0], edges[-1]))
    return ax


def _edges(table: Table) -> FloatArray:
    """Return edges half a spike off the rates, a whole number of spikes apart."""
    order = np.argsort(table["rate"], kind="stable")
    rate, share = table["rate"][order], table["share"][order]
    below = np.cumsum(share) / share.sum()
    steps = np.diff(np.unique(rate))
    step = float(steps.min()) if steps.size else 1.0
    top = 2 + round(float(rate[np.searchsorted(below, SHOWN).clip(max=rate.size - 1)]) / step)
    merged = -(-top // BARS)
    return np.asarray((np.arange(-(-top // merged) + 1) * merged - 0.5) * step, np.float64)


def _binned(table: Table, edges: FloatArray) -> FloatArray:
    share = np.asarray(table["share"], dtype=np.float64)
    counts: FloatArray = np.zeros(len(edges) - 1)
    place = np.searchsorted(edges, table["rate"], side="right") - 1
    inside = place < counts.size
    np.add.at(counts, place[inside], share[inside])
    return counts
