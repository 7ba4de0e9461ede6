"""Stability of spiking networks: eigenvalues with none missed, poles counted, growing modes."""

from dataclasses import asdict, replace
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from scipy.optimize import brentq

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.fluctuations.spectra import population_spectra
from cortex.meanfield.matrix_function import MatrixAndSlope
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.stability import poles
from cortex.meanfield.stability.eigenvalues import (
    count_growing_modes,
    leading_eigenvalues,
    leading_mode,
)
from cortex.meanfield.stability.poles import count_poles
from cortex.meanfield.stability.roots import Rectangle, newton_roots
from cortex.meanfield.stationary.external_drive import hold_input
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.senk import SenkParams
from cortex.params.synapses import Synapses


def senk(g, delay=1.5e-3):
    """Return the ring at mean and noise of 10 mV, and its working point."""
    held = hold_input(replace(SenkParams(), g=g, delay=delay).network(), 0.01, 0.01)
    return held.network, held.point


@pytest.mark.parametrize(
    ("g", "ratio", "growth", "frequency"),
    [(6.0, 4.0, 51.5, 190.2), (5.0, 2.0, -134.9, 124.3), (4.5, 0.9, 7.9, 29.0)],
)
def test_leading_modes_of_the_brunel_states(g, ratio, growth, frequency, brunel):
    # independent evaluation with 30-digit parabolic cylinder functions, printed to 0.1
    network = brunel.at(g, ratio).network()
    roots = leading_eigenvalues(network, solve_working_point(network), max_frequency=300.0)
    assert roots.lam[0].real == pytest.approx(growth, abs=0.05)
    assert roots.lam[0].imag / (2 * np.pi) == pytest.approx(frequency, abs=0.05)
    assert np.all(roots.residual < 1e-9)


def test_the_spectrum_is_complete_across_the_poles_of_the_single_neuron(brunel):
    network = brunel.network()
    point = solve_working_point(network)
    region = Rectangle(real_limits=(-600.0, 1000.0), imag_limits=(-3.0, 2000.0))
    assert count_poles(network, point, region) >= 3
    roots = leading_eigenvalues(network, point, real_low=-600.0, max_frequency=300.0)
    # scan: Newton from a dense grid finds all of them and nothing else
    grid = (np.linspace(-590, 0, 12)[:, None] + 1j * np.linspace(1, 1880, 25)).ravel()
    grid = np.append(grid, np.linspace(-590, 0, 100))
    found = newton_roots(spiking_characteristic(network, point), grid, region=region)
    inside = found.lam[found.converged & (found.lam.real > -600)]
    inside = inside[(inside.imag > -1e-6) & (inside.imag < 2 * np.pi * 300)]
    distance = np.abs(inside[:, None] - roots.lam[None]) / np.abs(roots.lam)
    assert roots.lam.size > 3
    assert np.all(np.min(distance, axis=0) < 1e-8)
    assert np.all(np.min(distance, axis=1) < 1e-8)


def test_modes_up_to_a_kilohertz_are_found_unless_asked_otherwise(brunel):
    # state A: the only growing mode lies at 660 Hz
    network = brunel.at(3.0, 2.0).network()
    point = solve_working_point(network)
    assert leading_eigenvalues(network, point).lam[0].imag > 2 * np.pi * 600
    assert leading_eigenvalues(network, point, max_frequency=500.0).lam.size == 0


def extended(network, in_degrees, out_degrees, rate_ext):
    """Return a network with one more population of the first neurons, and less drive of the rest.

    Its weights and delays are those of the first population; `in_degrees` has one entry more.
    """
    n = network.n_pops

    def bordered(matrix, row, column):
        out = np.zeros((n + 1, n + 1))
        out[:n, :n], out[n], out[:n, n] = matrix, row, column
        return out

    def longer(vector):
        return np.append(vector, vector[:1], axis=0)

    wired, drive = network.synapses, network.drive
    J, delay = wired.J, wired.delay
    return PopulationNetwork(
        names=(*network.names, "X"),
        sizes=longer(network.sizes),
        neurons=LIFNeurons(**{k: longer(v) for k, v in asdict(network.neurons).items()}),
        synapses=Synapses(
            in_degrees=bordered(wired.in_degrees, in_degrees, out_degrees),
            J=bordered(J, np.append(J[0], J[0, 0]), J[0, 0]),
            tau_s=0.0,
            delay=bordered(delay, delay[0, 0], delay[0, 0]),
        ),
        drive=Drive(
            rate=np.vstack([drive.rate, [[rate_ext]]]),
            J=longer(drive.J),
            tau_s=0.0,
            mu_dc=longer(drive.mu_dc),
        ),
    )


