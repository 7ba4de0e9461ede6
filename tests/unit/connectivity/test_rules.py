"""Rules without geometry against their exact laws."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.connectivity import (
    Projection,
    all_to_all,
    draw_from_windows,
    fixed_in_degree,
    fixed_out_degree,
    fixed_total_number,
    one_to_one,
    pairwise_bernoulli,
)
from cortex.connectivity.audit import audit_degrees, in_degree_law, out_degree_law
from cortex.errors import ParameterError
from cortex.rng import stream

DATA = Path(__file__).parents[2] / "data" / "connectivity"
BRUNEL = json.loads((DATA / "fixed_indegree_brunel_2500.json").read_text())


def rows(projection):
    return [projection.sources_of(t).tolist() for t in range(projection.n_targets)]


@pytest.mark.parametrize("switches", BRUNEL["expected"])
def test_fixed_in_degree_has_the_laws_of_the_reference(switches):
    names, multapses, autapses = switches.split("|")
    source, target = names.split("->")
    expected = BRUNEL["expected"][switches]
    sizes = BRUNEL["params"]["populations"]
    projection = fixed_in_degree(
        sizes[source],
        sizes[target],
        expected["in_degree"],
        rng=stream(7, switches),
        multapses=multapses.endswith("True"),
        autapses=autapses.endswith("True"),
        same_population=source == target,
    )
    assert projection.n_connections == expected["count"]
    assert set(projection.in_degrees.tolist()) == {expected["in_degree"]}
    law = out_degree_law(projection)
    assert law.mean == pytest.approx(expected["out_degree"]["mean"], rel=1e-12)
    assert law.std == pytest.approx(expected["out_degree"]["std"], rel=1e-12)
    n = sizes[source]
    spread = projection.out_degrees.std()
    # the standard error of a standard deviation over n neurons is std / sqrt(2 n)
    assert spread == pytest.approx(law.std, abs=4 * law.std / np.sqrt(2 * n))
    surplus = sum(len(row) - len(set(row)) for row in rows(projection))
    wanted = expected["expected_surplus_multapses_total"]
    assert surplus == pytest.approx(wanted, abs=4 * np.sqrt(wanted))
    own = expected["expected_autapses"]
    assert projection.n_autapses == pytest.approx(own, abs=4 * np.sqrt(own))


@given(
    n=st.integers(2, 300),
    share=st.floats(0.0, 1.0),
    autapses=st.booleans(),
    seed=st.integers(0, 2**31),
)
@settings(max_examples=60, deadline=None)
def test_distinct_sources_are_sorted_distinct_and_never_the_excluded_one(n, share, autapses, seed):
    k = int(share * (n - 1))
    projection = fixed_in_degree(
        n, n, k, rng=stream(seed), multapses=False, autapses=autapses, same_population=True
    )
    for target, row in enumerate(rows(projection)):
        assert len(row) == k
        assert all(a < b for a, b in pairwise(row))
        assert autapses or target not in row
        assert all(0 <= source < n for source in row)


def test_every_subset_of_sources_is_equally_likely():
    # closed form: 10 subsets of 2 out of 5, over 20 000 independent targets
    projection = fixed_in_degree(
        5, 20_000, 2, rng=stream(3, "subsets"), multapses=False, autapses=True
    )
    codes = projection.sources.reshape(-1, 2).astype(int) @ [5, 1]
    counts = np.unique(codes, return_counts=True)[1]
    assert len(counts) == 10
    assert np.abs(counts - 2000).max() < 4 * np.sqrt(20_000 * 0.1 * 0.9)


def test_the_complement_is_drawn_as_evenly_as_the_set():
    projection = fixed_in_degree(
        5, 20_000, 3, rng=stream(4, "subsets"), multapses=False, autapses=True
    )
    counts = projection.out_degrees
    assert np.abs(counts - 12_000).max() < 4 * np.sqrt(20_000 * 0.6 * 0.4)


def test_windows_run_over_the_end_of_the_circle():
    windows = np.array([[8, 4, -1], [8, 4, 1], [0, 3, 0]])
    drawn = draw_from_windows(windows, np.array([4, 3, 2]), 10, rng=stream(1), multapses=False)
    assert drawn.tolist() == [0, 1, 8, 9, 0, 1, 8, 1, 2]


def test_bernoulli_blocks_follow_the_binomial_law():
    projection = pairwise_bernoulli(800, 600, 0.07, rng=stream(5, "p"), autapses=True)
    n_pairs = 800 * 600
    assert projection.n_connections == pytest.approx(
        n_pairs * 0.07, abs=4 * np.sqrt(n_pairs * 0.07 * 0.93)
    )
    for degrees, law in (
        (projection.in_degrees, in_degree_law(projection)),
        (projection.out_degrees, out_degree_law(projection)),
    ):
        assert audit_degrees(degrees, law).chi_square_p > 1e-3


@pytest.mark.parametrize(("p", "count"), [(0.0, 0), (1.0, 20)])
def test_bernoulli_is_exact_at_its_ends(p, count):
    projection = pairwise_bernoulli(5, 5, p, rng=stream(1), autapses=False, same_population=True)
    assert projection.n_connections == count


@pytest.mark.parametrize("multapses", [False, True])
def test_fixed_total_number_is_exact_and_spreads_evenly(multapses):
    projection = fixed_total_number(
        50, 400, 6000, rng=stream(6, "total"), multapses=multapses, autapses=True
    )
    assert projection.n_connections == 6000
    # closed form: multinomial or hypergeometric share of one target
    p = 1 / 400
    variance = 6000 * p * (1 - p) * (1.0 if multapses else (20_000 - 6000) / (20_000 - 1))
    found = projection.in_degrees.var()
    assert found == pytest.approx(variance, rel=4 * np.sqrt(2 / 400))


def test_fixed_out_degree_mirrors_fixed_in_degree():
    projection = fixed_out_degree(30, 50, 7, rng=stream(2), multapses=False, autapses=True)
    assert set(projection.out_degrees.tolist()) == {7}
    assert all(row == sorted(set(row)) for row in rows(projection))


def test_all_to_all_between_equal_sizes_keeps_the_diagonal():
    assert all_to_all(5, 5, autapses=False).n_connections == 25
    assert all_to_all(5, 5, autapses=False, same_population=True).n_connections == 20
    assert rows(one_to_one(3, 3)) == [[0], [1], [2]]


def test_the_two_orders_hold_the_same_connections():
    projection = fixed_in_degree(70, 40, 9, rng=stream(8), multapses=True, autapses=True)
    by_source = projection.by_source()
    sources = np.repeat(np.arange(70), np.diff(by_source.start))
    pairs = sorted(zip(sources.tolist(), by_source.partners.tolist(), strict=True))
    wanted = sorted(zip(projection.sources.tolist(), projection.targets.tolist(), strict=True))
    assert pairs == wanted
    assert projection.sources[by_source.order].tolist() == sources.tolist()


def test_a_row_depends_on_the_stream_and_its_target_only():
    small, large = (
        fixed_in_degree(500, n, 20, rng=stream(9, "rows"), multapses=False, autapses=True)
        for n in (10, 200)
    )
    assert rows(small) == rows(large)[:10]


def test_another_projection_does_not_change_this_one():
    alone = fixed_in_degree(50, 50, 5, rng=stream(1, "a"), multapses=True, autapses=True)
    fixed_in_degree(50, 50, 5, rng=stream(1, "b"), multapses=True, autapses=True)
    again = fixed_in_degree(50, 50, 5, rng=stream(1, "a"), multapses=True, autapses=True)
    assert alone.sources.tolist() == again.sources.tolist()


def test_indices_are_as_small_as_they_can_be():
    assert (
        fixed_in_degree(65_536, 2, 1, rng=stream(1), multapses=False, autapses=True).sources.dtype
        == np.uint16
    )
    assert (
        fixed_in_degree(65_537, 2, 1, rng=stream(1), multapses=False, autapses=True).sources.dtype
        == np.int32
    )


def listed(sources, start=(0, 1, 1)):
    """Return a projection from 2 to 2 neurons written down by hand."""
    return Projection(
        n_sources=2, n_targets=2, start=np.array(start), sources=np.array(sources, dtype=np.int32)
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: fixed_in_degree(5, 5, 6, rng=stream(1), multapses=False, autapses=True),
            "5 are available",
        ),
        (
            lambda: fixed_in_degree(
                5, 5, 5, rng=stream(1), multapses=False, autapses=False, same_population=True
            ),
            "4 are available",
        ),
        (
            lambda: fixed_in_degree(0, 5, 1, rng=stream(1), multapses=True, autapses=True),
            "n_sources = 0 must be whole, from 1",
        ),
        (
            lambda: fixed_in_degree(
                4, 5, 1, rng=stream(1), multapses=True, autapses=True, same_population=True
            ),
            "one population cannot have",
        ),
        (lambda: pairwise_bernoulli(5, 5, 1.5, rng=stream(1), autapses=True), "no probability"),
        (
            lambda: pairwise_bernoulli(5, 5, float("nan"), rng=stream(1), autapses=True),
            "no probability",
        ),
        (
            lambda: fixed_total_number(5, 5, 26, rng=stream(1), multapses=False, autapses=True),
            "there are 25 pairs",
        ),
        (
            lambda: fixed_total_number(
                10**5, 10**5, 9, rng=stream(1), multapses=False, autapses=True
            ),
            "too many",
        ),
        (lambda: one_to_one(3, 4), "equal sizes"),
        (lambda: Projection.from_pairs([0, 5], [0, 0], n_sources=5, n_targets=1), "source indices"),
        (lambda: Projection.from_pairs([0], [0, 0], n_sources=5, n_targets=1), "must match"),
        (
            lambda: Projection.from_pairs(
                [0, 1], [0, 0], n_sources=2, n_targets=1, weights=[1.0, 2.0, 3.0]
            ),
            r"weights of shape \(3,\)",
        ),
        (
            lambda: Projection.from_pairs([0, 1], [0, 0], n_sources=2, n_targets=1, delays=[1e-3]),
            r"delays of shape \(1,\)",
        ),
        (lambda: listed(sources=[1000]), "source indices 1000..1000 leave the population of 2"),
        (lambda: listed(sources=[-1]), "source indices -1..-1"),
        (lambda: listed(sources=[0, 1], start=[0, 3, 2]), "ascending"),
        (lambda: listed(sources=[0, 1], start=[1, 1, 2]), "from 0 to the 2 connections"),
    ],
)
def test_impossible_requests_are_refused_with_the_numbers(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
