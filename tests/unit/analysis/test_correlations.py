"""Correlations of all pairs, their confidence, and population coupling, against plain sums."""

import numpy as np
import pytest

from cortex.analysis import (
    correlation_interval,
    correlation_matrix,
    count_correlation,
    pair_correlations,
    population_coupling,
)
from cortex.errors import ParameterError
from cortex.spikes import Spikes

DT = 1e-3


def spikes_of(matrix, dt=DT):
    steps, neurons = np.nonzero(matrix)
    return Spikes(
        steps=steps,
        neurons=neurons,
        dt=dt,
        n_steps=len(matrix),
        names=("E",),
        sizes=np.array([matrix.shape[1]]),
    )


def correlated(seed=1, n_steps=6000, n=9):
    """Return trains that share a tenth of their spikes, and one neuron that never spikes."""
    rng = np.random.default_rng(seed)
    shared = rng.random((n_steps, 1)) < 0.02
    matrix = (rng.random((n_steps, n)) < 0.03) | (shared & (rng.random((n_steps, n)) < 0.5))
    matrix[:, 4] = False
    return matrix


def counts(matrix, per_bin):
    n_bins = len(matrix) // per_bin
    return matrix[: n_bins * per_bin].reshape(n_bins, per_bin, -1).sum(axis=1)


@pytest.mark.parametrize("per_bin", [1, 5, 70])
def test_correlations_of_all_pairs_are_those_of_numpy(per_bin):
    matrix = correlated()
    active = np.arange(9) != 4
    expected = np.corrcoef(counts(matrix, per_bin)[:, active].T)
    found = correlation_matrix(spikes_of(matrix), per_bin * DT)
    # sums of products of whole numbers: rounding of a few operations
    np.testing.assert_allclose(found[np.ix_(active, active)], expected, rtol=0, atol=1e-13)
    assert np.all(np.isnan(found[4]))
    assert np.all(np.isnan(found[:, 4]))
    pairs = expected[np.triu_indices(8, 1)]
    edges = np.linspace(-0.1, 0.5, 31)
    summary = pair_correlations(spikes_of(matrix), per_bin * DT, edges=edges)
    assert summary.n_pairs == 28
    assert (summary.mean, summary.sd) == pytest.approx((pairs.mean(), pairs.std()), rel=1e-12)
    np.testing.assert_array_equal(summary.counts, np.histogram(pairs.clip(-0.1, 0.5), edges)[0])


def test_the_mean_over_pairs_is_the_linear_formula():
    spikes = spikes_of(correlated())
    assert pair_correlations(spikes).mean == pytest.approx(count_correlation(spikes), rel=1e-12)


def test_a_recording_without_pairs_has_no_correlation():
    nothing = pair_correlations(spikes_of(np.zeros((100, 3), bool)))
    assert nothing.n_pairs == 0
    assert np.isnan(nothing.mean)
    with pytest.raises(ParameterError, match="evenly spaced"):
        pair_correlations(spikes_of(correlated()), edges=np.array([0.0, 0.1, 0.5]))


def test_the_confidence_interval_is_the_jackknife_over_blocks():
    matrix, n_blocks = correlated(n_steps=2000), 5
    per_block = 400
    left = []
    for block in range(n_blocks):
        kept = np.delete(matrix, slice(block * per_block, (block + 1) * per_block), axis=0)
        left.append(count_correlation(spikes_of(kept), 5e-3))
    found = correlation_interval(spikes_of(matrix), n_blocks=n_blocks, level=0.9)
    error = np.sqrt((n_blocks - 1) / n_blocks * np.sum((np.array(left) - np.mean(left)) ** 2))
    reach = 2.131846786326649 * error  # Student's t, 4 degrees of freedom, 95 %
    assert found.value == count_correlation(spikes_of(matrix))
    assert (found.low, found.high) == pytest.approx((found.value - reach, found.value + reach))


def test_the_confidence_interval_holds_the_truth_as_often_as_it_says():
    n_held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        trains = rng.random((4000, 8)) < 0.05  # independent: the truth is zero
        found = correlation_interval(spikes_of(trains), n_blocks=10, level=0.9)
        n_held += found.low <= 0.0 <= found.high
    # binomial with 60 draws of 0.9: 54 +- 2.3; three standard deviations
    assert 47 <= n_held <= 60
    shared = correlation_interval(spikes_of(correlated()), n_blocks=10)
    assert shared.low > 0.05


def test_blocks_that_do_not_fit_are_refused():
    with pytest.raises(ParameterError, match="needs two blocks of two bins"):
        correlation_interval(spikes_of(correlated(n_steps=60)), n_blocks=20)


@pytest.mark.parametrize("smoothing", [2e-3, 12e-3])
def test_population_coupling_is_the_rate_of_the_others_at_the_spikes(smoothing):
    matrix = correlated(n_steps=1500)
    found = population_coupling(spikes_of(matrix), smoothing=smoothing)
    reach = int(np.ceil(5 * smoothing / DT))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * DT / smoothing) ** 2)
    kernel /= kernel.sum() * DT
    for neuron in range(9):
        others = np.delete(matrix, neuron, axis=1).sum(axis=1).astype(float)
        rate = np.convolve(others, kernel, mode="same")
        at_spikes = rate[matrix[:, neuron]]
        expected = at_spikes.mean() - rate.mean() if len(at_spikes) else np.nan
        np.testing.assert_allclose(found[neuron], expected, rtol=1e-11)
    assert np.isnan(found[4])


def test_independent_neurons_of_a_short_recording_do_not_couple():
    rng = np.random.default_rng(5)
    found = population_coupling(spikes_of(rng.random((250, 400)) < 0.1), smoothing=12e-3)
    # 400 neurons of 25 spikes: the smoothed rate of 40 spikes a bin varies by
    # sqrt(36 / DT / (2 sqrt(pi) 12 ms)), within sqrt(10,000) spikes; a fifth of the recording
    # lies at its ends, where the rate falls off by half
    error = np.sqrt(400 * 0.09 / DT / (2 * np.sqrt(np.pi) * 12e-3)) / np.sqrt(10_000)
    assert abs(found.mean()) < 4 * error


def test_neurons_that_follow_the_crowd_couple_to_it():
    rng = np.random.default_rng(2)
    crowd = rng.random((20_000, 1)) < 0.02
    matrix = rng.random((20_000, 20)) < 0.01
    matrix[:, :10] |= crowd & (rng.random((20_000, 10)) < 0.6)
    coupling = population_coupling(spikes_of(matrix))
    assert coupling[:10].min() > coupling[10:].max()
    with pytest.raises(ParameterError, match="smoothing"):
        population_coupling(spikes_of(matrix), smoothing=0.0)
