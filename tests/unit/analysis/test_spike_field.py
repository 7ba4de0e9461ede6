"""Spikes and fields against explicit sums, closed forms and signals made for the purpose."""

import numpy as np
import pytest

from cortex.analysis import (
    analytic_signal,
    phase_locking,
    spike_field_coherence,
    spike_triggered_field,
)
from cortex.errors import ParameterError
from cortex.spikes import Spikes

STEP, N = 1e-3, 4000
RNG = np.random.default_rng(6)
FIELD = RNG.normal(size=(N, 2)) + np.array([3.0, -1.0])
TIMES = np.sort(RNG.uniform(0.0, N * STEP, 300))
NEURONS = RNG.integers(0, 7, 300)
SPIKES = Spikes.at(TIMES, NEURONS, populations={"E": 5, "I": 3}, stop=N * STEP)


@pytest.mark.parametrize("window", [(-0.05, 0.08), (0.0, 0.03), (0.01, 0.03), (-0.05, -0.01)])
def test_the_triggered_field_is_the_mean_of_its_pieces(window):
    found = spike_triggered_field(SPIKES, FIELD, step=STEP, window=window)
    low, high = (round(edge / STEP) for edge in window)
    for p, neurons in enumerate((NEURONS < 5, NEURONS >= 5)):
        samples = np.floor(TIMES[neurons] / STEP).astype(int)
        pieces = [FIELD[s + low : s + high] for s in samples if s + low >= 0 and s + high <= N]
        assert found.n_spikes[p] == len(pieces)
        # the transform rounds sums of a few hundred values of order one
        np.testing.assert_allclose(found.mean[..., p], np.mean(pieces, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.lag, STEP * np.arange(low, high))


def test_chance_levels_are_passed_by_one_in_twenty_where_nothing_is_related():
    rng = np.random.default_rng(12)
    smooth = np.apply_along_axis(np.convolve, 0, rng.normal(size=(40_000, 4)), np.ones(5), "same")
    times = np.sort(rng.uniform(0.0, 40.0, 4000))
    spikes = Spikes.at(times, rng.integers(0, 8, 4000), populations={"E": 5, "I": 3}, stop=40.0)
    mean = spike_triggered_field(spikes, smooth, step=STEP, window=(-0.3, 0.3))
    beyond = np.abs(mean.mean - smooth.mean(axis=0)[:, None]) > mean.chance
    # 4800 lags, of which five are alike: 960 values of 5 +- 0.7 %, three standard deviations
    assert beyond.mean() == pytest.approx(0.05, abs=0.021)
    found = spike_field_coherence(spikes, smooth, step=STEP, segment=0.5)
    inner = (found.value > found.chance)[1:-1]  # the ends are real, not complex
    # 248 frequencies of 8 pairs, of which neighbours share a Hann window: 1000 values, +- 0.7 %
    assert inner.mean() == pytest.approx(0.05, abs=0.021)


def test_the_chance_level_is_that_of_all_circular_shifts():
    found = spike_triggered_field(SPIKES, FIELD, step=STEP, window=(-0.05, 0.08))
    samples = np.floor(TIMES[NEURONS < 5] / STEP).astype(int)
    samples = samples[(samples >= 50) & (samples + 80 <= N)]
    means = [FIELD[(samples + shift) % N].mean(axis=0) for shift in range(80, N - 50)]
    np.testing.assert_allclose(found.chance[:, 0], 1.96 * np.std(means, axis=0), rtol=1e-9)


def test_a_population_without_spikes_has_no_triggered_field():
    silent = Spikes.at(TIMES, NEURONS % 5, populations={"E": 5, "I": 3}, stop=N * STEP)
    found = spike_triggered_field(silent, FIELD, step=STEP, window=(0.0, 0.01))
    assert np.all(np.isnan(found.mean[..., 1]))
    assert np.isnan(found.chance[:, 1]).all()
    assert found.n_spikes[1] == 0


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ParameterError, match="not a multiple"):
        spike_triggered_field(SPIKES, FIELD, step=STEP, window=(0.0, 0.0105))
    with pytest.raises(ParameterError, match="does not fit a field of 4 s"):
        spike_triggered_field(SPIKES, FIELD, step=STEP, window=(0.0, 5.0))
    with pytest.raises(ParameterError, match="all finite"):
        spike_triggered_field(SPIKES, np.full(N, np.nan), step=STEP, window=(0.0, 0.1))


