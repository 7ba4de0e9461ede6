"""Neurons with receptors of unlike time constants: simulations, limits, the boundary layer."""

import json
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg

from cortex.errors import ParameterError
from cortex.meanfield import firing_rate, linear_response
from cortex.meanfield.density.receptors import (
    Receptors,
    receptor_cv,
    receptor_rate,
    receptor_response,
    receptor_spectrum,
)
from cortex.meanfield.density.resolution import Resolution
from cortex.meanfield.density.slow_inputs import SlowInputs
from cortex.meanfield.density.white_rest import WhiteRest, layer_length
from cortex.params.lif import LIFParams

DATA = Path(__file__).parents[2] / "data" / "two_time_constants.json"
LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)


def receptors(mu_mV, variance_mV2, tau_s_ms, neuron=LIF):
    """Return receptors given in mV and ms."""
    return Receptors(
        1e-3 * mu_mV, 1e-6 * np.asarray(variance_mV2), 1e-3 * np.asarray(tau_s_ms), neuron
    )


def shared(mu_mV, sigma_mV, share, taus):
    """Return two receptors, the first with `share` of the variance."""
    parts = np.array([share, 1.0 - share]) * sigma_mV**2
    return receptors(mu_mV, parts[parts > 0.0], np.array(taus)[parts > 0.0])


@pytest.mark.parametrize("point", json.loads(DATA.read_text())["points"])
def test_rates_are_those_of_simulated_neurons(point):
    """Standard errors of the simulation are 0.2 %; the theory is 1.2 % low at worst."""
    neuron = LIFParams(tau_m=1e-3 * point["tau_m_ms"], tau_ref=0.002, V_th=0.015, V_reset=0.0)
    share = point["variance_share_E"]
    got = receptor_rate(
        receptors(
            point["mu_mV"],
            np.array([share, 1.0 - share]) * point["sigma_mV"] ** 2,
            [point["tau_E_ms"], point["tau_I_ms"]],
            neuron,
        )
    ).nu
    assert got == pytest.approx(point["rate_Hz"], rel=0.013)


# rate (Hz) and CV of simulated neurons (standard errors 0.1 to 1 %, 0.005); below threshold at
# few spikes the rates have the larger error
SIMULATED = [
    ((10, 5, 0.5, (2, 5)), 4.193, 0.856),
    ((13, 3, 0.5, (2, 5)), 7.030, 0.697),
    ((16, 4, 0.3, (2, 8)), 18.607, 0.504),
    ((13, 3, 0.5, (0.5, 5)), 8.038, 0.658),
    ((10, 5, 0.5, (2, 100)), 2.218, 0.991),
    ((16, 4, 0.5, (2, 100)), 18.654, 0.446),
    ((10, 5, 0.2, (2, 10)), 2.782, 0.923),
    ((12, 4, 1.0, (2, 2)), 7.352, 0.716),
    ((18, 3, 0.25, (2, 20)), 25.653, 0.304),
    ((8, 7, 1.0, (0.5, 1)), 7.036, 0.823),
]


@pytest.mark.parametrize(("point", "rate", "cv"), SIMULATED)
def test_rate_and_irregularity_are_those_of_simulated_neurons(point, rate, cv):
    neuron = shared(*point)
    assert receptor_rate(neuron).nu == pytest.approx(rate, rel=0.02)
    assert receptor_cv(neuron) == pytest.approx(cv, abs=0.015)


@pytest.mark.parametrize(
    ("point", "rate"),
    [((13, 3, 0.0, (1, 5)), 6.123), ((16, 4, 0.0, (1, 5)), 18.51), ((16, 4, 0.0, (1, 10)), 17.401)],
)
def test_one_slow_receptor_up_to_half_the_membrane_fires_as_simulated(point, rate):
    """Shifted boundaries are 4 to 17 % too low here."""
    assert receptor_rate(shared(*point)).nu == pytest.approx(rate, rel=0.02)


