"""Figures of the LFP family draw on tiny tables and keep theory and measurement apart."""

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from cortex.plots.lfp import (
    PROFILE_TITLES,
    draw_amplitude,
    draw_currents,
    draw_ground_truth,
)
from cortex.plots.lfp_demonstration import draw_demonstration, draw_ways
from cortex.plots.lfp_spectra import draw_plane, draw_spectra
from cortex.plots.lfp_states import RATE, draw_kernels, draw_states
from cortex.steps.select import rows

RNG = np.random.default_rng(0)


def repeated(name, values, n):
    return {name: np.repeat(np.array(values, dtype=object), n)}


def amplitude():
    r, d = np.meshgrid([0.0, 1e-4, 3e-4], [-2e-4, -1.5e-4, 0.0, 1.5e-4, 2e-4], indexing="ij")
    n = len(PROFILE_TITLES)
    values = -np.sign(d.ravel()) * 1e-7 * np.exp(-r.ravel() / 1e-4)
    grid = {"r": np.tile(r.ravel(), n), "d": np.tile(d.ravel(), n), "amplitude": np.tile(values, n)}
    return {**repeated("profile", list(PROFILE_TITLES), r.size), **grid}


def electrodes(shanks=(0.0, 2.5e-4, 5e-4)):
    x, z = np.meshgrid(shanks, [-4e-4, 1e-4, 6e-4], indexing="ij")
    return {
        "electrode": np.arange(x.size),
        "x": x.ravel(),
        "z": z.ravel(),
        "amplitude": RNG.normal(0, 1e-8, x.size),
        "reliable": np.arange(x.size) != 1,
        "half_width": np.full(x.size, 2e-4),
        "dendrite": np.full(x.size, 3e-4),
    }


def cells(n=80):
    soma = RNG.uniform(-2e-4, 2e-4, (3, n))
    tips = soma + np.array([[0.0], [0.0], [3e-4]])
    return dict(zip(("x", "y", "z", "x_tip", "y_tip", "z_tip"), [*soma, *tips], strict=True))


def traces(n_contacts=9):
    kinds = ("per_neuron", "population", "physical")
    return {
        "electrode": np.repeat(np.arange(n_contacts), 20),
        "time": np.tile(np.arange(20) * 1e-3, n_contacts),
        **{kind: RNG.normal(0, 1e-7, 20 * n_contacts) for kind in kinds},
    }


