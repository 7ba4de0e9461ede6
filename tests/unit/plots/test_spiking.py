"""Ring and microcircuit figures draw from tiny tables and show theory and simulation."""

import numpy as np

from cortex.plots.spiking import draw_circuit, draw_ring

from . import tiny


def ring_tables(states=("g6",)):
    return [
        tiny.stacked([make(state) for state in states])  # type: ignore[attr-defined]
        for make in (tiny.rates, tiny.observed, tiny.ring_modes, tiny.space_time, tiny.raster)
    ]


def test_ring_figure_shows_the_static_pattern_beside_the_wave():
    figure = draw_ring(*ring_tables())
    named = {
        text.get_text()
        for ax in figure.axes
        if ax.get_legend()
        for text in ax.get_legend().get_texts()
    }
    assert {"n = 3, 200 Hz: +140", "n = 11, static: +10", "theory: n = 11"} <= named
    assert "theory, a mode grows" in named  # the working point that the rates are of


def test_every_panel_has_its_letter_however_many_states_there_are():
    figure = draw_ring(*ring_tables([f"g{j}" for j in range(3)]))
    letters = [ax.get_title(loc="left") for ax in figure.axes]
    assert sorted(letter for letter in letters if letter) == list("ABCDEFGHIJKLMN")


def test_circuit_figure_has_a_spectrum_and_a_ratio_for_every_population():
    names = ("4E", "4I", "5E", "5I")

    def renamed(table):
        parts = [tiny.rows_of(table, "E") | {"population": tiny.text(name)} for name in names]
        for part in parts:
            part["population"] = np.repeat(part["population"], len(part["state"]))
        return tiny.stacked(parts)  # type: ignore[attr-defined]

    tables = (tiny.rates(), tiny.observed(), tiny.predicted_spectra(), tiny.spectra())
    figure = draw_circuit(*map(renamed, tables), tiny.raster())  # type: ignore[call-arg]
    assert [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")] == list(
        "ABCD"
    )
    ratio = "ratio 1.9 to 1.9"  # 2 over 1.05
    titles = [ax.get_title(loc="right") for ax in figure.axes[3:]]
    assert titles == ["4E", "5E", ratio, ratio, "4I", "5I", ratio, ratio]
