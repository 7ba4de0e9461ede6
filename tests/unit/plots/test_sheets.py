"""Film strips, films and likeness over distance are drawn from tiny tables."""

import numpy as np

from cortex.plots.patterns import draw_space_time
from cortex.plots.sheet_lfp import draw_sheet_lfp, over_band
from cortex.plots.sheets import animate_sheet, draw_places, draw_sheet

T, Y, X = np.meshgrid([0.5e-3, 1.5e-3, 2.5e-3], [0.5e-3, 1.5e-3], [0.5e-3, 1.5e-3], indexing="ij")


def film(*states):
    """Return a film of 2 x 2 cells and three frames, each of another rate."""
    n = len(states)
    columns = {"time": T, "x": X, "y": Y, "rate": 1e4 * T + X}
    table = {name: np.tile(values.ravel(), n) for name, values in columns.items()}
    labels = {"state": np.repeat(np.array(states, dtype=object), T.size)}
    return table | labels | {"population": np.full(n * T.size, "E", dtype=object)}


def distances(state):
    """Return likeness at four distances."""
    text = {"state": state, "population": "E"}
    columns = {name: np.full(4, value, dtype=object) for name, value in text.items()}
    numbers = {"seed": np.zeros(4, dtype=int), "frequency": np.full(4, 30.0)}
    r = np.arange(1, 5) * 1e-4
    return columns | numbers | {"distance": r, "correlation": 0.1 / r, "coherence": 0.2 / r}


def test_a_strip_shows_each_frame_at_its_time_and_distances_beside_it():
    figure = draw_sheet(film("a", "b"), distances("a"))
    titles = [ax.get_title() for ax in figure.axes if "ms" in ax.get_title()]
    assert titles == ["0 ms", "1 ms", "2 ms"] * 2
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    assert any("no distances" in text for text in texts)  # of state b


def test_kernels_of_every_pair_stand_beside_maps_of_rate_and_cv():
    y, x = (each.ravel() for each in np.meshgrid([-1e-4, 0.0, 1e-4], [-1e-4, 0.0, 1e-4]))
    names = {"state": "a", "target": "E", "source": "I"}
    kernels = {name: np.full(9, value, dtype=object) for name, value in names.items()}
    kernels |= {"x": x, "y": y, "probability": np.full(9, 0.1), "weight": -np.ones(9)}
    kernels["delay"] = 1e-3 + np.hypot(x, y)
    labels = {"state": "a", "population": "E"}
    maps = {name: np.full(4, text, dtype=object) for name, text in labels.items()}
    maps |= {"x": X[0].ravel(), "y": Y[0].ravel(), "rate": np.arange(4.0), "cv": np.full(4, np.nan)}
    figure = draw_places(kernels, maps)
    assert [ax.get_title() for ax in figure.axes[:4]] == ["I to E", "", "rate (Hz)", "CV"]
    (line,) = (line for line in figure.axes[1].lines if line.get_label() == "I to E")
    np.testing.assert_allclose(line.get_ydata(), -0.1)
    empty = {name: values[:0] for name, values in maps.items()}
    texts = [text.get_text() for ax in draw_places(kernels, empty).axes for text in ax.texts]
    assert any("no maps" in text for text in texts)


def test_a_film_is_an_animated_gif_of_every_frame():
    gif = animate_sheet(film("a", "b"))
    assert gif[:6] == b"GIF89a"
    assert gif.count(b"\x21\xf9\x04") == 3  # one graphic control block per frame


def test_the_predicted_ridge_of_a_sheet_lies_over_its_spectrum():
    f, n = np.meshgrid([0.0, 10.0, 20.0], [0, 1, 2], indexing="ij")
    spectrum = {
        "seed": np.zeros(9, dtype=int), "frequency": f.ravel(), "wave_number": n.ravel(),
        "power": np.arange(1.0, 10.0),
    }  # fmt: skip
    modes = {
        "rank": np.array([0, 0, 1, 0]), "wave_number": np.array([0, 1, 1, 2]),
        "growth": np.array([-5.0, -1.0, -9.0, np.nan]),
        "frequency": np.array([4.0, 8.0, 99.0, 1.0]),
    }  # fmt: skip
    ax = draw_space_time(spectrum, modes)
    ridge = ax.lines[-1]
    np.testing.assert_array_equal(ridge.get_xdata(), [0, 1])
    np.testing.assert_array_equal(ridge.get_ydata(), [4.0, 8.0])


def lfp_distances(state):
    """Return coherence 1/(1 + r) f/100 of contacts, a hundredth of it of pairs of neurons."""
    f, r = np.meshgrid([10.0, 20.0, 40.0], [1e-3, 2e-3], indexing="ij")
    one = {"frequency": f.ravel(), "distance": r.ravel(), "seed": np.zeros(6, dtype=int)}
    coherence = (f / 100.0 / (1.0 + 1e3 * r)).ravel()
    parts = [one | {"coherence": c * coherence, "correlation": coherence} for c in (1.0, 0.01)]
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    kinds = np.repeat(np.array(["lfp", "spikes"], dtype=object), 6)
    return table | {"kind": kinds, "state": np.full(12, state, dtype=object)}


def test_lfp_over_a_sheet_shows_bands_shaft_and_responses_of_each_state():
    t, h = np.meshgrid([0.5e-3, 1.5e-3], [-1e-4, 0.0, 1e-4], indexing="ij")
    csd = np.where(h == 0.0, 1e3 * t, np.nan)
    shaft = {"time": t.ravel(), "height": h.ravel(), "lfp": (t * h).ravel(), "csd": csd.ravel()}
    shaft["state"] = np.full(6, "a", dtype=object)
    t, r = np.meshgrid([-1e-3, 0.0, 1e-3], [0.0, 1e-3], indexing="ij")
    responses = {"time": t.ravel(), "distance": r.ravel(), "lfp": (t + r).ravel()}
    text = {"state": "a", "population": "E"}
    responses |= {name: np.full(6, each, dtype=object) for name, each in text.items()}
    figure = draw_sheet_lfp(lfp_distances("a"), shaft, responses)
    coherence = figure.axes[0]
    np.testing.assert_allclose(coherence.lines[0].get_ydata(), [0.15 / 2.0, 0.15 / 3.0])
    np.testing.assert_allclose(coherence.lines[1].get_ydata(), [0.0015 / 2.0, 0.0015 / 3.0])
    at, mean = over_band({k: v[:6] for k, v in lfp_distances("a").items()}, 30.0, 60.0)
    np.testing.assert_allclose(mean, 0.4 / (1.0 + 1e3 * at))
    assert figure.axes[1].get_title() == "traces: ±0 µV"
    np.testing.assert_allclose(figure.axes[2].lines[1].get_ydata(), (t + r)[:, 1] * 1e6)