def rhythm(f=20.0, depth=0.9, n=200_000):
    """Return a field cos(2 pi f t) and Poisson spikes whose rate follows it a quarter late."""
    t = STEP * np.arange(n)
    rate = 50.0 * (1.0 + depth * np.cos(2 * np.pi * f * t - np.pi / 2))
    counts = np.random.default_rng(1).poisson(rate * STEP)
    times = np.repeat(t, counts) + STEP * np.random.default_rng(2).random(counts.sum())
    spikes = Spikes.at(times, np.zeros(len(times), int), stop=n * STEP, sort=True)
    return spikes, np.cos(2 * np.pi * f * t)


def test_phase_locking_to_a_modulated_rate_is_half_its_depth():
    spikes, field = rhythm()
    found = phase_locking(spikes, analytic_signal(field, step=STEP, band=(15.0, 25.0)), step=STEP)
    # E[exp(i phase)] of the density 1 + a cos(phase - pi/2) is a/2 at pi/2; times are uniform
    # within a step, which adds half a step; the standard error of 10,000 spikes is 0.007
    assert found.strength[0, 0] == pytest.approx(0.45, abs=0.025)
    assert found.phase[0, 0] == pytest.approx(np.pi / 2 + 2 * np.pi * 20 * STEP / 2, abs=0.06)
    assert found.consistency[0, 0] == pytest.approx(found.strength[0, 0] ** 2, abs=1e-3)
    assert found.n_spikes[0] == len(spikes)


def test_consistency_of_few_spikes_has_no_bias():
    rng = np.random.default_rng(0)
    analytic = np.exp(2j * np.pi * 10 * STEP * np.arange(N))[:, None]
    draws = (Spikes.at(np.sort(rng.uniform(0, 3.9, 5)), np.zeros(5, int)) for _ in range(2000))
    found = [phase_locking(spikes, analytic, step=STEP) for spikes in draws]
    # sd of the consistency of 5 random phases is sqrt(1/10) over 2000 draws: 0.007
    assert np.mean([each.consistency[0, 0] for each in found]) == pytest.approx(0.0, abs=0.025)
    assert np.mean([each.strength[0, 0] for each in found]) > 0.35


def test_coherence_peaks_at_the_shared_rhythm_and_is_one_over_segments_elsewhere():
    spikes, field = rhythm()
    noisy = field + np.random.default_rng(3).normal(size=len(field))
    found = spike_field_coherence(spikes, noisy, step=STEP, segment=0.5)
    value = found.value[:, 0, 0]
    assert found.frequency[np.argmax(value)] == pytest.approx(20.0)
    far = (found.frequency > 60) & (found.frequency < 400)
    # 799 half-overlapping Hann windows, whose powers correlate by (1/6)^2 with each neighbour,
    # count as 799 / (1 + 2/36) = 757 (Welch 1967); 340 frequencies: 5 %
    assert value[far].mean() == pytest.approx(1 / 757, rel=0.2)
    # a line of power s in Poisson noise n has coherence s/(s + n) with itself: Hann windows of
    # 500 samples hold (sum w)^2 / sum w^2 = 333 samples; sd 0.011
    of_field, of_spikes = 333.3 * 1.0**2 / 4, 333.3 * (0.9 * 0.05) ** 2 / 4 / 0.05
    expected = of_field / (of_field + 1.0) * of_spikes / (of_spikes + 1.0)
    assert value.max() == pytest.approx(expected, abs=0.035)


def test_bands_and_segments_that_do_not_fit_are_refused():
    with pytest.raises(ParameterError, match="between 0 and 500 Hz"):
        analytic_signal(FIELD, step=STEP, band=(20.0, 600.0))
    with pytest.raises(ParameterError, match="do not fit twice"):
        spike_field_coherence(SPIKES, FIELD, step=STEP, segment=3.0)
