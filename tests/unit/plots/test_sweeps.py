"""The figure of any sweep: lines, maps and small multiples, theory beside simulation."""

from itertools import combinations, product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import LogNorm, to_hex
from matplotlib.text import Text

from cortex.plots.style import UNDEFINED, house_style
from cortex.plots.sweep_panels import Quantity, draw_map, draw_over
from cortex.plots.sweep_scales import is_close, shades_of, shades_of_words, spans_decades
from cortex.plots.sweeps import SweepView, draw_sweep

G = Quantity(name="g", moved="g")
DELAY = Quantity(name="delay", unit="ms", moved="delay")
WORD = Quantity(name="rule", is_word=True)
NU = Quantity(name="nu", unit="Hz", doc="mean rate of all neurons")
THEORY = Quantity(name="nu_theory", unit="Hz", doc="its prediction", is_theory=True, predicts="nu")
REGIME = Quantity(name="regime", doc="AI or SR", is_word=True)
SHOWN = (NU, THEORY, REGIME)


def summary(**axes):
    """Return the summary of a full grid: nu = g + 1000 delay, predicted one higher."""
    points = list(product(*axes.values()))
    table = {
        name: np.array(values) for name, values in zip(axes, zip(*points, strict=True), strict=True)
    }
    n = len(points)
    nu = table.get("g", np.zeros(n)) + 1000.0 * table.get("delay", np.zeros(n))
    regime = np.where(nu > np.median(nu), "SR", "AI").astype(object)
    table |= {"nu_mean": nu, "nu_sd": np.full(n, 0.1), "nu_theory_mean": nu + 1.0, "regime": regime}
    return table | {"nu_theory_sd": np.zeros(n), "n": np.full(n, 2)}


def view(*axes, observables=SHOWN, **keys):
    return SweepView(name="s", axes=axes, observables=observables, **keys)


def legend_of(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def test_one_axis_gives_lines_of_theory_and_marks_of_simulation():
    table = summary(g=[3.0, 1.0, 2.0])
    figure = draw_sweep(table, view(G))
    rate, regime = figure.axes
    lines = {line.get_linestyle(): line for line in rate.lines}
    np.testing.assert_array_equal(lines["-"].get_xdata(), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(lines["-"].get_ydata(), [2.0, 3.0, 4.0])
    np.testing.assert_array_equal(np.sort(lines["None"].get_ydata()), [1.0, 2.0, 3.0])
    assert sorted(legend_of(figure)) == ["simulation", "theory"]
    assert rate.get_ylabel() == "nu (Hz)"
    assert [tick.get_text() for tick in regime.get_yticklabels()] == ["AI", "SR"]
    np.testing.assert_array_equal(regime.lines[0].get_ydata(), [1.0, 0.0, 0.0])


def test_a_second_axis_of_few_values_is_told_by_colour():
    table = summary(g=[1.0, 2.0, 3.0], delay=[1e-3, 2e-3])
    figure = draw_sweep(table, view(G, DELAY))
    assert legend_of(figure) == ["1", "2"]
    assert figure.legends[0].get_title().get_text() == "delay (ms)"
    theory = [line for line in figure.axes[0].lines if line.get_linestyle() == "-"]
    assert [line.get_ydata().tolist() for line in theory] == [[3.0, 4.0, 5.0], [4.0, 5.0, 6.0]]


def test_two_axes_give_maps_and_theory_and_simulation_share_their_scale():
    g, delay = np.arange(5.0), 1e-3 * np.arange(1.0, 7.0)
    figure = draw_sweep(summary(g=g, delay=delay), view(DELAY, G))
    images = [ax.collections[0] for ax in figure.axes if ax.collections and ax.get_xlabel()]
    simulated, predicted, _ = images
    field = simulated.get_array().reshape(5, 6)
    np.testing.assert_allclose(field, g[:, None] + 1e3 * delay[None, :])
    assert simulated.get_clim() == predicted.get_clim() == (1.0, 11.0)


def test_points_off_a_grid_are_marks():
    table = {
        name: column[:-1]
        for name, column in summary(g=np.arange(5.0), delay=np.arange(5.0)).items()
    }
    figure = draw_sweep(table, view(G, DELAY))
    assert len(figure.axes[0].collections[0].get_offsets()) == 24


def test_a_third_axis_gives_panels_beside_each_other_and_none_is_dropped_silently():
    axes = {"g": np.arange(5.0), "delay": 1e-3 * np.arange(1.0, 6.0), "rule": list("abcde")}
    view_ = view(G, DELAY, WORD, observables=(NU,))
    titles = [ax.get_title(loc="left") for ax in draw_sweep(summary(**axes), view_).axes]
    assert [title.split("\n")[-1] for title in titles if title] == [
        f"rule = {word}" for word in "abcde"
    ]
    figure = draw_sweep(summary(**{**axes, "rule": list("abcdefgh")}), view_)
    assert "the first 6 of 8 cuts through the sweep" in figure.get_suptitle()


def test_one_at_a_time_gives_a_panel_per_parameter_with_the_base_in_each():
    table = summary(g=[1.0]) | {"delay": np.array([1e-3])}
    moved = {name: np.concatenate([column] * 4) for name, column in table.items()} | {
        "g": np.array([1.0, 2.0, 3.0, 1.0]),
        "delay": np.array([1e-3, 1e-3, 1e-3, 2e-3]),
        "varied": np.array(["", "g", "g", "delay"], dtype=object),
    }
    figure = draw_sweep(moved, view(G, DELAY, observables=(NU, THEORY), is_one_at_a_time=True))
    assert [ax.get_xlabel() for ax in figure.axes] == ["g", "delay (ms)"]
    assert [len(ax.lines[0].get_xdata()) for ax in figure.axes] == [3, 2]


def test_tiny_numbers_are_shown_in_a_smaller_unit_and_wide_axes_are_logarithmic():
    table = summary(g=[1.0, 10.0, 100.0])
    table |= {"lfp_mean": np.array([1e-10, 2e-10, 3e-10]), "lfp_sd": np.zeros(3)}
    figure = draw_sweep(table, view(G, observables=(Quantity(name="lfp", unit="A"),)))
    assert figure.axes[0].get_ylabel() == "lfp (pA)"
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), [100.0, 200.0, 300.0])
    assert figure.axes[0].get_xscale() == "log"


