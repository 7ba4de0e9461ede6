"""Composition of projections, Dale's principle, and the audit of what was built."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from cortex.connectivity import (
    Gaussian,
    Lattice,
    Points,
    Populations,
    Projection,
    add,
    all_to_all,
    block,
    check_dale,
    compose,
    excitatory_inhibitory,
    fixed_in_degree,
    fixed_out_degree,
    kernel_probability,
    overlay,
    pairwise_bernoulli,
    place,
)
from cortex.connectivity.audit import (
    DegreeLaw,
    audit_blocks,
    audit_degrees,
    distance_profile,
    in_degree_law,
    out_degree_law,
)
from cortex.errors import ParameterError
from cortex.rng import stream

DATA = Path(__file__).parents[2] / "data" / "connectivity"
NEURONS = Populations({"E": 8, "I": 3})


def load(name):
    return json.loads((DATA / f"{name}.json").read_text())


def random_weights(n_sources, n_targets, name):
    rng = stream(5, name)
    drawn = pairwise_bernoulli(n_sources, n_targets, 0.5, rng=rng, autapses=True)
    return drawn.with_values(weights=rng.normal(size=drawn.n_connections))


def test_blocks_stand_where_their_populations_stand():
    blocks = {
        (target, source): random_weights(n_s, n_t, target + source)
        for target, n_t in NEURONS.sizes.items()
        for source, n_s in NEURONS.sizes.items()
    }
    whole = compose(NEURONS, blocks)
    rows = [np.hstack([blocks[t, s].dense() for s in "EI"]) for t in "EI"]
    np.testing.assert_array_equal(whole.dense(), np.vstack(rows))
    for (target, source), projection in blocks.items():
        part = block(whole, sources=NEURONS.members(source), targets=NEURONS.members(target))
        np.testing.assert_array_equal(part.dense(), projection.dense())


def test_a_range_of_a_population_is_a_group():
    assert NEURONS.members("I", 1, 3) == range(9, 11)
    with pytest.raises(ParameterError, match="does not lie"):
        NEURONS.members("I", 1, 4)
    with pytest.raises(ParameterError, match="no population 'X'"):
        NEURONS.members("X")


def test_a_sum_of_projections_is_the_sum_of_matrices():
    parts = [random_weights(9, 7, name) for name in ("a", "b", "c")]
    total = add(*parts)
    np.testing.assert_allclose(total.dense(), sum(p.dense() for p in parts), atol=1e-15)
    assert len(set(zip(total.sources, total.targets, strict=True))) == total.n_connections


def test_overlay_keeps_both_connections_of_a_pair():
    a = all_to_all(3, 2, autapses=True)
    assert overlay(a, a).n_connections == 12


def test_sums_need_weights_equal_sizes_and_equal_delays():
    bare = all_to_all(3, 2, autapses=True)
    heavy = bare.with_values(weights=np.ones(6))
    with pytest.raises(ParameterError, match="only projections with weights"):
        add(bare, heavy)
    with pytest.raises(ParameterError, match="all or none"):
        overlay(bare, heavy)
    with pytest.raises(ParameterError, match="same two populations"):
        overlay(bare, all_to_all(2, 2, autapses=True))
    early, late = (heavy.with_values(delays=np.full(6, d)) for d in (1e-3, 2e-3))
    with pytest.raises(ParameterError, match="different delays"):
        add(early, late)
    assert add(early, early).delays.tolist() == [1e-3] * 6


def test_dale_names_the_offending_source():
    projection = Projection.from_pairs(
        [0, 1], [0, 0], n_sources=2, n_targets=1, weights=np.array([1.0, 0.5])
    )
    check_dale(projection, np.array([1.0, 1.0]))
    with pytest.raises(ParameterError, match="source 1 has sign -1"):
        check_dale(projection, np.array([1.0, -1.0]))


@pytest.mark.parametrize("autapses", [True, False])
@pytest.mark.parametrize("name", ["ei_500_tutorial", "ei_300_seed7"])
def test_excitatory_inhibitory_networks_lie_in_the_binomial_bands(name, autapses):
    case = load(name)
    p = case["params"]
    neurons = Populations({"E": case["n_exc"], "I": case["n_inh"]})
    signs = np.repeat([1.0, -1.0], [case["n_exc"], case["n_inh"]])
    key = "autapses_allowed" if autapses else "autapses_forbidden"
    expected = case["expected_total"][key]
    totals, n_seeds = [], 30
    for seed in range(n_seeds):
        network = excitatory_inhibitory(
            neurons,
            p={"E": p["exc_prob"], "I": p["inh_prob"]},
            weight={"E": p["exc_weight_nS"], "I": p["inh_weight_nS"]},
            rng=stream(seed, name),
            autapses=autapses,
        )
        totals.append(network.n_connections)
        audit = audit_blocks(network, neurons, autapses=autapses)
        wanted = np.array([[p["exc_prob"], p["inh_prob"]]] * 2)
        assert np.all(np.abs(audit.probability - wanted) < 5 * audit.error)
        assert audit.connections.sum() == network.n_connections
        assert (network.n_autapses > 0) == autapses
    check_dale(network, signs)
    assert np.mean(totals) == pytest.approx(
        expected["mean"], abs=4 * expected["std"] / np.sqrt(n_seeds)
    )
    assert np.var(totals, ddof=1) == pytest.approx(
        expected["std"] ** 2, rel=4 * np.sqrt(2 / (n_seeds - 1))
    )
    assert (
        audit.pairs[0, 0]
        == case["expected_blocks"]["E->E"].get(
            "no_autapses" if not autapses else "", case["expected_blocks"]["E->E"]
        )["pairs"]
    )


def test_the_cross_projection_of_the_reference_lies_in_its_band():
    case = load("ei_cross_240_to_180")
    p = case["params"]
    blocks = [(case["n_exc"], p["exc_prob"]), (case["n_inh"], p["inh_prob"])]
    drawn = [
        [pairwise_bernoulli(n, 180, q, rng=stream(seed, n), autapses=True) for n, q in blocks]
        for seed in range(40)
    ]
    totals = [sum(projection.n_connections for projection in pair) for pair in drawn]
    expected = case["expected_total"]["autapses_allowed"]
    assert np.mean(totals) == pytest.approx(expected["mean"], abs=4 * expected["std"] / np.sqrt(40))


def test_the_degree_audit_accepts_the_right_law_and_refuses_a_wrong_one():
    drawn = fixed_in_degree(2000, 2000, 200, rng=stream(3), multapses=False, autapses=True)
    audit = audit_degrees(drawn.out_degrees, out_degree_law(drawn))
    assert audit.chi_square_p > 1e-3
    assert audit.count.sum() == 2000
    assert audit.expected.sum() == pytest.approx(2000, rel=1e-3)  # bins reach 5 std
    fixed = audit_degrees(drawn.in_degrees, in_degree_law(drawn))
    assert (fixed.chi_square_p, fixed.laws[0].std) == (1.0, 0.0)
    with_repeats = fixed_in_degree(300, 3000, 150, rng=stream(3), multapses=True, autapses=True)
    without = fixed_in_degree(300, 3000, 150, rng=stream(3), multapses=False, autapses=True)
    assert audit_degrees(with_repeats.out_degrees, out_degree_law(without)).chi_square_p < 1e-6


@pytest.mark.parametrize(("n_wrong", "degree"), [(50, 12), (1, 11), (1, 9)])
def test_the_degree_audit_refuses_every_departure_from_a_fixed_degree(n_wrong, degree):
    """The law leaves no other degree: a single neuron off refutes it."""
    degrees = np.full(100, 10)
    degrees[:n_wrong] = degree
    assert audit_degrees(degrees, DegreeLaw(n=10, p=1.0)).chi_square_p == 0.0
    assert audit_degrees(np.full(100, 10), DegreeLaw(n=10, p=1.0)).chi_square_p == 1.0


def test_the_degree_audit_refuses_a_degree_beyond_the_number_of_sources():
    law = DegreeLaw(n=20, p=0.5)
    degrees = stream(2, "degrees").binomial(20, 0.5, size=500)
    assert audit_degrees(degrees, law).chi_square_p > 1e-3
    degrees[0] = 21
    assert audit_degrees(degrees, law).chi_square_p == 0.0


@pytest.mark.parametrize("n", [3, 9])
def test_too_few_neurons_for_two_bins_refute_nothing_but_the_impossible(n):
    law = DegreeLaw(n=100, p=0.1)
    assert audit_degrees(np.arange(5, 5 + n), law).chi_square_p == 1.0
    assert audit_degrees(np.arange(5, 5 + n), DegreeLaw(n=5, p=1.0)).chi_square_p == 0.0


@pytest.mark.parametrize("multapses", [False, True])
def test_the_degrees_of_a_fixed_out_degree_follow_their_law(multapses):
    """Moments in closed form: n q and n q (1 - q) with q = K/m, or n K/m and n K/m (1 - 1/m)."""
    drawn = fixed_out_degree(60, 2000, 300, rng=stream(4), multapses=multapses, autapses=True)
    law = in_degree_law(drawn)
    assert law.mean == pytest.approx(9.0, rel=1e-12)
    spread = 9.0 * (1 - 1 / 2000) if multapses else 9.0 * (1 - 0.15)
    assert law.std == pytest.approx(np.sqrt(spread), rel=1e-12)
    assert audit_degrees(drawn.in_degrees, law).chi_square_p > 1e-3
    assert out_degree_law(drawn) == DegreeLaw(n=300, p=1.0)


def test_degrees_that_differ_between_neurons_have_no_binomial_law():
    """Sources of degree 5 and 100 give a sum of two binomials, narrower than one binomial."""
    counts = np.tile([5, 100], 15)
    outward = fixed_out_degree(30, 120, counts, rng=stream(4), multapses=False, autapses=True)
    inward = fixed_in_degree(120, 30, counts, rng=stream(4), multapses=False, autapses=True)
    for law, drawn in (
        (in_degree_law, outward),
        (out_degree_law, outward),
        (in_degree_law, inward),
        (out_degree_law, inward),
    ):
        with pytest.raises(ParameterError, match="one degree for all neurons"):
            law(drawn)


def test_a_part_of_a_projection_does_not_claim_the_law_of_the_whole():
    drawn = pairwise_bernoulli(100, 100, 0.1, rng=stream(5), autapses=True)
    thinned = drawn.where(stream(6).random(drawn.n_connections) < 0.5)
    cut = block(drawn, sources=range(50), targets=range(100))
    placed = place(drawn, sources=range(100), targets=range(100, 200), n=300)
    for part in (thinned, thinned.where(np.ones(thinned.n_connections, dtype=bool)), cut, placed):
        with pytest.raises(ParameterError, match=r"no exact law.*whole projection"):
            in_degree_law(part)
    assert thinned.rule == {"name": "part", "of": drawn.rule}
    assert in_degree_law(drawn.with_values(weights=np.ones(drawn.n_connections))).p == 0.1


def test_leaving_out_autapses_is_part_of_the_rule_of_a_complete_projection():
    full = all_to_all(4, 4, autapses=False, same_population=True)
    assert full.rule == {"name": "all_to_all", "autapses": False}


def test_rules_that_depend_on_distance_have_no_single_law():
    sheet = Lattice.over((1.0, 1.0), (9, 9), periodic=False)
    drawn = kernel_probability(sheet, sheet, Gaussian(0.2), rng=stream(1), autapses=True)
    with pytest.raises(ParameterError, match="no exact law"):
        in_degree_law(drawn)


@pytest.mark.parametrize("periodic", [False, True])
def test_the_distance_profile_is_the_kernel_also_at_a_border(periodic):
    places = stream(4, "places").random((900, 2))
    sheet = Points(coordinates=places, period=np.ones(2) if periodic else None)
    drawn = kernel_probability(
        sheet,
        sheet,
        Gaussian(0.15),
        rng=stream(4, "draw"),
        autapses=False,
        same_population=True,
        radius=0.45,
    )
    edges = np.linspace(0.0, 0.45, 10)
    profile = distance_profile(drawn, sheet, sheet, edges, n_excluded=sheet.n)
    assert profile.connections.sum() == drawn.n_connections
    # mean of the Gaussian over a ring: 2 s^2 (e^(-a^2/2s^2) - e^(-b^2/2s^2)) / (b^2 - a^2)
    value = np.exp(-(edges**2) / (2 * 0.15**2))
    wanted = -2 * 0.15**2 * np.diff(value) / np.diff(edges**2)
    # at a border, and for random places, pairs are not spread as r dr: 0.3 % more
    assert np.all(np.abs(profile.probability - wanted) < 4 * profile.error + 0.003)


def test_available_pairs_are_counted_like_a_slow_comparison():
    sheet = Lattice.over((1.0, 1.0), (6, 5), periodic=False)
    drawn = kernel_probability(
        sheet,
        sheet,
        Gaussian(0.5),
        rng=stream(1),
        autapses=False,
        same_population=True,
        radius=1.5,
    )
    edges = np.array([0.0, 0.2, 0.5, 1.0, 1.5])
    profile = distance_profile(drawn, sheet, sheet, edges, n_excluded=sheet.n)
    x = sheet.coordinates
    r = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1))[~np.eye(30, dtype=bool)]
    wanted = [np.sum((r > low + 1e-9) & (r <= high + 1e-9)) for low, high in pairwise(edges)]
    assert profile.pairs.tolist() == wanted
