"""Courses of rates: theory is a line, trials a mean with a band, nothing is said in words."""

import numpy as np

from cortex.plots.courses import draw_course
from cortex.plots.overview import draw_courses
from cortex.plots.style import THEORY
from cortex.steps.columns import labelled, stacked

TIME = np.array([0.5e-3, 1.5e-3, 2.5e-3])
RATE = np.array([10.0, 12.0, 11.0])
PREDICTED = labelled({"time": TIME, "rate": RATE}, state="C", population="E")
OBSERVED = stacked(
    labelled({"time": TIME, "rate": RATE + shift}, state="C", seed=seed, population="E")
    for seed, shift in enumerate((-1.0, 2.0))
)
NOTHING = {name: values[:0] for name, values in OBSERVED.items()}


def test_a_line_of_theory_lies_over_the_mean_of_all_networks_with_its_standard_error():
    ax = draw_course(PREDICTED, OBSERVED, population="E")
    mean, theory = ax.lines
    np.testing.assert_allclose(theory.get_xdata(), [0.5, 1.5, 2.5])
    np.testing.assert_allclose(theory.get_ydata(), RATE)
    assert theory.get_linewidth() == THEORY["linewidth"]
    np.testing.assert_allclose(mean.get_ydata(), RATE + 0.5)
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    np.testing.assert_allclose((band.min(), band.max()), (9.0, 14.0))  # -1 and +2: 0.5 +- 1.5


def test_what_is_missing_is_left_out_and_nothing_at_all_is_said():
    assert len(draw_course(PREDICTED, NOTHING, population="E").lines) == 1
    unstable = PREDICTED | {"rate": np.full(3, np.nan)}
    assert len(draw_course(unstable, OBSERVED, population="E").lines) == 1
    empty = draw_course(NOTHING, NOTHING, population="E", reason="no seeds")
    assert "no seeds" in empty.texts[0].get_text().replace("\n", " ")


def test_every_state_has_a_row_and_every_population_a_column():
    other = PREDICTED | {"state": np.full(3, "D", dtype=object)}
    figure = draw_courses(stacked([PREDICTED, other]), OBSERVED)
    assert len(figure.axes) == 2
    assert [len(ax.lines) for ax in figure.axes] == [2, 1]
    assert len(draw_courses(NOTHING, NOTHING).axes) == 1


def test_what_a_grid_predicts_is_a_thin_line_beside_linear_response():
    ax = draw_course(PREDICTED, NOTHING, population="E", nonlinear=PREDICTED | {"rate": RATE + 1.0})
    linear, grid = ax.lines
    np.testing.assert_allclose(grid.get_ydata(), RATE + 1.0)
    assert grid.get_linewidth() < linear.get_linewidth()
    assert draw_courses(PREDICTED, OBSERVED, nonlinear=NOTHING).axes[0].lines
