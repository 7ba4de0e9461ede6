"""Figures of the LFP family draw on tiny tables and keep theory and measurement apart."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from cortex.plots.lfp import (
    PROFILE_TITLES,
    draw_amplitude,
    draw_currents,
    draw_demonstration,
    draw_ground_truth,
)
from cortex.plots.lfp_spectra import draw_circuit, draw_plane, draw_spectra

mpl.use("Agg")
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def repeated(name, values, n):
    return {name: np.repeat(np.array(values, dtype=object), n)}


def amplitude():
    r, d = np.meshgrid([0.0, 1e-4, 3e-4], [-2e-4, -1.5e-4, 0.0, 1.5e-4, 2e-4], indexing="ij")
    n = len(PROFILE_TITLES)
    values = -np.sign(d.ravel()) * 1e-7 * np.exp(-r.ravel() / 1e-4)
    grid = {"r": np.tile(r.ravel(), n), "d": np.tile(d.ravel(), n), "amplitude": np.tile(values, n)}
    return {**repeated("profile", list(PROFILE_TITLES), r.size), **grid}


def electrodes():
    x, z = np.meshgrid([0.0, 2.5e-4, 5e-4], [-4e-4, 1e-4, 6e-4], indexing="ij")
    return {
        "electrode": np.arange(9),
        "x": x.ravel(),
        "z": z.ravel(),
        "amplitude": RNG.normal(0, 1e-8, 9),
        "reliable": np.arange(9) != 1,
    }


def traces():
    kinds = {kind: RNG.normal(0, 1e-7, 180) for kind in ("per_neuron", "population", "physical")}
    return {
        "electrode": np.repeat(np.arange(9), 20),
        "time": np.tile(np.arange(20) * 1e-3, 9),
        **kinds,
    }


def test_amplitude_maps_share_one_scale():
    figure = draw_amplitude(amplitude())
    maps = [c for ax in figure.axes for c in ax.collections if hasattr(c, "get_clim")]
    assert {m.get_clim() for m in maps if m.get_array() is not None} >= {(-1.5, 1.5)}


def test_lines_on_the_axis_are_named_by_their_maps():
    figure = draw_amplitude(amplitude())
    names = [text.get_text() for text in figure.axes[7].get_legend().get_texts()]
    assert names == list("ABCDEF"[: len(names)])
    assert len(names) > 1


def test_demonstration_marks_the_inversion_depth():
    raster = {
        "time": RNG.uniform(0, 0.02, 50),
        "neuron": RNG.integers(0, 10, 50),
        "excitatory": RNG.random(50) < 0.8,
    }
    figure = draw_demonstration(raster, electrodes(), traces())
    labels = [t.get_text() for t in figure.axes[1].get_legend().get_texts()]
    assert labels[0] == "inversion depth"


def test_currents_lay_derived_over_simulated():
    time = np.arange(2000) * 1e-4
    names = ("ampa", "gaba", "ampa_simulated", "gaba_simulated", "gaba_rebuilt", "gaba_unscaled")
    currents = {"time": time, **{name: RNG.normal(0, 1e-12, 2000) for name in names}}
    f = np.linspace(0.0, 100.0, 11)
    spectra = {
        "electrode": np.repeat(np.arange(9), 11),
        "frequency": np.tile(f, 9),
        "per_neuron": RNG.uniform(1e-16, 1e-15, 99),
        "population": RNG.uniform(1e-16, 1e-15, 99),
    }
    figure = draw_currents(currents, spectra, electrodes())
    assert [line.get_linestyle() for line in figure.axes[0].lines[:4]] == ["-", "--", "-", "--"]


def test_ground_truth_shows_every_proxy_and_placement():
    depth = np.array([-4e-4, 1e-4, 6e-4])
    kinds, variants = ["RWS", "abs_I", "WS"], ["apical", "short"]
    proxies = {
        **repeated("variant", variants, 9),
        "proxy": np.tile(np.repeat(np.array(kinds, dtype=object), 3), 2),
        "depth": np.tile(depth, 6),
        "r_squared": RNG.uniform(0.5, 1.0, 18),
    }
    fits = {
        "variant": np.array(variants, dtype=object),
        "alpha": np.array([1.0, 0.5]),
        "delay_ampa": np.array([1e-3, 2e-3]),
        "delay_gaba": np.zeros(2),
    }
    surface = {
        **repeated("variant", variants, 6),
        "alpha": np.tile(np.repeat([0.5, 1.0, 2.0], 2), 2),
        "delay_ampa": np.tile([0.0, 1e-3], 6),
        "r_squared": RNG.uniform(0.5, 1.0, 12),
    }
    time = {"time": np.tile(np.arange(10) * 1e-3, 6)}
    shown = {k: RNG.normal(0, 1e-7, 60) for k in ("truth", "rws", "ws")}
    places = {**repeated("variant", variants, 30), "depth": np.tile(np.repeat(depth, 10), 2)}
    figure = draw_ground_truth(proxies, fits, surface, {**places, **time, **shown})
    names = [text.get_text() for text in figure.axes[2].get_legend().get_texts()]
    assert names == ["RWS", "sum |I|", "fitted sum"]


def test_spectra_draw_theory_only_where_there_is_one():
    f = np.linspace(5.0, 200.0, 20)
    states = {
        **repeated("state", ["A", "B", "C"], 20),
        "frequency": np.tile(f, 3),
        "simulated": RNG.uniform(1e-24, 1e-22, 60),
        "spread": np.full(60, 1e-25),
        "predicted": np.repeat([np.nan, np.nan, 1e-23], 20),
        "growth": np.repeat([np.nan, 50.0, -100.0], 20),
        "mode_frequency": np.repeat([np.nan, 190.0, 124.0], 20),
    }
    figure = draw_spectra(states)
    assert len(draw_circuit(states).axes) == 3
    titles = [ax.get_title(loc="right") for ax in figure.axes]
    assert titles == ["regular firing: no theory", "unstable mode (dashed)", "theory"]


def test_plane_draws_maps_and_spectra():
    g, x, f = np.meshgrid([4.0, 5.0], [1.0, 2.0], np.linspace(5, 300, 30), indexing="ij")
    plane = {
        "g": g.ravel(),
        "nu_ext_ratio": x.ravel(),
        "frequency": f.ravel(),
        "simulated": RNG.uniform(1e-23, 1e-22, g.size),
        "predicted": np.where(g.ravel() > 4.5, np.nan, 1e-23),
        "growth": np.zeros(g.size),
        "lfp_sd": np.full(g.size, 1e-10) * (1 + x.ravel()),
    }
    figure = draw_plane(plane)
    assert len(figure.axes[2].lines) == 4
