"""Characteristic equations of spiking networks: published modes, completeness, both paths."""

from dataclasses import replace
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.fluctuations.spectra import population_spectra
from cortex.meanfield.matrix_function import MatrixAndSlope
from cortex.meanfield.patterns.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.patterns.rate_model import mode_eigenvalues
from cortex.meanfield.patterns.ring_patterns import (
    RateApproximation,
    first_wave,
    most_unstable,
    onset_line,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    rate_family,
    spiking_dispersion,
    spiking_family,
)
from cortex.meanfield.patterns.ring_study import blend_columns, dispersion_columns, onset_curves
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.response.response_fit import rate_weights
from cortex.meanfield.response.spatial_profiles import profile_matrix
from cortex.meanfield.stability.eigenvalues import (
    count_growing_modes,
    count_poles,
    leading_eigenvalues,
    leading_mode,
)
from cortex.meanfield.stability.roots import Rectangle, newton_roots
from cortex.meanfield.stationary.external_drive import hold_input
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.grid import GridParams
from cortex.params.senk import SenkParams
from cortex.params.stability import RingPatterns

K = np.arange(1000.0, 99501.0, 500.0)
BRANCHES = np.arange(-3, 3)


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

    J, K = network.J, network.in_degrees
    return replace(
        network,
        names=(*network.names, "X"),
        sizes=longer(network.sizes),
        in_degrees=bordered(K, in_degrees, out_degrees),
        J=bordered(J, np.append(J[0], J[0, 0]), J[0, 0]),
        delay=bordered(network.delay, network.delay[0, 0], network.delay[0, 0]),
        tau_s=np.zeros((n + 1, n + 1)),
        delay_sd=np.zeros((n + 1, n + 1)),
        rate_ext=np.vstack([network.rate_ext, [[rate_ext]]]),
        J_ext=longer(network.J_ext),
        tau_s_ext=longer(network.tau_s_ext),
        **{name: longer(getattr(network, name)) for name in CELL},
    )


CELL = ("tau_m", "tau_ref", "V_th", "V_reset", "mu_dc")


@pytest.mark.parametrize("real_low", [-175.0, -400.0])
def test_a_relay_without_recurrent_input_adds_no_mode(brunel, real_low):
    network = brunel.network()
    want = leading_eigenvalues(network, solve_working_point(network), real_low=real_low).lam
    # 100 synapses of the relay take the place of as much external drive
    relay_rate = 22_000.0
    alone = extended(network, [0, 0, 0], [0, 0], relay_rate)
    nu = solve_working_point(alone).nu[2]
    relay = extended(network, [0, 0, 0], [100, 100], relay_rate)
    rate_ext = relay.rate_ext.copy()
    rate_ext[:2] -= 100 * nu
    relay = replace(relay, rate_ext=rate_ext)
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
    held = hold_input(replace(network, in_degrees=twice * network.in_degrees), 0.01, 0.01)
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


@pytest.mark.parametrize("ratio", [0.5, 0.7])
def test_a_nearly_silent_network_has_no_mode_slower_than_its_membrane(brunel, ratio):
    # zeros and poles coincide at -1/tau_m and beyond: all modes cannot be told apart
    network = brunel.at(5.0, ratio).network()
    point = solve_working_point(network)
    with pytest.raises(ConvergenceError):
        leading_eigenvalues(network, point)
    assert np.isnan(leading_mode(network, point))
    assert count_growing_modes(network, point) == 0


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
    network = replace(brunel.at(5.0, 0.0).network(), mu_dc=np.full(2, 0.025))
    point = replace(solve_working_point(network), sigma=np.zeros(2), mu=np.full(2, 0.025))
    with pytest.raises(ParameterError, match="where mu reaches V_th"):
        leading_mode(network, point)


def test_lognormal_delays_are_refused_left_of_their_branch_cut(brunel):
    network = replace(
        brunel.at(6.0, 4.0).network(),
        delay_sd=np.full((2, 2), 1e-4),
        delay_distribution="lognormal",
    )
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


@pytest.mark.parametrize("index", [0, 1])
def test_figure_6_agrees_given_the_stored_fit(stored, index):
    case = stored("spatial_patterns_figure6")[index]
    network, point = senk(5.0 + index)
    tau, W = float(case.o["tau_rate"][0]), case.o["W_rate"]
    model = RateApproximation(tau=tau, W=W, delay=1.5e-3, h0=np.ones(2), fit_error=np.zeros(2))
    lam = rate_dispersion(model, network.space, case.i["k_wavenumbers"], BRANCHES)
    stored_lam = case.o["eigenvalues"]
    np.testing.assert_allclose(lam, stored_lam, rtol=1e-11)
    best = int(case.o["idx_k_eigenval_max"])
    k = float(case.o["k_eigenval_max"])
    assert most_unstable(lam)[1] == best
    rate = rate_characteristic_at(model, network.space, k)
    spiking = spiking_characteristic(network, point, variance=False, wave_number=k)
    alphas = np.array(case.i["alphas"])
    solved = follow_by_solving(rate, spiking, stored_lam[:, best], alphas)
    integrated = follow_by_integration(rate, spiking, stored_lam[:, best], alphas)
    np.testing.assert_allclose(solved.T, case.o["lambdas_chareq"], rtol=1e-8)
    np.testing.assert_allclose(integrated.T, case.o["lambdas_integral_correct"], rtol=1e-6)
    np.testing.assert_allclose(integrated, solved, rtol=1e-6)


