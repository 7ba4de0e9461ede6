"""Waves on the ring of Senk et al. (2020): dispersion, both ways to the spiking model, onsets."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError
from cortex.meanfield.matrix_function import MatrixAndSlope
from cortex.meanfield.patterns.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.patterns.onset import onset_line, rate_family, spiking_family
from cortex.meanfield.patterns.rate_model import mode_eigenvalues, rate_eigenvalues
from cortex.meanfield.patterns.ring_patterns import (
    RateApproximation,
    first_wave,
    most_unstable,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
    spiking_dispersion,
)
from cortex.meanfield.patterns.ring_study import blend_columns, dispersion_columns, onset_curves
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.response.response_fit import rate_weights
from cortex.meanfield.response.spatial_profiles import profile_matrix
from cortex.meanfield.stability.eigenvalues import (
    leading_eigenvalues,
    leading_mode,
)
from cortex.meanfield.stationary.external_drive import hold_input
from cortex.params.grid import GridParams
from cortex.params.senk import SenkParams
from cortex.params.stability import RingPatterns

K = np.arange(1000.0, 99501.0, 500.0)
BRANCHES = np.arange(-3, 3)


def senk(g, delay=1.5e-3):
    """Return the ring at mean and noise of 10 mV, and its working point."""
    held = hold_input(replace(SenkParams(), g=g, delay=delay).network(), 0.01, 0.01)
    return held.network, held.point


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
    wired, p = network.synapses, profile_matrix(k, network.space.width, "boxcar")
    coupling = (wired.in_degrees * wired.J * p).sum(axis=(1, 2))
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
    assert caught.value.partial.shape == (2, 1)  # type: ignore[attr-defined]
    for follow in (follow_by_solving, follow_by_integration):
        with pytest.raises(ParameterError, match="increase within"):
            follow(rate, spiking, np.array([1j]), np.array([0.5, 0.2]))
        with pytest.raises(ParameterError, match="increase within"):
            follow(rate, spiking, np.array([1j]), np.empty(0))
        with pytest.raises(ParameterError, match="leave out missing branches"):
            follow(rate, spiking, np.array([complex(-np.inf)]), np.array([0.0, 1.0]))


def study_of(mean, noise, delays):
    """Return a study of one ring with few wave numbers."""
    return RingPatterns(
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
    study, model = study_of(0.01, 0.01, (1.4e-3, 1.6e-3)), SenkParams()
    parts = list(dispersion_columns(study, model))
    models = {str(part["model"][0]) for part in parts}
    assert models == {"rate", "spiking"}
    spiking = [part["growth"][0] for part in parts if part["model"][0] == "spiking"]
    assert max(spiking) == pytest.approx(73.88, abs=0.02)  # k = 19/mm
    for part in blend_columns(study, model):
        np.testing.assert_allclose(part["growth_integrated"], part["growth_solved"], rtol=1e-6)
    curves = onset_curves(study, model)
    assert curves["spiking"].points[:, 0].min() < curves["rate"].points[:, 0].min()


def test_onsets_are_found_on_a_ring_unlike_the_published_one():
    # wider, slower and more weakly driven: the onset lies at g = 6.4, 12/mm and 108 Hz
    model = SenkParams(width_exc=0.3e-3, width_inh=0.105e-3, delay=3e-3)
    curves = onset_curves(study_of(6e-3, 8e-3, (2.9e-3, 3.1e-3)), model)
    held = hold_input(model.network(), 6e-3, 8e-3)
    for name, curve in curves.items():
        assert curve.ends == ("outside", "outside")
        g, delay, k, f = curve.points[len(curve.points) // 2]
        ring = replace(model, g=g, delay=delay).network()
        if name == "spiking":  # the marginal wave solves the equation and grows fastest
            here = hold_input(ring, 6e-3, 8e-3)
            growth = [
                leading_mode(
                    here.network, here.point, real_low=-30.0, variance=False, wave_number=factor * k
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
    study, model = study_of(0.01, 0.01, (1.4e-3, 1.6e-3)), SenkParams(width_exc=0.07e-3)
    with pytest.raises(ConvergenceError, match="no waves at any g"):
        onset_curves(study, model)


def test_spread_delays_have_no_rate_approximation():
    network, point = senk(5.0)
    law = replace(network.synapses, delay_sd=1e-4, delay_distribution="gaussian")
    spread = replace(network, synapses=law)
    with pytest.raises(ParameterError, match="one delay, without spread"):
        rate_approximation(spread, point, np.arange(1.0, 200.0))
    ignored = replace(network, synapses=replace(law, delay_distribution="none"))
    assert rate_approximation(ignored, point, np.arange(1.0, 200.0)).delay == 1.5e-3


def test_branches_of_coupled_populations_are_the_same_solved_and_integrated():
    """Two ways that share no code but the matrices, which do not commute."""
    strong = np.array([[0.4, -1.9], [1.1, -0.7]])
    other = np.array([[0.9, -1.2], [1.6, -1.5]])

    def of(weights, tau):
        def matrix(lam):
            lam = np.asarray(lam)[..., None, None]
            M = weights * np.exp(-lam * 1.5e-3) / (1.0 + lam * tau)
            return MatrixAndSlope(M, M * (-1.5e-3 - tau / (1.0 + lam * tau)))

        return matrix

    start = rate_eigenvalues(strong, 2e-3, 1.5e-3, [0, 1]).ravel()
    rate, spiking, alphas = of(strong, 2e-3), of(other, 4e-3), np.linspace(0.0, 1.0, 5)
    solved = follow_by_solving(rate, spiking, start, alphas)
    # the tolerance of the integration is 1e-8 of numbers of thousands
    np.testing.assert_allclose(
        follow_by_integration(rate, spiking, start, alphas), solved, rtol=1e-6
    )
    assert np.all(np.abs(solved[-1] - start) > 10.0)
