"""Figures of the Izhikevich family draw on tiny tables and mark what the theory says."""

import numpy as np
import pytest

from cortex.plots.izhikevich import (
    CELL_COLOURS,
    draw_bump,
    draw_cells,
    draw_memory,
    draw_networks,
)
from cortex.plots.potentials import APART, FEW, draw_potentials


def cells(*names):
    """Return the four tables of some cells."""
    n, called = len(names), np.array(names, dtype=object)
    landmarks = {
        "cell": called,
        "fold": 102e-12 + 30e-12 * np.arange(n),
        "hopf": 101e-12 + 25e-12 * np.arange(n),
        "firing_offset": 100e-12 + 22e-12 * np.arange(n),
    }
    current = np.tile(np.linspace(0, 800e-12, 17), n)
    rates = np.where(current > 120e-12, current * 1e11, 0.0)
    curves = {
        "cell": np.repeat(called, 17),
        "current": current,
        "onset_rate": rates,
        "steady_rate": 0.8 * rates,
    }
    x = np.linspace(0.0, 1.0, 10)
    traces = {
        "cell": np.repeat(called, 10),
        "time": np.tile(x, n),
        "v": np.tile(-0.06 + 0.05 * x, n),
        "u": np.tile(1e-10 * x, n),
    }
    nullclines = {
        "cell": np.repeat(called, 10),
        "v": np.tile(-0.08 + 0.05 * x, n),
        "u_where_v_rests": np.tile(1e-10 * x**2, n),
        "u_where_u_rests": np.tile(1e-10 * x, n),
    }
    return landmarks, curves, traces, nullclines


def test_no_cell_is_left_out_when_there_are_more_than_colours():
    names = [f"cell {j}" for j in range(len(CELL_COLOURS) + 1)]
    figure = draw_cells(*cells(*names))
    assert [ax.get_title(loc="right") for ax in figure.axes[::3]] == names
    assert all(ax.lines for ax in figure.axes)
    assert [ax.get_title(loc="left") for ax in figure.axes] == list("ABCDEFGHIJKLMNO")


def test_cells_show_the_closed_form_currents():
    figure = draw_cells(*cells("RS", "FS"))
    assert len(figure.axes) == 6
    labels = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    assert "Hopf 101.00 pA" in labels
    assert "fold 102.00 pA" in labels


def test_networks_show_each_case_and_say_where_a_cell_has_no_input():
    cases = np.repeat(np.array(["net_2_2_hand", "ring_2_2"], dtype=object), 8)
    rasters = {
        "case": cases,
        "scheme": np.tile(np.repeat(np.array(["reference", "standard"], dtype=object), 4), 2),
        "time": np.linspace(0, 1, 16),
        "neuron": np.tile(np.arange(4), 4),
        "excitatory": np.tile([True, True, False, False], 4),
    }
    currents = {
        "case": cases,
        "population": np.tile(np.repeat(np.array(["E", "I"], dtype=object), 4), 2),
        "time": np.tile(np.linspace(0, 1, 4), 4),
        **{name: np.zeros(16) for name in ("ampa", "nmda", "gaba_a")},
        "gaba_b": np.where(np.arange(16) < 4, 1e-10, 0.0),
    }
    figure = draw_networks(rasters, currents)
    notes = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert notes.count("no input") == 3


def test_bump_and_memory_show_the_mean_over_trials_and_the_fit():
    time = np.tile(np.linspace(0.125, 0.875, 4), 3)
    trials = {
        "trial": np.repeat(np.arange(3), 4),
        "time": time,
        "error": np.deg2rad(np.repeat([1.0, 2.0, 6.0], 4)),
        "angle": np.deg2rad(90.0 + np.repeat([1.0, 2.0, 6.0], 4)),
    }
    time = np.linspace(-0.5, 1.0, 20)
    inside = (time > -0.25) & (time < 0)
    raster = {"time": time, "angle": np.linspace(2.0, 4.0, 20), "during_cue": inside}
    figure = draw_bump(raster, trials)
    np.testing.assert_allclose(figure.axes[0].lines[2].get_ydata(), 90.0)
    mean = figure.axes[1].lines[3].get_ydata()
    np.testing.assert_allclose(mean, 3.0)
    diffusion = {
        "time": trials["time"][:4],
        "variance": np.full(4, 1e-3),
        "variance_error": np.full(4, 1e-4),
        "line": np.full(4, 1e-3),
        "line_error": np.full(4, 1e-4),
    }
    fit = {
        "coefficient": [np.deg2rad(np.deg2rad(2.0))],
        "coefficient_error": [np.deg2rad(np.deg2rad(0.5))],
        "linearity": [0.9],
        "n_trials": [3],
    }
    keys = ["J_plus", "gaba_gain", "cue_amplitude"]
    moved = np.repeat(np.array([*keys, ""], dtype=object), 2)  # two trials of each point
    values = {key: np.where(moved == key, 1e-12, 3e-12) for key in keys}
    lifetime = np.where(moved == "", 3.0, 0.25)
    sweep = {**values, "varied": moved, "lifetime": lifetime, "last_rate": np.ones(8)}
    figure = draw_memory(diffusion, fit, sweep)
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert any("2.00 ± 0.50" in label for label in labels)
    np.testing.assert_allclose(figure.axes[3].lines[1].get_xdata(), [1.0, 3.0])  # pA
    np.testing.assert_allclose(figure.axes[3].lines[1].get_ydata(), [0.25, 3.0])


def all_cells(n_exc, n_inh, n_times=6):
    """Return potentials and spikes of a network whose cell k rests at k - 80 mV."""
    n = n_exc + n_inh
    neuron = np.tile(np.arange(n), n_times)
    potentials = {
        "case": np.full(n * n_times, f"{n_exc}+{n_inh}", dtype=object),
        "time": np.repeat(1e-3 * np.arange(n_times), n),
        "neuron": neuron,
        "excitatory": neuron < n_exc,
        "v": 1e-3 * neuron - 0.08,
    }
    spikes = {"case": potentials["case"][:2], "scheme": np.full(2, "standard", dtype=object)}
    return potentials, {**spikes, "time": np.full(2, 2e-3), "neuron": np.array([0, n - 1])}


def test_every_cell_of_a_small_network_is_a_trace_and_of_a_large_one_a_row():
    small, large = all_cells(2, 2), all_cells(20, 4)
    tables = [{key: np.concatenate([a[key], b[key]]) for key in a}
              for a, b in zip(small, large, strict=True)]  # fmt: skip
    traces, field = draw_potentials(*tables).axes[:2]
    assert FEW < 24
    heights = [line.get_ydata()[0] for line in traces.lines[:4]]
    assert heights == pytest.approx([10.0 + k * (1e3 * APART + 1.0) for k in range(4)])
    assert [label.get_text() for label in traces.get_yticklabels()] == ["E0", "E1", "I0", "I1"]
    drawn = np.asarray(field.collections[0].get_array())
    np.testing.assert_allclose(drawn[:, 0], np.arange(24.0) - 80.0, rtol=1e-12)
    marks, border = field.lines
    assert marks.get_ydata().tolist() == [0, 23]
    assert border.get_ydata()[0] == 19.5


def test_no_legend_of_the_cells_covers_a_curve():
    figure = draw_cells(*cells("RS", "FS"))
    figure.canvas.draw()
    for ax in figure.axes:
        if ax.get_legend():
            assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1
