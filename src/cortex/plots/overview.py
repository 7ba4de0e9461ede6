"""Figures of any network over all its states, composed of its panels."""

from collections.abc import Collection, Mapping
from itertools import product
from types import MappingProxyType
from typing import Any, Final

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from cortex.plots.courses import draw_course
from cortex.plots.modes import (
    UNKNOWN,
    draw_eigenvalues,
    draw_growth,
    draw_response,
    draw_sensitivity,
)
from cortex.plots.neurons import draw_neuron_rates
from cortex.plots.patterns import NO_SPACE, draw_dispersion, draw_patterns, draw_space_time
from cortex.plots.populations import (
    draw_activity,
    draw_raster,
    draw_rates,
    fitting_duration,
    length_of,
    pooled_rate,
)
from cortex.plots.power import AMPERE, draw_lfp_trace, draw_power, some_cycles
from cortex.plots.save import Table
from cortex.plots.style import DOUBLE_COLUMN, SINGLE_COLUMN, say_why_empty
from cortex.steps.select import is_empty, rows

ACROSS: Final = 4
"""Most panels beside each other."""
MOST_SPECTRA: Final = 24
"""From more spectra than that only those of all populations together are drawn."""
NOT_SIMULATED: Final = "nothing was simulated (`seeds: 0`)"


SIMULATIONS: Final[Mapping[str, str]] = MappingProxyType({})
"""All states are simulated."""


def draw_working_points(
    rates: Table,
    observed: Table,
    *,
    unstable: Collection[str] = (),
    reason: str = NOT_SIMULATED,
) -> Figure:
    """Return rates and CV of every population of every state, predicted beside simulated.

    Parameters
    ----------
    rates, observed : tables `network_predicted_rates` and `network_observed_populations`
        SI columns; either may be empty.
    unstable : collection of str
        States at whose working point a mode grows.
    reason : str
        Why both are.
    """
    figure, axes = plt.subplots(1, 2, figsize=(DOUBLE_COLUMN, 2.7))
    for ax, quantity in zip(axes, ("nu", "cv"), strict=True):
        draw_rates(rates, observed, quantity=quantity, unstable=unstable, reason=reason, ax=ax)
    return figure


