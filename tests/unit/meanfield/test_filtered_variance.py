"""Noise that is modulated reaches a neuron through half the time constant of its synapse.

Oracle: the synapse itself, in steps h. Its current y' = a y + sqrt(q) noise with a = exp(-h/tau_s)
has the variance Q' = a^2 Q + (1 - a^2) q, whose response to q ~ exp(lambda t) is closed.
"""

from dataclasses import replace

import numpy as np
import pytest
from published import BRUNEL, LIF

from cortex.meanfield import (
    Receptors,
    angular,
    drive_response,
    effective_connectivity,
    finite_size_rates,
    linear_response,
    population_response,
    receptor_response,
    solve_working_point,
    spiking_characteristic,
)
from cortex.meanfield.response.receptor_response import ReceptorFits
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import Synapses

F = np.array([3.0, 40.0, 160.0])
LAM = angular(F)


def behind_synapse(lam, tau_s, h=1e-9):
    """Return the response of the variance of a filtered current to that of its noise."""
    kept = np.expm1(-2.0 * h / tau_s)
    return -kept / (np.expm1(lam * h) - kept)  # h lambda = 1e-6 is its error


def brunel(tau_s=2e-3):
    """Return the network of Brunel (2000) whose synapses and drives filter."""
    network = BRUNEL.network()
    return replace(
        network,
        synapses=replace(network.synapses, tau_s=tau_s),
        drive=replace(network.drive, tau_s=np.full_like(network.drive.tau_s, 2.0 * tau_s)),
    )


def populations(K, J, tau_s, *, mu_dc, rate, delay=1.5e-3):
    """Return populations of alike neurons and drives; a row of `K` is a target."""
    n = len(K)
    return PopulationNetwork(
        names=tuple(f"p{a}" for a in range(n)),
        sizes=np.full(n, 10_000),
        neurons=LIFNeurons.of(LIF),
        synapses=Synapses(in_degrees=K, J=J, tau_s=tau_s, delay=delay),
        drive=Drive(rate=rate, J=3e-4, tau_s=np.ravel(tau_s)[0], mu_dc=mu_dc),
    )


def test_a_step_of_noise_has_half_the_time_constant():
    # Q(t) = 1 - exp(-2 t/tau_s), whose transform times lambda is 1/(1 + lambda tau_s/2)
    np.testing.assert_allclose(behind_synapse(400j, 5e-3), 1.0 / (1.0 + 1j), rtol=1e-5)


@pytest.mark.parametrize("method", ["shift", "taylor"])
def test_connections_of_one_time_constant(method):
    network = replace(brunel(), drive=replace(brunel().drive, tau_s=2e-3))
    point = solve_working_point(network, method=method)
    H = linear_response(LAM, point.mu, point.sigma, LIF, tau_s=2e-3, method=method).H_sigma2
    gain = LIF.tau_m * np.array([1000, 250]) * np.array([1e-4, -5e-4]) ** 2
    through = behind_synapse(LAM, 2e-3) * np.exp(-LAM * 1.5e-3)
    want = H[:, :, None] * gain * through[:, None, None]
    M, by_mean = (effective_connectivity(network, point, F, variance=v) for v in (True, False))
    np.testing.assert_allclose(M - by_mean, want, rtol=1e-5)
    at = spiking_characteristic(network, point)(LAM).M
    without = spiking_characteristic(network, point, variance=False)(LAM).M
    np.testing.assert_allclose(at - without, want, rtol=1e-5)


def test_drives_of_one_time_constant():
    network = brunel(tau_s=1e-3)
    synapses = replace(network.synapses, in_degrees=np.zeros((2, 2)), tau_s=2e-3)
    network = replace(network, synapses=synapses)  # drives alone
    point = solve_working_point(network, method="shift")
    response = population_response(network, point, LAM)
    want = response.H_sigma2[:, 0] * LIF.tau_m * 1e-4**2 * behind_synapse(LAM, 2e-3)
    both, by_mean = (drive_response(network, response, variance=v) for v in (True, False))
    np.testing.assert_allclose((both - by_mean)[:, 0, 0], want, rtol=1e-5)
    np.testing.assert_allclose((both - by_mean)[:, 1, 1], want, rtol=1e-5)


def test_receptors_too_far_below_threshold_for_a_grid():
    tau_s = np.array([2e-3, 5e-3])
    network = populations([[80, 20], [80, 20]], [2e-4, -1e-3], tau_s, mu_dc=-3.4e-3, rate=2000.0)
    point = solve_working_point(network, method="nodes")
    response = ReceptorFits.of(network, point)(LAM)
    closed = linear_response(LAM, point.mu, point.sigma, LIF, tau_s=point.tau_s).H_sigma2
    assert np.all(np.abs(closed) > 0.0)
    got = response.H_variance / closed[:, :, None]
    want = np.stack([behind_synapse(LAM, each) for each in tau_s], axis=1)
    np.testing.assert_allclose(got, np.stack([want, want], axis=1), rtol=1e-5)
    np.testing.assert_allclose(response.H_drive[:, 0] / closed[:, :1], want[:, :1], rtol=1e-5)


def test_a_receptor_slower_than_its_neuron():
    # oracle: the neuron follows the current at once, so that only the synapse delays its variance
    tau_s, f = 0.4, np.array([0.0, 0.2, 0.5])
    neuron = Receptors(12e-3, np.array([9e-6, 8e-5]), np.array([0.0, tau_s]), LIF)
    H = receptor_response(neuron, angular(f)).H_variance[:, 1]
    # of the order of omega tau_m, 6 %; the whole time constant would be 22 and 40 % off
    assert H[1:] / H[0].real == pytest.approx(behind_synapse(angular(f[1:]), tau_s), rel=0.08)


@pytest.mark.filterwarnings("ignore:tau_s / tau_m reaches 1")  # both sides shift alike
def test_populations_of_finite_size():
    """The time that a step of variance needs: delay, half the synapse, the membrane."""
    tau_s, delay = 20e-3, 5e-3
    K = [[0, 0, 0], [0, 0, 0], [800, 800, 0]]
    network = populations(K, [1e-4, -1e-4, 0.0], tau_s, mu_dc=0.0, rate=2800.0, delay=delay)
    point = solve_working_point(network, method="shift")
    mu_dc = np.repeat(network.drive.mu_dc[None], 400, axis=0)
    mu_dc[100:, :2] += 0.1e-3
    nu = finite_size_rates(network, point, 1e-3, 400, mu_dc=mu_dc, seed=None)
    change = (nu - nu[99])[100:]
    # steps of 0.1 ms, intervals of 1 ms: 0.02 ms; the whole time constant is 10 ms more
    late = 1e-3 * np.sum(1.0 - change / change[-1], axis=0)  # first moments add up
    at = linear_response(0j, point.mu[2], point.sigma[2], LIF, tau_s=point.tau_s[2])
    membrane = -(at.H_sigma2_slope / at.H_sigma2).real
    assert late[2] - late[0] == pytest.approx(delay + 0.5 * tau_s + membrane, abs=2e-4)
