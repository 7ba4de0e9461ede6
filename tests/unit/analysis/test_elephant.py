"""Statistics agree with elephant (in an environment of its own: make test-elephant)."""

import numpy as np
import pytest

from cortex.analysis import count_correlation, fano_factors, interval_cv, interval_cv2
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
    np.testing.assert_allclose(interval_cv(spikes), [statistics.cv(i) for i in intervals])
    np.testing.assert_allclose(interval_cv2(spikes), [statistics.cv2(i) for i in intervals])


def test_fano_factors_over_windows_agree_with_elephant():
    import quantities as pq
    from elephant import statistics

    spikes, theirs = trains()
    edges = np.arange(21) * 1000 * pq.ms
    expected = [
        statistics.fanofactor([train.time_slice(*edges[k : k + 2]) for k in range(20)])
        for train in theirs
    ]
    np.testing.assert_allclose(fano_factors(spikes, 1.0), expected)


def test_count_correlation_agrees_with_elephant():
    import quantities as pq
    from elephant.conversion import BinnedSpikeTrain
    from elephant.spike_train_correlation import correlation_coefficient

    spikes, theirs = trains()
    rho = correlation_coefficient(BinnedSpikeTrain(theirs, bin_size=5 * pq.ms))
    expected = rho[~np.eye(8, dtype=bool)].mean()
    assert count_correlation(spikes, 5e-3) == pytest.approx(expected, rel=1e-9)