# Hz/mV, mean of simulations of sinusoidally driven neurons with their standard error: 0.025 (four
# runs) and 0.042 (two)
RESPONSES = [
    ((16, 4, 1.0, (2, 2)), 40.0, 3.267 - 1.157j, 0.025),
    ((16, 4, 1.0, (2, 2)), 125.0, 2.529 - 0.618j, 0.025),
    ((16, 4, 0.5, (2, 5)), 40.0, 3.630 - 0.963j, 0.025),
    ((16, 4, 0.5, (2, 5)), 125.0, 2.890 - 0.561j, 0.025),
    ((16, 4, 1.0, (0.5, 1)), 125.0, 1.897 - 0.956j, 0.042),
    ((16, 4, 1.0, (0.5, 1)), 250.0, 1.514 - 0.695j, 0.042),
    ((16, 4, 1.0, (0.5, 1)), 400.0, 1.358 - 0.437j, 0.042),
]


@pytest.mark.parametrize(("point", "frequency", "simulated", "error"), RESPONSES)
def test_response_is_that_of_simulated_neurons(point, frequency, simulated, error):
    """Within three standard errors; shifted boundaries are more than ten of them away."""
    got = receptor_response(shared(*point), np.array([2j * np.pi * frequency])).H_mu[0] * 1e-3
    assert abs(got - simulated) < 3.0 * np.sqrt(2.0) * error
    if point[2] == 1.0 and frequency >= 125.0:
        shift = linear_response(
            2j * np.pi * frequency, 1e-3 * point[0], 1e-3 * point[1], LIF, tau_s=1e-3 * point[3][0]
        )
        assert abs(shift.H_mu * 1e-3 - simulated) > 10.0 * error


def test_instantaneous_receptors_are_white_noise():
    neuron = receptors(12, [9, 4], [0, 0])
    lam = np.array([0j, 300j, -20 + 700j])
    want = linear_response(lam, 0.012, np.sqrt(13e-6), LIF)
    got = receptor_response(neuron, lam)
    # 100 and 200 cells, extrapolated: the fourth order in the cell
    rate = float(firing_rate(0.012, np.sqrt(13e-6), LIF))
    assert receptor_rate(neuron).nu == pytest.approx(rate, rel=1e-5)
    np.testing.assert_allclose(got.H_mu, want.H_mu, rtol=1e-5)
    np.testing.assert_allclose(got.H_variance, np.outer(want.H_sigma2, [1, 1]), rtol=1e-5)


def test_a_very_slow_receptor_averages_over_its_constant_current():
    """tau_s = 200 tau_m beside white noise: the rate is averaged over the current."""
    slow, white, tau_s = 80.0, 9.0, 4000.0
    got = receptor_rate(receptors(13, [white, slow * 2 * tau_s / 20.0 / 40.0], [0, tau_s])).nu
    z, w = np.polynomial.hermite_e.hermegauss(80)
    current = 13e-3 + 1e-3 * np.sqrt(slow / 40.0) * z
    want = w @ firing_rate(current, 3e-3, LIF) / w.sum()
    assert got == pytest.approx(want, rel=5e-3)  # of the order of tau_m / tau_s


def test_rate_does_not_depend_on_the_order_or_on_the_naming_of_receptors():
    one = receptor_rate(receptors(14, [6, 10], [2, 6]))
    other = receptor_rate(receptors(14, [10, 6], [6, 2]))
    split = receptor_rate(receptors(14, [6, 3, 7], [2, 6, 6]))
    assert other.nu == pytest.approx(one.nu, rel=1e-9)
    np.testing.assert_allclose(other.by_variance, one.by_variance[::-1], rtol=1e-6)
    # two receptors of one time constant are one: the third axis carries nothing
    assert split.nu == pytest.approx(one.nu, rel=1e-6)
    np.testing.assert_allclose(split.by_variance, one.by_variance[[0, 1, 1]], rtol=2e-3)


