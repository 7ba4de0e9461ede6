"""Unitary-LFP kernels and convolution with population kernels."""

import numpy as np
import pytest

from cortex.errors import ParameterError
from cortex.lfp import (
    SynapseClass,
    SynapticKernel,
    cell_sources,
    convolve_kernels,
    lfp_from_spikes,
    population_kernels,
    unitary_amplitude,
    unitary_lfp,
    unitary_window,
)
from cortex.params.lfp import UnitaryParams
from cortex.spikes import Spikes


@pytest.fixture(scope="module")
def scene(stored):
    """Return contacts, cells and kinds of the stored case."""
    given = stored("telenczuk_kernels")["inputs"]
    cells = cell_sources(
        np.array(given["neuron_coords_mm"]) * 1e-3,
        orientation=given["orientation"],
        soma_radius=0.0,
    )
    return np.array(given["elec_coords_mm"]) * 1e-3, cells, np.array(given["is_excitatory"])


def test_unitary_lfp_agrees_with_the_stored_numbers(stored, scene):
    data = stored("telenczuk_kernels")
    given, expected = data["inputs"], data["outputs"]
    height = np.array(expected["A0_depth_mm"]) * 1e-3
    for kind, name in ((True, "A0_exc_uV"), (False, "A0_inh_uV")):
        found = unitary_amplitude(height, excitatory=kind) * 1e6
        np.testing.assert_allclose(found, expected[name], rtol=0, atol=1e-6)
    order = np.argsort(given["t_spikes_ms"], kind="stable")
    spikes = Spikes.at(
        np.array(given["t_spikes_ms"])[order] * 1e-3, np.array(given["i_spikes"])[order]
    )
    lfp = 1e6 * unitary_lfp(*scene, spikes, at=np.array(given["t_eval_ms"]) * 1e-3)  # type: ignore[misc]
    wanted = np.array(expected["lfp_uV"])
    np.testing.assert_allclose(lfp, wanted, rtol=0, atol=1e-9 * np.abs(wanted).max())


def test_the_window_of_a_spike_agrees_with_the_stored_numbers_and_ends_at_the_threshold(
    stored, scene
):
    for threshold, window in stored("telenczuk_kernels")["outputs"]["min_window_ms"].items():
        found = unitary_window(*scene, threshold=1e-6 * float(threshold))
        assert 1e3 * found == pytest.approx(window, rel=1e-9)
    electrodes, cells, kinds = scene
    end = unitary_window(electrodes, cells, kinds, threshold=1e-9)
    at = np.linspace(0.0, 0.04, 4001)
    each = [
        unitary_lfp(electrodes, cells, kinds, Spikes.at(np.zeros(1), np.array([n])), at=at)
        for n in range(len(kinds))
    ]
    late = at[np.flatnonzero(np.abs(each).max(axis=(0, 2)) >= 1e-9)[-1]]
    assert late == pytest.approx(end, abs=at[1])  # on the grid
    with pytest.raises(ParameterError, match="must be positive"):
        unitary_window(electrodes, cells, kinds, threshold=0.0)


@pytest.mark.parametrize("start", [-0.2, 0.2])
def test_the_unitary_lfp_moves_with_its_clock(scene, start):
    time, source, at = np.array([0.01, 0.02]), np.array([0, 1]), np.linspace(0.0, 0.06, 601)
    electrodes, cells, kinds = scene
    here, there = (
        unitary_lfp(electrodes, cells, kinds, Spikes.at(time + late, source), at=at + late)
        for late in (0.0, start)
    )
    # rounding of times: 1e-17 s over widths of milliseconds
    np.testing.assert_allclose(there, here, rtol=0, atol=1e-12 * np.abs(here).max())


def test_unitary_defaults_are_the_published_ones(stored):
    given, params = stored("telenczuk_kernels")["inputs"], UnitaryParams()
    assert params.speed == given["va_m_per_s"]
    assert params.decay_length == given["lambda_mm"] * 1e-3
    assert params.delay == pytest.approx(given["d_ms"] * 1e-3)
    assert params.width_exc == pytest.approx(given["sigma_exc_ms"] * 1e-3)
    assert params.width_inh == pytest.approx(given["sigma_inh_ms"] * 1e-3)


