"""Dispersion, patterns and space-time spectra of rings."""

import numpy as np
import pytest

from cortex.plots.bifurcations import draw_lines, draw_onset_frequencies, draw_plane
from cortex.plots.patterns import (
    draw_dispersion,
    draw_patterns,
    draw_space_time,
    fastest,
    pattern_shares,
)
from cortex.steps.select import rows

from . import tiny


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_both_maxima_of_the_dispersion_are_found_and_named():
    assert fastest(tiny.ring_modes(), "wave") == (3, 140.0, 200.0)
    assert fastest(tiny.ring_modes(), "static")[:2] == (11, 10.0)
    ax = draw_dispersion(tiny.ring_modes())
    assert labels(ax) == ["n = 3, 200 Hz: +140", "n = 11, static: +10"]
    assert ax.get_xlim()[1] > 15


def test_shares_of_waves_and_static_patterns_are_over_the_strongest():
    numbers, wave, static = pattern_shares(rows(tiny.space_time(), seed=0))
    assert numbers[np.argmax(wave)] == 3
    assert wave.max() == pytest.approx(1.0)
    assert numbers[np.argmax(static)] == 11
    # two directions of 25 over 100.01
    assert static.max() == pytest.approx(50.0 / 100.01)


def test_predicted_maxima_that_grow_are_lines_over_the_measured_shares():
    ax = draw_patterns(tiny.space_time(), tiny.ring_modes())
    assert {"theory: n = 3", "theory: n = 11"} <= set(labels(ax))
    assert {"simulation: wave", "simulation: static"} <= set(labels(ax))


def test_space_time_shows_fifteen_waves_and_bars_in_both_directions():
    ax = draw_space_time(tiny.space_time(), tiny.ring_modes())
    assert ax.get_xlim() == (-15.5, 15.5)
    centres = sorted({float(np.mean(line.get_xdata())) for line in ax.lines})
    assert centres == [-11.0, -4.0, -3.0, -2.0, 2.0, 3.0, 4.0, 11.0]


def test_lines_are_told_apart_by_kind_and_named_by_their_frequencies():
    ax = draw_lines(tiny.lines(), x="g", y="rate (Hz)")
    assert len({line.get_color() for line in ax.lines}) == 3
    onsets = draw_onset_frequencies(tiny.lines(), y="rate (Hz)")
    assert labels(onsets) == [
        "saddle-node", "oscillation, 5 to 27 Hz", "oscillation, 176 to 184 Hz",
    ]  # fmt: skip


def test_states_are_full_where_they_are_stable_and_open_where_a_mode_grows():
    points = {
        "state": np.array(["A", "B"], dtype=object), "x": np.array([3.5, 5.5]),
        "y": np.array([1.0, 3.8]), "grows": np.array([False, True]),
    }  # fmt: skip
    window = ((3.0, 6.0), (0.5, 4.5))
    left, right = draw_plane(tiny.lines(), points, names=("g", "rate (Hz)"), window=window).axes
    marks = {line.get_label(): line for line in left.lines if line.get_marker() == "o"}
    assert marks["working point, stable"].get_xdata().tolist() == [3.5]
    assert marks["working point, a mode grows"].get_markerfacecolor() == "white"
    assert (left.get_xlim(), left.get_ylim(), right.get_xlim()) == (*window, window[1])


def test_a_plane_with_folds_alone_has_no_frequencies():
    folds = {name: values[:2] for name, values in tiny.lines().items()}
    ax = draw_onset_frequencies(folds, y="rate (Hz)")
    assert "no oscillation sets in" in ax.texts[0].get_text().replace("\n", " ")
    assert labels(ax) == ["saddle-node"]


@pytest.mark.parametrize(
    ("draw", "tables", "names"),
    [
        (draw_dispersion, (tiny.ring_modes(),), {}),
        (draw_patterns, (tiny.space_time(), tiny.ring_modes()), {}),
        (draw_space_time, (tiny.space_time(), tiny.ring_modes()), {}),
        (draw_lines, (tiny.lines(),), {"x": "g", "y": "rate"}),
        (draw_onset_frequencies, (tiny.lines(),), {"y": "rate"}),
    ],
)
def test_empty_tables_say_why(draw, tables, names):
    (text,) = draw(*map(tiny.nothing, tables), reason="no space", **names).texts
    assert text.get_text().replace("\n", " ").endswith(": no space")


def test_a_network_without_space_has_no_dispersion():
    assert "no space" in draw_dispersion(tiny.modes()).texts[0].get_text().replace("\n", " ")
