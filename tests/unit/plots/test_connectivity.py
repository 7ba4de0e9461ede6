"""Figures of the wiring draw on tiny tables, with units on every axis."""

from typing import Any

import numpy as np

from cortex.connectivity import Projection, survey_tables
from cortex.plots.connectivity import draw_cost, draw_network, draw_ring, draw_sheet
from cortex.plots.connectivity_survey import draw_survey
from cortex.plots.kernels import draw_gabors, draw_kernels

RNG = np.random.default_rng(0)
X, Y = (axis.ravel() * 1e-4 for axis in np.meshgrid(np.arange(-2.0, 3.0), np.arange(-2.0, 3.0)))


def labels(figure):
    return " ".join(text for ax in figure.axes for text in (ax.get_xlabel(), ax.get_ylabel()))


def test_the_matrix_prints_the_probability_of_each_block():
    target, source = np.indices((3, 3)) * 10
    cells = {"target": target.ravel(), "source": source.ravel(), "density": RNG.random(9) / 5}
    blocks = {
        "target": np.array(["E", "E", "I", "I"]),
        "source": np.array(["E", "I", "E", "I"]),
        "pairs": np.array([400, 200, 200, 100]),
        "probability": np.array([0.1, 0.2, 0.1, 0.2]),
        "error": np.full(4, 0.01),
    }
    degree = np.tile(np.arange(6), 3)
    degrees = {
        "source": np.repeat(["E", "I", "all"], 6),
        "degree": degree,
        "count": np.full(18, 5),
        "expected": np.full(18, 5.0),
    }
    figure = draw_network(cells, blocks, degrees)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts[0] == "10.00 ± 1.00 %"
    assert "in-degree" in labels(figure)
    # excitatory is blue: +1 maps to more blue than red
    image = figure.axes[0].images[0]
    red, _, blue, _ = image.cmap(image.norm(0.2))
    assert blue > red


def test_the_survey_shows_every_network_with_the_mean_of_each_source():
    networks = np.array(["gaussian", "E-I sheet", "E-I sheet"], dtype=object)
    sources = np.array(["all", "E", "I"], dtype=object)
    bins = {"network": np.repeat(networks, 4), "source": np.repeat(sources, 4)}
    bins |= {
        "low": np.tile(np.arange(4.0), 3) * 1e-9,
        "high": np.tile(np.arange(1.0, 5.0), 3) * 1e-9,
    }
    bins |= {"connections": np.arange(12), "mean": np.repeat([1e-9, 2e-9, 3e-9], 4)}
    target, source = np.indices((3, 3)) * 4
    cells: dict[str, Any] = {
        "target": np.tile(target.ravel(), 2),
        "source": np.tile(source.ravel(), 2),
    }
    cells |= {"network": np.repeat(networks[:2], 9), "weight": RNG.standard_normal(18)}
    cells["population"] = np.array(["all"] * 9 + ["E", "E", "I"] * 3, dtype=object)
    figure = draw_survey(bins, {**bins, "mean": 1e3 * bins["mean"]}, cells)
    weights = [ax for ax in figure.axes if ax.get_xlabel() == "weight (nS)"]
    assert [[line.get_xdata()[0] for line in ax.lines] for ax in weights] == [[1.0], [2.0, 3.0]]
    assert "distance (µm)" in labels(figure)
    _, combined = (ax for ax in figure.axes if ax.get_xlabel() == "source")
    assert [line.get_xdata()[0] for line in combined.lines] == [8.0]  # between E and I
    assert [text.get_text() for text in combined.texts] == ["E", "I"]


def test_a_projection_of_ones_own_is_surveyed_without_places():
    mine = Projection.from_pairs([0, 2, 1], [1, 1, 0], n_sources=3, n_targets=2)
    figure = draw_survey(**survey_tables(mine, name="mine"), unit="1")
    assert [ax.get_xlabel() for ax in figure.axes] == ["weight", "source"]