@pytest.mark.parametrize(
    ("g", "k_star", "rate", "spiking"),
    [
        (5.0, 19000.0, 40.0592 + 1314.0673j, 73.8849 + 1256.4375j),
        (6.0, 18500.0, 119.0659 + 1341.8820j, 146.7875 + 1279.0343j),
    ],
)
def test_figure_6_end_to_end_with_our_own_fit(g, k_star, rate, spiking):
    network, point = senk(g)
    model = rate_approximation(network, point, np.arange(1.0, 200.0))
    lam = rate_dispersion(model, network.space, K, BRANCHES)
    branch, best = most_unstable(lam)
    assert K[best] == k_star
    assert lam[3, best] == pytest.approx(rate, rel=1e-5)
    assert BRANCHES[branch] in {0, -1}
    at = rate_characteristic_at(model, network.space, k_star)
    of_neurons = spiking_characteristic(network, point, variance=False, wave_number=k_star)
    solved = follow_by_solving(at, of_neurons, lam[:, best], np.array([0.0, 1.0]))
    assert solved[-1, 3] == pytest.approx(spiking, rel=1e-5)


def test_spiking_eigenvalue_over_wave_numbers_peaks_where_the_coupling_is_most_negative():
    network, point = senk(5.0)
    k = np.arange(15e3, 24e3, 1000.0)
    modes = list(spiking_dispersion(network, point, k, variance=False, real_low=-100.0))
    growth = np.array([roots.lam[0].real for roots in modes])
    coupling = (
        network.in_degrees * network.J * profile_matrix(k, network.space.width, "boxcar")
    ).sum(axis=(1, 2))
    # both populations are alike, so that the growth rate depends on the coupling alone
    assert np.argmax(growth) == np.argmin(coupling)
    assert growth.max() == pytest.approx(73.88, abs=0.01)


def test_only_three_cycles_are_unstable_on_a_ring_of_one_millimetre():
    network, point = senk(5.0)
    growth = {}
    for n in (2, 3, 4):
        (lead, *_), k = spiking_growth(network, point, n), 2e3 * np.pi * n
        model = rate_approximation(network, point, np.arange(1.0, 200.0))
        rate = rate_dispersion(model, network.space, np.array([k]), np.array([0]))[0, 0]
        growth[n] = (lead.real, rate.real)
    assert growth[3][0] > 0
    assert growth[3][1] > 0
    # the rate model: independent values -69 and -55 1/s
    assert growth[2][1] == pytest.approx(-69, abs=0.6)
    assert growth[4][1] == pytest.approx(-55, abs=0.6)


def spiking_growth(network, point, n):
    k = 2e3 * np.pi * n
    return leading_eigenvalues(network, point, variance=False, wave_number=k).lam


def test_onset_of_waves_agrees_with_independent_values():
    def ring_at(g, delay):
        return senk(g, delay)

    limits = {"g_limits": (4.0, 4.7), "delay_limits": (1.49e-3, 1.51e-3)}
    spiking = onset_line(
        spiking_family(ring_at, variance=False), np.array([4.12, 1.5e-3, 19e3, 196.0]), **limits
    )
    at = spiking.points[np.argmin(np.abs(spiking.points[:, 1] - 1.5e-3))]
    # an independent 4.124 holds at k = 19.0/mm; the first wave has 19.6/mm and g = 4.1129
    assert at[0] == pytest.approx(4.1129, abs=2e-4)
    assert at[0] < 4.124
    assert at[3] == pytest.approx(196.1, abs=0.1)
    network, point = senk(5.0)
    model = rate_approximation(network, point, np.arange(1.0, 200.0))

    def network_at(g, delay):
        return replace(SenkParams(), g=g, delay=delay).network()

    start = first_wave(model, network_at, 1.5e-3)
    rate = onset_line(rate_family(model, network_at), start, **limits)
    at = rate.points[np.argmin(np.abs(rate.points[:, 1] - 1.5e-3))]
    assert at[0] == pytest.approx(4.540, abs=2e-3)
    assert at[2] == pytest.approx(19.3e3, abs=60)
    assert at[3] == pytest.approx(206.8, abs=0.1)
    # the closed form of the first wave, on a grid of 8/m
    np.testing.assert_allclose(start, at, rtol=1e-3)


@pytest.mark.parametrize("profile", ["boxcar", "gaussian", "exponential"])
@pytest.mark.parametrize("width_exc", [0.1e-3, 0.3e-3])
def test_one_homogeneous_population_never_gives_waves(profile, width_exc):
    # inhibition or excitation alone: the fastest-growing mode is static or uniform
    k = np.linspace(0.0, 60e3, 241)
    p = profile_matrix(k, np.array([width_exc]), profile)[:, 0, 0]
    for w in (-20.0, -6.0, 6.0, 20.0):
        lam = mode_eigenvalues(w * p, 2e-3, 1.5e-3, BRANCHES)
        branch, index = most_unstable(lam)
        assert lam.real[branch, index] > 0.0
        assert abs(lam.imag[branch, index]) < 1e-9 or index == 0


