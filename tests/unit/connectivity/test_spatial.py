"""Spatial rules: algorithms agree, borders, torus, probabilities, memory."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.connectivity import (
    Boxcar,
    Custom,
    Exponential,
    Gabor,
    Gaussian,
    Lattice,
    Points,
    VonMises,
    fixed_in_degree_within,
    kernel_probability,
    kernel_weights,
    ring,
    ring_weights,
)
from cortex.connectivity.kernels import distance
from cortex.connectivity.pairs import find_pairs, pair_displacements
from cortex.errors import ParameterError
from cortex.rng import stream

DATA = Path(__file__).parents[2] / "data" / "connectivity"
UM = 1e-6


def load(name):
    return json.loads((DATA / f"{name}.json").read_text())


def quasi_random(n, offset, extent):
    """Places of the reference files: additive recurrence of the plastic number."""
    steps = np.array([0.7548776662466927, 0.5698402909980532])
    return Points(coordinates=extent * np.mod(0.5 + (np.arange(n)[:, None] + offset) * steps, 1.0))


@given(
    nx=st.integers(2, 9),
    ny=st.integers(1, 9),
    periodic=st.booleans(),
    radius=st.floats(1.0, 12.0),
    autapses=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_every_algorithm_gives_the_same_sheet(nx, ny, periodic, radius, autapses):
    sheet = Lattice(shape=(nx, ny), pitch=(1.0, 1.3), periodic=periodic)
    kernel = Gaussian(3.0)
    choices = {"radius": radius, "autapses": autapses, "same_population": True}
    stencil, tree, compared = (
        kernel_weights(sheet, sheet, kernel, algorithm=algorithm, **choices)
        for algorithm in ("stencil", "tree", "all pairs")
    )
    for other in (tree, compared):
        assert stencil.start.tolist() == other.start.tolist()
        assert stencil.sources.tolist() == other.sources.tolist()
        np.testing.assert_allclose(stencil.weights, other.weights, rtol=1e-12, atol=1e-15)


@given(
    n=st.integers(1, 40),
    m=st.integers(1, 40),
    periodic=st.booleans(),
    radius=st.floats(0.01, 1.5),
)
@settings(max_examples=60, deadline=None)
def test_windows_of_a_line_equal_the_comparison_of_all_pairs(n, m, periodic, radius):
    source, target = (Lattice.over((1.0,), (k,), periodic=periodic) for k in (n, m))
    windows, tree, compared = (
        find_pairs(source, target, radius, algorithm)
        for algorithm in ("windows", "tree", "all pairs")
    )
    for other in (tree, compared):
        assert windows.start.tolist() == other.start.tolist()
        assert windows.sources.tolist() == other.sources.tolist()


def lean(displacement):
    """Return an odd kernel, which tells the two ways to the far side of a torus apart."""
    return displacement @ np.array([1.0, 10.0][: displacement.shape[-1]])


@pytest.mark.parametrize("shape", [(4, 6), (4, 5), (5, 6), (6,), (7,)])
def test_half_a_period_away_is_the_positive_half_in_every_algorithm(shape):
    """Closed form: steps are taken from (-n/2, n/2], for every target alike."""
    torus = Lattice(shape=shape, pitch=(0.1, 0.3)[: len(shape)], periodic=True)
    kernel = Custom(lean, 2.0)
    found = [
        kernel_weights(torus, torus, kernel, autapses=True, algorithm=algorithm).dense()
        for algorithm in ("stencil", "tree", "all pairs")
    ]
    index = np.stack(np.unravel_index(np.arange(torus.n), shape[::-1]), axis=-1)[:, ::-1]
    steps = index[None, :] - index[:, None]
    steps = np.where(2 * steps > shape, steps - shape, steps)
    steps = np.where(2 * steps <= -np.array(shape), steps + shape, steps)
    for weights in found:
        # sums of a few numbers of order one
        np.testing.assert_allclose(weights, lean(steps * torus.pitch), rtol=0, atol=1e-14)


def test_dense_ring_weights_take_the_positive_half_too():
    weights = ring_weights(6, 6, Custom(lean, 9.0), amplitude=1.0, autapses=True)
    np.testing.assert_allclose(np.diag(np.roll(weights, 3, axis=0)), np.pi, rtol=1e-14)


@pytest.mark.parametrize("places", [np.zeros((1, 2)), np.zeros((5, 2)), np.ones((4, 3))])
def test_neurons_at_one_place_are_all_in_reach(places):
    cluster = Points(coordinates=places)
    n = len(places)
    projection = kernel_weights(cluster, cluster, Gaussian(1.0), autapses=True, radius=0.1)
    np.testing.assert_array_equal(projection.dense(), np.ones((n, n)))
    drawn = fixed_in_degree_within(
        cluster, cluster, n, radius=0.1, rng=stream(1), multapses=False, autapses=True
    )
    assert set(drawn.in_degrees.tolist()) == {n}


@pytest.mark.parametrize(
    ("kernel", "per_neuron", "slack"),
    [
        # 925 places of a cubic lattice lie within 6 pitches, the ball has 904.8 cells
        (Boxcar(0.3), 925 / (4 / 3 * np.pi * 216), 1e-12),
        # a Riemann sum of 2 pitches is exact to e^-79; the cut at 4.5 sigma leaves 1.5e-4
        (Gaussian(0.1), 1.0, 2e-4),
    ],
)
def test_integral_normalisation_gives_weight_times_density_in_space(kernel, per_neuron, slack):
    axis = np.arange(20) / 20
    places = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3)
    cube, one = (Points(coordinates=p, period=np.ones(3)) for p in (places, places[:1]))
    projection = kernel_weights(
        cube, one, kernel, autapses=True, radius=0.45, normalize="integral", weight=2.0
    )
    assert projection.incoming_sum()[0] == pytest.approx(2.0 * 8000.0 * per_neuron, rel=slack)


def test_a_torus_has_no_border():
    torus = Lattice.over((1.0, 1.0), (15, 12), periodic=True)
    projection = kernel_weights(torus, torus, Gaussian(0.08), autapses=True)
    assert len(set(projection.in_degrees.tolist())) == 1
    np.testing.assert_allclose(projection.incoming_sum(), projection.incoming_sum()[0], rtol=1e-12)


def test_incoming_sum_corrects_the_border():
    sheet = Lattice.over((1.0, 1.0), (15, 12), periodic=False)
    projection = kernel_weights(
        sheet, sheet, Gaussian(0.1), autapses=True, weight=-3.0, normalize="incoming sum"
    )
    np.testing.assert_allclose(projection.incoming_sum(), -3.0, rtol=1e-12)


@pytest.mark.parametrize("weight_type", [np.float32, np.float64])
def test_a_target_without_sources_stays_without_when_the_incoming_sum_is_set(weight_type):
    source = Points(coordinates=np.array([[0.0], [0.1], [0.3]]))
    target = Points(coordinates=np.array([[0.0], [9.0]]))
    projection = kernel_weights(
        source,
        target,
        Gaussian(0.2),
        autapses=True,
        weight=0.7,
        normalize="incoming sum",
        weight_type=weight_type,
    )
    assert projection.weights.dtype == weight_type
    # three weights of the type's precision
    np.testing.assert_allclose(projection.incoming_sum(), [0.7, 0.0], rtol=3e-7)


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_the_peak_is_sought_inside_the_radius(dim):
    """A kernel that grows outwards peaks on the rim, not in the corner of a box around it."""
    ends = Points(coordinates=np.array([np.zeros(dim), [1.0] + [0.0] * (dim - 1)]))
    kernel = Custom(distance, 1.0)
    projection = kernel_weights(ends, ends, kernel, autapses=True, normalize="peak", weight=3.0)
    np.testing.assert_allclose(projection.dense(), [[0.0, 3.0], [3.0, 0.0]], rtol=1e-12)


def test_integral_normalisation_gives_weight_times_density_inside_a_torus():
    # Riemann sum of a Gaussian of 4 pitches: exact to e^-300; cut at 6 sigma: e^-18
    torus = Lattice.over((1.0, 1.0), (50, 50), periodic=True)
    projection = kernel_weights(
        torus, torus, Gaussian(0.08), autapses=True, radius=0.48, normalize="integral", weight=2.0
    )
    np.testing.assert_allclose(projection.incoming_sum(), 2.0 * 2500.0, rtol=1e-7)


def test_a_peak_of_one_is_a_peak_of_one():
    sheet = Lattice.over((1.0, 1.0), (15, 15), periodic=False)
    kernel = Gabor(0.1, 2.0, 0.0)
    projection = kernel_weights(sheet, sheet, kernel, autapses=True, normalize="peak", weight=4.0)
    assert projection.weights.max() == pytest.approx(4.0, rel=1e-12)


@pytest.mark.parametrize("name", ["distance_gauss_grid20", "distance_exp_r2_300"])
def test_distance_dependent_bernoulli_lies_in_its_bands_over_many_seeds(name):
    case = load(name)
    profile, positions = case["params"]["profile"], case["positions"]
    scale, radius = profile["scale_um"] * UM, profile["max_distance_um"] * UM
    kernel = Gaussian(scale) if profile["type"] == "gaussian" else Exponential(scale)
    places = (
        Lattice.over((1e-3, 1e-3), (20, 20), periodic=False)
        if positions["generator"] == "grid"
        else quasi_random(positions["n"], positions["offset"], 1e-3)
    )
    totals, counts = [], []
    bins = case["bins_lo_hi_pairs_mean_std"]
    edges = np.array([b[0] for b in bins] + [bins[-1][1]]) * UM
    n_seeds = 40
    for seed in range(n_seeds):
        drawn = kernel_probability(
            places,
            places,
            kernel,
            rng=stream(seed, name),
            autapses=False,
            same_population=True,
            radius=radius,
        )
        r = distance(pair_displacements(drawn, places, places))
        totals.append(drawn.n_connections)
        counts.append(np.histogram(r, edges * (1 + 1e-9))[0])
        assert drawn.n_autapses == 0
    expected = case["expected_total"]
    band = 4 * expected["std"]
    assert np.abs(np.array(totals) - expected["mean"]).max() < band
    assert np.mean(totals) == pytest.approx(expected["mean"], abs=band / np.sqrt(n_seeds))
    # variance of a sample variance over M draws: relative spread sqrt(2 / (M - 1))
    assert np.var(totals, ddof=1) == pytest.approx(
        expected["std"] ** 2, rel=4 * np.sqrt(2 / (n_seeds - 1))
    )
    means, stds = np.array([b[3] for b in bins]), np.array([b[4] for b in bins])
    assert np.all(np.abs(np.mean(counts, axis=0) - means) < 4 * stds / np.sqrt(n_seeds) + 1e-9)


def test_a_probability_above_one_or_below_zero_is_refused():
    sheet = Lattice.over((1.0, 1.0), (9, 9), periodic=False)
    with pytest.raises(ParameterError, match="must lie in"):
        kernel_probability(sheet, sheet, Gaussian(0.2), rng=stream(1), amplitude=1.5, autapses=True)
    with pytest.raises(ParameterError, match="must lie in"):
        kernel_probability(sheet, sheet, Gabor(0.2, 1.0, 0.0), rng=stream(1), autapses=True)


@pytest.mark.parametrize("radius", [np.nan, np.inf, 0.0, -0.1])
@pytest.mark.parametrize("space", [ring(10, 1.0), quasi_random(30, 0, 1.0)])
def test_a_window_without_a_width_is_refused(space, radius):
    with pytest.raises(ParameterError, match="radius"):
        fixed_in_degree_within(
            space, space, 1, radius=radius, rng=stream(1), multapses=True, autapses=True
        )


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (ring(10, 1.0), ring(12, 1.0)),
        (Points(coordinates=np.arange(4.0)[:, None]), Points(coordinates=np.ones((4, 1)))),
        (Lattice.over((1.0,), (5,), periodic=False), Lattice.over((2.0,), (5,), periodic=False)),
    ],
)
def test_one_population_at_two_sets_of_places_is_refused(source, target):
    choices = {"autapses": False, "same_population": True}
    for connect in (
        lambda: fixed_in_degree_within(
            source, target, 1, radius=0.5, rng=stream(1), multapses=True, **choices
        ),
        lambda: kernel_weights(source, target, Gaussian(1.0), **choices),
        lambda: kernel_probability(source, target, Gaussian(1.0), rng=stream(1), **choices),
    ):
        with pytest.raises(ParameterError, match="one set of places"):
            connect()


def test_one_population_may_be_given_by_two_equal_spaces():
    one, other = (Points(coordinates=np.arange(4.0)[:, None]) for _ in range(2))
    projection = kernel_weights(one, other, Gaussian(1.0), autapses=False, same_population=True)
    assert projection.n_autapses == 0
    lattice = Lattice(shape=(4,), pitch=(1.0,), periodic=False)
    mixed = kernel_weights(one, lattice, Gaussian(1.0), autapses=False, same_population=True)
    assert mixed.sources.tolist() == projection.sources.tolist()


def test_one_population_of_two_sizes_has_no_dense_ring():
    with pytest.raises(ParameterError, match="4 sources and 2 targets"):
        ring_weights(4, 2, VonMises(1.0), amplitude=1.0, autapses=False, same_population=True)


@pytest.mark.parametrize("multapses", [False, True])
def test_fixed_in_degree_inside_a_disc_stays_inside_and_is_even(multapses):
    places = quasi_random(400, 3, 1.0)
    drawn = fixed_in_degree_within(
        places,
        places,
        8,
        radius=0.2,
        rng=stream(2, "disc"),
        multapses=multapses,
        autapses=False,
        same_population=True,
    )
    assert set(drawn.in_degrees.tolist()) == {8}
    assert drawn.n_autapses == 0
    assert distance(pair_displacements(drawn, places, places)).max() <= 0.2
    repeats = sum(8 - len(set(drawn.sources_of(t).tolist())) for t in range(400))
    assert (repeats > 0) == multapses


def test_ring_gaussian_equals_the_reference_without_the_factor_two():
    case = load("ring_gaussian_canocolino_100_20")
    p = case["params"]
    sizes = {"E": p["n_exc"], "I": p["n_inh"]}
    kernel = Gaussian.without_factor_two(np.deg2rad(p["sigma_deg"]))
    for projection, expected in case["expected"].items():
        source, target = projection.split("->")
        W = ring_weights(
            sizes[source],
            sizes[target],
            kernel,
            amplitude=p["amplitude_by_source_target"][source + target],
            autapses=False,
            same_population=source == target,
        )
        total = expected["total_weight"]
        assert W.sum() == pytest.approx(total, abs=1e-10 * max(total, 1.0))
        assert np.sum(W**2) == pytest.approx(expected["sum_sq"], rel=1e-10)
        for pre, post, weight in expected["sample_pre_post_weight"]:
            slack = 1e-12 * max(expected["amplitude"], 1.0)
            assert W[int(post), int(pre)] == pytest.approx(weight, abs=slack)


def test_the_factor_two_is_the_only_difference_of_the_two_conventions():
    angle = np.array([[0.3]])
    assert Gaussian.without_factor_two(0.5)(angle)[0] == pytest.approx(np.exp(-(0.3**2) / 0.5**2))
    assert Gaussian(0.5)(angle)[0] == pytest.approx(np.exp(-(0.3**2) / (2 * 0.5**2)))


def test_dense_ring_weights_equal_the_sparse_ones():
    kernel = VonMises(3.0)
    sparse = kernel_weights(
        ring(30, 2 * np.pi), ring(12, 2 * np.pi), kernel, weight=0.7, autapses=True
    )
    dense = ring_weights(30, 12, kernel, amplitude=0.7, autapses=True)
    np.testing.assert_allclose(sparse.dense(), dense, rtol=1e-13)


@pytest.mark.parametrize("algorithm", ["stencil", "tree"])
def test_memory_grows_linearly_with_the_number_of_neurons(algorithm):
    def peak(n):
        sheet = Lattice(shape=(n, n), pitch=(1.0, 1.0), periodic=True)
        tracemalloc.start()
        kernel_weights(sheet, sheet, Gaussian(1.0), autapses=True, algorithm=algorithm)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used / (n * n)

    peak(5)  # compiles
    small, large = peak(60), peak(120)
    # all pairs would need 4 times as much per neuron; 29 connections of 12 B each are the floor
    assert large < 1.2 * small
    assert large / 29 < {"stencil": 40.0, "tree": 120.0}[algorithm]


@pytest.mark.slow
def test_a_million_neurons_with_a_hundred_million_connections_fit_in_two_gigabytes():
    sheet = Lattice(shape=(1000, 1000), pitch=(1e-3 / 19, 1e-3 / 19), periodic=False)
    tracemalloc.start()
    projection = kernel_weights(
        sheet, sheet, Gaussian(100 * UM), autapses=False, same_population=True
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # closed form: every offset (x, y) within 5.7 pitches fits (1000 - |x|) (1000 - |y|) times
    steps = np.arange(-5, 6)
    x, y = np.meshgrid(steps, steps)
    inside = (np.hypot(x, y) <= 5.7) & ((x != 0) | (y != 0))
    wanted = int(np.sum(((1000 - np.abs(x)) * (1000 - np.abs(y)))[inside]))
    assert projection.n_connections == wanted == 99_516_520
    assert peak < 2e9
