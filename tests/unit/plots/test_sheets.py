"""Film strips, films and likeness over distance are drawn from tiny tables."""

import numpy as np

from cortex.plots.patterns import draw_space_time
from cortex.plots.sheets import animate_sheet, draw_sheet

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
