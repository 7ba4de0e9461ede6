"""Every stability figure draws on tiny tables and labels its axes."""

import numpy as np
import pytest

from cortex.plots import stability
from cortex.plots.style import SERIES, house_style


def text(*values):
    return np.array(values, dtype=object)


LINES = {
    "line": np.array([0, 0, 1, 1, 2, 2, 3, 3]),
    "kind": text("fold", "fold", *["hopf"] * 6),
    "x": np.array([3.0, 4.0, 4.0, 5.0, 5.0, 6.0, 3.2, 3.3]),
    "y": np.array([0.8, 0.84, 0.85, 0.9, 4.0, 3.2, 1.0, 2.0]),
    "nu": np.full(8, 10.0),
    "frequency": np.array([0.0, 0.0, 5.0, 27.0, 184.0, 176.0, 650.0, 660.0]),
}
PLANE = {
    "g": np.repeat([3.0, 5.0, 8.0], 2),
    "nu_ext_ratio": np.tile([0.5, 4.0], 3),
    "nu_mean": np.array([0.0, 300.0, 1.0, 90.0, 0.0, 30.0]),
}
DISPERSION = {
    "model": text("rate", "rate", "rate", "rate", "spiking", "spiking"),
    "g": np.full(6, 5.0),
    "branch": np.array([0, 0, -1, -1, 0, 0]),
    "wave_number": np.array([1e3, 2e4, 1e3, 2e4, 1e3, 2e4]),
    "growth": np.array([-600.0, 40.0, -600.0, 40.0, -500.0, 70.0]),
    "frequency": np.array([150.0, 209.0, -150.0, -209.0, 140.0, 200.0]),
}
BLEND = {
    "g": np.full(2, 5.0),
    "branch": np.zeros(2, int),
    "alpha": np.array([0.0, 1.0]),
    **{f"growth_{how}": np.array([40.0, 74.0]) for how in ("solved", "integrated")},
    **{f"frequency_{how}": np.array([209.0, 200.0]) for how in ("solved", "integrated")},
}
ONSET = {
    "model": text("rate", "rate", "spiking", "spiking"),
    "g": np.array([6.0, 3.0, 5.0, 2.5]),
    "delay": np.array([1e-3, 3e-3, 1e-3, 3e-3]),
    "wave_number": np.array([1.9e4, 2e4, 1.9e4, 2e4]),
    "frequency": np.array([300.0, 100.0, 280.0, 90.0]),
}
SPECTRA = {
    "population": text("4E", "4E", "4I", "4I"),
    "frequency": np.array([1.0, 2.0, 1.0, 2.0]),
    "power": np.array([1.0, 2.0, 3.0, 2.0]),
    "shot_noise": np.ones(4),
}
MODES = {
    "mode": np.zeros(2, int),
    "frequency": np.array([1.0, 2.0]),
    "real": np.array([0.5, 0.9]),
    "imag": np.array([0.5, 0.1]),
}
SENSITIVITY = {
    "rank": np.zeros(4, int),
    "frequency": np.full(4, 63.0),
    "target": text("E", "E", "I", "I"),
    "source": text("E", "I", "E", "I"),
    "along": np.array([0.1, -0.2, 0.3, 0.0]),
    "across": np.array([0.1, 0.2, -0.3, 0.0]),
}
RINGS = {
    "delay": np.array([0.1, 1.0]),
    "J0_rate": np.ones(2),
    "J1_turing": np.full(2, 2.0),
    "J0_oscillation": np.array([-16.0, -2.3]),
    "J1_wave": np.array([-32.0, -4.6]),
    "frequency": np.array([2.6, 0.3]),
}


def test_no_branch_layer_or_mode_is_left_out_when_there_are_more_than_colours():
    n = len(stability.BLENDS) + 1
    blend = {name: np.tile(column, 2 * n) for name, column in BLEND.items()}
    blend["branch"] = np.repeat(np.arange(-n, n), 2)  # below zero: the conjugates
    axes = stability.draw_dispersion(DISPERSION, blend).axes
    labels = [x.get_label() for x in axes[2].lines]
    assert [label for label in labels if label.startswith("branch")] == [  # type: ignore[attr-defined]
        f"branch {j}, integrated" for j in range(n)
    ]
    n = len(SERIES) + 1
    names = np.repeat([f"{layer}{kind}" for layer in range(n) for kind in "EI"], 2)
    spectra = {name: np.tile(column, n) for name, column in SPECTRA.items()}
    spectra["population"] = names.astype(object)
    modes = {name: np.tile(column, n) for name, column in MODES.items()}
    modes["mode"] = np.repeat(np.arange(n), 2)
    power, plane, distance = stability.draw_circuit(spectra, modes).axes
    assert (len(power.lines), len(plane.lines), len(distance.lines)) == (2 * n, n + 2, n)


def test_every_region_of_the_plane_bears_its_name():
    wide = {**PLANE, "nu_ext_ratio": np.tile([0.4, 4.0], 3)}
    left, middle, _ = stability.draw_lines(LINES, wide).axes
    names = {text.get_text() for text in left.texts}
    assert names == {"SR", "AI", "SI fast", "SI slow", "silent"}
    assert {text.get_text() for text in middle.texts} == {"AI", "SI slow", "silent"}


@pytest.mark.parametrize(
    ("draw", "tables"),
    [
        (stability.draw_lines, (LINES, PLANE)),
        (stability.draw_dispersion, (DISPERSION, BLEND)),
        (stability.draw_onset, (ONSET,)),
        (stability.draw_circuit, (SPECTRA, MODES)),
        (stability.draw_sensitivity, (SENSITIVITY,)),
        (stability.draw_rings, (RINGS,)),
    ],
)
def test_figures_draw_and_label_their_axes(draw, tables):
    with house_style():
        figure = draw(*tables)
        figure.canvas.draw()
    labels = [ax.get_xlabel() for ax in figure.axes if ax.get_xlabel()]
    assert labels
    assert all(
        "(" in label
        or "weight" in label
        or "source" in label
        or "rate" in label
        or "eigenvalue" in label
        for label in labels
    )
