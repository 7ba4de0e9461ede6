"""Ring and microcircuit figures draw from tiny tables and show theory and simulation."""

import numpy as np

from cortex.plots.spiking import draw_circuit, draw_ring


def text(*values):
    return np.array(values, dtype=object)


def ring_tables():
    statistics = {
        "case": text("g5"), "network": np.array([0]), "g": np.array([5.0]), "nu": np.array([60.0]),
        "cv": np.array([0.8]), "wave_number": np.array([3]), "frequency": np.array([201.5]),
        "direction": np.array([1.0]), "share": np.array([0.5]),
    }  # fmt: skip
    modes = {
        "case": text("g5", "g5"), "wave_number": np.array([2, 3]),
        "growth": np.array([-30.0, 74.0]), "frequency": np.array([195.0, 200.0]),
        "nu": np.array([55.0, 55.0]),
    }  # fmt: skip
    frequency, number = (a.ravel() for a in np.meshgrid([0.0, 200.0], [-3, 0, 3], indexing="ij"))
    spectra = {
        "case": text(*["g5"] * 6), "network": np.zeros(6, int), "frequency": frequency,
        "wave_number": number, "power": np.arange(6.0) + 1,
    }  # fmt: skip
    rasters = {
        "case": text("g5", "g5"), "network": np.zeros(2, int), "time": np.array([0.01, 0.02]),
        "position": np.array([0.1, 0.6]),
    }  # fmt: skip
    return statistics, modes, spectra, rasters


def test_ring_figure_names_the_frequencies_of_theory_and_simulation():
    figure = draw_ring(*ring_tables())
    titles = [ax.get_title(loc="right") for ax in figure.axes]
    assert "theory 200.0 Hz\nsimulation 201.5 Hz" in titles
    assert len(figure.axes) == 4  # three panels and a colour bar


def test_every_panel_has_its_letter_however_many_cases_there_are():
    cases = [f"g{j}" for j in range(4)]
    many = [{name: np.tile(column, 4) for name, column in table.items()} for table in ring_tables()]
    for table in many:
        table["case"] = text(*np.repeat(cases, table["case"].size // 4))
    letters = [ax.get_title(loc="left") for ax in draw_ring(*many).axes]
    assert [letter for letter in letters if letter] == list("ABCDEFGHIJKL")


def test_circuit_figure_draws_a_bar_and_a_mark_per_population():
    names = ("23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I")
    rates = {
        "network": np.zeros(8, int), "population": text(*names), "nu": np.arange(8.0) + 1,
        "cv": np.full(8, 0.9), "nu_theory": np.arange(8.0) + 1.1, "cv_theory": np.full(8, 0.95),
    }  # fmt: skip
    spectra = {
        "network": np.zeros(24, int), "population": text(*np.repeat(names, 3)),
        "frequency": np.tile([0.0, 80.0, 160.0], 8), "power": np.full(24, 2.0),
        "power_theory": np.full(24, 1.0),
    }  # fmt: skip
    rasters = {
        "network": np.zeros(2, int), "time": np.array([0.01, 0.02]), "row": np.array([1, 2]),
        "excitatory": np.array([True, False]),
    }  # fmt: skip
    figure = draw_circuit(rates, spectra, rasters)
    rate_axes = figure.axes[1]
    assert len(rate_axes.lines) == 16
    assert [t.get_text() for t in rate_axes.get_xticklabels()] == list(names)
