"""Drawn wiring: exact in-degrees, no autapses, no repeats, uniform sources, delays on the grid."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2, norm

from cortex.errors import ParameterError
from cortex.params.brunel import BrunelParams
from cortex.params.senk import SenkParams
from cortex.params.wiring import WiringRule
from cortex.spiking import SourceLists, draw_bit_rows, draw_source_lists
from cortex.spiking.laws import delay_table
from cortex.spiking.sources import spread_in_degree

NETWORK = BrunelParams(
    n_exc=800,
    n_inh=200,
    in_degree_exc=80,
    in_degree_inh=20,
    J=1e-3,
    g=5.0,
    nu_ext_ratio=2.0,
).network()


def matrix(lists):
    """Return the number of synapses, ``[target, source]``."""
    n = lists.n_neurons
    source = np.repeat(np.arange(n), np.diff(lists.start))
    dense = np.zeros((n, n), dtype=int)
    np.add.at(dense, (lists.targets, source), 1)
    return dense


def test_in_degrees_are_exact_without_autapses_and_repeats():
    dense = matrix(SourceLists.from_bits(draw_bit_rows(NETWORK, seed=1), delay=15))
    assert np.all(dense[:, :800].sum(axis=1) == 80)
    assert np.all(dense[:, 800:].sum(axis=1) == 20)
    assert dense.max() == 1
    assert not np.any(np.diag(dense))


def test_the_wiring_of_network_a_takes_less_than_fifty_megabytes():
    """12,500 neurons, 15.6 million synapses: one bit a pair is 20 MB, four bytes each 62 MB."""
    published = BrunelParams(g=5.0, nu_ext_ratio=2.0)
    assert draw_bit_rows(published.network(), seed=1).n_bytes < 50e6


def test_sources_are_uniform_by_chi_square():
    out = matrix(SourceLists.from_bits(draw_bit_rows(NETWORK, seed=2), delay=15)).sum(axis=0)
    expected = np.repeat(100.0, 1000)
    # drawing without replacement narrows the counts, so the plain chi-square is an upper bound
    assert chi2.ppf(1e-4, 999) * 0.9 < np.sum((out - expected) ** 2 / expected)
    assert np.sum((out - expected) ** 2 / expected) < chi2.ppf(0.9999, 999)


def test_multapses_appear_only_when_asked_for():
    plain = draw_source_lists(NETWORK, seed=1, dt=1e-4)
    repeats = draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=WiringRule(multapses=True))
    assert matrix(plain).max() == 1
    assert matrix(repeats).max() > 1
    assert np.all(matrix(repeats).sum(axis=1) == 100)


@pytest.mark.parametrize("multapses", [False, True])
def test_autapses_are_as_likely_as_any_other_source_and_only_when_asked_for(multapses):
    rule = WiringRule(multapses=multapses, autapses=True)
    own = np.diag(matrix(draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=rule)))
    # each of 1000 neurons draws a tenth of its own population: 0.1 autapses, sd of the sum 10
    assert own.sum() == pytest.approx(100, abs=40)
    plain = draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=WiringRule(multapses=multapses))
    assert not np.any(np.diag(matrix(plain)))


@pytest.mark.parametrize("multapses", [False, True])
def test_random_in_degrees_are_binomial_and_keep_the_number_of_synapses(multapses):
    rule = WiringRule(multapses=multapses, rule="fixed_total_number")
    lists = draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=rule)
    dense = matrix(lists)
    for sources, mean in ((slice(0, 800), 80), (slice(800, 1000), 20)):
        for targets in (slice(0, 800), slice(800, 1000)):
            block = dense[targets, sources]
            n = len(block)
            in_degree = block.sum(axis=1)
            assert in_degree.sum() == mean * n
            # a multinomial: variance mean (1 - 1/n), relative error sqrt(2/n) of an estimate
            assert in_degree.var() / mean == pytest.approx(1.0, abs=4 * np.sqrt(2 / n))
    assert not np.any(np.diag(dense))
    assert (dense.max() > 1) == multapses
    again = draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=rule)
    assert np.array_equal(lists.targets, again.targets)


def test_each_projection_may_have_a_rule_of_its_own():
    rules = {
        "E": {"I": WiringRule(multapses=True)},
        "I": {"E": WiringRule(rule="fixed_total_number")},
    }
    mixed = matrix(draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=rules))
    n_exc = NETWORK.sizes[0]
    exc, inh = slice(None, n_exc), slice(n_exc, None)
    for rule, named in (
        (WiringRule(), ((exc, exc), (inh, inh))),
        (rules["E"]["I"], ((exc, inh),)),
        (rules["I"]["E"], ((inh, exc),)),
    ):
        alone = matrix(draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=rule))
        for target, source in named:  # the streams belong to the pair: the same draws
            assert np.array_equal(mixed[target, source], alone[target, source])
    assert np.ptp(mixed[inh, exc].sum(axis=1)) > 0
    with pytest.raises(ParameterError, match=r"wiring rules of \['X'\]: the populations are E, I"):
        draw_source_lists(NETWORK, seed=1, dt=1e-4, rule={"E": {"X": WiringRule()}})


def test_ring_sources_lie_within_the_boxcar_of_their_population():
    ring = replace(SenkParams(), n_exc=400, n_inh=100, in_degree_exc=40, in_degree_inh=10)
    dense = matrix(draw_source_lists(ring.network(), seed=1, dt=1e-4))
    place = np.concatenate([np.arange(400) / 400, np.arange(100) / 100])
    distance = np.abs(place[:, None] - place[None, :])
    distance = np.minimum(distance, 1 - distance)
    used = dense > 0
    assert distance[:, :400][used[:, :400]].max() <= 0.2 + 1e-12
    assert distance[:, 400:][used[:, 400:]].max() <= 0.07 + 1e-12
    assert np.all(dense[:, :400].sum(axis=1) == 40)
    assert np.all(dense[:, 400:].sum(axis=1) == 10)
    # every place of the window is equally likely: the 160 around an E target, its own left out,
    # and the 161 around an I target; standard error of the mean of 20,000 draws, four of them
    apart = distance[:, :400][used[:, :400]]
    expected = (0.8 * 2 * 3240 / 160 + 0.2 * 2 * 3240 / 161) / 400
    assert apart.mean() == pytest.approx(expected, abs=4 * apart.std() / np.sqrt(apart.size))


def test_a_fractional_in_degree_keeps_the_total_number_of_synapses():
    spread = spread_in_degree(2.37, 1000)
    assert spread.sum() == 2370
    assert set(spread) == {2, 3}


def cut_gaussian(mean, sd, low):
    """Return mean and standard deviation of a Gaussian cut at `low`, in closed form."""
    a = (low - mean) / sd
    h = norm.pdf(a) / norm.sf(a)
    return mean + sd * h, sd * np.sqrt(1 + a * h - h**2)


@pytest.mark.parametrize("law", ["gaussian", "truncated_gaussian", "lognormal"])
def test_delays_follow_their_law_and_never_fall_below_one_step(law):
    spread = replace(NETWORK.synapses, delay_sd=0.75e-3, delay_distribution=law)
    wide = replace(NETWORK, synapses=spread)
    table = delay_table(wide, (0, 0), 1e-4)
    assert table.min() >= 1
    mean, sd = (1.5e-3, 0.75e-3) if law == "lognormal" else cut_gaussian(1.5e-3, 0.75e-3, 0.05e-3)
    # rounding to the grid moves the mean by dt^2/12 times the density at the cut, 7e-8 s, and
    # adds dt^2/12 to the variance; 65,536 quantiles miss 2e-4 of the deviation in the tail
    assert table.mean() * 1e-4 == pytest.approx(mean, abs=1e-7)
    assert np.sqrt(table.var() - 1 / 12) * 1e-4 == pytest.approx(sd, rel=5e-4)
    drawn = draw_source_lists(wide, seed=1, dt=1e-4).delays
    # standard errors of a mean and of a standard deviation over 100,000 draws, four of them
    kurtosis = np.mean((table - table.mean()) ** 4) / table.var() ** 2
    error = table.std() / np.sqrt(drawn.size)
    assert drawn.mean() == pytest.approx(table.mean(), abs=4 * error)
    assert drawn.std() == pytest.approx(table.std(), abs=4 * error * np.sqrt((kurtosis - 1) / 4))


def test_all_others_are_the_most_distinct_sources():
    """Every neuron but itself; of another population every one."""
    degrees = np.array([[799.0, 200.0], [800.0, 199.0]])
    full = replace(NETWORK, synapses=replace(NETWORK.synapses, in_degrees=degrees))
    dense = matrix(SourceLists.from_bits(draw_bit_rows(full, seed=1), delay=15))
    np.testing.assert_array_equal(dense, 1 - np.eye(1000, dtype=int))


def test_more_distinct_sources_than_neurons_are_refused():
    crowded = replace(NETWORK, synapses=replace(NETWORK.synapses, in_degrees=[800.0, 20.0]))
    with pytest.raises(ParameterError, match="800 distinct sources"):
        draw_bit_rows(crowded, seed=1)


def test_explicit_connections_with_nan_weights_or_wrong_neurons_are_refused():
    one = np.array([0])
    with pytest.raises(ParameterError, match="not finite"):
        SourceLists.from_connections(one, one, n_neurons=2, delays=one + 1, weights=one * np.nan)
    with pytest.raises(ParameterError, match="leaves the 2 neurons"):
        SourceLists.from_connections(one + 2, one, n_neurons=2, delays=one + 1)
    with pytest.raises(ParameterError, match="at least one step"):
        SourceLists.from_connections(one, one, n_neurons=2, delays=one)


def test_pairs_fall_independently_out_degrees_are_fixed_and_partners_have_one_number():
    p = matrix(
        draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=WiringRule(rule="pairwise_bernoulli"))
    )
    assert p.max() == 1
    assert not np.any(np.diag(p))
    for axis in (0, 1):  # binomial of 999 pairs of 0.1: variance 89.9, relative error sqrt(2/1000)
        assert p.sum(axis=axis).var() == pytest.approx(89.9, rel=4 * np.sqrt(2 / 1000))
    out = matrix(
        draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=WiringRule(rule="fixed_out_degree"))
    )
    assert np.all(out.sum(axis=0) == 100)  # 80 E and 20 I targets of every source
    assert np.ptp(out.sum(axis=1)) > 0
    assert not np.any(np.diag(out))
    one = replace(NETWORK, sizes=np.array([500, 500]), synapses=replace(NETWORK.synapses,
        in_degrees=np.array([[0.0, 1.0], [1.0, 0.0]])))  # fmt: skip
    pairs = matrix(draw_source_lists(one, seed=1, dt=1e-4, rule=WiringRule(rule="one_to_one")))
    assert np.array_equal(pairs, np.roll(np.eye(1000), 500, axis=1))
    with pytest.raises(ParameterError, match="one_to_one needs as many sources as targets and an"):
        draw_source_lists(NETWORK, seed=1, dt=1e-4, rule=WiringRule(rule="one_to_one"))
    with pytest.raises(ParameterError, match="pairwise_bernoulli asks every pair of neurons once"):
        WiringRule(rule="pairwise_bernoulli", multapses=True)
