"""Time courses of rates: steady state, sinusoid, causality, and simulated networks."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from published import BRUNEL, LIF

from cortex.errors import ParameterError, RegimeWarning
from cortex.meanfield import (
    angular,
    effective_connectivity,
    population_response,
    rate_course,
    solve_working_point,
)

NETWORK = BRUNEL.network()
POINT = solve_working_point(NETWORK)
SLOW = replace(
    NETWORK,
    synapses=replace(NETWORK.synapses, in_degrees=[200, 50], tau_s=[5e-3, 2e-3]),
    drive=replace(NETWORK.drive, tau_s=5e-3),
)
DRIVES = [("rate", (0, 0)), ("rate", (1, 0)), ("mu_dc", 0), ("mu_dc", 1)]


def moved(network, name, place, change):
    """Return the network with one of its constant drives changed."""
    values = getattr(network.drive, name).copy()
    values[place] += change
    return replace(network, drive=replace(network.drive, **{name: values}))


def courses(network, n_times, name, place, shape):
    """Return a course of one drive: its constant value plus `shape`."""
    held = getattr(network.drive, name)
    values = np.repeat(held[np.newaxis], n_times, axis=0)
    values[(slice(None), *np.atleast_1d(place))] += shape
    return {"rates" if name == "rate" else name: values}


def transferred(frequencies, name, place):
    """Return (1 - M)^-1 times the response of the driven population, shape (n_freqs, n_pops)."""
    alone = population_response(NETWORK, POINT, angular(frequencies))
    M = effective_connectivity(NETWORK, POINT, frequencies)
    a, tau_m, J = int(np.atleast_1d(place)[0]), LIF.tau_m, NETWORK.drive.J[0, 0]
    by_rate = tau_m * J * alone.H_mu + tau_m * J**2 * alone.H_sigma2
    own = (by_rate if name == "rate" else alone.H_mu)[:, a]
    return np.linalg.inv(np.eye(2) - M)[:, :, a] * own[:, np.newaxis]


@pytest.mark.parametrize(("name", "place"), DRIVES)
def test_response_to_a_lasting_step_is_the_slope_of_the_working_point(name, place):
    h = 1e-3 * (NETWORK.drive.rate[0, 0] if name == "rate" else LIF.V_th)
    low, high = (solve_working_point(moved(NETWORK, name, place, s)).nu for s in (-h, h))
    found = rate_course(NETWORK, POINT, 1e-3, **courses(NETWORK, 300, name, place, h))
    # after 300 ms the slowest mode, of some 15 ms, has gone; h^3 of the difference is 1e-5
    np.testing.assert_allclose(found[-1] - POINT.nu, (high - low) / 2, rtol=1e-4)


def test_steady_state_holds_for_receptors_of_unlike_time_constants():
    point = solve_working_point(SLOW, method="nodes")
    h = 2e-3 * SLOW.drive.rate[0, 0]
    low, high = (
        solve_working_point(moved(SLOW, "rate", (0, 0), s), method="nodes").nu for s in (-h, h)
    )
    found = rate_course(SLOW, point, 1e-3, **courses(SLOW, 300, "rate", (0, 0), h))
    # rational functions tell the responses on nodes to 1e-4, the loop amplifies it
    np.testing.assert_allclose(found[-1] - point.nu, (high - low) / 2, rtol=5e-3)


@pytest.mark.parametrize(("name", "place"), [("rate", (0, 0)), ("mu_dc", 1)])
def test_sinusoid_has_amplitude_and_phase_of_the_transfer_function(name, place):
    """Held and counted in intervals: H sinc^2, and images of the sinusoid at 1/interval."""
    f, interval, n_times = 1.0, 1e-4, 13000
    shape = np.sin(2.0 * np.pi * f * interval * np.arange(n_times))
    scale = 1.0 if name == "rate" else 1e-5
    nu = rate_course(
        NETWORK, POINT, interval, **courses(NETWORK, n_times, name, place, scale * shape)
    )
    last = slice(n_times - 10000, None)  # one period, 300 ms after the start
    wave = np.exp(-2j * np.pi * f * interval * np.arange(n_times))[last]
    found = 2.0 * np.mean((nu[last] - POINT.nu) * wave[:, np.newaxis], axis=0)
    images = f + np.arange(-8, 9) / interval
    response = transferred(images, name, place)
    expected = -1j * scale * np.sinc(images * interval) ** 2 @ response
    # images beyond the eighth: (f interval)^2 = 1e-8 times 0.2 of a response a tenth as large
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    np.testing.assert_allclose(found, -1j * scale * response[8], rtol=1e-6)


def test_nothing_happens_before_a_pulse_and_everything_passes_after_it():
    shape = np.zeros(600)
    shape[100:110] = 0.05 * NETWORK.drive.rate[0, 0]
    change = rate_course(NETWORK, POINT, 1e-3, **courses(NETWORK, 600, "rate", (0, 0), shape))
    change -= POINT.nu
    peak = np.abs(change).max()
    assert peak > 0.5
    assert np.abs(change[:95]).max() < 1e-3 * peak
    assert np.abs(change[500:]).max() < 1e-6 * peak


def test_a_silent_population_and_one_interval_are_no_exception():
    idle = replace(NETWORK, drive=replace(NETWORK.drive, rate=0.0))
    point = solve_working_point(idle)
    nu = rate_course(idle, point, 1e-3, mu_dc=np.full((1, 2), 1e-3))
    np.testing.assert_array_equal(nu, np.zeros((1, 2)))


def test_an_unstable_state_and_a_negative_rate_are_named():
    rates = np.repeat(NETWORK.drive.rate[np.newaxis], 100, axis=0)
    with pytest.warns(RegimeWarning, match="more than linear response"):
        rate_course(NETWORK, POINT, 1e-3, rates=0.0 * rates)
    excited = replace(BRUNEL, g=3.0).network()
    point = solve_working_point(excited)
    with pytest.warns(RegimeWarning, match=r"mode\(s\) of the working point grow"):
        rate_course(excited, point, 1e-3, rates=rates)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rate_course(excited, point, 1e-3, rates=rates, check=False)


def test_courses_that_do_not_fit_are_refused():
    good = np.zeros((5, 2))
    for wrong in (
        {},
        {"mu_dc": good, "rates": np.zeros((4, 2, 1))},
        {"mu_dc": np.zeros((5, 3))},
        {"mu_dc": np.full((5, 2), np.nan)},
        {"mu_dc": np.zeros((0, 2))},
        {"rates": good},
    ):
        with pytest.raises(ParameterError):
            rate_course(NETWORK, POINT, 1e-3, **wrong)
    with pytest.raises(ParameterError, match="positive length"):
        rate_course(NETWORK, POINT, 0.0, mu_dc=good)