@pytest.mark.parametrize("real_low", [-175.0, -400.0])
def test_a_relay_without_recurrent_input_adds_no_mode(brunel, real_low):
    network = brunel.network()
    want = leading_eigenvalues(network, solve_working_point(network), real_low=real_low).lam
    # 100 synapses of the relay take the place of as much external drive
    relay_rate = 22_000.0
    alone = extended(network, [0, 0, 0], [0, 0], relay_rate)
    nu = solve_working_point(alone).nu[2]
    relay = extended(network, [0, 0, 0], [100, 100], relay_rate)
    rate = relay.drive.rate.copy()
    rate[:2] -= 100 * nu
    relay = replace(relay, drive=replace(relay.drive, rate=rate))
    point = solve_working_point(relay)
    np.testing.assert_allclose(point.nu[:2], solve_working_point(network).nu, rtol=1e-10)
    got = leading_eigenvalues(relay, point, real_low=real_low).lam
    np.testing.assert_allclose(got, want, rtol=1e-8)


@pytest.mark.parametrize("real_low", [-175.0, -400.0])
@pytest.mark.parametrize("rate_ext", [20_000.0, 25_000.0])
def test_a_readout_that_projects_nowhere_adds_no_mode(brunel, real_low, rate_ext):
    network = brunel.network()
    want = leading_eigenvalues(network, solve_working_point(network), real_low=real_low).lam
    readout = extended(network, [500, 100, 0], [0, 0], rate_ext)
    point = solve_working_point(readout)
    got = leading_eigenvalues(readout, point, real_low=real_low).lam
    np.testing.assert_allclose(got, want, rtol=1e-8)


def test_populations_with_proportional_rows_share_their_poles():
    network = SenkParams(g=5.0).network()
    twice = np.array([[1.0], [2.0]])
    wired = replace(network.synapses, in_degrees=twice * network.synapses.in_degrees)
    held = hold_input(replace(network, synapses=wired), 0.01, 0.01)
    function = spiking_characteristic(held.network, held.point, variance=False, wave_number=19e3)

    def scalar(lam):  # det(1 - u v) = 1 - v u for a matrix of rank one
        at = function(lam)
        trace, slope = (np.trace(x, axis1=-2, axis2=-1) for x in (at.M, at.slope))
        return MatrixAndSlope(trace[..., None, None], slope[..., None, None])

    args = {"variance": False, "wave_number": 19e3}
    roots = leading_eigenvalues(held.network, held.point, real_low=-300.0, **args)
    again = newton_roots(scalar, roots.lam)
    assert roots.lam.size > 0
    assert np.all(again.converged)
    np.testing.assert_allclose(again.lam, roots.lam, rtol=1e-9)
    region = Rectangle(real_limits=(-900.0, -20.0), imag_limits=(-30.0, 4000.0))
    alike = hold_input(network, 0.01, 0.01)
    counts = [count_poles(each.network, each.point, region, **args) for each in (held, alike)]
    assert counts[0] == counts[1] > 0


def test_exact_balance_of_means_leaves_neither_modes_nor_poles(brunel):
    # g = 1/gamma = 4: M is nilpotent for the response to the mean, det(1 - M) = 1
    network = brunel.at(4.0, 2.0).network()
    point = solve_working_point(network)
    region = Rectangle(real_limits=(-400.0, 100.0), imag_limits=(-3.0, 2000.0))
    assert count_poles(network, point, region, variance=False) == 0
    assert count_poles(network, point, region) > 0
    assert leading_eigenvalues(network, point, real_low=-400.0, variance=False).lam.size == 0


