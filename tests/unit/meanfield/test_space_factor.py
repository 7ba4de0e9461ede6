"""What profiles and growing delays make of a plane wave.

Oracles: closed forms of the transforms; the sum over a fine lattice, one synapse at a time.
"""

import numpy as np
import pytest
from scipy.special import j1

from cortex.meanfield.response.connectivity_matrix import (
    effective_connectivity,
    spiking_characteristic,
)
from cortex.meanfield.response.spatial_profiles import profile_matrix, space_factor
from cortex.meanfield.stability.eigenvalues import leading_eigenvalues
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.params.synapses import Synapses

K = np.array([0.0, 1.3e3, 5e3, 1.7e4])
LAM = np.array([0.0, -80.0 + 300.0j, 1.5e3j])
WIDTH, SPEED = 2e-4, 0.3
CUT = 2e-4  # beyond the end of a drawn profile lie up to 8e-5 of its sources


def sheet(profile, dim=2, speed=SPEED, extent=4e-3):
    space = NetworkSpace(extent=[extent] * dim, profile=profile, width=WIDTH, speed=speed)
    return space.spread(1)


@pytest.mark.parametrize("k", K)
def test_exponential_profiles_with_growing_delays_have_their_closed_form(k):
    """Oracle, a = 1/l + lambda/v: a (a^2 + k^2)^(-3/2) on a sheet, a/(a^2 + k^2) on a ring.

    In a volume it is a (a^2 + k^2)^(-2).
    """
    a, k = 1.0 / WIDTH + LAM / SPEED, float(k)
    on_sheet = a * (a**2 + k**2) ** -1.5 / WIDTH**2
    on_ring = a / (a**2 + k**2) / WIDTH
    in_volume = a / (a**2 + k**2) ** 2 / WIDTH**3
    for dim, expected in ((2, on_sheet), (1, on_ring), (3, in_volume)):
        S = space_factor(sheet("exponential", dim), k)(LAM)[0][:, 0, 0]
        # e^(-12) of the perturbation is cut off, more where it grows towards the past
        np.testing.assert_allclose(S, expected, atol=10 * CUT)


@pytest.mark.parametrize("k", K)
def test_without_a_change_in_time_delays_do_not_matter_and_transforms_are_closed(k):
    """Oracle: Gaussian exp(-k^2 s^2/2), disc 2 J_1(k w)/(k w), exponential (1 + k^2 l^2)^(-3/2)."""
    z = k * WIDTH
    expected = {
        "gaussian": np.exp(-(z**2) / 2),
        "boxcar": 2 * j1(z) / z if z else 1.0,
        "exponential": (1 + z**2) ** -1.5,
    }
    for profile, value in expected.items():
        closed = profile_matrix(np.array(k), np.array([WIDTH]), profile, 2)
        assert closed[0, 0] == pytest.approx(value, abs=1e-14)
        at_once = space_factor(sheet(profile, speed=np.inf), float(k))(LAM)[0]
        np.testing.assert_allclose(at_once, closed, atol=1e-14)
        assert space_factor(sheet(profile), float(k))(LAM)[0][0, 0, 0] == pytest.approx(
            value, abs=CUT
        )


@pytest.mark.parametrize("profile", ["gaussian", "boxcar", "exponential"])
def test_a_plane_wave_in_any_direction_is_the_sum_over_a_fine_lattice(profile):
    """Oracle: the sum over 1,001 x 1,001 sources around one target, with delays r/v."""
    pitch = {"gaussian": 2e-6, "boxcar": 5e-7, "exponential": 5e-6}[profile]
    x = np.arange(-500, 501) * pitch
    r = np.hypot(*np.meshgrid(x, x))
    P = {
        "gaussian": np.exp(-(r**2) / (2 * WIDTH**2)),
        "boxcar": (r <= WIDTH) * 1.0,
        "exponential": np.exp(-r / WIDTH),
    }[profile]
    P[r > x[-1]] = 0.0
    k, angle, lam = 6e3, 0.7, -50.0 + 900.0j
    wave = np.exp(1j * k * (x * np.cos(angle) + (x * np.sin(angle))[:, None]))
    expected = np.sum(P * np.exp(-lam * r / SPEED) * wave) / P.sum()
    S = space_factor(sheet(profile), k)(np.array([lam]))[0][0, 0, 0]
    # the rim of a disc on a lattice of 400 cells per radius; e^(-12) cut off the exponential
    assert pytest.approx(expected, abs=5e-4) == S


