"""Figures of sweeps: each draws on tiny tables and shows prediction over measurement."""

import numpy as np

from cortex.plots.study_sweeps import draw_lines, draw_phase_diagram, draw_trust
from cortex.plots.style import SERIES, house_style


def test_the_phase_diagram_has_marks_borders_and_the_points_computed():
    g, ratio = (a.ravel() for a in np.meshgrid([4.0, 5.0, 6.0], [1.0, 2.0, 3.0], indexing="ij"))
    regime = np.where(g > 4.5, "AI", "SR").astype(object)
    sweep = {"g": g, "nu_ext_ratio": ratio, "regime": regime, "nu_mean": 10 * ratio}
    sweep |= {"nu_theory_mean": 11 * ratio, "nu_sd": 0.1 * ratio}
    computed = np.arange(9) % 2 == 0
    regimes = {"g": g, "nu_ext_ratio": ratio, "regime": regime, "computed": computed}
    with house_style():
        figure = draw_phase_diagram(sweep, regimes, regimes)
    simulated, rates, refinement = figure.axes
    assert {line.get_label() for line in simulated.lines} >= {"SR", "AI", "predicted borders"}
    assert rates.get_xscale() == "log"
    assert refinement.get_title(loc="right") == "5 of 9 points simulated"


def test_trust_in_theory_is_zero_where_simulation_meets_it():
    g, ratio = (a.ravel() for a in np.meshgrid([4.0, 5.0, 6.0], [1.0, 2.0], indexing="ij"))
    regime = np.where(g > 4.5, "AI", "SR").astype(object)
    nu = np.array([10.0, 20.0, 10.0, 20.0, 10.0, 30.0])
    sweep = {"g": g, "nu_ext_ratio": ratio, "regime": regime, "nu_theory_mean": 10.0 * ratio}
    sweep |= {"nu_mean": nu, "cv_mean": ratio, "cv_theory_mean": ratio, "rate_std_ratio_mean": g}
    with house_style():
        figure = draw_trust(sweep, {"g": g, "nu_ext_ratio": ratio, "regime": regime})
    rate, irregularity, cause = figure.axes[:3]
    # rows are external rates: only the last network fires half as much again as predicted
    np.testing.assert_allclose(rate.collections[0].get_array(), [[0, 0, 0], [0, 0, 50]])
    assert cause.get_ylabel() == "departure of the rate (%)"
    assert not irregularity.collections[0].get_array().any()
    assert {line.get_label() for line in cause.lines} >= {"SR", "AI"}


def test_failed_points_are_drawn_as_failed():
    g, ratio = (a.ravel() for a in np.meshgrid([4.0, 5.0, 6.0], [1.0, 2.0, 3.0], indexing="ij"))
    regime = np.where(g > 4.5, "AI", "SR").astype(object)
    nu = 10.0 * ratio
    regime[4], nu[4] = "", np.nan  # as docs/sweeps.md says of a failed point
    sweep = {"g": g, "nu_ext_ratio": ratio, "regime": regime, "nu_mean": nu, "nu_sd": 0.1 * nu}
    field = {"g": g, "nu_ext_ratio": ratio, "regime": regime, "computed": g > 0.0}
    with house_style():
        simulated, rates, _ = draw_phase_diagram(sweep | {"nu_theory_mean": nu}, field, field).axes
        cause = draw_trust(
            sweep
            | {"nu_theory_mean": nu, "cv_mean": nu, "cv_theory_mean": nu, "rate_std_ratio_mean": g},
            field,
        ).axes[2]
    failed = next(line for line in simulated.lines if line.get_label() == "failed")
    assert (failed.get_xdata(), failed.get_ydata()) == ([5.0], [2.0])
    assert sum(len(each[0].get_xdata()) for each in rates.containers) == 8
    assert sum(len(line.get_xdata()) for line in cause.lines if line.get_marker() == "o") == 8  # type: ignore[misc]


def test_a_failed_learning_rate_leaves_a_gap():
    two = np.array([0.1, 1.0])
    kernel = {name: np.array([np.nan, 0.5]) for name in ("kernel_max_mean", "kernel_max_sd")}
    learning = {"beta": two, "kernel_max_predicted_mean": kernel["kernel_max_mean"], **kernel}
    delay = {"delay": two * 1e-3, "frequency_mean": 100 * two, "growth_mean": two - 0.5}
    delay |= {"frequency_rate_model_mean": 90 * two, "growth_rate_model_mean": two - 0.5}
    lfp = {"g": two, "alpha": two, "lfp_sd_mean": two, "lfp_sd_sd": two}
    with house_style():
        rates = draw_lines(learning, delay, lfp).axes[0]
    assert rates.get_ylim() == (0.0, 0.625)


def test_the_lines_state_their_units():
    two = np.array([0.1, 1.0])
    learning = {"beta": two, "kernel_max_predicted_mean": two, "kernel_max_mean": two}
    delay = {"delay": two * 1e-3, "frequency_mean": 100 * two, "growth_mean": two - 0.5}
    delay |= {"frequency_rate_model_mean": 90 * two, "growth_rate_model_mean": two - 0.5}
    lfp = {"g": two, "alpha": two, "lfp_sd_mean": two, "lfp_sd_sd": two}
    with house_style():
        figure = draw_lines(learning | {"kernel_max_sd": two}, delay, lfp)
    assert [ax.get_xlabel() for ax in figure.axes] == [
        r"learning rate $\beta$",
        "delay (ms)",
        r"weight of GABA $\alpha$",
    ]


def test_no_network_is_left_out_when_there_are_more_than_colours():
    one, g = np.array([1.0]), np.arange(1.0, len(SERIES) + 2.0)
    learning = dict.fromkeys(
        ("beta", "kernel_max_predicted_mean", "kernel_max_mean", "kernel_max_sd"), one
    )
    delay = dict.fromkeys(
        ("delay", "frequency_mean", "growth_mean", "frequency_rate_model_mean"), one
    )
    lfp = {"g": g, "alpha": g, "lfp_sd_mean": g, "lfp_sd_sd": g}
    figure = draw_lines(learning, delay | {"growth_rate_model_mean": one}, lfp)
    legend = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    assert legend == [f"g = {each:g}" for each in g]