def raster():
    return {
        "time": RNG.uniform(0, 0.02, 50),
        "neuron": RNG.integers(0, 10, 50),
        "excitatory": RNG.random(50) < 0.8,
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
    figure = draw_demonstration(raster(), cells(), electrodes(), traces())
    labels = [t.get_text() for t in figure.axes[2].get_legend().get_texts()]
    assert labels[0] == "inversion depth"


def test_demonstration_shades_where_the_probe_says_that_somata_and_apical_ends_lie():
    figure = draw_demonstration(raster(), cells(), electrodes(), traces())
    shades = [area.get_paths()[0].get_extents() for area in figure.axes[2].collections[1:]]
    # somata in a cube of 2 x 200 µm, dendrites of 300 µm upwards
    assert [(s.y0, s.y1, s.x1) for s in shades] == [(-200, 200, 200), (100, 500, 200)]


@pytest.mark.parametrize("n_shanks", [1, 3, 4, 6])
def test_demonstration_shows_every_shank_with_a_letter_of_its_own(n_shanks):
    shanks = np.linspace(0.0, 5e-4, n_shanks)
    figure = draw_demonstration(raster(), cells(), electrodes(shanks), traces(3 * n_shanks))
    panels = [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]
    letters = [ax.get_title(loc="left") for ax in panels]
    assert letters == list("ABCDEFGHIJ"[: n_shanks + 4])
    titles = [ax.get_title(loc="right") for ax in panels[3:-1]]
    assert titles == [f"{1e6 * x:.0f} µm" for x in shanks]


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
        "alpha_rws": np.full(2, 1.3),
        "delay_ampa_rws": np.full(2, 4e-3),
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
    reference, best = figure.axes[3].lines
    assert (reference.get_xdata(), reference.get_ydata()) == ([1.3], [4.0])
    assert (best.get_xdata(), best.get_ydata()) == ([1.0], [1.0])


def test_plane_draws_maps_and_spectra():
    g, x, f = np.meshgrid([4.0, 5.0], [1.0, 2.0], np.linspace(5, 300, 30), indexing="ij")
    at, grid = (
        {"g": each[0].ravel(), "nu_ext_ratio": each[1].ravel()}
        for each in ((g[..., 0], x[..., 0]), (g, x))
    )
    spectra = {
        **grid,
        "replicate": np.zeros(g.size, int),
        "frequency": f.ravel(),
        "lfp_power": RNG.uniform(1e-23, 1e-22, g.size),
        "lfp_power_theory": np.where(g.ravel() > 4.5, np.nan, 1e-23),
    }
    plane = {
        **at,
        "lfp_power_ratio_mean": np.where(at["g"] > 4.5, np.nan, 0.5),
        "lfp_sd_mean": 1e-10 * (1 + at["nu_ext_ratio"]),
    }
    figure = draw_plane(plane, spectra)
    assert len(figure.axes[2].lines) == 4
    shown = figure.axes[1].collections[0].get_array()
    assert np.ma.filled(shown, np.nan).ravel() == pytest.approx([0.5, np.nan] * 2, nan_ok=True)
    steps = [patch for patch in figure.axes[3].patches if isinstance(patch, StepPatch)]
    row = rows({**spectra, "at": x.ravel()}, at=2.0, g=4.0)
    low = steps[0].get_data().values  # type: ignore[attr-defined]  # bands of a third of an octave from 5 Hz
    first = row["frequency"] < 5.0 * 2 ** (1 / 3)
    assert low[0] == pytest.approx(1e-23 / row["lfp_power"][first].mean())


def test_the_first_state_that_has_a_ratio_names_its_scale():
    f = np.linspace(2.0, 400.0, 50)
    states = {"state": np.repeat(["A", "C"], 50).astype(object), "frequency": np.tile(f, 2)}
    named = {**states, "signal": np.full(100, "E", dtype=object)}
    predicted = {**named, "power": np.repeat([np.nan, 1e-22], 50)}
    modes = {"state": np.array(["A", "C"], dtype=object), "growth": np.array([5.0, -5.0])}
    modes |= {"frequency": np.full(2, 90.0), "wave_number": np.zeros(2, dtype=int)}
    figure = draw_spectra(predicted, {**named, "power": np.full(100, 1e-22)}, modes)
    lower = [ax.get_ylabel() for ax in figure.axes[2:4] if ax.yaxis.get_visible()]
    assert lower == ["theory /\nsimulation"]


def rates(proxies=("RWS", "abs_I", "WS"), variants=("apical", "short")):
    """Return two networks at each of three external rates."""
    states = [(8.0e3, 0, 1.0), (8.0e3, 1, 1.4), (9.0e3, 0, 9.0), (9.0e3, 1, 9.5), (1e4, 0, 30.0)]
    table = [(*s, v, p) for s in states for v in variants for p in proxies]
    columns = dict(
        zip((RATE, "replicate", "nu", "variant", "proxy"), zip(*table, strict=True), strict=True)
    )
    found = {name: np.array(values) for name, values in columns.items()}
    found |= {name: found[name].astype(object) for name in ("variant", "proxy")}
    n = len(table)
    proxies = {**found, "r_squared": RNG.uniform(0, 1, n)}
    runs = dict(
        zip((RATE, "replicate", "nu"), map(np.array, zip(*states, strict=True)), strict=True)
    )
    return {**runs, "correlation": RNG.uniform(-1, 0, len(states))}, proxies


def test_states_show_every_proxy_placement_and_network():
    runs, given = rates()
    figure = draw_states(runs, given)
    legends = [[t.get_text() for t in ax.get_legend().get_texts()] for ax in figure.axes[:2]]
    assert legends == [["RWS", "sum |I|", "fitted sum"], ["apical", "short"]]
    lines, dots = figure.axes[1].lines[::2], figure.axes[1].lines[1::2]
    mine = (given["proxy"] == "RWS") & (given["variant"] == "short")
    np.testing.assert_array_equal(dots[1].get_ydata(), given["r_squared"][mine])
    means = given["r_squared"][mine].reshape(-1)
    expected = [means[:2].mean(), means[2:4].mean(), means[4]]
    np.testing.assert_allclose(lines[1].get_ydata(), expected)
    assert [t.get_text() for t in figure.axes[2].texts] == ["8", "9", "10"]


def test_kernels_show_both_methods_at_one_contact_and_all_depths():
    depth, lag = np.array([-4e-4, 1e-4, 6e-4]), 1e-3 * np.arange(5)
    kernels = {
        "depth": np.repeat(depth, 10),
        "population": np.tile(np.repeat(np.array(["E", "I"], dtype=object), 5), 3),
        "lag": np.tile(lag, 6),
        "kernel": RNG.normal(0, 1e-9, 30),
        "unitary": RNG.normal(0, 1e-9, 30),
    }
    traces = {"depth": np.repeat(depth, 20), "time": np.tile(1e-3 * np.arange(20), 3)}
    traces |= {name: RNG.normal(0, 1e-6, 60) for name in ("cells", "convolved", "unitary")}
    names = ("convolved", "unitary", "unitary_shifted", "shift")
    scores = {"depth": depth, **{name: RNG.uniform(0, 1, 3) for name in names}}
    figure = draw_kernels(kernels, traces, scores)
    first = figure.axes[0]
    assert [line.get_linestyle() for line in first.lines] == ["-", "--", "-", "--"]
    np.testing.assert_allclose(first.lines[0].get_ydata(), 1e9 * kernels["kernel"][20:25])
    assert "600 µm" in first.get_ylabel()
    assert len(figure.axes[2].lines) == 3
    np.testing.assert_allclose(figure.axes[2].lines[0].get_xdata(), scores["convolved"])


def test_the_scene_holds_all_somata_some_dendrites_and_every_contact():
    figure = draw_demonstration(raster(), cells(80), electrodes(), traces())
    scene = figure.axes[1]
    somata, *dendrites = [line.get_data_3d() for line in scene.lines[:61]]  # type: ignore[attr-defined]
    assert len(somata[0]) == 80
    np.testing.assert_allclose([np.ptp(d[2]) for d in dendrites], 300.0)  # upright, um
    assert len(scene.collections[0].get_offsets()) == 9


def test_both_ways_to_an_lfp_lie_over_each_other_and_over_one():
    t, f = np.arange(20) * 1e-3, np.arange(9.0)
    signal, power = np.sin(t), 1.0 + f
    names = ("simulated", "from_spikes", "bare")
    trace = {"electrode": np.repeat([0, 4], 20), "z": np.repeat([-4e-4, 6e-4], 20)}
    trace |= {"time": np.tile(t, 2), **{name: np.tile(signal, 2) for name in names}}
    spectra = {"electrode": np.zeros(9, dtype=int), "frequency": f}
    figure = draw_ways(trace, {**spectra, **dict.fromkeys(names, power), "bare": 4.0 * power})
    below = figure.axes[3]
    assert [set(np.round(line.get_ydata(), 12)) for line in below.lines] == [{1.0}, {4.0}]
    assert all(len(ax.lines) == 3 for ax in figure.axes[:3])
