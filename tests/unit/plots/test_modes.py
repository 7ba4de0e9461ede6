"""Growth rates, eigenvalues, sensitivity and response of any network."""

import numpy as np
import pytest

from cortex.plots.modes import (
    draw_distance,
    draw_eigenvalues,
    draw_growth,
    draw_response,
    draw_sensitivity,
)
from cortex.plots.style import SERIES

from . import tiny


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_modes_are_bars_from_zero_named_by_frequency_beside_the_simulated_peak():
    ax = draw_growth(tiny.modes(growth=-130.0, frequency=124.0), tiny.network())
    bar = ax.lines[-1]
    np.testing.assert_array_equal(bar.get_xdata(), [0.0, -130.0])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["124 Hz"]
    assert ax.get_title(loc="right") == "simulated peaks: 139 Hz"


def test_the_fastest_modes_of_a_ring_name_their_wave_numbers_and_what_stands():
    names = [label.get_text() for label in draw_growth(tiny.ring_modes()).get_yticklabels()]
    assert names[0] == "n = 3, 200 Hz"
    assert "n = 11, static" in names


@pytest.mark.parametrize("draw", [draw_eigenvalues, draw_distance])
def test_only_trajectories_close_to_one_are_coloured_unlike_any_population(draw):
    ax = draw(tiny.eigenvalues(n=5))
    assert labels(ax) == ["closest to 1 at 100 Hz"] * 3  # the fifth never leaves zero
    named = [line for line in ax.lines if line.get_label().startswith("closest")]
    assert not {line.get_color().upper() for line in named} & {each.upper() for each in SERIES}


def test_sensitivity_is_a_matrix_of_target_and_source():
    ax = draw_sensitivity(tiny.sensitivity(), key="along")
    np.testing.assert_array_equal(ax.images[0].get_array(), [[1.0, -2.0], [3.0, 0.0]])
    assert ax.get_title(loc="right") == "mode at 124.0 Hz"


def test_response_and_its_fit_fall_together_where_it_is_a_low_pass():
    ax = draw_response(tiny.response())
    theory, fit = ax.lines[:2]
    np.testing.assert_allclose(theory.get_ydata(), fit.get_ydata())
    assert (theory.get_linestyle(), fit.get_linestyle()) == ("-", "--")
    assert labels(ax) == ["E, fit: 2 ms", "I, fit: 2 ms"]


def test_a_response_that_another_population_has_too_is_drawn_once():
    assert labels(draw_response(tiny.response(gains=(1e3, 1e3))))[1] == "I: the same"


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (draw_growth, tiny.modes()),
        (draw_growth, tiny.modes(growth=np.nan)),
        (draw_eigenvalues, tiny.eigenvalues()),
        (draw_distance, tiny.eigenvalues()),
        (draw_sensitivity, tiny.sensitivity()),
        (draw_response, tiny.response()),
    ],
)
def test_empty_tables_say_why(draw, table):
    known = table if np.isnan(table.get("growth", [0.0])).any() else tiny.nothing(table)
    (text,) = draw(known, reason="the drive is slow").texts
    assert text.get_text().replace("\n", " ").endswith(": the drive is slow")
