"""Statistics agree with elephant (in an environment of its own: make test-elephant)."""

import numpy as np
import pytest

from cortex.analysis import (
    analytic_signal,
    correlation_matrix,
    count_correlation,
    fano_factors,
    firing_rates,
    interval_cv,
    interval_cv2,
    interval_lv,
    pair_correlations,
    phase_locking,
    population_counts,
    population_coupling,
    spike_field_coherence,
    spike_triggered_field,
)
from cortex.analysis.sheets import phase_gradient
from cortex.spikes import Spikes

elephant = pytest.importorskip(
    "elephant", reason="not in the locked environment: make test-elephant"
)
pytestmark = pytest.mark.filterwarnings("ignore")


def trains():
    """Return correlated trains of 8 neurons as cortex spikes and as neo spike trains."""
    import neo
    import quantities as pq

    rng = np.random.default_rng(4)
    shared = rng.random((20_000, 1)) < 0.01
    matrix = (rng.random((20_000, 8)) < 0.02) | (shared & (rng.random((20_000, 8)) < 0.4))
    steps, neurons = np.nonzero(matrix)
    spikes = Spikes(
        steps=steps.astype(np.int32),
        neurons=neurons.astype(np.int32),
        dt=1e-3,
        n_steps=20_000,
        names=("E",),
        sizes=np.array([8]),
    )
    theirs = [
        neo.SpikeTrain((np.flatnonzero(train) + 0.5) * pq.ms, t_stop=20_000 * pq.ms)
        for train in matrix.T
    ]
    return spikes, theirs


def test_interval_variation_agrees_with_elephant():
    from elephant import statistics

    spikes, theirs = trains()
    intervals = [statistics.isi(train) for train in theirs]
    for ours, theirs_of in (
        (interval_cv, statistics.cv), (interval_cv2, statistics.cv2), (interval_lv, statistics.lv)
    ):  # fmt: skip
        np.testing.assert_allclose(ours(spikes), [theirs_of(i) for i in intervals], rtol=1e-9)


def test_fano_factors_over_windows_agree_with_elephant():
    import quantities as pq
    from elephant import statistics

    spikes, theirs = trains()
    edges = np.arange(21) * 1000 * pq.ms
    expected = [
        statistics.fanofactor([train.time_slice(*edges[k : k + 2]) for k in range(20)])
        for train in theirs
    ]
    np.testing.assert_allclose(fano_factors(spikes, 1.0), expected, rtol=1e-9)


def test_count_correlation_agrees_with_elephant():
    import quantities as pq
    from elephant.conversion import BinnedSpikeTrain
    from elephant.spike_train_correlation import correlation_coefficient

    spikes, theirs = trains()
    rho = correlation_coefficient(BinnedSpikeTrain(theirs, bin_size=5 * pq.ms))
    expected = rho[~np.eye(8, dtype=bool)].mean()
    assert count_correlation(spikes, 5e-3) == pytest.approx(expected, rel=1e-9)


def test_rates_and_binned_counts_agree_with_elephant():
    import quantities as pq
    from elephant.conversion import BinnedSpikeTrain
    from elephant.statistics import mean_firing_rate

    spikes, theirs = trains()
    rates = [float(mean_firing_rate(train).rescale("Hz")) for train in theirs]
    np.testing.assert_allclose(firing_rates(spikes), rates, rtol=1e-12)
    binned = BinnedSpikeTrain(theirs, bin_size=5 * pq.ms).to_array()
    np.testing.assert_array_equal(population_counts(spikes, 5e-3)[:, 0], binned.sum(axis=0))


def test_the_correlation_of_every_pair_agrees_with_elephant():
    import quantities as pq
    from elephant.conversion import BinnedSpikeTrain
    from elephant.spike_train_correlation import correlation_coefficient

    spikes, theirs = trains()
    expected = correlation_coefficient(BinnedSpikeTrain(theirs, bin_size=5 * pq.ms))
    np.testing.assert_allclose(correlation_matrix(spikes, 5e-3), expected, rtol=0, atol=1e-9)
    pairs = expected[np.triu_indices(8, 1)]
    found = pair_correlations(spikes, 5e-3)
    assert (found.mean, found.sd) == pytest.approx((pairs.mean(), pairs.std()), rel=1e-9)


def field():
    """Return a field of one channel as an array and as a neo signal, sampled every ms."""
    import neo
    import quantities as pq

    t = 1e-3 * np.arange(20_000)
    values = np.cos(2 * np.pi * 13 * t) + np.random.default_rng(1).normal(size=len(t))
    return values, neo.AnalogSignal(values[:, None] * pq.V, sampling_rate=1 * pq.kHz)


def one_train():
    spikes, theirs = trains()
    mine = spikes.neurons == 0
    half = (spikes.steps[mine] + 0.5) * 1e-3  # their times: the middle of the step
    return Spikes.at(half, np.zeros(mine.sum(), int), stop=20.0), theirs[0]


def test_the_triggered_field_agrees_with_elephant():
    import quantities as pq
    from elephant.sta import spike_triggered_average

    (own, train), (values, signal) = one_train(), field()
    theirs = spike_triggered_average(signal, train, (-50 * pq.ms, 100 * pq.ms))
    found = spike_triggered_field(own, values, step=1e-3, window=(-0.05, 0.1))
    np.testing.assert_allclose(found.mean[:, 0, 0], theirs.magnitude[:, 0], rtol=0, atol=1e-9)