def test_lost_branches_carry_the_solutions_so_far():
    network, point = senk(5.0)
    model = rate_approximation(network, point, np.arange(1.0, 200.0))
    rate = rate_characteristic_at(model, network.space, 19e3)
    spiking = spiking_characteristic(network, point, variance=False, wave_number=19e3)
    with pytest.raises(ConvergenceError) as caught:
        follow_by_solving(
            rate, spiking, np.array([40 + 1314j]), np.array([0.0, 1.0]), max_jump=-1.0
        )
    assert caught.value.partial.shape == (2, 1)
    for follow in (follow_by_solving, follow_by_integration):
        with pytest.raises(ParameterError, match="increase within"):
            follow(rate, spiking, np.array([1j]), np.array([0.5, 0.2]))
        with pytest.raises(ParameterError, match="increase within"):
            follow(rate, spiking, np.array([1j]), np.empty(0))
        with pytest.raises(ParameterError, match="leave out missing branches"):
            follow(rate, spiking, np.array([complex(-np.inf)]), np.array([0.0, 1.0]))


def study_of(model, mean, noise, delays):
    """Return a study of one ring with few wave numbers."""
    return RingPatterns(
        model=model,
        input_mean=mean,
        input_noise=noise,
        g=(5.0,),
        wave_number=GridParams(start=15.0, stop=23.0, num=5),
        branch_pairs=1,
        fit_max_frequency=199.0,
        alphas=3,
        real_low=-100.0,
        spiking_stride=2,
        delay_low=delays[0],
        delay_high=delays[1],
    )


def test_columns_of_the_ring_study_hold_both_models_and_both_ways():
    study = study_of(SenkParams(), 0.01, 0.01, (1.4e-3, 1.6e-3))
    parts = list(dispersion_columns(study))
    models = {str(part["model"][0]) for part in parts}
    assert models == {"rate", "spiking"}
    spiking = [part["growth"][0] for part in parts if part["model"][0] == "spiking"]
    assert max(spiking) == pytest.approx(73.88, abs=0.02)  # k = 19/mm
    for part in blend_columns(study):
        np.testing.assert_allclose(part["growth_integrated"], part["growth_solved"], rtol=1e-6)
    curves = onset_curves(study)
    assert curves["spiking"].points[:, 0].min() < curves["rate"].points[:, 0].min()


def test_onsets_are_found_on_a_ring_unlike_the_published_one():
    # wider, slower and more weakly driven: the onset lies at g = 6.4, 12/mm and 108 Hz
    model = SenkParams(width_exc=0.3e-3, width_inh=0.105e-3, delay=3e-3)
    study = study_of(model, 6e-3, 8e-3, (2.9e-3, 3.1e-3))
    curves = onset_curves(study)
    held = hold_input(model.network(), 6e-3, 8e-3)
    for name, curve in curves.items():
        assert curve.ends == ("outside", "outside")
        g, delay, k, f = curve.points[len(curve.points) // 2]
        ring = replace(model, g=g, delay=delay).network()
        if name == "spiking":  # the marginal wave solves the equation and grows fastest
            growth = [
                leading_mode(
                    ring, held.point, real_low=-30.0, variance=False, wave_number=factor * k
                )
                for factor in (0.98, 1.0, 1.02)
            ]
            assert abs(growth[1].real) < 1e-6
            assert growth[1].imag == pytest.approx(2 * np.pi * f, rel=1e-9)
            assert growth[0].real < growth[1].real > growth[2].real
        else:
            rate = rate_approximation(held.network, held.point, np.arange(1.0, 200.0))
            rate = replace(rate, W=rate_weights(ring, rate.h0), delay=delay)
            near = k * np.linspace(0.9, 1.1, 41)
            lam = rate_dispersion(rate, ring.space, near, np.array([0]))[0]
            assert np.argmax(lam.real) == 20
            assert abs(lam[20].real) < 1e-6


def test_a_ring_without_waves_says_so():
    # excitation as narrow as inhibition: the first oscillation is uniform
    study = study_of(SenkParams(width_exc=0.07e-3), 0.01, 0.01, (1.4e-3, 1.6e-3))
    with pytest.raises(ConvergenceError, match="no waves at any g"):
        onset_curves(study)


def test_spread_delays_have_no_rate_approximation():
    network, point = senk(5.0)
    spread = replace(network, delay_sd=np.full((2, 2), 1e-4), delay_distribution="gaussian")
    with pytest.raises(ParameterError, match="one delay, without spread"):
        rate_approximation(spread, point, np.arange(1.0, 200.0))
    ignored = replace(spread, delay_distribution="none")
    assert rate_approximation(ignored, point, np.arange(1.0, 200.0)).delay == 1.5e-3
