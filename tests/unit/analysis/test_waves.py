"""Waves of known number, frequency and direction are found in space and time."""

import numpy as np
import pytest

from cortex.analysis import detect_wave, space_time_rate, space_time_spectrum
from cortex.errors import ParameterError
from cortex.spikes import Spikes

DT = 5e-4
T = np.arange(4000)[:, np.newaxis] * DT
X = np.arange(40)[np.newaxis] / 40


@pytest.mark.parametrize(
    ("number", "frequency", "sign"), [(3, 202.0, 1), (3, 202.0, -1), (5, 64, 1)]
)
def test_a_travelling_wave_is_found_with_its_direction(number, frequency, sign):
    rate = 50 + 20 * np.cos(2 * np.pi * (frequency * T - sign * number * X))
    wave = detect_wave(space_time_spectrum(rate, DT))
    assert wave.number == number
    assert wave.frequency == pytest.approx(frequency, abs=0.5)
    assert wave.direction == pytest.approx(sign, abs=1e-6)
    assert wave.share > 0.99


def test_a_standing_wave_has_no_direction():
    rate = 50 + 20 * np.cos(2 * np.pi * 100 * T) * np.cos(2 * np.pi * 2 * X)
    wave = detect_wave(space_time_spectrum(rate, DT))
    assert wave.number == 2
    assert abs(wave.direction) < 1e-6


def test_power_of_a_wave_is_half_its_squared_amplitude():
    rate = 50 + 20 * np.cos(2 * np.pi * (200 * T - 3 * X))
    spectrum = space_time_spectrum(rate, DT)
    # a Hann window spreads a line over three bins: 1 + 2 (1/2)^2 = 3/2 of the central power
    total = spectrum.power[spectrum.frequency > 10].sum()
    assert total == pytest.approx(1.5 * 20**2 / 2, rel=1e-3)


@pytest.mark.parametrize("n", [64, 63])
def test_the_power_of_all_bins_is_the_windowed_mean_square(n):
    """Parseval; zero and the highest frequency of an even number have no second sign."""
    rate = np.random.default_rng(6).normal(30.0, 5.0, (n, 40))
    spectrum = space_time_spectrum(rate, DT, segment=n * DT)
    window = np.hanning(n + 1)[:n, np.newaxis]
    part = (rate - rate.mean()) * window
    expected = n * np.sum(part**2) / (np.sum(window) ** 2 * 40)
    # one transform and its sum: 2560 roundings at most
    assert spectrum.power.sum() == pytest.approx(expected, rel=1e-12)


def test_spikes_are_binned_by_place_and_time():
    spikes = Spikes(
        steps=np.array([0, 4, 5, 19]),
        neurons=np.array([0, 79, 40, 41]),
        dt=1e-4,
        n_steps=20,
        names=("E",),
        sizes=np.array([80]),
    )
    rate = space_time_rate(spikes)
    assert rate.shape == (4, 40)
    assert np.argwhere(rate).tolist() == [[0, 0], [0, 39], [1, 20], [3, 20]]
    assert rate[0, 0] == 1 / (2 * 5e-4)


def test_space_bins_must_divide_one_population():
    spikes = Spikes(
        steps=np.zeros(0, int), neurons=np.zeros(0, int), dt=1e-4, n_steps=20, names=("E",),
        sizes=np.array([81]),
    )  # fmt: skip
    with pytest.raises(ParameterError, match="40 space bins"):
        space_time_rate(spikes)
    with pytest.raises(ParameterError, match="do not fit"):
        space_time_spectrum(np.ones((10, 40)), DT)
