"""Spectra over theory with their ratio; the LFP over time."""

import numpy as np
import pytest

from cortex.plots.power import draw_lfp_trace, draw_power, draw_ratio, some_cycles
from cortex.plots.style import population_colours

from . import tiny


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def said(ax):
    return " ".join(text.get_text().replace("\n", " ") for text in ax.texts)


def test_theory_is_a_black_line_over_the_mean_of_the_simulations():
    upper, _ = draw_power(tiny.predicted_spectra(), tiny.spectra(), name="E")
    simulated, theory = upper.lines
    np.testing.assert_allclose(simulated.get_ydata(), 1.05)  # 1.0 and 1.1
    np.testing.assert_array_equal(theory.get_ydata(), 2.0)
    assert labels(upper) == ["simulation, 2 networks ± SE", "theory"]


def test_the_ratio_panel_holds_theory_over_simulation_and_says_its_range():
    _, lower = draw_power(tiny.predicted_spectra(level=2.1), tiny.spectra(), name="all")
    (stairs,) = lower.patches
    np.testing.assert_allclose(stairs.get_data().values, 2.0)  # type: ignore[attr-defined]  # 2.1 over 1.05
    assert lower.get_title(loc="right") == "ratio 2 to 2"
    assert lower.get_ylabel() == "theory /\nsimulation"
    _, lower = draw_power(tiny.predicted_spectra(), tiny.spectra(), name="all", called="recording")
    assert lower.get_ylabel() == "theory /\nrecording"


def test_a_silent_population_has_no_ratio():
    """Its power is zero: nothing that theory could be compared with."""
    silent = tiny.spectra()
    silent["power"] = np.zeros_like(silent["power"])
    _, lower = draw_power(tiny.predicted_spectra(), silent, name="all")
    assert said(lower) == "no ratio: silent in the simulation"
    assert not lower.patches
    assert not lower.get_title(loc="right")


def test_the_band_of_the_ratio_is_its_standard_error():
    f = np.array([1.0, 2.0])
    ax = draw_ratio(f, np.array([4.0, 4.0]), np.array([[1.0, 1.0], [3.0, 3.0]]))
    ends = ax.collections[0].get_paths()[0].get_extents()
    # mean 2, standard error sqrt(2) / sqrt(2) = 1: ratio 2 within a half
    assert (ends.y0, ends.y1) == pytest.approx((1.0, 3.0))


def test_populations_of_other_names_keep_their_colours_from_panel_to_panel():
    spectra = tiny.spectra()
    renamed = {"E": "pv", "I": "pyr"}
    spectra["population"] = np.array(
        [renamed.get(name, name) for name in spectra["population"]], dtype=object
    )
    no_theory = tiny.nothing(tiny.predicted_spectra())
    drawn = [
        draw_power(no_theory, spectra, name=name)[0].lines[0].get_color() for name in ("pv", "pyr")
    ]
    assert drawn == list(population_colours(["pv", "pyr"]).values())


def test_one_network_has_no_band():
    upper, lower = draw_power(tiny.predicted_spectra(), tiny.spectra(seeds=(0,)))
    assert labels(upper)[0] == "simulation"
    assert not upper.collections
    assert not lower.collections


def test_a_growing_mode_stands_for_the_missing_prediction():
    refused = tiny.predicted_spectra(level=np.nan)
    upper, lower = draw_power(refused, tiny.spectra(), modes=tiny.modes(growth=50.0, frequency=190))
    assert labels(upper)[-1] == "growing mode, 190 Hz"
    assert upper.lines[-1].get_linestyle() == "--"
    assert "a mode grows" in said(lower)


def test_a_mode_beyond_the_axis_is_named_and_not_drawn():
    modes = tiny.modes(growth=50.0, frequency=660.0)
    upper, _ = draw_power(tiny.predicted_spectra(level=np.nan), tiny.spectra(), modes=modes)
    assert labels(upper)[-1] == "mode grows off the axis, 660 Hz"
    assert all(line.get_linestyle() != "--" for line in upper.lines)


def test_a_growing_wave_is_named_and_marks_no_frequency_of_the_uniform_rate():
    upper, _ = draw_power(
        tiny.predicted_spectra(level=np.nan), tiny.spectra(), modes=tiny.ring_modes()
    )
    assert labels(upper)[-1] == "mode grows at n = 3, 200 Hz"
    assert all(line.get_linestyle() != "--" for line in upper.lines)


def test_spectra_of_the_lfp_are_in_square_picoampere():
    upper, _ = draw_power(tiny.predicted_lfp(), tiny.lfp_spectra(), label="signal", name="E")
    np.testing.assert_allclose(upper.lines[0].get_ydata(), 1.0)
    assert "pA²/Hz" in upper.get_ylabel()


def test_theory_alone_and_nothing_at_all_say_so():
    upper, lower = draw_power(tiny.predicted_spectra(), tiny.nothing(tiny.spectra()))
    assert labels(upper) == ["theory"]
    assert "nothing was simulated" in said(lower)
    upper, _ = draw_power(tiny.nothing(tiny.predicted_spectra()), tiny.nothing(tiny.spectra()))
    assert "nothing was simulated" in said(upper)


def test_signals_stand_below_each_other_with_their_names():
    ax = draw_lfp_trace(tiny.traces(signals=("4E", "5E")))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["4E", "5E"]
    first, second = (line.get_ydata().mean() for line in ax.lines)
    assert first > second
    assert "no LFP" in said(draw_lfp_trace(tiny.nothing(tiny.traces())))


def test_a_trace_is_cut_to_some_cycles():
    assert some_cycles(tiny.traces(), cycles=2.0) == pytest.approx(0.02)  # 50 Hz, 5 in 0.1 s
    assert some_cycles(tiny.traces()) == pytest.approx(0.1)