@pytest.mark.parametrize("values", [["only"], ["a", "b"]])
def test_words_may_vary_and_a_sweep_of_one_point_is_drawn(values):
    figure = draw_sweep(summary(rule=values), view(WORD))
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == values


def test_failed_points_are_a_word_of_their_own_and_leave_their_numbers_out():
    table = summary(g=[1.0, 2.0, 3.0])
    table["nu_mean"][1], table["regime"][1] = np.nan, ""
    figure = draw_sweep(table, view(G))
    assert [tick.get_text() for tick in figure.axes[1].get_yticklabels()] == ["failed", "AI", "SR"]


def test_panels_go_into_axes_that_are_given():
    figure, (left, right) = plt.subplots(1, 2)
    draw_over(left, summary(g=[1.0, 2.0]), (NU, THEORY), G)
    draw_map(right, summary(g=[1.0, 2.0], delay=[1e-3, 2e-3]), REGIME, G, DELAY)
    assert left.get_ylabel() == "nu (Hz)"
    assert right.get_ylabel() == "delay (ms)"
    assert figure.axes[-1] is not right  # the names of the colours


def test_colours_of_a_map_span_no_more_decades_than_the_eye_can_tell():
    table = summary(g=[1.0, 2.0], delay=[1e-3, 2e-3])
    table["nu_mean"] = np.array([1e-40, 1.0, 20.0, 50.0])
    figure, ax = plt.subplots()
    draw_map(ax, table, NU, G, DELAY)
    image = ax.collections[0]
    assert (image.norm.vmin, image.norm.vmax) == pytest.approx((5e-3, 50.0))
    assert image.colorbar.extend == "min"
    plt.close(figure)


def test_an_observable_and_its_prediction_share_the_smaller_unit():
    table = summary(g=[1.0, 2.0])
    table |= {"v_mean": np.array([0.4, 0.45]), "v_sd": np.zeros(2)}
    table |= {"v_theory_mean": np.array([0.4, 0.9])}
    v = Quantity(name="v", unit="V")
    theory = Quantity(name="v_theory", unit="V", is_theory=True, predicts="v")
    (ax,) = draw_sweep(table, view(G, observables=(v, theory))).axes
    assert ax.get_ylabel() == "v (mV)"
    drawn = {line.get_linestyle(): line.get_ydata().tolist() for line in ax.lines}
    assert drawn["-"] == pytest.approx([400.0, 900.0])