def test_a_slow_pair_is_listed_once(brunel):
    # at the Bogdanov-Takens point of the slow loop its frequency vanishes
    network = brunel.at(4.18, 0.8427).network()
    point = solve_working_point(network)
    lam = leading_eigenvalues(network, point, real_low=-30.0, max_frequency=4000.0).lam
    slow = lam[np.abs(lam) < 2 * np.pi * 0.002 * 4000.0]
    assert slow.size == 1
    assert slow[0].imag > 0.0


def test_the_leading_mode_follows_the_variance_and_the_wave_number_asked_for(brunel):
    network = brunel.at(6.0, 4.0).network()
    point = solve_working_point(network)
    with_variance, without = (leading_mode(network, point, variance=v) for v in (True, False))
    assert with_variance.real == pytest.approx(51.5, abs=0.05)  # independent, printed to 0.1
    M = spiking_characteristic(network, point, variance=False)(np.array(without)).M
    assert abs(np.linalg.det(np.eye(2) - M)) < 1e-9
    assert abs(with_variance - without) > 1.0
    ring, at = senk(5.0)
    wave = leading_mode(ring, at, variance=False, wave_number=19e3)
    assert wave == pytest.approx(73.8849 + 1256.4375j, rel=1e-5)
    assert np.isnan(leading_mode(ring, at, variance=False, wave_number=19e3, real_low=100.0))


@pytest.mark.parametrize(
    ("g", "ratio", "n", "atol"), [(5.0, 0.6, 0, 0.0), (5.0, 0.7, 3, 3e-5), (3.0, 0.8, 2, 3.0)]
)
def test_modes_of_a_nearly_silent_network_lie_next_to_those_of_its_neurons(
    brunel, g, ratio, n, atol
):
    """At multiples of -1/tau_m, but for what rates of 1e-21, 1e-9, 4e-3 Hz couple."""
    network = brunel.at(g, ratio).network()
    point = solve_working_point(network)
    found = leading_eigenvalues(network, point)
    assert found.lam[:n] == pytest.approx(-50.0 * np.arange(1, n + 1), abs=atol)
    assert n or found.lam.size == 0
    assert count_growing_modes(network, point) == 0


@pytest.mark.parametrize("ratio", [0.7, 0.75, 0.8])
def test_a_mode_next_to_a_relaxation_mode_solves_the_characteristic_equation(brunel, ratio):
    """E and I get the same input: det(1 - M) = 1 - tr M, and 1/tr M has no pole at -1/tau_m."""
    network = brunel.at(5.0, ratio).network()
    point = solve_working_point(network)
    function = spiking_characteristic(network, point)
    want = brentq(lambda x: 1.0 / np.trace(function(np.array(x + 0j)).M).real - 1.0, -52.0, -49.5)
    # the response loses digits next to -1/tau_m, 1e-13 of its distance
    assert leading_mode(network, point) == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize("ratio", [0.0, 0.05])
def test_a_silent_network_has_no_modes_and_no_fluctuations(brunel, ratio):
    network = brunel.at(5.0, ratio).network()
    point = solve_working_point(network)
    assert np.all(point.nu == 0.0)
    assert np.isnan(leading_mode(network, point))
    assert leading_eigenvalues(network, point, real_low=-400.0).lam.size == 0
    C = population_spectra(network, point, np.array([0.0, 10.0]))
    np.testing.assert_array_equal(C, 0.0)


def test_neurons_that_fire_without_noise_have_no_linear_response(brunel):
    silent = brunel.at(5.0, 0.0).network()
    network = replace(silent, drive=replace(silent.drive, mu_dc=0.025))
    point = replace(
        solve_working_point(network), sigma=np.zeros(2), mu=np.full(2, 0.025), nu=np.zeros(2)
    )
    with pytest.raises(ParameterError, match="where mu reaches V_th"):
        leading_mode(network, point)


def test_lognormal_delays_are_refused_left_of_their_branch_cut(brunel):
    network = brunel.at(6.0, 4.0).network()
    law = replace(network.synapses, delay_sd=1e-4, delay_distribution="lognormal")
    network = replace(network, synapses=law)
    point = solve_working_point(network)
    with pytest.raises(ParameterError, match="branch cut along the negative real axis"):
        leading_eigenvalues(network, point)
    growing = leading_eigenvalues(network, point, real_low=0.0).lam
    assert growing.size == count_growing_modes(network, point) == 1