def draw_states(
    raster: Table,
    activity: Table,
    rates: Table,
    points: Table,
    *,
    called: Mapping[str, str] = SIMULATIONS,
    reason: str = NOT_SIMULATED,
    equally_long: bool = False,
) -> Figure:
    """Return raster and population rate of every state, one column each.

    Parameters
    ----------
    raster, activity, rates, points : tables of one network
        `network_raster`, `network_activity`, `network_predicted_rates`, `network_points`,
        SI columns.
    called : mapping of str to str
        State -> where its spikes come from, for states that are not simulated.
    reason : str
        Why there are no spikes.
    equally_long : bool
        Whether all states show as much time, so that they can be compared.
    """
    states = list(dict.fromkeys(points["state"]))
    shown = {state: [rows(table, state=state) for table in (raster, activity)] for state in states}
    lengths = {s: fitting_duration(spikes, length_of(rate)) for s, (spikes, rate) in shown.items()}
    if equally_long:
        lengths = dict.fromkeys(lengths, min(lengths.values()))
    across = min(ACROSS, len(states))
    down = -(-len(states) // across)
    figure, axes = plt.subplots(
        2 * down,
        across,
        figsize=(DOUBLE_COLUMN, 3.8 * down),
        squeeze=False,
        height_ratios=(1.5, 1.0) * down,
    )
    for i in range(across * down):
        upper, lower = axes[2 * (i // across) : 2 * (i // across) + 2, i % across]
        if i >= len(states):
            upper.set_axis_off()
            lower.set_axis_off()
            continue
        (spikes, trace), duration = shown[states[i]], lengths[states[i]]
        draw_raster(spikes, duration=duration, reason=reason, ax=upper)
        level = pooled_rate(rows(rates, state=states[i]))
        draw_activity(
            trace, level=level, duration=duration, reason=reason, ax=lower,
            called=called.get(states[i], "simulation"),
        )  # fmt: skip
        upper.set_xlabel("")
        lower.set_ylabel("" if i % across else lower.get_ylabel())
        if len(states) > 1:
            upper.set_title(states[i], loc="left", fontweight="bold", fontsize=10)
        upper.set_title(_where(rows(points, state=states[i])), loc="right", fontsize=6)
    return figure


def draw_courses(
    predicted: Table,
    observed: Table,
    *,
    nonlinear: Table | None = None,
    reason: str = NOT_SIMULATED,
) -> Figure:
    """Return the rates while drives change: a row per state, a column per population.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_course` and `network_observed_course`
        SI columns; either may be empty.
    nonlinear : table `network_predicted_finite_course`, optional
        The same without linear response.
    reason : str
        Why both are.
    """
    known = [table for table in (predicted, observed) if not is_empty(table)]
    labels = ("state", "population")
    states, names = (
        list(dict.fromkeys(n for t in known for n in t[label])) or [""] for label in labels
    )
    size = (max(SINGLE_COLUMN, 2.6 * len(names)), 2.2 * len(states))
    figure, axes = plt.subplots(len(states), len(names), figsize=size, squeeze=False)
    for (state, name), ax in zip(product(states, names), axes.flat, strict=True):
        told, seen = (rows(t, state=state) if not is_empty(t) else t for t in (predicted, observed))
        grid = (
            nonlinear if nonlinear is None or is_empty(nonlinear) else rows(nonlinear, state=state)
        )
        draw_course(told, seen, population=name, nonlinear=grid, reason=reason, ax=ax)
        if len(states) > 1:
            ax.set_title(state, loc="left", fontweight="bold", fontsize=10)
    return figure


def draw_neurons(predicted: Table, observed: Table, *, reason: str = NOT_SIMULATED) -> Figure:
    """Return how rates spread over the neurons of every population at every state.

    Parameters
    ----------
    predicted, observed : tables `network_predicted_neurons` and `network_observed_neurons`
        SI columns; either may be empty.
    reason : str
        Why both are.
    """
    full = predicted if is_empty(observed) else observed
    pairs = list(dict.fromkeys(zip(full["state"], full["population"], strict=True))) or [("", "")]
    across = min(ACROSS, len(pairs))
    down = -(-len(pairs) // across)
    size = (DOUBLE_COLUMN * max(across, 2) / ACROSS, 1.9 * down)
    figure, axes = plt.subplots(down, across, figsize=size, squeeze=False)
    for ax in axes.flat[len(pairs) :]:
        ax.set_axis_off()
    for (state, name), ax in zip(pairs, axes.flat, strict=False):
        told, seen = (rows(t, state=state) if not is_empty(t) else t for t in (predicted, observed))
        draw_neuron_rates(told, seen, population=name, reason=reason, ax=ax)
        several = len({each for each, _ in pairs}) > 1
        ax.set_title(f"{name}, state {state}" if several else name, loc="left", fontsize=8)
    return figure


def _where(points: Table) -> str:
    """Return the keys of a state and what they are set to, a line each."""
    pairs = zip(points["key"], points["value"], strict=True)
    return "\n".join(f"{key} = {value:g}" for key, value in list(pairs)[:3] if key)


def draw_spectra(
    predicted: Table,
    spectra: Table,
    modes: Table,
    *,
    label: str = "population",
    finite: Table | None = None,
    called: Mapping[str, str] = SIMULATIONS,
    reason: str = NOT_SIMULATED,
    refused: str | None = None,
) -> Figure:
    """Return every spectrum of every state, prediction over simulation, each with its ratio.

    Parameters
    ----------
    predicted, spectra, modes : tables of one network
        Of the rates (`network_predicted_spectra`, `network_observed_spectra`) or the LFP
        (`network_predicted_lfp`, `network_lfp_spectra`); and `network_predicted_modes`.
    label : {"population", "signal"}
        Column that names a spectrum.
    finite : table `network_predicted_finite`, optional
        Finite populations on a grid.
    called : mapping of str to str
        As for `draw_states`.
    reason : str
        Why there is no simulation.
    refused : str, optional
        Why there is no theory.
    """
    full = predicted if is_empty(spectra) else spectra
    if is_empty(full):
        figure, ax = plt.subplots(figsize=(DOUBLE_COLUMN, 1.0))
        say_why_empty(ax, f"no spectra: {reason}")
        return figure
    states, names = (list(dict.fromkeys(full[key])) for key in ("state", label))
    if len(states) * len(names) > MOST_SPECTRA:
        names = names[:1]
    panels = list(product(names, states))
    across = len(states) if 1 < len(states) <= ACROSS else min(ACROSS, len(panels))
    down = -(-len(panels) // across)
    figure, axes = plt.subplots(
        2 * down,
        across,
        figsize=(DOUBLE_COLUMN * max(across, 2) / ACROSS, 3.0 * down),
        squeeze=False,
        height_ratios=(2.0, 1.0) * down,
    )
    for ax in axes.ravel()[2 * across * (down - 1) :] if len(panels) % across else ():
        ax.set_axis_off()
    for i, (name, state) in enumerate(panels):
        upper, lower = axes[2 * (i // across) : 2 * (i // across) + 2, i % across]
        for ax in (upper, lower):
            ax.set_axis_on()
        draw_power(
            rows(predicted, state=state), rows(spectra, state=state), label=label, name=name,
            modes=rows(modes, state=state), reason=reason, refused=refused, ax=(upper, lower),
            called=called.get(state, "simulation"),
            finite=None if finite is None or is_empty(finite) else rows(finite, state=state),
        )  # fmt: skip
        title = f"{name}, {'' if called else 'state '}{state}" if len(states) > 1 else name
        upper.set_title(title, loc="left", fontsize=8)
        upper.get_legend().set_bbox_to_anchor((1.0, 1.12))
        upper.tick_params(labelbottom=False)
        if i % across:
            upper.set_ylabel("")
            lower.set_ylabel("")
        if i // across < down - 1:
            lower.set_xlabel("")
    return figure


def draw_modes(
    modes: Table,
    eigenvalues: Table,
    sensitivity: Table,
    response: Table,
    network: Table,
    *,
    reason: str = UNKNOWN,
) -> Figure:
    """Return growth rates over all states; of every state eigenvalues, sensitivity, response.

    Parameters
    ----------
    modes, eigenvalues, sensitivity, response, network : tables of one network
        `network_predicted_modes`, `_eigenvalues`, `_sensitivity`, `_response` and
        `network_observed`, SI columns; any may be empty.
    reason : str
        Why one is.
    """
    states = list(dict.fromkeys(modes["state"])) or [""]
    top = 0.8 + 0.25 * max(len(states), 3)
    figure = plt.figure(figsize=(DOUBLE_COLUMN, top + 2.5 * len(states)))
    parts: Any = figure.subfigures(2, 1, height_ratios=(top, 2.5 * len(states)))
    draw_growth(modes, network, reason=reason, ax=parts[0].subplots())
    grid: Any = parts[1].subplots(len(states), 3, squeeze=False, width_ratios=(1, 0.9, 1.1))
    for row, state in zip(grid, states, strict=True):
        draw_eigenvalues(rows(eigenvalues, state=state), reason=reason, ax=row[0])
        leading = rows(sensitivity, state=state, rank=0)
        draw_sensitivity(leading, reason=reason, ax=row[1])
        draw_response(rows(response, state=state), reason=reason, ax=row[2])
        if len(states) > 1:
            row[0].set_title(state, loc="left", fontweight="bold", fontsize=10)
    return figure


def draw_space(modes: Table, space_time: Table, raster: Table, *, reason: str = NO_SPACE) -> Figure:
    """Return raster, space-time spectrum, dispersion and patterns of a ring, a row per state.

    Parameters
    ----------
    modes, space_time, raster : tables of one network
        `network_predicted_modes`, `network_space_time`, `network_raster`, SI columns.
    reason : str
        Why there is no space.
    """
    states = list(dict.fromkeys([*modes["state"], *space_time["state"]])) or [""]
    figure, axes = plt.subplots(
        len(states),
        4,
        figsize=(DOUBLE_COLUMN, 2.6 * len(states)),
        squeeze=False,
        width_ratios=(1.0, 1.25, 1, 1),
    )
    for row, state in zip(axes, states, strict=True):
        draw_space_row(row, state, modes, space_time, raster, reason=reason)
    return figure


def draw_space_row(
    row: Any,
    state: str,
    modes: Table,
    space_time: Table,
    raster: Table,
    *,
    reason: str = NO_SPACE,
) -> None:
    """Draw the four panels of a ring at one state, of its first population, into a row of axes."""
    mine, measured, spikes = (rows(t, state=state) for t in (modes, space_time, raster))
    first = next(iter(spikes["population"]), "")
    measured, spikes = (rows(table, population=first) for table in (measured, spikes))
    draw_raster(spikes, along="place", ax=row[0])
    row[0].set_title(f"{state}  {first}", loc="right", fontsize=8)
    draw_space_time(measured, mine, reason=reason, ax=row[1])
    draw_dispersion(mine, reason=reason, ax=row[2])
    draw_patterns(measured, mine, reason=reason, ax=row[3])


def draw_lfp(
    traces: Table,
    *,
    unit: tuple[float, str] = AMPERE,
    reason: str = "the network has no `lfp:` block",
) -> Figure:
    """Return the LFP of every state over time, below each other.

    Parameters
    ----------
    traces : table `network_lfp`
        SI columns.
    unit : (float, str)
        Factor from SI, and what the axis calls it.
    reason : str
        Why it is empty.
    """
    states = list(dict.fromkeys(traces["state"])) or [""]
    height = 0.4 + (0.8 + 0.3 * len(set(traces["signal"]))) * len(states)
    figure, axes = plt.subplots(len(states), 1, figsize=(DOUBLE_COLUMN, height), squeeze=False)
    for ax, name in zip(axes[:, 0], states, strict=True):
        trace = rows(traces, state=name)
        draw_lfp_trace(trace, duration=some_cycles(trace), unit=unit, reason=reason, ax=ax)
        if len(states) > 1:
            ax.set_ylabel(f"state {name}\n({unit[1]})")
            ax.set_xlabel(ax.get_xlabel() if ax is axes[-1, 0] else "")
    return figure
