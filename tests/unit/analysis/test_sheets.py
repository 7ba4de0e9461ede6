"""Patterns on a sheet. Oracles: plane waves written down; the slow sum over pairs of cells."""

from itertools import pairwise

import numpy as np
import pytest

from cortex.analysis.sheets import (
    SheetPlaces,
    detect_sheet_wave,
    of_pairs,
    over_distance,
    phase_gradient,
    sheet_rate,
    sheet_spectrum,
)
from cortex.errors import ParameterError
from cortex.rng import stream
from cortex.spikes import Spikes

EXTENT = np.array([4e-3, 2e-3])
NX, NY, DT, N = 24, 12, 1e-3, 600
T, Y, X = np.meshgrid(
    np.arange(N) * DT,
    (np.arange(NY) + 0.5) * EXTENT[1] / NY,
    (np.arange(NX) + 0.5) * EXTENT[0] / NX,
    indexing="ij",
)


def plane_wave(nx, ny, frequency, size=3.0):
    """Return a wave along (nx, ny) cycles over the sides, about a rate of 10 Hz."""
    k = 2 * np.pi * np.array([nx, ny]) / EXTENT
    return 10.0 + size * np.cos(k[0] * X + k[1] * Y - 2 * np.pi * frequency * T), k


@pytest.mark.parametrize(("nx", "ny", "f"), [(3, 0, 50.0), (-2, 1, 80.0), (1, -2, 30.0)])
def test_a_plane_wave_has_its_power_at_its_own_wave_vector_and_travels_along_it(nx, ny, f):
    rate, k = plane_wave(nx, ny, f)
    spectrum = sheet_spectrum(rate, DT, EXTENT, segment=0.1)
    at = np.unravel_index(np.argmax(spectrum.power), spectrum.power.shape)
    assert spectrum.frequency[at[0]] == pytest.approx(f)
    np.testing.assert_allclose(spectrum.k[at[1:]], k, atol=1e-6)
    # a cosine of size 3 has 3^2/4 at either sign of its frequency
    assert spectrum.power[at] == pytest.approx(2 * 3.0**2 / 4, rel=1e-9)
    wave = detect_sheet_wave(spectrum)
    assert wave.number == round(np.linalg.norm(k) * EXTENT[0] / (2 * np.pi))
    assert wave.frequency == pytest.approx(f, rel=1e-6)
    assert wave.direction == pytest.approx(1.0, abs=1e-9)
    assert np.exp(1j * wave.angle) == pytest.approx(np.exp(1j * np.arctan2(k[1], k[0])), abs=1e-9)
    # a Hann window spreads a line over three frequencies; all else is rounding
    assert wave.share == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("nx", "ny", "f"), [(3, 0, 50.0), (-2, 1, 80.0), (1, -2, 30.0)])
def test_the_gradient_of_the_phase_gives_speed_and_way_of_a_plane_wave(nx, ny, f):
    rate, k = plane_wave(nx, ny, f)
    phase = phase_gradient(rate, DT, EXTENT, band=(0.7 * f, 1.3 * f))
    speed = 2 * np.pi * f / np.linalg.norm(k)
    np.testing.assert_allclose(phase.speed, speed, rtol=1e-6)
    np.testing.assert_allclose(np.exp(1j * phase.angle), (k[0] + 1j * k[1]) / np.linalg.norm(k))
    np.testing.assert_allclose(phase.directionality, 1.0, rtol=1e-9)


def test_a_standing_wave_and_waves_in_all_directions_have_no_direction():
    there, _ = plane_wave(2, 1, 40.0)
    back, _ = plane_wave(-2, -1, 40.0)
    wave = detect_sheet_wave(sheet_spectrum(there + back, DT, EXTENT, segment=0.1))
    assert wave.direction == pytest.approx(0.0, abs=1e-9)
    still, _ = plane_wave(2, 0, 0.0)
    wave = detect_sheet_wave(sheet_spectrum(still, DT, EXTENT, segment=0.1))
    assert (wave.number, wave.frequency, wave.speed) == (2, 0.0, 0.0)