@pytest.mark.parametrize("taus", [(0.5, 5.0), (2.0, 100.0), (0.0, 3.0), (3.0, 6.0, 100.0)])
def test_slopes_are_differences_of_the_rate(taus):
    variance = np.array([9.0, 6.0, 5.0])[: len(taus)]
    got = receptor_rate(receptors(13, variance, taus))

    def rate(mu, parts):
        return receptor_rate(receptors(mu, parts, taus)).nu

    by_mu = (rate(13.001, variance) - rate(12.999, variance)) / 2e-6
    assert got.by_mu == pytest.approx(by_mu, rel=1e-3)  # the grid follows the mean
    for i, unit in enumerate(np.eye(variance.size)):
        step = 1e-3 * variance[i] * unit
        slope = (rate(13, variance + step) - rate(13, variance - step)) / (2e-9 * variance[i])
        # the change of a variance by finitely many polynomials is good to 1 % of the largest
        assert got.by_variance[i] == pytest.approx(slope, abs=0.01 * np.max(got.by_variance))


def test_response_at_zero_is_the_slope_and_falls_off_without_a_jump():
    neuron = shared(14, 4, 0.5, (1, 6))
    lam = 2j * np.pi * np.array([0.0, 1e-4, 1e-2])
    got = receptor_response(neuron, lam).H_mu
    assert got[0].imag == 0.0
    assert got[1] == pytest.approx(got[0], rel=1e-5)
    assert got[2] == pytest.approx(got[0], rel=1e-3)
    # the slope of the rate at another white part
    assert got[0].real == pytest.approx(receptor_rate(neuron).by_mu, rel=0.01)


def test_response_obeys_the_reflection_of_real_systems():
    neuron = shared(14, 4, 0.5, (1, 6))
    lam = np.array([50.0 + 300.0j])
    up, down = receptor_response(neuron, lam), receptor_response(neuron, lam.conj())
    np.testing.assert_allclose(up.H_mu, down.H_mu.conj(), rtol=1e-9)
    np.testing.assert_allclose(up.H_variance, down.H_variance.conj(), rtol=1e-9)


def test_spectrum_tends_to_the_rate_and_to_the_squared_cv_of_a_renewal_process():
    neuron = receptors(14, [16], [0])
    rate, cv = receptor_rate(neuron).nu, receptor_cv(neuron)
    got = receptor_spectrum(neuron, np.array([1e-2, 800.0]))
    np.testing.assert_allclose(got, [rate * cv**2, rate], rtol=1e-4)


@pytest.mark.parametrize("share", [0.003, 0.03, 0.1, 0.4, 0.9])
def test_boundary_layer_of_partly_white_noise_solves_its_milne_problem(share):
    """With x' = y + white, y an OU process, the density from afar vanishes at l(share)."""
    degree = np.arange(101.0)
    current = np.sqrt(1.0 - share) * (
        np.diag(np.sqrt(degree[1:]), 1) + np.diag(np.sqrt(degree[1:]), -1)
    )
    one, none = np.eye(degree.size), np.zeros((degree.size, degree.size))
    rates, modes = scipy.linalg.eig(
        np.block([[none, one], [np.diag(degree), current]]),
        np.block([[one, none], [none, share * one]]),
    )
    growing = modes[: degree.size, np.argsort(rates.real)[degree.size + 1 :]]
    linear = -np.sqrt(1.0 - share) * np.eye(degree.size)[:, 1]
    found = np.linalg.solve(np.column_stack([one[:, 0], growing]), linear)
    exact = 1.4603545088095868 - found[0].real  # |zeta(1/2)| without a white part
    # the series is good to 7e-5; 101 polynomials to 2e-4 of the length at a share of 0.003
    assert layer_length(share) == pytest.approx(exact, abs=3e-4)


def test_noise_that_is_white_from_the_start_moves_no_boundary():
    assert layer_length(0.0) == 0.0
    rest = WhiteRest(variance=np.array([4e-6]), tau_s=np.array([0.0]), tau_m=0.02, share=0.1)
    assert rest.shift() == 0.0
    assert rest.white_variance == 4e-6