def test_the_atlas_shows_samples_support_and_autapse():
    kernels = {
        "kernel": np.array(["gaussian", "mexican_hat"]),
        "radius": np.full(2, 2e-4),
        "weight": np.array([5e-9, 2e-9]),
        "prune": np.array([0.06, 1e-4]),
        "pitch": np.full(2, 1e-4),
    }
    names = np.repeat(["gaussian", "mexican_hat"], 25)
    table = {"kernel": names, "x": np.tile(X, 2), "y": np.tile(Y, 2), "value": RNG.random(50)}
    figure = draw_kernels(kernels, table, {**table, "is_pruned": np.zeros(50, dtype=bool)})
    assert "x (µm)" in labels(figure)
    assert "weight at y = 0 (nS)" in labels(figure)


def test_an_aliased_gabor_is_called_so():
    n = len(X)
    samples = {
        "field": np.repeat([0, 1], n),
        "theta": np.zeros(2 * n),
        "frequency": np.full(2 * n, 15e3),
        "pitch": np.repeat([15e-6, 53e-6], n),
        "x": np.tile(X, 2),
        "y": np.tile(Y, 2),
        "value": RNG.random(2 * n),
    }
    spectrum = {
        "field": np.repeat([0, 1], n),
        "frequency_x": np.tile(X, 2) * 1e8,
        "frequency_y": np.tile(Y, 2) * 1e8,
        "power": RNG.random(2 * n),
    }
    figure = draw_gabors(samples, spectrum)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[2:4] == ["resolved", "aliased"]


def test_the_sheet_shows_probability_against_distance_and_both_boundaries():
    edges = np.linspace(0.0, 4e-4, 6)
    profile = {
        "source": np.repeat(["E", "I"], 15),
        "variant": np.tile(np.repeat(["whole", "pruned", "drawn"], 5), 2),
        "low": np.tile(edges[:-1], 6),
        "high": np.tile(edges[1:], 6),
        "probability": RNG.random(30),
        "error": np.full(30, 0.02),
        "expected": RNG.random(30),
        "radius": np.full(30, 3e-4),
    }
    received = {
        "boundary": np.repeat(["open", "torus"], 25),
        "x": np.tile(X, 2),
        "y": np.tile(Y, 2),
        "excitatory": RNG.random(50) * 1e-8,
        "inhibitory": -RNG.random(50) * 1e-8,
    }
    figure = draw_sheet(profile, received)
    assert "distance (µm)" in labels(figure)
    assert sum("torus" in ax.get_title() for ax in figure.axes) == 2


def test_the_ring_shows_histogram_transform_and_deviation():
    edges = np.linspace(-2e-4, 2e-4, 6)
    histogram = {
        "projection": np.repeat(["E-E", "I-E"], 5),
        "low": np.tile(edges[:-1], 2),
        "high": np.tile(edges[1:], 2),
        "connections": np.full(10, 900),
        "expected": np.full(10, 1000.0),
    }
    transform = {
        "projection": np.repeat(["E-E", "I-E"], 4),
        "wave_number": np.tile(np.arange(4.0) * 1e4, 2),
        "is_mode": np.tile([True, False], 4),
        **{name: RNG.random(8) for name in ("measured", "error", "expected", "theory")},
    }
    figure = draw_ring(histogram, transform)
    assert "displacement (mm)" in labels(figure)
    assert "k (1/mm)" in labels(figure)


def test_no_algorithm_is_left_out_when_there_are_more_than_colours():
    names = np.array([f"algorithm {j}" for j in range(5)], dtype=object)
    number = np.full(5, 400)
    cost = {"algorithm": names, "n_neurons": number, "n_connections": 100.0 * number}
    figure = draw_cost(cost | {"cpu_time": np.full(5, 1e-3), "peak_memory": np.full(5, 1e6)})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == list(names)


def test_the_cost_panels_name_their_units():
    cost = {
        "algorithm": np.array(["stencil", "stencil", "tree"]),
        "n_neurons": np.array([400, 1600, 400]),
        "n_connections": np.array([3e4, 1.4e5, 3e4]),
        "cpu_time": np.array([1e-4, 5e-4, 3e-3]),
        "peak_memory": np.array([3e5, 1.4e6, 2e6]),
    }
    text = labels(draw_cost(cost))
    assert "CPU time (s)" in text
    assert "(ns)" in text
    assert "(B)" in text
