"""The external drive follows the Poisson law exactly and is independent in all directions."""

import numpy as np
import pytest
from scipy.stats import chi2, poisson

from cortex.errors import SimulationError
from cortex.spiking._loops_random import add_poisson, dither, fill_random, next_word
from cortex.spiking.noise import poisson_law, start_noise, strip_width

N = 1600 * 8


def draw(mean, n_steps, seed=1):
    """Return counts of n_steps steps as the compiled runs draw them, shape (n_steps, N)."""
    noise = start_noise(seed, N, "0")
    law = poisson_law(mean)
    thresholds = np.empty(law.size, dtype=np.uint16)
    counts = np.zeros((n_steps, N), dtype=np.uint16)
    random = np.empty(N // 2, dtype=np.uint32)
    width = strip_width(N)
    for row in counts:
        fill_random(*noise.lanes, random)  # type: ignore[call-arg]
        for strip in range(8):
            part = slice(strip * width, (strip + 1) * width)
            n = dither(law, next_word(noise.dithers[strip]), thresholds)
            add_poisson(random.view(np.uint16)[part], thresholds, n, row[part])
    return counts


@pytest.mark.parametrize("mean", [0.18, 0.9, 2.0, 4.0, 11.1])
def test_counts_follow_the_poisson_law_by_chi_square(mean):
    counts = draw(mean, 400)
    k = np.arange(counts.max() + 2)
    expected = poisson.pmf(k, mean) * counts.size
    observed = np.bincount(counts.ravel(), minlength=k.size)
    # bins below 1e-4 share the dither of a strip and are not independent draws
    common = expected > 1e-4 * counts.size
    statistic = np.sum((observed[common] - expected[common]) ** 2 / expected[common])
    assert statistic < chi2.ppf(0.9999, common.sum() - 1)


@pytest.mark.parametrize("mean", [0.9, 2.0])
def test_variance_of_the_population_sum_is_that_of_independent_neurons(mean):
    sums = draw(mean, 4000).sum(axis=1, dtype=np.int64)
    # relative standard error of a variance over n samples is sqrt(2 / n)
    assert np.var(sums) / (N * mean) == pytest.approx(1.0, abs=4 * np.sqrt(2 / 4000))
    assert sums.mean() / (N * mean) == pytest.approx(1.0, abs=4 / np.sqrt(4000 * N * mean))


def test_neighbours_and_successive_steps_are_uncorrelated():
    counts = draw(2.0, 1000).astype(float) - 2.0
    error = 1 / np.sqrt(counts.size)
    for shift in (1, 2, strip_width(N)):
        neighbours = np.mean(counts[:, shift:] * counts[:, :-shift]) / 2.0
        assert abs(neighbours) < 4.5 * error
    for lag in (1, 2, 15):
        assert abs(np.mean(counts[lag:] * counts[:-lag]) / 2.0) < 4.5 * error


def test_a_wrong_law_would_be_seen():
    counts = draw(2.0, 400)
    expected = poisson.pmf(np.arange(8), 2.02) * counts.size
    observed = np.bincount(counts.ravel())[:8]
    assert np.sum((observed - expected) ** 2 / expected) > chi2.ppf(0.9999, 7)


def test_the_stream_of_a_neuron_does_not_depend_on_the_size_of_the_network():
    small, large = start_noise(5, 1000, "0"), start_noise(5, 5000, "0")
    n = small.lanes.shape[1]
    assert np.array_equal(small.lanes, large.lanes[:, :n])
    assert not np.array_equal(start_noise(6, 1000, "0").lanes, small.lanes)
    assert not np.array_equal(start_noise(5, 1000, "1").lanes, small.lanes)


def test_cumulative_law_ends_at_certainty_and_silence_needs_no_threshold():
    law = poisson_law(2.0)
    assert np.all(np.diff(law) > 0)
    assert law[-1] < 2**47
    assert poisson_law(0.0).size == 0


@pytest.mark.parametrize("mean", [1e-6, 0.18, 2.0, 9.55, 100.0, 4999.5])
def test_the_cumulative_law_is_that_of_an_independent_library(mean):
    law = poisson_law(mean)
    exact = poisson.cdf(np.arange(law.size), mean) * 2.0**47
    # rounded to whole units of 2**-47; both sums are exact to a fiftieth of one
    assert np.max(np.abs(law - exact)) < 0.55


@pytest.mark.parametrize("mean", [-1.0, 1e5, float("nan")])
def test_impossible_means_are_refused(mean):
    with pytest.raises(SimulationError, match="events per step"):
        poisson_law(mean)