def test_a_fast_receptor_becomes_white_with_the_shift_of_theory():
    """tau_s = tau_m/5000: alpha/2 sqrt(tau_s / tau_m) sigma (Fourcaud & Brunel 2002)."""
    rest = WhiteRest(variance=np.array([9e-6]), tau_s=np.array([4e-6]), tau_m=0.02, share=1.0)
    assert rest.white == pytest.approx([1.0])
    want = 0.5 * 2.0652531522 * np.sqrt(4e-6 / 0.02) * 3e-3
    assert rest.shift() == pytest.approx(want, rel=1e-4)


def test_nodes_of_one_input_are_those_of_gauss_and_hermite():
    slow = SlowInputs.of(np.array([2.0]), np.array([0.01]), 7)
    nodes, weights = np.polynomial.hermite_e.hermegauss(7)
    np.testing.assert_allclose(slow.nodes, 2.0 * nodes, atol=1e-12)
    np.testing.assert_allclose(slow.total**2, weights / weights.sum(), rtol=1e-10)


def test_kicks_of_finite_size_skew_a_slow_input():
    """Third cumulant of shot noise, r epsilon^3 tau / 3 (Campbell), about a variance of one."""
    tau, rate = 0.005, 3000.0
    epsilon = np.sqrt(2.0 / (rate * tau))
    slow = SlowInputs.of(np.ones(1), np.full(1, tau), 9, skew=np.full(1, rate * epsilon**3 / 6.0))
    values, vectors = np.linalg.eig(slow.generator)
    density = vectors[:, np.argmax(values.real)].real
    density /= slow.total @ density
    moments = [slow.total @ (slow.nodes**n * density) for n in (1, 2, 3)]
    assert moments == pytest.approx([0.0, 1.0, rate * epsilon**3 * tau / 3.0], abs=1e-10)


def test_nodes_of_several_inputs_have_their_covariance_in_time():
    std, tau_s = np.array([1.0, 2.0, 0.5]), np.array([0.002, 0.01, 0.1])
    slow = SlowInputs.of(std, tau_s, 9)
    for lag in (0.0, 0.003, 0.03):
        got = (slow.nodes * slow.total) @ slow.after(lag) @ (slow.nodes * slow.total)
        want = np.sum(std**2 * np.exp(-lag / tau_s))
        # three axes for three inputs: exact but for products of the last ones that are cut
        assert got == pytest.approx(want, rel=1e-9)
    np.testing.assert_allclose(slow.total @ slow.generator, 0.0, atol=1e-9)
    np.testing.assert_allclose(slow.after(0.01) @ slow.after(0.02), slow.after(0.03), atol=1e-12)


def test_finer_nodes_and_cells_change_the_rate_by_less_than_its_error():
    neuron = shared(13, 4, 0.4, (1, 8))
    fine = receptor_rate(neuron, Resolution(share=0.05, n_nodes=15, n_cells=200)).nu
    assert receptor_rate(neuron).nu == pytest.approx(fine, rel=4e-3)


@pytest.mark.parametrize(
    ("variance", "tau_s", "words"),
    [
        ([-1.0, 2.0], [1.0, 2.0], "must not be negative"),
        ([0.0, 0.0], [1.0, 2.0], "nor all zero"),
        ([1.0, 2.0], [1.0], "one of each per receptor"),
        ([1.0], [-1.0], "finite and not negative"),
        ([1.0], [np.inf], "finite and not negative"),
    ],
)
def test_receptors_that_are_none_are_refused(variance, tau_s, words):
    with pytest.raises(ParameterError, match=words):
        receptors(10, variance, tau_s)


def test_a_spectrum_at_zero_frequency_is_refused():
    with pytest.raises(ParameterError, match="without zero"):
        receptor_spectrum(receptors(14, [16], [2]), np.array([0.0, 10.0]))