LOST = Quantity(name="growth", unit="per_s", undefined="theory does not reach it", is_theory=True)


def with_lost(table):
    """Return a summary with an observable that is undefined at every point."""
    n = len(table["n"])
    return table | {"growth_mean": np.full(n, np.nan), "growth_sd": np.full(n, np.nan)}


def test_what_is_undefined_everywhere_is_said_in_words_and_has_no_panel():
    figure = draw_sweep(with_lost(summary(g=[1.0, 2.0])), view(G, observables=(NU, LOST)))
    assert [ax.get_ylabel() for ax in figure.axes] == ["nu (Hz)"]
    said = figure.get_suptitle().replace("\n", " ")
    assert said.endswith(
        "undefined at every point, and not drawn: growth (theory does not reach it)"
    )
    (ax,) = draw_sweep(with_lost(summary(g=[1.0, 2.0])), view(G, observables=(LOST,))).axes
    assert "undefined" in ax.texts[0].get_text()
    assert not ax.yaxis.get_visible()


def test_what_is_undefined_in_one_panel_is_said_there():
    axes = {"g": [1.0, 2.0, 3.0], "delay": [1e-3, 2e-3], "rule": ["a", "b"]}
    table = summary(**axes)
    table["nu_mean"][table["delay"] == 2e-3] = np.nan
    figure = draw_sweep(table, view(G, DELAY, WORD, observables=(NU,)))
    known, lost = figure.axes
    assert not known.texts
    assert "undefined here" in lost.texts[0].get_text().replace("\n", " ")


def test_the_map_of_an_observable_and_its_prediction_are_logarithmic_together():
    g, delay = np.arange(1.0, 6.0), 1e-3 * np.arange(1.0, 7.0)
    table = summary(g=g, delay=delay)
    table["nu_theory_mean"] = np.where(table["g"] == 1.0, 0.01, 300.0)  # over decades
    table["nu_mean"][0] = 0.0  # silent: below the scale, not undefined
    figure = draw_sweep(table, view(DELAY, G, observables=(NU, THEORY)))
    simulated, predicted = (ax.collections[0] for ax in figure.axes if ax.get_xlabel())
    assert type(simulated.norm) is type(predicted.norm) is LogNorm
    assert simulated.get_clim() == predicted.get_clim()
    cells = {to_hex(colour) for colour in simulated.to_rgba(simulated.get_array()).reshape(-1, 4)}
    assert UNDEFINED not in cells


def test_numbers_of_both_signs_are_blue_and_red_about_a_white_zero():
    shades = shades_of(np.array([-2.0, np.nan, 5.0]))
    assert (shades.norm.vmin, shades.norm.vmax) == (-5.0, 5.0)
    low, zero, high = (shades.cmap(shades.norm(value)) for value in (-5.0, 0.0, 5.0))
    assert low[2] > low[0]
    assert high[0] > high[2]
    assert min(zero) > 0.9
    assert shades_of(np.array([-0.1, 5.0])).norm.vmin == -0.1  # next to nothing below zero


def test_points_of_three_keys_at_random_are_drawn_over_each_key_without_lines():
    rng = np.random.default_rng(1)
    table = summary(g=rng.uniform(size=20), delay=[1e-3])
    table |= {"delay": rng.uniform(1e-3, 2e-3, 20), "k": rng.uniform(size=20)}
    axes = (G, DELAY, Quantity(name="k", unit="ms", called="tau"))
    figure = draw_sweep(table, view(*axes, observables=(NU, THEORY)))
    assert [ax.get_xlabel() for ax in figure.axes] == ["g", "delay (ms)", "tau (ms)"]
    assert {line.get_linestyle() for ax in figure.axes for line in ax.lines} == {"None"}
    assert {len(ax.lines[0].get_xdata()) for ax in figure.axes} == {20}
    assert figure.get_suptitle().endswith("theory: dashes")


def test_maps_of_one_observable_beside_each_other_share_one_bar():
    axes = {"g": np.arange(5.0), "delay": 1e-3 * np.arange(1.0, 6.0), "rule": list("abcde")}
    figure = draw_sweep(summary(**axes), view(G, DELAY, WORD, observables=(NU,)))
    assert len(figure.axes) == 5 + 1
    assert len({ax.collections[0].get_clim() for ax in figure.axes[:5]}) == 1


