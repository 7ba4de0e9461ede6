"""Effective connectivity, propagator and spectra against stored numbers, limits, invariants."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.meanfield.exponents import angular
from cortex.meanfield.fluctuations.spectra import (
    binned_rate_variance,
    coherences,
    cross_spectra,
    pooled_spectrum,
    population_spectra,
    power_spectra,
)
from cortex.meanfield.response.connectivity_matrix import (
    connect,
    effective_connectivity,
    spiking_characteristic,
)
from cortex.meanfield.response.transfer import LinearResponse
from cortex.meanfield.stationary.moments import mean_coupling
from cortex.meanfield.stationary.siegert import firing_rate
from cortex.meanfield.stationary.working_point import RateEquation, solve_working_point
from cortex.params.microcircuit import MicrocircuitParams


def stored_response(f, H):
    nothing = np.zeros_like(H)
    return LinearResponse(angular(f), H, nothing, nothing, nothing)


def test_static_effective_connectivity_is_the_jacobian_of_the_rates(brunel):
    network = brunel.network()
    point = solve_working_point(network)
    _, jacobian = RateEquation.of(network, "shift").flow(point.nu)
    M = effective_connectivity(network, point, np.array([0.0]))[0]
    np.testing.assert_allclose(M, jacobian + np.eye(2), rtol=1e-8)


def test_static_response_to_the_mean_is_the_slope_of_the_rate_for_colored_noise():
    network = MicrocircuitParams().network()
    point = solve_working_point(network)
    h, mu, sigma = 1e-8, point.mu, point.sigma
    up, down = (firing_rate(mu + x, sigma, network.neurons, tau_s=0.5e-3) for x in (h, -h))
    slope = (up - down) / (2 * h)
    M = effective_connectivity(network, point, np.array([0.0]), variance=False)[0]
    want = slope[:, None] * mean_coupling(network)
    np.testing.assert_allclose(M, want, rtol=1e-6)  # noise of the difference


def test_rows_belong_to_the_target_neurons(brunel):
    # both rows have equal connections: they differ by the tau_m and the response of the target
    network = brunel.network()
    network = replace(network, neurons=replace(network.neurons, tau_m=[0.02, 0.01]))
    response = stored_response(np.array([50.0]), np.array([[1e3 + 0j, 3e3 + 0j]]))
    M = connect(network, response).M[0]
    np.testing.assert_allclose(M[1] / M[0], [1.5, 1.5], rtol=1e-14)


def test_derivative_by_lambda_agrees_with_differences():
    network = MicrocircuitParams.bos2016().network()
    point = solve_working_point(network, method="taylor")
    function = spiking_characteristic(network, point)
    lam, h = np.array([-40 + 400j, 20 + 1700j]), 1e-2
    numeric = np.subtract(function(lam + h).M, function(lam - h).M) / (2 * h)
    np.testing.assert_allclose(function(lam).slope, numeric, rtol=1e-6, atol=1e-12)


def test_spectra_are_hermitian_positive_and_tend_to_shot_noise(brunel):
    network = brunel.network()
    point = solve_working_point(network)
    f = np.array([5.0, 124.0, 400.0, 1e5])
    C = population_spectra(network, point, f)
    np.testing.assert_allclose(C, np.conj(np.swapaxes(C, 1, 2)), atol=1e-12 * np.abs(C).max())
    assert np.all(np.linalg.eigvalsh(C) > 0)
    np.testing.assert_allclose(np.abs(np.diagonal(coherences(C), axis1=1, axis2=2)), 1.0)
    assert np.all(np.isnan(coherences(0.0 * C)))  # of silent populations
    # mean alone: the response to the mean vanishes at high frequency, that to the variance not
    quiet = population_spectra(network, point, f[-1:], variance=False)
    M = effective_connectivity(network, point, f[-1:], variance=False)[0]
    excess = power_spectra(quiet)[0] / (point.nu / network.sizes) - 1
    # to second order 2 |M| and |M|^2 with the unequal noise of the sources
    assert np.all(np.abs(excess) < 3 * np.sum(np.abs(M), axis=1))


def test_negative_frequencies_give_the_complex_conjugate(brunel):
    network = brunel.network()
    point = solve_working_point(network)
    M = effective_connectivity(network, point, np.array([-80.0, 80.0]))
    np.testing.assert_allclose(M[0], np.conj(M[1]), rtol=1e-13)


def test_one_population_formula_misses_the_level_of_the_ai_spectrum(brunel):
    network = brunel.network()
    point = solve_working_point(network)
    f = np.arange(1.0, 400.0, 0.5)
    M = effective_connectivity(network, point, f)
    gain = np.abs(1 - np.sum(M[:, 0], axis=-1)) ** -2
    assert f[np.argmax(gain)] == pytest.approx(126, abs=0.5)
    assert gain.max() == pytest.approx(13.5, rel=0.01)
    pooled = pooled_spectrum(population_spectra(network, point, f), network.sizes)
    shot = point.nu[0] / 12500
    # independently: 1250 at 122 Hz; the maximum is flat, 1247 there and 1257 at 124 Hz
    assert pooled[f == 122.0][0] / shot == pytest.approx(1250, rel=3e-3)
    assert pooled.max() / shot / gain.max() > 90


def test_rate_variance_in_bins_is_the_integral_of_the_spectrum():
    # low-pass noise c/(1 + (2 pi f tau)^2): variance in bins of width T in closed form
    c, tau, T = 3.0, 5e-3, 2e-3
    f = np.linspace(0.0, 5e4, 2_000_001)
    spectrum = c / (1 + (2 * np.pi * f * tau) ** 2)
    x = T / tau
    want = c / T * (1 - (1 - np.exp(-x)) / x)
    assert binned_rate_variance(f, spectrum, 0.0, T) == pytest.approx(want, rel=1e-5)


def test_impossible_spectra_are_refused(brunel):
    M = np.zeros((1, 2, 2), complex)
    with pytest.raises(ParameterError, match="must not be negative"):
        cross_spectra(M, np.array([-1.0, 1.0]), np.array([10, 10]))
    with pytest.raises(ParameterError, match="bin_size"):
        binned_rate_variance(np.array([0.0, 1.0]), np.ones(2), 0.0, 0.0)
    network = brunel.network()
    with pytest.raises(ParameterError, match="with space"):
        spiking_characteristic(network, solve_working_point(network), wave_number=1e3)(
            np.array([1j])
        )


def test_the_spectrum_of_an_unstable_state_warns_and_says_what_to_do(brunel):
    f = np.array([50.0, 190.0])
    network = brunel.at(6.0, 4.0).network()  # leading mode +51.5 1/s at 190.2 Hz
    point = solve_working_point(network)
    with pytest.warns(RegimeWarning, match=r"1 mode\(s\).* grow.*variance=True"):
        C = population_spectra(network, point, f)
    # on request the formula alone, as from its parts
    M = effective_connectivity(network, point, f)
    got = population_spectra(network, point, f, check=False)
    np.testing.assert_array_equal(got, cross_spectra(M, point.nu, network.sizes))
    np.testing.assert_array_equal(got, C)


def test_a_state_whose_stability_cannot_be_told_warns_too(monkeypatch, brunel):
    def marginal(*_, **__):
        msg = "a zero lies on the line"
        raise ConvergenceError(msg)

    monkeypatch.setattr("cortex.meanfield.fluctuations.spectra.count_growing_modes", marginal)
    network = brunel.network()
    with pytest.warns(RegimeWarning, match="cannot be told.*variance=False"):
        population_spectra(network, solve_working_point(network), np.array([10.0]), variance=False)
