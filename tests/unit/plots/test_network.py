"""The picture of a network, and its figures over all states."""

import numpy as np
import pytest
from matplotlib.patches import Circle, FancyArrowPatch

from cortex.plots import overview
from cortex.plots.network import draw_network
from cortex.plots.style import EXCITATORY, INHIBITORY
from cortex.steps.columns import stacked

from . import tiny

NAMES = ("sparse", "dense")
K = np.array([[100.0, 25.0], [100.0, 0.0]])
J = np.array([[1e-4, -5e-4], [1e-4, -5e-4]])


def kinds(ax, kind):
    return [patch for patch in ax.patches if isinstance(patch, kind)]


def test_discs_are_populations_and_arrows_projections_with_sign_and_in_degree():
    ax = draw_network(("E", "I"), np.array([400, 100]), K, J)
    big, small = kinds(ax, Circle)
    assert big.radius > small.radius
    assert len(kinds(ax, FancyArrowPatch)) == 3  # no synapse from I onto I
    words = [text.get_text() for text in ax.texts]
    assert {"E\n400", "I\n100"} <= set(words)
    assert sorted(word for word in words if "\n" not in word) == ["100", "100", "25"]
    colours = [text.get_color() for text in ax.texts if text.get_text() in {"25", "100"}]
    assert sorted(colours) == sorted([EXCITATORY, EXCITATORY, INHIBITORY])


@pytest.mark.parametrize("n", [1, 3, 8])
def test_networks_of_any_number_of_populations_are_drawn(n):
    ax = draw_network([f"P{i}" for i in range(n)], np.arange(1, n + 1), np.ones((n, n)), np.eye(n))
    assert len(kinds(ax, Circle)) == n
    assert len(kinds(ax, FancyArrowPatch)) == n


def test_a_network_without_populations_says_so():
    ax = draw_network([], np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0)))
    assert "no populations" in ax.texts[0].get_text().replace("\n", " ")


def figures(tables):
    """Return every figure over all states of a network."""
    t = tables
    return {
        "points": overview.draw_working_points(t["predicted_rates"], t["observed_populations"]),
        "states": overview.draw_states(
            t["observed_raster"], t["observed_activity"], t["predicted_rates"], t["network_points"]
        ),
        "spectra": overview.draw_spectra(
            t["predicted_spectra"], t["observed_spectra"], t["predicted_modes"]
        ),
        "modes": overview.draw_modes(  # type: ignore[call-arg]
            *(t[f"predicted_{k}"] for k in ("modes", "eigenvalues", "sensitivity", "response")),
            t["observed_network"],
        ),
        "space": overview.draw_space(
            t["predicted_modes"], t["observed_space_time"], t["observed_raster"]
        ),
        "lfp": overview.draw_lfp(t["lfp_traces"]),
    }


@pytest.mark.parametrize(
    "left_out", [(), ("predicted",), ("observed", "lfp"), ("predicted", "observed", "lfp")]
)
def test_a_network_without_theory_or_simulation_draws_what_there_is(left_out):
    tables = {
        name: tiny.nothing(table) if name.startswith(left_out) and left_out else table
        for name, table in tiny.tables().items()
    }
    for figure in figures(tables).values():
        figure.canvas.draw()


@pytest.mark.parametrize("n", [2, 5])
def test_every_state_has_its_panels(n):
    names = [f"S{i}" for i in range(n)]
    tables = {
        name: tiny.stacked([{**table, "state": np.full(len(table["state"]), s)} for s in names])  # type: ignore[attr-defined]
        for name, table in tiny.tables().items()
    }
    shown = figures(tables)
    titles = [ax.get_title(loc="left") for ax in shown["states"].axes]
    assert [title for title in titles if title] == names
    pairs = [ax.get_title(loc="left") for ax in shown["spectra"].axes]
    assert {f"all, state {name}" for name in names} <= set(pairs)
    assert len(shown["lfp"].axes) == n


@pytest.mark.parametrize("equally_long", [False, True])
def test_states_that_are_compared_show_as_much_time(equally_long):
    dense = tiny.raster(state="dense", n=400)
    dense = {**dense, "row": dense["row"] % 2}  # 200 spikes a neuron: fewer are shown
    rasters, rates = ([tiny.raster(state="sparse"), dense], [tiny.activity(s) for s in NAMES])
    figure = overview.draw_states(
        stacked(rasters), stacked(rates), tiny.nothing(tiny.rates()),
        stacked([tiny.points(s) for s in NAMES]), equally_long=equally_long,
    )  # fmt: skip
    ends = {round(ax.get_xlim()[1], 6) for ax in figure.axes}
    assert len(ends) == (1 if equally_long else 2)