def test_a_word_has_one_colour_in_all_maps_of_a_figure():
    everything = ("AI", "SI fast", "SR", "silent")
    few, all_ = (shades_of_words(words, everything) for words in (everything[1:3], everything))
    colours = {word: all_.cmap(i) for i, word in enumerate(all_.words)}
    assert [few.cmap(i) for i in range(2)] == [colours[word] for word in few.words]


def test_an_observable_that_never_changes_has_the_one_tick_that_it_needs():
    table = summary(g=[1.0, 2.0, 3.0])
    table["nu_mean"] = np.full(3, 4.0)
    (ax,) = draw_sweep(table, view(G, observables=(NU,))).axes
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["4"]


def test_words_of_several_curves_do_not_hide_each_other():
    table = summary(g=[1.0, 2.0], delay=[1e-3, 2e-3])
    table["regime"][:] = "AI"
    (ax,) = draw_sweep(table, view(G, DELAY, observables=(REGIME,))).axes
    heights = [set(line.get_ydata()) for line in ax.lines]
    assert len(heights) == 2
    assert not heights[0] & heights[1]


LONG = "populations.interneurons_of_layer_23"
KEY = Quantity(name="k", unit="ms", called=f"{LONG}.tau_m", tied=(f"{LONG}.C (pF)",))
OTHER = Quantity(name="l", unit="Hz", called="drive.from_the_thalamus.rate")
WORDY = tuple(
    Quantity(
        name=f"observable_of_a_long_name_{i}", unit="Hz",
        doc="mean over all neurons of a number whose name is longer than its panel is wide",
    )
    for i in range(2)
)  # fmt: skip


def wordy(**axes):
    table = summary(**axes)
    for i, each in enumerate(WORDY):
        table |= {f"{each.name}_mean": table["nu_mean"] + i, f"{each.name}_sd": table["nu_sd"]}
    return table


@pytest.mark.parametrize(
    ("axes", "shown"),
    [
        ({"k": [1e-3, 2e-3, 3e-3]}, (KEY,)),
        ({"k": [1e-3, 2e-3, 3e-3], "l": [3e3, 4e3]}, (KEY, OTHER)),
        ({"k": 1e-3 * np.arange(1.0, 6.0), "l": 1e3 * np.arange(1.0, 6.0)}, (KEY, OTHER)),
        ({"k": [1e-3, 2e-3, 3e-3], "l": [3e3, 4e3], "g": [3.0, 4.0, 5.0]}, (KEY, OTHER, G)),
        ({"k": 1e-3 * np.arange(1.0, 6.0), "l": 1e3 * np.arange(1.0, 6.0), "g": np.arange(5.0)},
         (KEY, OTHER, G)),
    ],
    ids=["lines", "two keys", "maps", "panels of lines", "panels of maps"],
)  # fmt: skip
def test_no_word_of_a_figure_is_cut_or_lies_on_another(axes, shown):
    with house_style():
        figure = draw_sweep(wordy(**axes), view(*shown, observables=WORDY))
        figure.draw_without_rendering()
    for text in names(figure):
        box = text.get_window_extent()
        # a pixel of 110 per inch for the slope of letters
        assert box.x0 > figure.bbox.x0 - 1.0, text.get_text()
        assert box.x1 < figure.bbox.x1 + 1.0, text.get_text()
        assert box.y1 < figure.bbox.y1 + 1.0, text.get_text()
    for a, b in combinations(names(figure), 2):
        assert not a.get_window_extent().overlaps(b.get_window_extent()), (a, b)


def names(figure):
    """Return every text that stands outside of the panels but the numbers along them."""
    inside = {
        each
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in (*axis.majorTicks, *axis.minorTicks)
        for each in (tick.label1, tick.label2)
    }
    said = figure.findobj(lambda each: isinstance(each, Text) and each.get_text().strip())
    return [each for each in said if each not in inside and each.get_visible()]


def test_values_over_decades_get_a_logarithmic_map_and_close_ones_their_offset():
    assert spans_decades(np.array([1.0, np.nan, 100.0]))
    assert not spans_decades(np.array([0.0, 100.0]))
    assert is_close(np.array([1.0, 1.00001]))
    assert not is_close(np.array([1.0, 1.0]))