def test_coherence_of_spikes_and_field_agrees_with_elephant():
    from elephant.sta import spike_field_coherence as coherence

    (own, train), (values, signal) = one_train(), field()
    theirs, frequency = coherence(signal, train, nperseg=512)
    found = spike_field_coherence(own, values, step=1e-3, segment=0.512)
    np.testing.assert_allclose(found.frequency, frequency.magnitude, rtol=1e-12)
    np.testing.assert_allclose(found.value[:, 0, 0], theirs.magnitude[:, 0], rtol=0, atol=1e-9)


def test_phases_at_spikes_agree_with_elephant():
    import neo
    import quantities as pq
    from elephant.phase_analysis import mean_phase_vector, spike_triggered_phase

    (own, train), (values, _) = one_train(), field()
    analytic = analytic_signal(values, step=1e-3, band=(8.0, 20.0))
    signal = neo.AnalogSignal(analytic * pq.dimensionless, sampling_rate=1 * pq.kHz)
    phases, _, _ = spike_triggered_phase(signal, train, interpolate=True)
    angle, length = mean_phase_vector(np.asarray(phases[0]).ravel())
    found = phase_locking(own, analytic, step=1e-3)
    assert found.strength[0, 0] == pytest.approx(float(length), rel=1e-9)
    assert found.phase[0, 0] == pytest.approx(float(angle), rel=1e-9)


def test_population_coupling_is_elephants_triggered_average_of_the_rate_of_the_others():
    """Elephant has no coupling; its average around spikes, of a rate smoothed by SciPy, is one."""
    import neo
    import quantities as pq
    from elephant.sta import spike_triggered_average
    from scipy.ndimage import gaussian_filter1d

    spikes, theirs = trains()
    counts = np.zeros((20_000, 8))
    np.add.at(counts, (spikes.steps, spikes.neurons), 1.0)
    expected = []
    for k, train in enumerate(theirs):
        others = counts.sum(axis=1) - counts[:, k]
        rate = gaussian_filter1d(others, 6.0, mode="constant", radius=30) / 1e-3
        signal = neo.AnalogSignal(rate[:, None] * pq.Hz, sampling_rate=1 * pq.kHz)
        around = spike_triggered_average(signal, train, (0 * pq.ms, 1 * pq.ms))
        expected.append(around.magnitude[0, 0] - rate.mean())
    found = population_coupling(spikes, width=1e-3, smoothing=6e-3)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_waves_on_a_sheet_travel_as_elephants_phases_do():
    """Filter, phases and differences of neighbours by elephant; the gradient put together here."""
    import neo
    import quantities as pq
    from elephant.phase_analysis import mean_phase_vector, phase_difference
    from elephant.signal_processing import butter, hilbert

    dt, extent, (ny, nx), f, n = 1e-3, np.array([4e-3, 3e-3]), (9, 12), 20.0, np.array([2, -1])
    k = 2.0 * np.pi * n / extent  # along x and y
    x, y = (np.arange(m) * side / m for m, side in zip((nx, ny), extent, strict=True))
    t = np.arange(2000) * dt
    way = 2.0 * np.pi * f * t[:, None, None] - k[0] * x - k[1] * y[:, None]
    rng = np.random.default_rng(3)
    rate = 10.0 + 4.0 * np.cos(way) + rng.normal(0.0, 2.0, way.shape)
    found = phase_gradient(rate, dt, extent, band=(14.0, 26.0))

    signal = neo.AnalogSignal(
        rate.reshape(len(t), -1), units="dimensionless", sampling_rate=1 * pq.kHz
    )
    analytic = hilbert(butter(signal, 14.0 * pq.Hz, 26.0 * pq.Hz, order=2)).magnitude
    phase = np.angle(analytic).reshape(rate.shape)
    steps = []
    for axis, side, m in ((2, extent[0], nx), (1, extent[1], ny)):
        apart = [
            float(mean_phase_vector(phase_difference(a, b).ravel())[0])
            for a, b in zip(phase[500:1500], np.roll(phase, -1, axis=axis)[500:1500], strict=True)
        ]
        steps.append(mean_phase_vector(np.array(apart))[0] * m / side)
    rise = float(mean_phase_vector(phase_difference(phase[500:1500], phase[499:1499]).ravel())[0])
    angle = np.arctan2(steps[1], steps[0])  # phase differences are taken as a - b
    speed = rise / dt / np.hypot(*steps)
    assert angle == pytest.approx(np.arctan2(k[1], k[0]), abs=0.03)  # the wave that was made
    middle = slice(500, 1500)  # filters differ, most at the ends
    ours = np.angle(np.mean(np.exp(1j * found.angle[middle])))
    assert ours == pytest.approx(angle, abs=0.03)
    # the mean of single gradients is lengthened by noise: a few per cent
    assert np.median(found.speed[middle]) == pytest.approx(speed, rel=0.1)
    assert speed == pytest.approx(2.0 * np.pi * f / np.hypot(*k), rel=0.03)
    assert found.directionality[middle].mean() > 0.9
    shuffled = rng.permutation(rate.reshape(len(t), -1), axis=1).reshape(rate.shape)
    assert phase_gradient(shuffled, dt, extent, band=(14.0, 26.0)).directionality.mean() < 0.5