def test_likeness_over_distance_is_the_mean_over_all_pairs_of_cells():
    """Oracle: the mean cross-spectrum of every pair of cells at a distance, pair by pair."""
    rng = stream(1, "maps")
    maps = rng.normal(size=(N, NY, NX))
    maps += np.roll(maps, 1, axis=2) + np.roll(maps, 2, axis=1)  # neighbours are alike
    spectrum = sheet_spectrum(maps, DT, EXTENT, segment=0.1)
    found = over_distance(spectrum, n_distances=7)
    window, cross = np.hanning(101)[:100], 0.0
    flat = maps.reshape(N, -1)
    for start in range(0, N - 99, 50):
        F = np.fft.rfft((flat[start : start + 100] - flat[start : start + 100].mean())
                        * window[:, None], axis=0)[1:]  # fmt: skip
        both = np.where(np.arange(len(F)) == len(F) - 1, 1.0, 2.0)
        cross = cross + np.einsum("f,fa,fb->fab", both, F, F.conj()).real
    place = np.stack([X[0].ravel(), Y[0].ravel()], axis=1)
    d = np.abs(place[:, None] - place[None, :])
    r = np.hypot(*np.minimum(d, EXTENT - d).transpose(2, 0, 1))
    pitch = EXTENT[0] / NX
    edges = np.linspace(0.5 * pitch, 0.5 * EXTENT.min() + 0.25 * pitch, 8)
    for i, (low, high) in enumerate(pairwise(edges)):
        ring = (r >= low) & (r < high)
        own = np.einsum("faa->f", cross) / len(place)
        mean = cross[:, ring].mean(axis=1)
        assert found.distance[i] == pytest.approx(r[ring].mean())
        np.testing.assert_allclose(found.coherence[:, i], mean / own, atol=1e-9)
        assert found.correlation[i] == pytest.approx(mean.sum() / own.sum(), abs=1e-9)


def test_coherence_of_pairs_of_neurons_is_the_mean_over_all_pairs_of_two_cells():
    """Oracle: the coherency of every two neurons of different cells, pair by pair."""
    rng, n = stream(3, "pairs"), 4 * NX * NY
    at = np.tile(np.stack([X[0].ravel(), Y[0].ravel()], axis=1), (4, 1))
    rate = 40.0 * (1.0 + np.cos(2 * np.pi * (X[0] / EXTENT[0] - 20.0 * T))).reshape(N, -1)
    fires = rng.random((N, n)) < np.tile(rate, 4) * DT
    steps, neurons = np.nonzero(fires)
    spikes = Spikes(
        steps=steps.astype(np.int32), neurons=neurons.astype(np.int32), dt=DT, n_steps=N,
        names=("E",), sizes=np.array([n]),
    )  # fmt: skip
    places = SheetPlaces(extent=EXTENT, coordinates={"E": at})
    maps = sheet_rate(spikes, places, n_space=NX, width=DT)
    spectrum = sheet_spectrum(maps, DT, EXTENT, segment=0.1)
    found = of_pairs(over_distance(spectrum, n_distances=7), spectrum, spikes, DT, segment=0.1)
    window = np.hanning(101)[:100, np.newaxis]
    at_20 = [
        np.fft.rfft((fires[start : start + 100] - fires.mean()) * window, axis=0)[2]
        for start in range(0, N - 99, 50)
    ]
    F = np.stack(at_20)
    cross = (F.T @ F.conj()).real
    d = np.abs(at[:, None] - at[None, :])
    r = np.hypot(*np.minimum(d, EXTENT - d).transpose(2, 0, 1))
    own = np.trace(cross) / n
    for i in (0, 3, 6):
        ring = np.abs(r - found.distance[i]) < 0.5 * np.diff(found.distance[:2])
        # one in six of the neurons stands for all in the mean spectrum: a few per cent
        assert found.coherence[1, i] == pytest.approx(cross[ring].mean() / own, rel=0.1, abs=2e-3)


def test_maps_count_the_spikes_of_each_cell_per_neuron():
    rng = stream(2, "maps")
    at = rng.random((500, 2)) * EXTENT
    places = SheetPlaces(extent=EXTENT, coordinates={"E": at})
    steps = np.sort(rng.integers(0, 1000, 4000))
    neurons = rng.integers(0, 500, 4000)
    spikes = Spikes(
        steps=steps.astype(np.int32), neurons=neurons.astype(np.int32), dt=1e-4, n_steps=1000,
        names=("E",), sizes=np.array([500]),
    )  # fmt: skip
    rate = sheet_rate(spikes, places, n_space=8, width=1e-2)
    edges = [np.arange(11) * 100, np.linspace(0, EXTENT[1], 5), np.linspace(0, EXTENT[0], 9)]
    # a spike of step s falls at the end of it; steps count from zero here
    counts, _ = np.histogramdd(np.column_stack([steps, at[neurons][:, ::-1]]), bins=edges)
    own, _, _ = np.histogram2d(at[:, 1], at[:, 0], bins=edges[1:])
    np.testing.assert_allclose(rate, counts / own / 1e-2)
    with pytest.raises(ParameterError, match="leave some without a neuron of E; choose fewer"):
        sheet_rate(spikes, places, n_space=100, width=1e-2)
