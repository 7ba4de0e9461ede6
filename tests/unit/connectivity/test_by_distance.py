"""Fixed in-degrees by distance: exact degrees, and pairs joined as the kernel says."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from cortex.connectivity import (
    Boxcar,
    DifferenceOfGaussians,
    Exponential,
    Gaussian,
    Lattice,
    Points,
    _loops_draw,
    _loops_reach,
    by_distance,
    fixed_in_degree_by_distance,
    kernel_integral,
    kernel_weights,
    pairwise_by_distance,
)
from cortex.errors import ParameterError
from cortex.rng import stream

SIDE = 1e-3
PERIOD = np.array([SIDE, SIDE])
GRID = Lattice.over((SIDE, SIDE), (40, 40), periodic=True)
RANDOM = Points(coordinates=stream(1, "places").random((1500, 2)) * PERIOD, period=PERIOD)
OPEN = Points(coordinates=stream(2, "places").random((1500, 2)) * PERIOD - 3e-4)
RING = Lattice(shape=(600,), pitch=(SIDE / 600,), periodic=True)
VOLUME = Points(coordinates=stream(3, "places").random((1200, 3)) * SIDE, period=np.full(3, SIDE))
PLAIN = {"multapses": False, "autapses": False}


def distances(source, target):
    """Distance of every pair, ``[target, source]``, by brute force over all images."""
    if source.period is None:
        return cdist(target.coordinates, source.coordinates)
    shifts = np.array(np.meshgrid(*[[-1, 0, 1]] * source.dim)).reshape(source.dim, -1).T
    images = [cdist(target.coordinates, source.coordinates + s * source.period) for s in shifts]
    return np.min(images, axis=0)


@pytest.mark.parametrize("multapses", [False, True])
@pytest.mark.parametrize("kernel", [Gaussian(8e-5), Exponential(8e-5), Boxcar(2e-4)])
@pytest.mark.parametrize("source", [GRID, RANDOM, OPEN, RING], ids=["grid", "rand", "open", "ring"])
def test_degrees_are_exact_and_sources_lie_within_reach(source, kernel, multapses):
    p = fixed_in_degree_by_distance(
        source, source, 40, kernel=kernel, rng=stream(3, "wiring"), multapses=multapses,
        autapses=False, same_population=True,
    )  # fmt: skip
    assert np.all(p.in_degrees == 40)
    assert p.n_autapses == 0
    assert np.all(np.diff(p.sources.astype(int).reshape(-1, 40), axis=1) >= (0 if multapses else 1))
    r = distances(source, source)[p.targets, p.sources]
    assert r.max() <= kernel.reach * (1 + 1e-9)
    assert r.max() > 0.8 * kernel.reach or not isinstance(kernel, Boxcar)


def test_pairs_in_a_volume_are_joined_with_the_probability_of_the_kernel():
    """Oracle: p(r) = K k(r) / (density (2 pi)^(3/2) sigma^3), closed form."""
    K, sigma = 12, 1.2e-4
    r = distances(VOLUME, VOLUME)
    density = VOLUME.n / SIDE**3
    expected = K * np.exp(-(r**2) / (2 * sigma**2)) / (density * (2 * np.pi * sigma**2) ** 1.5)
    fixed = fixed_in_degree_by_distance(
        VOLUME, VOLUME, K, kernel=Gaussian(sigma), radius=4 * sigma, rng=stream(4, "volume"),
        multapses=False, autapses=True,
    )  # fmt: skip
    free = pairwise_by_distance(
        VOLUME, VOLUME, K, kernel=Gaussian(sigma), radius=4 * sigma, rng=stream(4, "volume"),
        autapses=True,
    )  # fmt: skip
    assert np.all(fixed.in_degrees == K)
    for drawn in (fixed, free):
        joined = drawn.dense()
        for low, high in pairwise(sigma * np.linspace(0.5, 3.0, 7)):
            shell = (r >= low) & (r < high)
            want, n = expected[shell].mean(), shell.sum()
            # four standard errors; fixed degrees tie the level to the local density of places, 11 %
            # of a target by 1/sqrt(8 pi^(3/2) sigma^3 density), a twentieth of that in the mean
            band = 4 * np.sqrt(want / n) + 0.01 * want
            assert joined[shell].mean() == pytest.approx(want, abs=band)


@pytest.mark.parametrize("kernel", [Gaussian(1.2e-4), Exponential(1e-4), Boxcar(3e-4)])
def test_independent_pairs_are_joined_with_the_probability_of_the_kernel(kernel):
    """Oracle: `kernel_probability`, which asks every pair; in-degrees then are sums of chances."""
    K, density = 60, GRID.n / SIDE**2
    p = pairwise_by_distance(
        GRID, GRID, K, kernel=kernel, rng=stream(4, "pairs"), autapses=False, same_population=True
    )
    asked = kernel_weights(
        GRID, GRID, kernel, weight=K / (density * kernel_integral(kernel, 2)), autapses=False,
        same_population=True,
    )  # fmt: skip
    joined, chance = p.dense(), asked.dense()
    assert joined.max() == 1
    assert not np.any(joined[chance == 0.0])
    level = np.ceil(8 * chance / chance.max())
    for i in np.unique(level[chance > 0.0]):
        alike = level == i
        want, n = chance[alike].mean(), alike.sum()
        # four standard errors of independent pairs
        assert joined[alike].mean() == pytest.approx(want, abs=4 * np.sqrt(want / n))
    variance = (chance * (1.0 - chance)).sum(axis=1).mean()
    # relative error sqrt(2/n) of an estimated variance, four of them
    assert p.in_degrees.var() == pytest.approx(variance, rel=4 * np.sqrt(2 / GRID.n))


@pytest.mark.parametrize("multapses", [False, True])
@pytest.mark.parametrize("source", [GRID, RANDOM], ids=["grid", "random"])
def test_a_pair_is_joined_with_the_probability_of_the_kernel(source, multapses):
    """Oracle: p(r) = K k(r) / (density x integral of k), closed form; half of it in the middle."""
    K, sigma = 60, 1.2e-4
    p = fixed_in_degree_by_distance(
        source, source, K, kernel=Gaussian(sigma), radius=5 * sigma, rng=stream(4, "wiring"),
        multapses=multapses, autapses=True, same_population=True,
    )  # fmt: skip
    r = distances(source, source)
    expected = K * np.exp(-(r**2) / (2 * sigma**2)) / (source.n / SIDE**2 * 2 * np.pi * sigma**2)
    assert 0.3 < expected.max() < 0.5
    joined = np.zeros(r.shape)
    np.add.at(joined, (p.targets, p.sources), 1.0)
    edges = sigma * np.linspace(0.0, 3.0, 13)
    for low, high in pairwise(edges):
        ring = (r >= low) & (r < high)
        mean, want, n = joined[ring].mean(), expected[ring].mean(), ring.sum()
        # Four standard errors of independent pairs; a fixed number of sources ties those of a
        # target: at random places their local density scatters the level by 1/sqrt(8 pi sigma^2
        # density), 5 %, alike at all distances, and by a twentieth of that in the mean. Drawing
        # by k itself, without repeats, would miss by 10 % in the middle.
        assert mean == pytest.approx(want, abs=4 * np.sqrt(want / n) + 0.01 * want)


def test_at_the_edge_of_an_open_sheet_all_sources_come_from_inside_by_the_kernel():
    """Oracle: draws with repeats are independent, the share of a source is k over its sum."""
    corner = Points(coordinates=np.full((4000, 2), -3e-4))
    kernel = Gaussian(1.5e-4)
    p = fixed_in_degree_by_distance(
        OPEN, corner, 50, kernel=kernel, rng=stream(5, "wiring"), multapses=True, autapses=True
    )
    d = np.hypot(*(OPEN.coordinates - corner.coordinates[0]).T)
    weight = np.where(d <= kernel.reach, np.exp(-(d**2) / (2 * 1.5e-4**2)), 0.0)
    expected = weight / weight.sum() * p.n_connections
    found = np.bincount(p.sources, minlength=OPEN.n)
    many = expected > 20
    chi2 = np.sum((found[many] - expected[many]) ** 2 / expected[many])
    # chi-squared has mean n and variance 2 n; four standard deviations
    assert many.sum() > 100
    assert abs(chi2 - many.sum()) < 4 * np.sqrt(2 * many.sum())


def test_what_cannot_be_drawn_is_refused_with_what_to_do():
    rng = stream(6, "wiring")
    with pytest.raises(ParameterError, match=r"probability 1\.24 at its peak; lower the in-degree"):
        fixed_in_degree_by_distance(GRID, GRID, 80, kernel=Gaussian(8e-5), rng=rng, **PLAIN)
    with pytest.raises(
        ParameterError, match=r"target 0 finds fewer than 90 sources within 0\.0001"
    ):
        fixed_in_degree_by_distance(GRID, GRID, 90, kernel=Boxcar(1e-4), rng=rng, **PLAIN)
    balanced = DifferenceOfGaussians(5e-5, 1e-4, 1.0, 1.0)
    with pytest.raises(ParameterError, match="a probability is not negative"):
        fixed_in_degree_by_distance(GRID, GRID, 9, kernel=balanced, rng=rng, **PLAIN)


def test_certain_pairs_are_refused_and_almost_certain_ones_drawn():
    """At unit density 2 pi sigma^2 sources mean probability 1 at the peak: -log(1 - p) ends."""
    grid = Lattice(shape=(20, 20), pitch=(1.0, 1.0), periodic=True)
    drawn = {"kernel": Gaussian(1.0), "rng": stream(8, "wiring"), "autapses": True}
    with pytest.raises(ParameterError, match="needs the connection probability 1 at its peak"):
        pairwise_by_distance(grid, grid, 2.0 * np.pi, **drawn)
    p = pairwise_by_distance(grid, grid, 0.999 * 2.0 * np.pi, **drawn)
    # four standard deviations of independent pairs
    assert p.n_connections / grid.n == pytest.approx(2.0 * np.pi, abs=4.0 * np.sqrt(6.3 / 400))


@pytest.mark.parametrize("multapses", [False, True])
def test_the_compiled_draw_reads_and_writes_nothing_beyond_its_arrays(multapses, monkeypatch):
    """Python checks every index, and draws the same sources."""
    sheet = Lattice.over((SIDE, SIDE), (8, 8), periodic=True)  # one word of 64 bits

    def drawn():
        return fixed_in_degree_by_distance(
            sheet, sheet, 3, kernel=Gaussian(1e-4), rng=stream(4, "wiring"), multapses=multapses,
            autapses=False, same_population=True,
        ).sources  # fmt: skip

    compiled = drawn()
    for loops in (_loops_draw, _loops_reach):
        for name, each in list(vars(loops).items()):
            monkeypatch.setattr(loops, name, getattr(each, "py_func", each))
    monkeypatch.setattr(
        _loops_draw, "lowest_bit", lambda bits: (int(bits) & -int(bits)).bit_length() - 1
    )
    monkeypatch.setattr(by_distance, "draw_near", _loops_reach.draw_near)
    with np.errstate(over="ignore"):  # of random bits
        np.testing.assert_array_equal(drawn(), compiled)
