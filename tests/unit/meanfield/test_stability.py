"""Characteristic equations of spiking networks: published modes, completeness, both paths."""

from dataclasses import replace
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.connectivity_matrix import spiking_characteristic
from cortex.meanfield.external_drive import external_rates
from cortex.meanfield.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.rate_model import mode_eigenvalues
from cortex.meanfield.response_fit import rate_weights
from cortex.meanfield.ring_patterns import (
    RateApproximation,
    most_unstable,
    onset_line,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    spiking_dispersion,
    spiking_family,
)
from cortex.meanfield.ring_study import blend_columns, dispersion_columns, onset_curves
from cortex.meanfield.roots import Rectangle, newton_roots, winding_number
from cortex.meanfield.spatial_profiles import profile_matrix
from cortex.meanfield.stability import (
    count_growing_modes,
    count_poles,
    leading_eigenvalues,
    leading_mode,
)
from cortex.meanfield.working_point import solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.params.grid import GridParams
from cortex.params.lif import LIFParams
from cortex.params.senk import SenkParams
from cortex.params.stability import RingPatterns

BRUNEL = BrunelParams(
    neuron=LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01),
    n_exc=10000,
    n_inh=2500,
    in_degree_exc=1000,
    in_degree_inh=250,
    J=1e-4,
    g=5.0,
    nu_ext_ratio=2.0,
    delay=1.5e-3,
    multapses=False,
)
K = np.arange(1000.0, 99501.0, 500.0)
BRANCHES = np.arange(-3, 3)


def senk(g, delay=1.5e-3):
    """Return the ring at mean and noise of 10 mV, and its working point."""
    driven = external_rates(replace(SenkParams(), g=g, delay=delay).network(), 0.01, 0.01)
    return driven.network, solve_working_point(driven.network, nu_start=driven.nu)


@pytest.mark.parametrize(
    ("g", "ratio", "growth", "frequency"),
    [(6.0, 4.0, 51.5, 190.2), (5.0, 2.0, -134.9, 124.3), (4.5, 0.9, 7.9, 29.0)],
)
def test_leading_modes_of_the_brunel_states(g, ratio, growth, frequency):
    # independent evaluation with 30-digit parabolic cylinder functions, printed to 0.1
    network = BRUNEL.at(g, ratio).network()
    roots = leading_eigenvalues(network, solve_working_point(network), max_frequency=300.0)
    assert roots.lam[0].real == pytest.approx(growth, abs=0.05)
    assert roots.lam[0].imag / (2 * np.pi) == pytest.approx(frequency, abs=0.05)
    assert np.all(roots.residual < 1e-9)


def test_the_spectrum_is_complete_across_the_poles_of_the_single_neuron():
    network = BRUNEL.network()
    point = solve_working_point(network)
    region = Rectangle(real_limits=(-600.0, 1000.0), imag_limits=(-3.0, 2000.0))
    assert count_poles(network, point, region) >= 3
    roots = leading_eigenvalues(network, point, real_low=-600.0, max_frequency=300.0)
    # scan: Newton from a dense grid finds nothing else in the region
    grid = (np.linspace(-590, 0, 12)[:, None] + 1j * np.linspace(1, 1880, 25)).ravel()
    found = newton_roots(spiking_characteristic(network, point), grid, region=region)
    inside = found.lam[found.converged & (found.lam.real > -600) & (found.lam.imag > 0)]
    inside = inside[inside.imag < 2 * np.pi * 300]
    distance = np.min(np.abs(inside[:, None] - roots.lam[None]), axis=1)
    assert np.all(distance < 1e-4 * np.abs(inside))


def test_poles_are_counted_like_with_parabolic_cylinder_functions():
    network = BRUNEL.network()
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
def test_poles_in_parts_of_a_region_add_up(g, ratio):
    network = BRUNEL.at(g, ratio).network()
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
def test_a_higher_border_loses_no_mode(g, ratio):
    network = BRUNEL.at(g, ratio).network()
    point = solve_working_point(network)
    low, high = (leading_eigenvalues(network, point, max_frequency=f).lam for f in (250.0, 1200.0))
    below = high[high.imag < 2.0 * np.pi * 250.0]
    np.testing.assert_allclose(np.sort_complex(below), np.sort_complex(low), rtol=1e-9, atol=1e-6)


def test_neurons_that_fire_in_step_have_a_growing_mode_near_the_inverse_delay():
    # nearly regular firing at 327 Hz: the leading mode is the second harmonic
    network = BRUNEL.at(3.0, 2.0).network()
    point = solve_working_point(network)
    mode = leading_mode(network, point)
    assert mode.real > 0.0
    assert mode.imag / (2.0 * np.pi) == pytest.approx(2.0 * point.nu[0], rel=0.02)
    assert mode.imag / (2.0 * np.pi) == pytest.approx(1.0 / 1.5e-3, rel=0.02)


@pytest.mark.parametrize(
    ("g", "ratio", "growing"), [(5.0, 2.0, 0), (6.0, 4.0, 1), (4.5, 0.9, 1), (3.0, 2.0, 1)]
)
def test_growing_modes_are_counted_without_solving_for_them(g, ratio, growing):
    network = BRUNEL.at(g, ratio).network()
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

    def rate_family(g, delay, k):
        other = replace(SenkParams(), g=g, delay=delay).network()
        W = rate_weights(other, model.h0)
        return rate_characteristic_at(replace(model, W=W, delay=delay), network.space, k)

    rate = onset_line(rate_family, np.array([4.54, 1.5e-3, 19.3e3, 206.8]), **limits)
    at = rate.points[np.argmin(np.abs(rate.points[:, 1] - 1.5e-3))]
    assert at[0] == pytest.approx(4.540, abs=2e-3)
    assert at[2] == pytest.approx(19.3e3, abs=60)
    assert at[3] == pytest.approx(206.8, abs=0.1)


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
    with pytest.raises(ParameterError, match="increase within"):
        follow_by_solving(rate, spiking, np.array([1j]), np.array([0.5, 0.2]))


def test_columns_of_the_ring_study_hold_both_models_and_both_ways():
    study = RingPatterns(
        model=SenkParams(),
        input_mean=0.01,
        input_noise=0.01,
        g=(5.0,),
        wave_number=GridParams(start=15.0, stop=23.0, num=5),
        branch_pairs=1,
        fit_max_frequency=199.0,
        alphas=3,
        real_low=-100.0,
        spiking_stride=2,
        delay_low=1.4e-3,
        delay_high=1.6e-3,
    )
    parts = list(dispersion_columns(study))
    models = {str(part["model"][0]) for part in parts}
    assert models == {"rate", "spiking"}
    spiking = [part["growth"][0] for part in parts if part["model"][0] == "spiking"]
    assert max(spiking) == pytest.approx(73.88, abs=0.02)  # k = 19/mm
    for part in blend_columns(study):
        np.testing.assert_allclose(part["growth_integrated"], part["growth_solved"], rtol=1e-6)
    curves = onset_curves(study)
    assert curves["spiking"].points[:, 0].min() < curves["rate"].points[:, 0].min()
