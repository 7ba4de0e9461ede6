"""The figure of an array of any sweep: its curves, told apart by colour."""

from itertools import product

import numpy as np
import pytest

from cortex.plots.sweep_arrays import draw_array
from cortex.plots.sweep_panels import Quantity
from cortex.plots.sweeps import SweepView

G = Quantity(name="g", moved="g")
DELAY = Quantity(name="delay", unit="ms", moved="delay")
COURSE = (
    Quantity(name="time", unit="ms"),
    Quantity(name="rate", unit="Hz", doc="rate"),
    Quantity(name="rate_theory", unit="Hz", is_theory=True, predicts="rate"),
)


def view(*axes, **keys):
    return SweepView(name="s", axes=axes, observables=(), **keys)


def course(**axes):
    """Return the long table of a course of three times for every point and two repetitions."""
    points = list(product(*axes.values(), (0, 1), (0.0, 1e-3, 2e-3)))
    columns = [np.array(column) for column in zip(*points, strict=True)]
    table = dict(zip((*axes, "replicate", "time"), columns, strict=True))
    table["rate_theory"] = table["g"] * (1.0 + 1e3 * table["time"])
    return table | {"rate": table["rate_theory"] + table["replicate"]}


def test_the_curves_of_points_at_random_are_told_by_the_colour_of_each_parameter():
    # neither parameter has a value twice, so that none has a curve at the middle of the other
    points = [course(g=[g], delay=[delay]) for g, delay in ((1.0, 3e-3), (2.0, 1e-3), (3.0, 2e-3))]
    table = {name: np.concatenate([each[name] for each in points]) for name in points[0]}
    left, right = draw_array(table, view(G, DELAY), COURSE).axes
    for ax, names in ((left, ["1", "2", "3"]), (right, ["1", "2", "3"])):
        assert [text.get_text() for text in ax.get_legend().get_texts()] == names
    # theory at the first of three times is g; panels differ in which value comes first
    firsts = [[line.get_ydata()[0] for line in ax.lines[1::2]] for ax in (left, right)]
    assert firsts == [[1.0, 2.0, 3.0], [2.0, 3.0, 1.0]]


def test_the_curves_of_an_array_are_those_of_the_first_repetition_by_colour():
    figure = draw_array(course(g=[1.0, 2.0], delay=[1e-3, 2e-3]), view(G, DELAY), COURSE)
    (ax,) = figure.axes
    assert ax.get_title(loc="left").split("\n")[-1] == "delay = 1\N{NO-BREAK SPACE}ms"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["1", "2"]
    curves = [(line.get_linestyle(), line.get_ydata().tolist()) for line in ax.lines]
    assert curves == [(s, y) for y in ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]) for s in ("None", "-")]
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [0.0, 1.0, 2.0])  # ms


def test_of_several_signals_the_first_is_drawn_and_named():
    table = course(g=[1.0, 2.0])
    both = {name: np.concatenate([column, 10.0 * column]) for name, column in table.items()}
    both |= {name: np.tile(table[name], 2) for name in ("g", "replicate", "time")}
    both["signal"] = np.repeat(["E", "I"], table["g"].size).astype(object)
    signal = Quantity(name="signal", is_word=True)
    (ax,) = draw_array(both, view(G), (COURSE[0], signal, COURSE[1])).axes
    assert ax.get_title(loc="left").split("\n")[-1] == "signal = E"
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]


@pytest.mark.parametrize(("peak", "scale"), [(2.0, "linear"), (1e4, "log")])
def test_an_axis_with_a_high_peak_is_logarithmic_and_hides_what_is_next_to_nothing(peak, scale):
    table = course(g=[1.0, 2.0])
    table["rate"] = np.where(table["time"] == 1e-3, peak, 1.0)
    table["rate"][0] = 1e-45
    (ax,) = draw_array(table, view(G), COURSE[:2]).axes
    assert ax.get_yscale() == scale
    assert scale == "linear" or ax.get_ylim()[0] == pytest.approx(1e-6 * peak)


def test_one_at_a_time_an_array_has_a_panel_per_parameter_and_at_most_eight_curves():
    moved = course(g=np.arange(1.0, 21.0))
    moved["delay"] = np.full(moved["g"].size, 1e-3)
    moved["varied"] = np.where(moved["g"] == 1.0, "", "g").astype(object)
    alone = view(G, DELAY, is_one_at_a_time=True)
    left, right = draw_array(moved, alone, COURSE[:2]).axes
    assert [text.get_text() for text in left.get_legend().get_texts()][::7] == ["1", "20"]
    assert (len(left.lines), len(right.lines)) == (8, 1)


def test_an_array_without_a_value_says_so():
    nothing = {name: values[:0] for name, values in course(g=[1.0]).items()}
    lost = Quantity(name="rate", unit="Hz", undefined="no lfp block")
    (ax,) = draw_array(nothing, view(G), (COURSE[0], lost)).axes
    assert "no lfp block" in ax.texts[0].get_text().replace("\n", " ")


def test_a_column_of_an_array_that_is_undefined_or_a_coordinate_has_no_panel():
    table = course(g=[1.0, 2.0])
    table["rate_theory"] = np.full(table["g"].size, np.nan)
    table["end"] = table["time"] + 1e-3
    end = Quantity(name="end", unit="ms", is_coordinate=True)
    theory = Quantity(name="rate_theory", unit="Hz", is_theory=True, undefined="a mode grows")
    figure = draw_array(table, view(G), (COURSE[0], end, COURSE[1], theory))
    assert [ax.get_ylabel() for ax in figure.axes] == ["rate (Hz)"]
    assert figure.get_suptitle().endswith("rate_theory (a mode grows)")
