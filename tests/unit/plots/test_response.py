"""Figures of responses, fits and microcircuit rates draw on tiny tables."""

import numpy as np
import pytest

from cortex.plots.response import draw_mapping, draw_microcircuit, draw_neurons
from cortex.plots.style import SERIES


def test_neurons_show_four_treatments_and_their_slopes():
    treatments = np.array(["white", "shift", "taylor", "nodes"], dtype=object)
    stationary = {
        "point": np.full(4, "one", dtype=object),
        "title": np.full(4, "a neuron", dtype=object),
        "treatment": treatments,
        "nu": np.array([13.0, 10.0, 9.9, 10.1]),
        "slope": np.array([5e3, 4.5e3, 4.4e3, 4.5e3]),
        "validity": np.full(4, 318.0),
    }
    f = np.array([0.1, 1.0, 10.0, 100.0])
    transfer = {
        "point": np.full(16, "one", dtype=object),
        "treatment": np.repeat(treatments, 4),
        "frequency": np.tile(f, 4),
        "gain": np.tile([5e3, 4.9e3, 3e3, 1e3], 4),
        "phase": np.tile([0.0, -0.1, -0.5, -0.8], 4),
    }
    driven = {
        "point": np.full(2, "one", dtype=object),
        "frequency": np.array([10.0, 500.0]),
        "nu": np.array([10.0, 10.2]),
        **{name: np.array([3e3, 1e3]) for name in ("gain", "gain_error")},
        "phase": np.array([-0.4, -0.2]),
        "phase_error": np.array([0.1, 0.1]),
    }
    gain, phase = draw_neurons(stationary, transfer, driven).axes
    assert len(gain.lines) == 13  # curve, slope, rate of each treatment; simulated neurons
    assert len(phase.lines) == 5
    seen = phase.lines[-1]
    assert seen.get_xdata().tolist() == [10.0, 500.0]
    assert seen.get_ydata() == pytest.approx(np.degrees([-0.4, -0.2]))
    texts = [text.get_text() for text in gain.get_legend().get_texts()]
    assert texts[-1] == "simulation, 10.1 Hz"
    assert "Hz/mV" in gain.get_ylabel()


def test_mapping_shows_curves_with_fits_and_four_fields():
    mu, sigma = np.meshgrid([6e-3, 12e-3], [6e-3, 12e-3], indexing="ij")
    fits = {"g": np.full(4, 5.0), "mu": mu.ravel(), "sigma": sigma.ravel()}
    fits |= {name: np.arange(1.0, 5.0) for name in ("nu", "tau", "w_exc", "fit_error")}
    curves = {"mu": np.repeat(mu.ravel(), 3), "sigma": np.repeat(sigma.ravel(), 3)}
    curves["frequency"] = np.tile([1.0, 50.0, 100.0], 4)
    for name in ("gain", "fit_gain", "phase", "fit_phase"):
        curves[name] = np.linspace(1.0, 0.1, 12)
    figure = draw_mapping(fits, curves)
    assert sum(bool(ax.images) for ax in figure.axes) == 4
    assert len(figure.axes[3].lines) == 4


def test_no_input_is_left_out_when_there_are_more_than_colours():
    n = len(SERIES) + 1
    mu, sigma = (x.ravel() for x in np.meshgrid(*[1e-3 * np.arange(1, n + 1)] * 2, indexing="ij"))
    fits = {"g": np.full(n * n, 5.0), "mu": mu, "sigma": sigma}
    fits |= {name: np.ones(n * n) for name in ("nu", "tau", "w_exc", "fit_error")}
    curves = {"mu": mu, "sigma": sigma, "frequency": np.ones(n * n)}
    curves |= {name: np.ones(n * n) for name in ("gain", "fit_gain", "phase", "fit_phase")}
    phase = draw_mapping(fits, curves).axes[3]
    assert len(phase.lines) == 2 * n


def test_microcircuit_lays_the_simulation_over_the_theory():
    names = np.array(["23E", "23I"], dtype=object)
    rates = {
        "population": np.tile(names, 3),
        "treatment": np.repeat(np.array(["shift", "taylor", "constant drive"], dtype=object), 2),
        "nu": np.arange(6.0),
        "cv": np.full(6, 0.9),
        "nu_simulated": np.tile([0.9, 2.9], 3),
    }
    left, _ = draw_microcircuit(rates).axes
    assert len(left.patches) == 6
    np.testing.assert_allclose(left.lines[0].get_ydata(), [0.9, 2.9])
