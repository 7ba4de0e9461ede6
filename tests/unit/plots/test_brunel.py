"""Figures of the Brunel network draw on tiny tables and keep theory and measurement apart."""

import numpy as np
import pytest

from cortex.plots.brunel import RATIO, draw_lfp, draw_plane, draw_theory
from cortex.plots.lfp_spectra import draw_circuit, draw_spectra
from cortex.plots.overview import draw_states
from cortex.plots.save import draw_figure, save_figure
from cortex.plots.style import STATE_COLOURS

from . import tiny


def over(states, make):
    return tiny.stacked([make(state) for state in states])  # type: ignore[attr-defined]


def tables(states=("B", "C")):
    """Return the tables of the figures: a mode grows in B."""
    g, x = np.meshgrid([3.0, 5.0, 7.0], [0.5, 1.0, 2.0, 4.0], indexing="ij")
    nu = np.linspace(1.0, 300.0, g.size)
    power = [tiny.predicted_spectra(s, np.nan if s == "B" else 2.0) for s in states]
    growth = [tiny.modes(s, 50.0 if s == "B" else -130.0, 190.0) for s in states]
    return {
        "plane": {"g": g.ravel(), "nu_ext_ratio": x.ravel(), "nu_mean": nu},
        "points": over(states, tiny.points),
        "rates": over(states, tiny.rates),
        "network": over(states, tiny.network),
        "observed": over(states, tiny.observed),
        "raster": over(states, tiny.raster),
        "activity": over(states, tiny.activity),
        "predicted": tiny.stacked(power),  # type: ignore[attr-defined]
        "spectra": over(states, tiny.spectra),
        "modes": tiny.stacked(growth),  # type: ignore[attr-defined]
        "traces": over(states, tiny.traces),
        "lfp_spectra": over(states, tiny.lfp_spectra),
        "predicted_lfp": over(states, tiny.predicted_lfp),
    }


def drawn(t):
    """Return all figures by name."""
    return {
        "plane": draw_plane(t["plane"], t["points"], t["rates"], t["network"]),
        "states": draw_states(t["raster"], t["activity"], t["rates"], t["points"]),
        "theory": draw_theory(t["rates"], t["observed"], t["predicted"], t["spectra"], t["modes"]),
        "lfp": draw_lfp(t["traces"], t["lfp_spectra"]),
        "lfp_spectra": draw_spectra(t["predicted_lfp"], t["lfp_spectra"], t["modes"]),
        "lfp_circuit": draw_circuit(tiny.predicted_lfp(), tiny.lfp_spectra()),
    }


NUMBERS = {
    "relative inhibitory weight g",
    rf"external rate {RATIO}",
    "CV of intervals",
    "theory /\nsimulation",
    "",  # names of populations
}


def test_every_axis_with_a_scale_or_the_first_of_its_row_says_its_unit(scales):
    for name, figure in drawn(tables()).items():
        bare = [label for label in scales(figure) if "(" not in label]
        assert set(bare) <= NUMBERS, name


def test_no_state_is_left_out_when_there_are_more_than_colours():
    names = [f"S{j}" for j in range(len(STATE_COLOURS) + 1)]
    shown = drawn(tables(names))
    titles = [ax.get_title(loc="left") for ax in shown["theory"].axes]
    assert [title for title in titles if title] == [f"state {name}" for name in names]
    spectrum, *traces = shown["lfp"].axes
    assert [ax.get_ylabel() for ax in traces] == [f"state {name}\n(pA)" for name in names]
    assert len(spectrum.lines) == len(names)


def test_predicted_and_simulated_rates_stand_beside_the_discs():
    notes = [text.get_text() for text in drawn(tables())["plane"].axes[0].texts]
    assert notes == ["B  38.0 / 139.0 Hz", "C  38.0 / 139.0 Hz"]


@pytest.mark.parametrize("figure", ["theory", "lfp_spectra"])
def test_a_state_in_which_a_mode_grows_says_so_and_others_have_a_ratio(figure):
    axes = drawn(tables())[figure].axes
    upper, lower = axes[-4:-2], axes[-2:]
    legend = [text.get_text() for text in upper[0].get_legend().get_texts()]
    assert "growing mode, 190 Hz" in legend
    assert lower[1].get_title(loc="right").startswith("ratio")


def test_saved_figures_are_the_same_bytes(tmp_path):
    t = tables()
    for run in ("a", "b"):
        figure = draw_figure(
            "cortex.plots.brunel:draw_plane",
            {k: t[k] for k in ("plane", "points", "rates", "network")},
        )
        save_figure(figure, tmp_path / f"{run}.png", tmp_path / f"{run}.pdf", {"code": "x"})
    for kind in ("png", "pdf"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