def test_a_table_is_transformed_as_the_profile_that_it_samples():
    """Oracles: sinc^2(k w/2) of a triangle on a ring; the Gaussian, sampled at 500 places."""
    ring = NetworkSpace(
        extent=4e-3,
        profile="own",
        width=WIDTH,
        speed=np.inf,
        tables={"own": np.array([2.0, 1.0, 0.0])},
    ).spread(1)
    for k in K:
        triangle = np.sinc(k * WIDTH / 2.0 / np.pi) ** 2
        assert space_factor(ring, float(k))(LAM)[0][0, 0] == pytest.approx(triangle, abs=1e-12)
    r = np.linspace(0.0, 5.0, 500)
    for dim in (1, 2):
        for speed in (SPEED, np.inf):
            sampled = NetworkSpace(
                extent=[4e-3] * dim, profile="own", width=5.0 * WIDTH, speed=speed,
                tables={"own": np.exp(-(r**2) / 2.0)},
            ).spread(1)  # fmt: skip
            closed = sheet("gaussian", dim, speed)
            for k in K:
                S, expected = (space_factor(each, float(k))(LAM)[0] for each in (sampled, closed))
                # straight lines between samples, h^2/12 of the curvature; the Gaussian cut at 5
                np.testing.assert_allclose(S, expected + 0.0 * S, atol=3e-5)


def test_the_slope_over_lambda_is_that_of_finite_differences():
    factor, h = space_factor(sheet("gaussian"), 4e3), 1e-2
    up, down = factor(LAM + h)[0], factor(LAM - h)[0]
    np.testing.assert_allclose(factor(LAM)[1], (up - down) / (2 * h), rtol=1e-7)


def network(space):
    return PopulationNetwork(
        names=("E", "I"),
        sizes=[1600, 400],
        neurons=LIFNeurons(tau_m=0.01, tau_ref=2e-3, V_th=0.015, V_reset=0.0),
        synapses=Synapses(in_degrees=[100, 25], J=[2e-4, -1e-3], tau_s=5e-4, delay=5e-4),
        drive=Drive(rate=8e3, J=2e-4, tau_s=5e-4),
        space=space,
    )


def test_the_uniform_mode_notices_delays_that_grow_and_nothing_else_of_space():
    f = np.array([0.0, 40.0, 150.0])
    flat, at_once, growing = (
        network(space)
        for space in (None, sheet("gaussian", speed=np.inf), sheet("gaussian", speed=0.1))
    )
    point = solve_working_point(flat)
    M = effective_connectivity(flat, point, f)
    np.testing.assert_array_equal(effective_connectivity(at_once, point, f), M)
    late = effective_connectivity(growing, point, f)
    np.testing.assert_allclose(late[0], M[0], rtol=1e-12)
    S = space_factor(growing.space, 0.0)(2j * np.pi * f)[0]
    np.testing.assert_allclose(late, M * S, rtol=1e-12)
    uniform, zero = (
        leading_eigenvalues(growing, point, wave_number=k, variance=False).lam for k in (None, 0.0)
    )
    np.testing.assert_allclose(uniform, zero, rtol=1e-9)


def test_a_mode_of_a_sheet_solves_the_equation_of_its_lattice():
    """Oracle: det(1 - M) with S from the sum over a lattice, at the eigenvalue that was found."""
    space = sheet("gaussian", speed=0.1)
    net = network(space)
    point, k = solve_working_point(net), 2 * np.pi / 4e-3 * 3
    lam = leading_eigenvalues(net, point, wave_number=k, variance=False, real_low=-400.0).lam[:1]
    x = np.arange(-400, 401) * 3e-6
    r = np.hypot(*np.meshgrid(x, x))
    P = np.exp(-(r**2) / (2 * WIDTH**2))
    S = np.sum(P * np.exp(-lam[0] * r / 0.1) * np.exp(1j * k * x)) / P.sum()
    flat = network(sheet("gaussian", speed=np.inf))

    M = spiking_characteristic(flat, point, variance=False)(lam).M[0] * S
    # the profile ends at 5 sigma, where 4e-6 of it is left
    assert abs(np.linalg.det(np.eye(2) - M)) < 2e-5