def test_unitary_lfp_refuses_uneven_times_and_foreign_cells():
    cells = cell_sources([[0.0, 0.0, 0.0]])
    spikes = Spikes.at(np.array([0.0]), np.array([1]))
    with pytest.raises(ParameterError, match="a spike comes from source 1; there are 1 cells"):
        unitary_lfp([[0, 0, 1e-3]], cells, np.ones(1, bool), spikes, at=np.arange(3.0))
    with pytest.raises(ParameterError, match=r"excitatory has shape \(2,\); there are 1 cells"):
        unitary_lfp([[0, 0, 1e-3]], cells, np.ones(2, bool), spikes, at=np.arange(3.0))
    spikes = Spikes.at(np.array([0.0]), np.array([0]))
    with pytest.raises(ParameterError, match="evenly spaced"):
        unitary_lfp([[0, 0, 1e-3]], cells, np.ones(1, bool), spikes, at=np.array([0, 1.0, 3.0]))


@pytest.mark.parametrize("first_lag", [0, 3, -5])
def test_convolution_equals_the_explicit_sum_over_lags(first_lag):
    rng = np.random.default_rng(0)
    rates, kernels = rng.random((60, 2)), rng.normal(size=(11, 3, 2))
    found = convolve_kernels(rates, kernels, dt=1e-3, first_lag=first_lag)
    expected = np.zeros((60, 3))
    for n in range(60):
        for k in range(11):
            m = n - first_lag - k
            if 0 <= m < 60:
                expected[n] += 1e-3 * kernels[k] @ rates[m]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


AMPA = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
GABA = SynapticKernel(tau_decay=5e-3, tau_rise=2.5e-4)


def two_classes(weights):
    """Return synapses of four excitatory and three inhibitory sources onto two cells."""
    return (
        SynapseClass(weights=weights[:, :4] @ np.eye(4, 7), kernel=AMPA, delay=1e-3, shift=6e-3),
        SynapseClass(
            weights=weights[:, 4:] @ np.eye(3, 7, k=4), kernel=GABA, delay=1e-3, factor=-1.65
        ),
    )


def test_population_kernels_are_the_mean_weights_times_the_kernels():
    rng = np.random.default_rng(1)
    weights, amplitude = rng.normal(size=(2, 7)), rng.normal(size=(3, 2))
    lags = 1e-4 * np.arange(300)
    first = np.array([0, 4, 7])
    found = population_kernels(amplitude, two_classes(weights), first, lags=lags)
    assert found.shape == (300, 3, 2)
    exc, inh = AMPA(lags - 7e-3), -1.65 * GABA(lags - 1e-3)
    expected_exc = np.outer(exc, amplitude @ weights[:, :4].mean(axis=1))
    expected_inh = np.outer(inh, amplitude @ weights[:, 4:].mean(axis=1))
    np.testing.assert_allclose(found[..., 0], expected_exc, rtol=0, atol=1e-10)
    np.testing.assert_allclose(found[..., 1], expected_inh, rtol=0, atol=1e-10)


def test_rates_of_equal_neurons_convolved_with_their_kernels_give_the_lfp_of_the_spikes():
    rng = np.random.default_rng(2)
    weights = np.repeat(rng.normal(size=(2, 2)), [4, 3], axis=1)  # equal within a population
    amplitude, dt, n = rng.normal(size=(3, 2)), 1e-4, 1500
    counts = rng.random((n, 7)) < 0.01
    steps, neurons = np.nonzero(counts)
    spikes = Spikes.at(dt * (steps + 1.0), neurons)
    at = dt * np.arange(1, n + 1)
    exact = lfp_from_spikes(amplitude, spikes, two_classes(weights), at=at)
    lags = dt * np.arange(n)
    kernels = population_kernels(amplitude, two_classes(weights), np.array([0, 4, 7]), lags=lags)
    rates = np.stack([counts[:, :4].sum(axis=1), counts[:, 4:].sum(axis=1)], axis=1) / dt
    found = convolve_kernels(rates, kernels, dt=dt)
    # one exponential recursion against a Fourier convolution: rounding
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-11 * np.abs(exact).max())


def test_convolution_refuses_wrong_shapes_and_nan():
    with pytest.raises(ParameterError, match="n_lags, n_electrodes, n_pops"):
        convolve_kernels(np.ones((5, 2)), np.ones((3, 1, 1)), dt=1e-3)
    with pytest.raises(ParameterError, match="not finite"):
        convolve_kernels(np.full((5, 1), np.nan), np.ones((3, 1, 1)), dt=1e-3)
    with pytest.raises(ParameterError, match="is it in ms"):
        convolve_kernels(np.ones((5, 1)), np.ones((3, 1, 1)), dt=0.1)
