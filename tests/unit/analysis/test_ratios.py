"""A predicted spectrum over simulated ones, band by band."""

import numpy as np
import pytest

from cortex.analysis.ratios import spectral_ratio
from cortex.errors import ParameterError

F = np.arange(0.0, 65.0)


def test_the_ratio_of_a_level_is_that_level_in_every_band_and_zero_frequency_is_left_out():
    predicted = np.full(F.size, 6.0)
    predicted[0] = 1e9
    found = spectral_ratio(F, predicted, np.full((3, F.size), 2.0), per_octave=1)
    np.testing.assert_array_equal(found.ratio, 3.0)
    np.testing.assert_array_equal(found.error, 0.0)
    np.testing.assert_array_equal(found.low, [1, 2, 4, 8, 16, 32])
    np.testing.assert_array_equal(found.high, [2, 4, 8, 16, 32, 64])


def test_bands_compare_mean_power_as_a_slow_loop_does():
    rng = np.random.default_rng(1)
    predicted, simulated = rng.uniform(1, 2, F.size), rng.uniform(1, 2, (4, F.size))
    found = spectral_ratio(F, predicted, simulated, per_octave=2)
    for low, high, ratio, error in zip(
        found.low, found.high, found.ratio, found.error, strict=True
    ):
        last = high == F[-1]
        inside = [i for i, f in enumerate(F) if low <= f < high or (last and f == high)]
        means = [np.mean([run[i] for i in inside]) for run in simulated]
        expected = np.mean([predicted[i] for i in inside]) / np.mean(means)
        assert ratio == pytest.approx(expected)
        assert error == pytest.approx(expected * np.std(means, ddof=1) / 2.0 / np.mean(means))


def test_one_network_has_no_error_and_no_prediction_no_ratio():
    one = spectral_ratio(F, np.full(F.size, np.nan), np.ones((1, F.size)))
    assert np.isnan(one.ratio).all()
    assert np.isnan(one.error).all()


def test_other_frequencies_are_refused():
    with pytest.raises(ParameterError, match="need the frequencies"):
        spectral_ratio(F, np.ones(3), np.ones((2, F.size)))
