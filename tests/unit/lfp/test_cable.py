"""Ground truth: the cable against closed forms; proxies against the ground truth."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cortex.errors import ParameterError, RegimeWarning
from cortex.lfp import (
    SynapticCurrents,
    amplitude_matrix,
    cable_lfp,
    cable_transfer,
    cylindrical,
    explained_variance,
    fit_weighted_sum,
    inverting_electrodes,
    judge_proxies,
    mazzoni_population,
    population_source,
)
from cortex.lfp.cable import compartments
from cortex.lfp.grid import even_step
from cortex.lfp.judgement import judge_placement, scaled_to
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.population import filter_counts
from cortex.params.lfp import AMPA, GABA, BallAndStickParams
from cortex.params.lfp_study import GroundTruthParams
from cortex.rng import stream

CELL = BallAndStickParams()
THIN = BallAndStickParams(diameter=1e-6, basal_diameter=1e-6, soma_diameter=15e-6)
DEPTHS = np.linspace(-400e-6, 600e-6, 25)
DT = 1e-4
GROUND_TRUTH = {
    "variants": {"apical": CELL},
    "lowest": -400e-6,
    "highest": 600e-6,
    "n_depths": 5,
    "longest_delay": 2e-3,
    "delay_step": 1e-3,
    "smallest_alpha": 0.5,
    "largest_alpha": 2.0,
    "n_alphas": 3,
    "discard": 0.02,
}


def currents(n=4000, seed=0):
    """Return mean currents of E and I rates that follow each other within 1 ms, over 8 ms."""
    rng = stream(seed, "currents")
    drive = np.convolve(rng.normal(size=n), np.exp(-np.arange(400) / 80.0))[:n]
    rate = 20.0 * np.exp(0.3 * drive / drive.std())
    exc = rng.poisson(rate * 8000 * DT)
    inh = rng.poisson(np.roll(rate, 10) * 2000 * DT)
    ampa = filter_counts(exc, SynapticKernel.of(AMPA), 1.5e-3, DT)
    gaba = filter_counts(inh, SynapticKernel.of(GABA), 1.5e-3, DT)
    return SynapticCurrents(time=DT * np.arange(n), ampa=2.8e-16 * ampa, gaba=-7e-16 * gaba)


def test_transmembrane_currents_cancel_and_the_far_field_is_that_of_a_dipole():
    small_disc = replace(CELL, disc_radius=1e-6)
    far = np.array([0.02, 0.04])
    transfer = cable_transfer(small_disc, far)
    ampa, _ = transfer.at(np.array([0.0]))
    # no monopole: twice the distance, a quarter of the potential (next order 1/50)
    assert ampa[0, 0] / ampa[0, 1] == pytest.approx(4.0, rel=0.03)


def test_steady_voltage_of_a_uniform_stick_follows_the_cable_equation():
    cell = replace(THIN, soma_diameter=0.0, compartment=1e-6, disc_radius=1e-6)
    z, area, G = compartments(cell)
    source = int(np.argmin(np.abs(z - 100e-6)))
    V = np.linalg.solve(np.diag(area / cell.R_m) + G, np.eye(len(z))[source] * 1e-12)
    # finite cable, sealed ends, injection at x0: cosh solutions with length constant lambda
    lam = np.sqrt(cell.R_m * cell.diameter / (4 * cell.R_i))
    g_inf = np.pi * cell.diameter**2 / (4 * cell.R_i * lam)
    left, right = z[source] + cell.basal_length, cell.apical_length - z[source]
    g_in = g_inf * (np.tanh(left / lam) + np.tanh(right / lam))
    to_end = np.where(z < z[source], z + cell.basal_length, cell.apical_length - z)
    whole = np.where(z < z[source], left, right)
    expected = 1e-12 / g_in * np.cosh(to_end / lam) / np.cosh(whole / lam)
    np.testing.assert_allclose(V, expected, rtol=1e-3)


def test_axial_resistance_and_area_follow_the_diameters():
    z, area, G = compartments(replace(CELL, soma_diameter=0.0))
    dendrite = np.where(z < 0, 4e-6, 2e-6)
    np.testing.assert_allclose(area, np.pi * dendrite * CELL.compartment, rtol=1e-12)
    np.testing.assert_allclose(G.sum(axis=1), 0.0, atol=1e-12 * G.max())
    # resistance from end to end: R_i length / cross-section, less half a compartment each side
    ends = np.zeros(len(z))
    ends[[0, -1]] = -1e-12, 1e-12
    V = np.linalg.lstsq(G, ends, rcond=None)[0]
    basal, apical = (length - CELL.compartment / 2 for length in (150e-6, 500e-6))
    sections = np.pi * np.array([2e-6, 1e-6]) ** 2
    expected = CELL.R_i * (basal / sections[0] + apical / sections[1])
    assert (V[-1] - V[0]) / 1e-12 == pytest.approx(expected, rel=1e-9)


def test_modes_equal_direct_integration_in_time():
    transfer = cable_transfer(CELL, DEPTHS[::6])
    given = currents(600)
    found = cable_lfp(transfer, given)
    z, area, G = compartments(CELL)
    h = np.abs(DEPTHS[::6, None] - z)
    K = (np.sqrt(250e-6**2 + h**2) - h) / (2 * np.pi * 0.3 * 250e-6**2)
    place_a = (z > 0) / np.sum(z > 0)
    place_g = np.select([(z > -12.5e-6) & (z < 0), (z > 0) & (z < 12.5e-6)], [2 / 3, 1 / 3])
    at = lambda x, t: np.interp(t, given.time, x)  # noqa: E731 the current between samples
    run = solve_ivp(
        lambda t, V: (
            (
                at(given.ampa, t) * place_a
                + at(given.gaba, t) * place_g
                - area / CELL.R_m * V
                - G @ V
            )
            / (CELL.C_m * area)
        ),
        (0.0, given.time[-1]),
        np.zeros(len(z)),
        t_eval=given.time,
        method="LSODA",
        rtol=1e-8,
        atol=1e-14,
        max_step=DT,
    )
    expected = -(K @ G @ run.y).T
    # both are exact for straight lines between samples; the tolerance is the integrator's
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_a_sinusoid_has_the_amplitude_and_phase_of_the_transfer():
    transfer, f = cable_transfer(CELL, DEPTHS[::6]), 40.0
    time = DT * np.arange(4000)
    wave = np.exp(2j * np.pi * f * time)
    given = SynapticCurrents(time=time, ampa=1e-12 * (1.0 + wave.real), gaba=np.zeros(4000))
    found = cable_lfp(transfer, given)
    last = slice(-1000, None)  # four periods, 300 ms after the start: 15 membrane time constants
    amplitude = 2.0 * np.mean(found[last] * wave[last, None].conj(), axis=0) / 1e-12
    # straight lines between samples: (2 pi f dt)^2/12 = 5e-5
    expected = transfer.at(np.array([f]))[0][0]
    np.testing.assert_allclose(amplitude, expected, rtol=0, atol=2e-4 * np.abs(expected).max())


def test_the_slowest_mode_is_the_membrane_time_constant():
    transfer = cable_transfer(CELL, DEPTHS)
    assert transfer.rates.min() == pytest.approx(1.0 / (CELL.R_m * CELL.C_m), rel=1e-9)


def test_weighted_sum_follows_the_cable_when_shared_fluctuations_dominate():
    given = currents()
    truth = cable_lfp(cable_transfer(THIN, DEPTHS), given)
    found = judge_proxies(given, truth, discard=0.02)
    median = {name: float(np.median(r)) for name, r in found.items()}
    assert median["RWS"] > 0.9
    assert median["RWS"] > median["AMPA"] > median["I"]
    assert all(0.0 <= r <= 1.0 for r in median.values())


def test_fit_finds_the_parameters_that_made_a_signal():
    given = currents()
    late = np.roll(given.ampa, 30)
    truth = np.outer(late - 0.8 * np.roll(given.gaba, 10), [1.0, -2.0])
    fit = fit_weighted_sum(
        given,
        truth,
        delays_ampa=1e-3 * np.arange(6),
        delays_gaba=1e-3 * np.arange(4),
        alphas=np.array([0.4, 0.8, 1.6]),
        discard=0.01,
    )
    assert (fit.weighting.delay_ampa, fit.weighting.delay_gaba) == pytest.approx((3e-3, 1e-3))
    assert fit.weighting.alpha == 0.8
    np.testing.assert_allclose(fit.r_squared, 1.0, rtol=1e-9)
    assert fit.surface.shape == (3, 6, 4)


def test_fitted_sum_is_at_least_as_good_as_the_reference():
    given = currents()
    truth = cable_lfp(cable_transfer(CELL, DEPTHS), given)
    fit = fit_weighted_sum(
        given,
        truth,
        delays_ampa=1e-3 * np.arange(9),
        delays_gaba=1e-3 * np.arange(4),
        alphas=np.append(np.geomspace(0.1, 6.0, 25), 1.65),
        discard=0.02,
    )
    reference = judge_proxies(given, truth, discard=0.02)["RWS"]
    assert np.median(fit.r_squared) >= np.median(reference) - 1e-12
    assert np.median(fit.r_squared) > 0.95


def test_synapses_too_close_together_are_told():
    flat = replace(THIN, ampa_from=-100e-6, ampa_to=150e-6)
    with pytest.warns(RegimeWarning, match="centred 25 µm apart"):
        cable_transfer(flat, DEPTHS)


def test_a_flat_depth_explains_nothing_and_leaves_the_fit_alone():
    given = currents(600)
    truth = np.outer(np.roll(given.ampa, 20) - 0.8 * given.gaba, [1.0, 0.0, -2.0])
    grid = {"delays_ampa": 1e-3 * np.arange(4), "delays_gaba": np.zeros(1), "discard": 5e-3}
    fit = fit_weighted_sum(given, truth, alphas=np.array([0.4, 0.8]), **grid)
    assert (fit.weighting.alpha, fit.weighting.delay_ampa) == (0.8, 2e-3)
    np.testing.assert_allclose(fit.r_squared, [1.0, 0.0, 1.0], rtol=1e-9)
    silent = SynapticCurrents(time=given.time, ampa=0 * given.ampa, gaba=0 * given.gaba)
    assert not np.any(fit_weighted_sum(silent, truth, alphas=np.array([0.4]), **grid).surface)


def test_uneven_times_are_refused_by_all_that_step():
    given, params = currents(3000), GroundTruthParams(**GROUND_TRUTH)
    transfer = cable_transfer(CELL, DEPTHS)
    truth = cable_lfp(transfer, given)
    for time in (given.time**1.1, given.time[::-1], np.where(given.time > 0.1, np.nan, given.time)):
        uneven = replace(given, time=time)
        with pytest.raises(ParameterError, match="evenly spaced"):
            cable_lfp(transfer, uneven)
        with pytest.raises(ParameterError, match="evenly spaced"):
            judge_proxies(uneven, truth, discard=0.02)
        with pytest.raises(ParameterError, match="evenly spaced"):
            judge_placement(CELL, uneven, params)
    with pytest.raises(ParameterError, match="with no step must hold at least two"):
        even_step(np.zeros(1))
    # an hour from the start, steps of 0.1 ms differ by rounding only
    assert even_step(3600.0 + DT * np.arange(50)) == pytest.approx(DT, rel=1e-9)


def test_the_scaled_signal_is_the_least_squares_fit_without_its_constant():
    rng = stream(0, "scaled")
    signal, noise = rng.normal(size=(2, 50))
    truth = 3.0 + 2.0 * signal + noise
    slope, constant = np.linalg.lstsq(np.vstack([signal, np.ones(50)]).T, truth, rcond=None)[0]
    expected = slope * signal + constant - truth.mean()
    np.testing.assert_allclose(scaled_to(signal, truth), expected, rtol=0, atol=1e-13)
    assert not np.any(scaled_to(np.ones(50), truth))


def test_a_single_dipole_inverts_at_its_own_centre():
    population = population_source(stream(0, "somata").normal(0, 1e-4, (50, 3)))
    centre = population.centre[0]
    # at the centre, 10 µm above it and beside it; then 50 µm above, far above, far beside and above
    offsets = 1e-6 * np.array(
        [[0, 0, 0], [0, 0, 10], [900, 0, 0], [0, 0, 50], [0, 0, 2000], [900, 0, 300]]
    )
    electrodes = centre + offsets
    at = cylindrical(electrodes, population)
    amplitude = amplitude_matrix(electrodes, population, mazzoni_population)
    with pytest.warns(RegimeWarning, match=r"electrodes \[0, 1, 2\] lie at the inversion depth"):
        assert inverting_electrodes(amplitude, at).tolist() == [0, 1, 2]
    assert inverting_electrodes(amplitude[3:], cylindrical(electrodes[3:], population)).size == 0
    with pytest.raises(ParameterError, match="equal ones"):
        inverting_electrodes(amplitude[:2], at)


def test_electrodes_at_the_inversion_are_told():
    amplitude = np.array([[1.0, 0.9], [1.0, -0.95], [0.0, 0.0]])
    with pytest.warns(RegimeWarning, match=r"electrodes \[1\] lie at the inversion depth"):
        assert inverting_electrodes(amplitude).tolist() == [1]
    assert inverting_electrodes(amplitude[[0, 2]]).tolist() == []


def test_wrong_shapes_are_refused():
    given = currents(300)
    truth = cable_lfp(cable_transfer(CELL, DEPTHS), given)
    with pytest.raises(ParameterError, match="must share 300 times"):
        judge_proxies(given, truth[:100], discard=0.01)
    with pytest.raises(ParameterError, match="leaves nothing"):
        judge_proxies(given, truth, discard=0.02)
    both = SynapticCurrents(time=given.time, ampa=given.ampa[:, None], gaba=given.gaba[:, None])
    with pytest.raises(ParameterError, match="must be 1-D"):
        cable_lfp(cable_transfer(CELL, DEPTHS), both)
    with pytest.raises(ParameterError, match="and both on the cell"):
        BallAndStickParams(ampa_to=900e-6)
    assert explained_variance(np.ones(5), np.ones((5, 1)))[0] == 0.0
