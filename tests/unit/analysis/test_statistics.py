"""Spike-train and population statistics against closed forms and slow code."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.analysis import (
    count_correlation,
    fano_factors,
    firing_rates,
    interval_cv,
    interval_cv2,
    label_regime,
    network_rate,
    population_counts,
    population_fano,
    population_rate,
    rate_spectrum,
    rate_variation,
    synchrony_index,
    windowed_cv,
)
from cortex.errors import ParameterError
from cortex.params.brunel import BrunelParams
from cortex.params.simulation import SimulationParams
from cortex.spikes import Spikes
from cortex.spiking import simulate


def spikes_from(matrix, dt=1e-3, sizes=None):
    """Spikes of a boolean array of shape (n_steps, n_neurons)."""
    steps, neurons = np.nonzero(matrix)
    sizes = np.array([matrix.shape[1]] if sizes is None else sizes)
    return Spikes(
        steps=steps.astype(np.int32),
        neurons=neurons.astype(np.int32),
        dt=dt,
        n_steps=matrix.shape[0],
        names=tuple("EI"[: len(sizes)]),
        sizes=sizes,
    )


def poisson(n_neurons, rate=40.0, duration=50.0, dt=1e-3, seed=1):
    n_steps = round(duration / dt)
    return spikes_from(np.random.default_rng(seed).random((n_steps, n_neurons)) < rate * dt, dt)


def slow_cv(matrix):
    """CV per neuron with at least 4 intervals, the plain way."""
    values = []
    for train in matrix.T:
        gaps = np.diff(np.flatnonzero(train))
        values.append(np.std(gaps) / np.mean(gaps) if gaps.size >= 4 else np.nan)
    return np.array(values)


def test_the_cv_in_windows_is_that_of_each_window_alone():
    matrix = np.random.default_rng(3).random((10_500, 40)) < 0.012
    pieces = [slow_cv(matrix[start : start + 1000]) for start in range(0, 10_000, 1000)]
    # the same sums in another order
    assert windowed_cv(spikes_from(matrix), 1.0) == pytest.approx(
        np.nanmean(np.concatenate(pieces)), rel=1e-12
    )


def test_short_windows_lower_the_cv_of_slow_neurons():
    slow = poisson(400, rate=6.0)
    # 300 intervals per train: the sample CV of exponential intervals is low by about 1/300
    assert np.nanmean(interval_cv(slow)) == pytest.approx(1.0, abs=0.02)
    # seven exponential intervals have a CV of 0.83 on average, fewer ones less
    assert windowed_cv(slow, 1.0) < 0.84


def slow_cv2(matrix):
    values = []
    for train in matrix.T:
        gaps = np.diff(np.flatnonzero(train)).astype(float)
        local = 2 * np.abs(np.diff(gaps)) / (gaps[1:] + gaps[:-1])
        values.append(np.mean(local) if gaps.size >= 4 else np.nan)
    return np.array(values)


def slow_correlation(matrix, per_bin):
    n_bins = matrix.shape[0] // per_bin
    counts = matrix[: n_bins * per_bin].reshape(n_bins, per_bin, -1).sum(axis=1)
    rho = np.corrcoef(counts[:, counts.std(axis=0) > 0].T)
    return np.mean(rho[~np.eye(len(rho), dtype=bool)])


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_compiled_statistics_equal_slow_ones(seed):
    rng = np.random.default_rng(seed)
    shared = rng.random((400, 1)) < 0.05
    matrix = (rng.random((400, 6)) < 0.08) | (shared & (rng.random((400, 6)) < 0.5))
    spikes = spikes_from(matrix)
    np.testing.assert_allclose(interval_cv(spikes), slow_cv(matrix), rtol=1e-10)
    np.testing.assert_allclose(interval_cv2(spikes), slow_cv2(matrix), rtol=1e-10)
    # (var / n - 1) / (n - 1) cancels: rounding of the variance remains, whatever the result
    expected = slow_correlation(matrix, 5)
    np.testing.assert_allclose(count_correlation(spikes, 5e-3), expected, rtol=0, atol=1e-13)
    np.testing.assert_allclose(fano_factors(spikes, 10e-3), slow_fano(matrix, 10), rtol=1e-10)
    np.testing.assert_allclose(firing_rates(spikes), matrix.sum(axis=0) / 0.4)


def slow_fano(matrix, per_bin):
    n_bins = matrix.shape[0] // per_bin
    counts = matrix[: n_bins * per_bin].reshape(n_bins, per_bin, -1).sum(axis=1)
    return counts.var(axis=0) / counts.mean(axis=0)


def test_poisson_trains_have_cv_cv2_and_fano_of_a_geometric_law_and_no_correlation():
    spikes = poisson(200)
    p = 0.04
    assert np.nanmean(interval_cv(spikes)) == pytest.approx(np.sqrt(1 - p), abs=0.005)
    assert np.nanmean(interval_cv2(spikes)) == pytest.approx(1 - p, abs=0.01)  # first order in p
    assert np.nanmean(fano_factors(spikes, 0.1)) == pytest.approx(1 - p, abs=0.01)
    # standard error of a correlation over 10,000 bins, averaged over 19,900 pairs; four of them
    assert abs(count_correlation(spikes)) < 4 / np.sqrt(10_000 * 19_900)
    assert population_fano(spikes) == pytest.approx(1 - p, abs=0.03)
    assert synchrony_index(spikes, 1e-3) < 0.05


def test_a_clock_has_no_variation_and_doublets_have_more_than_poisson():
    clock = np.zeros((1000, 3), dtype=bool)
    clock[::10] = True
    doublets = np.zeros((1000, 1), dtype=bool)
    doublets[::50] = doublets[1::50] = True
    assert np.all(interval_cv(spikes_from(clock)) == 0.0)
    assert np.all(interval_cv2(spikes_from(clock)) == 0.0)
    # intervals 1 and 49 in turn: CV2 = 2 * 48 / 50 everywhere
    assert interval_cv2(spikes_from(doublets))[0] == pytest.approx(1.92)


def test_neurons_with_too_few_intervals_are_not_a_number_but_do_not_spoil_the_rest():
    matrix = np.zeros((100, 2), dtype=bool)
    matrix[::10, 0] = True
    matrix[5, 1] = True
    cv = interval_cv(spikes_from(matrix))
    assert cv[0] == 0.0
    assert np.isnan(cv[1])


def test_population_rates_count_every_spike_once_per_population():
    spikes = spikes_from(np.random.default_rng(0).random((300, 5)) < 0.2, sizes=[3, 2])
    counts = population_counts(spikes, 3e-3)
    assert counts.shape == (100, 2)
    assert counts.sum() == spikes.steps.size
    rates = population_rate(spikes, 3e-3)
    np.testing.assert_allclose(rates.mean(axis=0), spikes.mean_rates())
    np.testing.assert_allclose(rates @ [3, 2] / 5, network_rate(spikes, 3e-3))


def test_spectrum_of_poisson_trains_is_flat_at_two_shot_noise_levels():
    spikes = poisson(100, duration=200.0)
    spectrum = rate_spectrum(network_rate(spikes, 1e-3), 1e-3)
    # one-sided density of N independent trains: 2 nu (1 - p) / N
    level = 2 * 40.0 * (1 - 0.04) / 100
    assert spectrum.density[5:-5].mean() == pytest.approx(level, rel=0.02)


def test_spectrum_sums_to_the_variance_and_finds_a_rhythm():
    t = np.arange(40_000) * 5e-4
    rate = 20 + 3 * np.sin(2 * np.pi * 60 * t) + np.random.default_rng(1).normal(0, 1, t.size)
    spectrum = rate_spectrum(rate, 5e-4)
    step = spectrum.frequency[1]
    assert spectrum.density.sum() * step == pytest.approx(np.var(rate), rel=0.05)
    assert spectrum.peak() == pytest.approx(60, abs=step)
    assert spectrum.centroid() == pytest.approx(60, abs=0.5)
    assert spectrum.peak_over_mean() > 100


def test_modulated_trains_have_the_synchrony_of_their_rate():
    rng = np.random.default_rng(3)
    t = np.arange(20_000) * 1e-3
    p = 0.04 * (1 + np.sin(2 * np.pi * 10 * t))
    spikes = spikes_from(rng.random((t.size, 200)) < p[:, np.newaxis])
    # std over mean of 1 + sin is 1 / sqrt 2
    assert synchrony_index(spikes, 1e-3) == pytest.approx(np.sqrt(0.5), abs=0.02)
    assert rate_variation(spikes, 1e-3) > np.sqrt(0.5)


def test_regimes_are_told_apart():
    rng = np.random.default_rng(5)
    t = np.arange(20_000) * 1e-4
    irregular = 0.002 * np.ones((t.size, 1))

    def burst(frequency):
        return 0.002 * 8 * (np.mod(t * frequency, 1.0) < 0.125)[:, np.newaxis]

    def draw(p):
        return spikes_from(rng.random((t.size, 300)) < p, dt=1e-4)

    clock = np.zeros((t.size, 300), dtype=bool)
    clock[::50] = True
    shifted = np.zeros((t.size, 300), dtype=bool)
    for neuron in range(300):
        shifted[neuron % 50 :: 50, neuron] = True
    assert label_regime(draw(irregular)) == "AI"
    assert label_regime(draw(burst(150.0))) == "SI fast"
    assert label_regime(draw(burst(20.0))) == "SI slow"
    assert label_regime(spikes_from(clock, dt=1e-4)) == "SR"
    assert label_regime(spikes_from(shifted, dt=1e-4)) == "AR"
    assert label_regime(spikes_from(np.zeros((t.size, 3), dtype=bool), dt=1e-4)) == "silent"


def test_too_few_intervals_leave_the_regime_undetermined():
    """Two spikes per neuron, one interval: no CV, so neither regular nor irregular."""
    matrix = np.zeros((10_000, 50), dtype=bool)
    matrix[np.arange(50) * 100 + 7, np.arange(50)] = True
    matrix[np.arange(50) * 100 + 1007, np.arange(50)] = True
    spikes = spikes_from(matrix, dt=1e-4)
    assert spikes.mean_rates()[0] > 1.0
    assert label_regime(spikes) == "undetermined"
    assert np.isnan(windowed_cv(spikes, 0.5))


@pytest.mark.parametrize(("depth", "label"), [(0.8, "AI"), (0.9, "AI"), (1.0, None)])
def test_a_rhythm_about_a_stationary_rate_is_asynchronous_up_to_full_modulation(depth, label):
    """Criterion: std/mean of 1 + depth sin is depth / sqrt 2, the limit is depth 1."""
    rng, t = np.random.default_rng(8), np.arange(20_000) * 1e-4
    p = 0.002 * (1 + depth * np.sin(2 * np.pi * 150 * t))[:, np.newaxis]
    spikes = spikes_from(rng.random((t.size, 600)) < p, dt=1e-4)
    # bins of 0.5 ms smooth 150 Hz by sinc(0.075) = 0.991; the last decimal is noise
    assert synchrony_index(spikes) == pytest.approx(0.991 * depth / np.sqrt(2.0), abs=0.02)
    assert label is None or label_regime(spikes) == label


@pytest.mark.parametrize(
    ("g", "ratio", "label"), [(5.0, 4.0, "AI"), (6.0, 4.0, "SI fast"), (4.5, 0.9, "SI slow")]
)
def test_the_label_changes_where_linear_theory_loses_stability(g, ratio, label):
    """Theory: at ratio 4 the uniform state is stable for g below 5.339, unstable above."""
    model = BrunelParams(g=g, nu_ext_ratio=ratio)
    run = SimulationParams(dt=1e-4, warm_up=0.3, duration=0.6, precision="float32")
    assert label_regime(simulate(model.network(), run, seed=4).spikes) == label


def test_impossible_bins_and_segments_are_refused():
    spikes = poisson(3, duration=1.0)
    with pytest.raises(ParameterError, match="multiple of dt"):
        population_rate(spikes, 1.5e-3)
    with pytest.raises(ParameterError, match="longer than the recorded"):
        fano_factors(spikes, 2.0)
    with pytest.raises(ParameterError, match="do not fit"):
        rate_spectrum(np.ones(100), 1e-3)
    with pytest.raises(ParameterError, match=r"0\.5 s"):
        label_regime(poisson(3, duration=0.2))


def test_populations_are_selected_and_renumbered():
    spikes = spikes_from(np.random.default_rng(0).random((300, 5)) < 0.2, sizes=[3, 2])
    inhibitory = spikes.of("I")
    assert inhibitory.neurons.max() <= 1
    assert inhibitory.steps.size + spikes.of("E").steps.size == spikes.steps.size
    with pytest.raises(ParameterError, match="no population 'X'"):
        spikes.of("X")
