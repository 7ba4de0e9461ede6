"""Figures of the Brunel network draw on tiny tables and keep theory and measurement apart."""

import numpy as np

from cortex.plots.brunel import (
    RATIO,
    STATE_COLOURS,
    draw_lfp,
    draw_plane,
    draw_states,
    draw_theory,
)
from cortex.plots.save import draw_figure, save_figure


def tables():
    """Return tiny tables of two states, two networks each."""
    rng = np.random.default_rng(0)
    g, x = np.meshgrid([3.0, 5.0, 7.0], [0.5, 1.0, 2.0, 4.0], indexing="ij")
    names = np.array(["B", "B", "C", "C"])
    time, frequency = np.linspace(0.0, 0.1, 40), np.linspace(0.0, 500.0, 30)
    two = np.repeat(["B", "C"], 40)
    return {
        "plane": {"g": g.ravel(), "nu_ext_ratio": x.ravel(), "nu": rng.uniform(1, 300, g.size)},
        "states": {
            "state": names,
            "g": np.array([6.0, 6.0, 5.0, 5.0]),
            "nu_ext_ratio": np.array([4.0, 4.0, 2.0, 2.0]),
            "nu": np.array([60.0, 59.0, 37.0, 38.0]),
            "nu_theory": np.array([55.8, 55.8, 38.0, 38.0]),
            "cv": np.array([0.8, 0.81, 0.4, 0.41]),
            "cv_theory": np.array([0.74, 0.74, 0.68, 0.68]),
        },
        "rasters": {
            "state": two,
            "time": np.tile(time, 2),
            "row": rng.integers(0, 10, 80),
            "excitatory": rng.random(80) < 0.8,
        },
        "activity": {
            "state": two,
            "time": np.tile(time, 2),
            "rate": rng.uniform(0, 100, 80),
            "lfp": rng.normal(0, 1e-11, 80),
        },
        "spectra": {
            "state": np.repeat(["B", "C"], 30),
            "frequency": np.tile(frequency, 2),
            "rate_power": rng.uniform(0.1, 10, 60),
            "rate_power_std": rng.uniform(0.01, 0.1, 60),
            "lfp_power": rng.uniform(1e-24, 1e-22, 60),
        },
        "predicted": {
            "state": np.repeat(["B", "C"], 30),
            "frequency": np.tile(frequency, 2),
            "rate_power": np.repeat([np.nan, 1.0], 30),
            "growth": np.repeat([50.0, -130.0], 30),
            "mode_frequency": np.repeat([190.0, 124.0], 30),
        },
    }


def drawn():
    """Return all figures by name."""
    t = tables()
    return {
        "plane": draw_plane(t["plane"], t["states"]),
        "states": draw_states(t["rasters"], t["activity"], t["states"]),
        "theory": draw_theory(t["states"], t["spectra"], t["predicted"]),
        "lfp": draw_lfp(t["activity"], t["spectra"]),
    }


NUMBERS = {
    "relative inhibitory weight g",
    rf"external rate {RATIO}",
    "predicted CV of intervals",
    "simulated CV of intervals",
}


def test_every_axis_with_a_scale_or_the_first_of_its_row_says_its_unit(scales):
    for name, figure in drawn().items():
        bare = [label for label in scales(figure) if "(" not in label]
        assert set(bare) <= NUMBERS, name


def test_no_state_is_left_out_when_there_are_more_than_colours():
    t, n = tables(), len(STATE_COLOURS) + 1
    names = [f"S{j}" for j in range(n)]
    many = {
        key: {column: np.tile(values[: len(values) // 2], n) for column, values in t[key].items()}
        for key in ("states", "rasters", "activity", "spectra", "predicted")
    }
    for table in many.values():
        table["state"] = np.repeat(names, len(table["state"]) // n)
    rate, cv, spectrum = draw_theory(many["states"], many["spectra"], many["predicted"]).axes
    for ax in (rate, cv, spectrum):
        assert {line.get_label() for line in ax.lines} >= set(names)
    *traces, spectra = sorted(draw_lfp(many["activity"], many["spectra"]).axes, key=has_lines)
    assert [ax.get_ylabel() for ax in traces] == [f"{name}  (pA)" for name in names]
    assert len(spectra.lines) == n
    figure = draw_states(many["rasters"], many["activity"], many["states"])
    assert [ax.get_title(loc="left") for ax in figure.axes[:n]] == names


def has_lines(ax):
    return len(ax.lines)


def test_theory_is_a_line_and_measurement_a_mark():
    rate, *_ = drawn()["theory"].axes
    theory = [line for line in rate.lines if line.get_label() == "theory"]
    measured = [line for line in rate.lines if line.get_label() in {"B", "C"}]
    assert [line.get_linestyle() for line in theory] == ["-"]
    assert {line.get_linestyle() for line in measured} == {"None"}
    assert {line.get_marker() for line in measured} == {"o"}


def test_marks_sit_at_predicted_and_simulated_rates():
    t = tables()
    rate, *_ = draw_theory(t["states"], t["spectra"], t["predicted"]).axes
    state_b = next(line for line in rate.lines if line.get_label() == "B")
    np.testing.assert_array_equal(state_b.get_xdata(), [55.8, 55.8])
    np.testing.assert_array_equal(state_b.get_ydata(), [60.0, 59.0])


def test_saved_figures_are_the_same_bytes(tmp_path):
    t = tables()
    for run in ("a", "b"):
        figure = draw_figure(
            "cortex.plots.brunel:draw_plane", {k: t[k] for k in ("plane", "states")}
        )
        save_figure(figure, tmp_path / f"{run}.png", tmp_path / f"{run}.pdf", {"code": "x"})
    for kind in ("png", "pdf"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