def test_poles_are_counted_like_with_parabolic_cylinder_functions(brunel, winding_number):
    network = brunel.network()
    point = solve_working_point(network)
    mu, sigma = float(point.mu[0]), float(point.sigma[0])

    def psi(lam, V):
        x = mp.sqrt(2) * (V - mu) / sigma
        return mp.exp(x * x / 4) * mp.pcfu(lam * 0.02 - 0.5, -x)

    def phase(lam):
        entry = [psi(v, 0.02) - mp.exp(-v * 0.002) * psi(v, 0.01) for v in map(mp.mpc, lam)]
        return np.array([float(mp.arg(value)) for value in entry])

    region = Rectangle(real_limits=(-420.0, -150.0), imag_limits=(-30.0, 400.0))
    count = count_poles(network, point, region)
    assert count == winding_number(phase, region)
    assert count > 0


@pytest.mark.parametrize(("g", "ratio"), [(5.0, 2.0), (3.0, 2.0), (8.0, 2.0)])
def test_poles_in_parts_of_a_region_add_up(g, ratio, brunel):
    network = brunel.at(g, ratio).network()
    point = solve_working_point(network)
    edges = np.linspace(-31.0, 9000.0, 12)  # the phase turns a hundred times along the whole
    parts = [
        count_poles(network, point, Rectangle(real_limits=(-400.0, -20.0), imag_limits=pair))
        for pair in pairwise(edges)
    ]
    whole = Rectangle(real_limits=(-400.0, -20.0), imag_limits=(edges[0], edges[-1]))
    assert min(parts) >= 0
    assert count_poles(network, point, whole) == sum(parts)


@pytest.mark.parametrize(("g", "ratio"), [(5.0, 2.0), (6.0, 4.0), (8.0, 2.0)])
def test_a_higher_border_loses_no_mode(g, ratio, brunel):
    network = brunel.at(g, ratio).network()
    point = solve_working_point(network)
    low, high = (leading_eigenvalues(network, point, max_frequency=f).lam for f in (250.0, 1200.0))
    below = high[high.imag < 2.0 * np.pi * 250.0]
    np.testing.assert_allclose(np.sort_complex(below), np.sort_complex(low), rtol=1e-9, atol=1e-6)


def test_neurons_that_fire_in_step_have_a_growing_mode_near_the_inverse_delay(brunel):
    # nearly regular firing at 327 Hz: the leading mode is the second harmonic
    network = brunel.at(3.0, 2.0).network()
    point = solve_working_point(network)
    mode = leading_mode(network, point)
    assert mode.real > 0.0
    assert mode.imag / (2.0 * np.pi) == pytest.approx(2.0 * point.nu[0], rel=0.02)
    assert mode.imag / (2.0 * np.pi) == pytest.approx(1.0 / 1.5e-3, rel=0.02)


@pytest.mark.parametrize(
    ("g", "ratio", "growing"), [(5.0, 2.0, 0), (6.0, 4.0, 1), (4.5, 0.9, 1), (3.0, 2.0, 1)]
)
def test_growing_modes_are_counted_without_solving_for_them(g, ratio, growing, brunel):
    network = brunel.at(g, ratio).network()
    point = solve_working_point(network)
    assert count_growing_modes(network, point) == growing
    found = leading_eigenvalues(network, point, max_frequency=1000.0).lam
    assert np.sum(found.real > 0.0) == growing


def test_synaptic_poles_are_refused():
    network, point = senk(5.0)
    with pytest.raises(ParameterError, match="synaptic pole"):
        leading_eigenvalues(network, point, real_low=-2500.0)


@pytest.mark.parametrize("ask", [leading_mode, count_growing_modes])
def test_a_search_that_would_take_too_long_is_stopped_and_says_so(monkeypatch, brunel, ask):
    # random networks of short delays took up to 24 s
    network = brunel.at(6.0, 4.0).network()
    point = solve_working_point(network)
    answer = ask(network, point)
    monkeypatch.setattr(poles, "MAX_STEPS", 100_000)
    with pytest.raises(ConvergenceError, match=r"stopped after [0-9,]+ steps .* by `real_low`"):
        ask(network, point)
    monkeypatch.undo()
    assert ask(network, point) == answer
