"""Panel of rates while drives change: prediction over the simulated response."""

import numpy as np
from matplotlib.axes import Axes

from cortex.plots.save import Table
from cortex.plots.style import (
    ABOVE,
    BLACK,
    SIMULATED,
    THEORY,
    panel,
    population_colours,
    say_why_empty,
)
from cortex.steps.select import by_seed, groups, is_empty, rows


def draw_course(
    predicted: Table,
    observed: Table,
    *,
    population: str,
    nonlinear: Table | None = None,
    reason: str = "nothing was simulated",
    ax: Axes | None = None,
) -> Axes:
    """Draw the rate of one population over time, prediction over simulation.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_course` and `network_observed_course`
        Of one state, SI. Either may be empty.
    population : str
        Which one.
    nonlinear : table `network_predicted_finite_course`, optional
        Of this state: populations on a grid, a thin line.
    reason : str
        Why both are empty.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        The simulation is the mean over independent networks with its standard error as a band.
    """
    ax = panel(ax)
    together = [*predicted.get("population", ()), *observed.get("population", ()), population]
    told, seen = (
        {} if is_empty(table) else rows(table, population=population)
        for table in (predicted, observed)
    )
    known = not is_empty(told) and bool(np.isfinite(told["rate"]).any())
    if is_empty(seen) and not known:
        return say_why_empty(ax, f"no course of the rate: {reason}")
    if not is_empty(seen):
        trials = by_seed(seen, "rate")
        time = 1e3 * next(groups(seen, "seed"))[1]["time"]
        mean, colour = trials.mean(axis=0), population_colours(together)[population]
        word = "network" if len(trials) == 1 else "networks"
        ax.plot(time, mean, color=colour, **SIMULATED, label=f"{len(trials)} {word}")
        if len(trials) > 1:
            error = trials.std(axis=0, ddof=1) / np.sqrt(len(trials))
            ax.fill_between(time, mean - error, mean + error, color=colour, alpha=0.25, lw=0)
    if known:
        ax.plot(1e3 * told["time"], told["rate"], color=BLACK, **THEORY, label="linear response")
    grid = {} if nonlinear is None else rows(nonlinear, population=population)
    if not is_empty(grid):
        thin = {**THEORY, "linewidth": 0.8, "linestyle": "--"}
        ax.plot(1e3 * grid["time"], grid["rate"], color=BLACK, **thin, label="grid, nonlinear")
    ax.set(xlabel="time (ms)", ylabel=f"rate of {population} (Hz)")
    ax.margins(x=0.0)
    ax.legend(**ABOVE)
    return ax
