"""Rates beside theory with the difference in per cent, rasters, population rates."""

import numpy as np
import pytest

from cortex.plots.populations import (
    draw_activity,
    draw_raster,
    draw_rates,
    fitting_duration,
    pooled_rate,
)

from . import tiny


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_bars_are_theory_marks_the_mean_and_numbers_the_difference_in_per_cent():
    ax = draw_rates(tiny.rates(nu=(38.0, 48.6)), tiny.observed(nu=40.0))
    bars = [line.get_ydata()[0] for line in ax.lines if len(line.get_xdata()) == 2]
    assert bars == [38.0, 48.6]
    marks = [c.lines[0] for c in ax.containers]  # type: ignore[attr-defined]
    assert [float(mark.get_ydata()[0]) for mark in marks] == [40.5, 40.5]  # seeds: 40, 41 Hz
    assert {mark.get_marker() for mark in marks} == {"o"}
    assert words(ax) == ["-6.2", "+20"]  # 38 / 40.5 - 1; 48.6 / 40.5 - 1


def test_error_bars_are_the_standard_deviation_over_networks():
    ax = draw_rates(tiny.rates(), tiny.observed(nu=40.0))
    (_, _, (bar,)) = ax.containers[0]
    low, high = bar.get_segments()[0][:, 1]
    assert (low, high) == pytest.approx((40.5 - np.sqrt(0.5), 40.5 + np.sqrt(0.5)))


def test_every_state_and_population_has_its_column_and_states_their_names():
    two = tiny.stacked([tiny.observed("C"), tiny.observed("D", nu=5.0)])  # type: ignore[attr-defined]
    ax = draw_rates(tiny.nothing(tiny.rates()), two)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["E", "I", "E", "I"]
    assert words(ax) == ["C", "D"]
    assert len(ax.containers) == 4


def test_a_network_that_is_not_simulated_shows_its_prediction_alone():
    ax = draw_rates(tiny.rates(), tiny.nothing(tiny.observed()))
    assert len(ax.containers) == 0
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["theory"]


def test_raster_names_populations_and_shows_places_with_a_unit():
    ax = draw_raster(tiny.raster())
    assert sorted(label.get_text() for label in ax.get_yticklabels()) == ["E", "I"]
    assert len({line.get_color() for line in ax.lines}) == 2
    ring = draw_raster(tiny.raster(), along="place")
    assert "share of the neurons" in ring.get_ylabel()


def test_an_excerpt_of_fast_neurons_is_cut_to_what_can_be_seen():
    slow, fast = tiny.raster(n=40), tiny.raster(n=1000)
    assert fitting_duration(slow, 0.2) == 0.2  # 4 spikes per neuron
    assert fitting_duration(fast, 0.2) == pytest.approx(0.01)  # 100 per neuron, 9 in 18 ms


def test_population_rate_has_the_predicted_mean_as_a_line():
    ax = draw_activity(tiny.activity(), level=38.0)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["simulation, mean 40 Hz", "theory 38 Hz"]


def test_pooled_rate_weighs_populations_by_their_size():
    assert pooled_rate(tiny.rates(nu=(10.0, 20.0))) == 12.0  # 800 and 200 neurons


@pytest.mark.parametrize(
    ("draw", "tables"),
    [
        (draw_rates, (tiny.rates(), tiny.observed())),
        (draw_raster, (tiny.raster(),)),
        (draw_activity, (tiny.activity(),)),
    ],
)
def test_empty_tables_say_why(draw, tables):
    ax = draw(*map(tiny.nothing, tables), reason="theory refused it")
    assert "theory refused it" in words(ax)[0].replace("\n", " ")
