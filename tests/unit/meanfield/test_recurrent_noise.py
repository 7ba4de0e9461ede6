"""Noise that neurons make themselves: an independent iteration, networks, limits."""

from dataclasses import replace

import numpy as np
import pytest
from published import BRUNEL, LIF

from cortex.errors import ParameterError, RegimeWarning
from cortex.meanfield import (
    Receptors,
    firing_rate,
    isi_cv,
    population_cv,
    population_spectra,
    receptor_rate,
    receptor_spectrum,
    recurrent_noise,
    solve_working_point,
)
from cortex.meanfield.stationary.moments import mean_input


def brunel(g, ratio, J=1e-4):
    """Return the network of Brunel (2000) with delta synapses."""
    return replace(BRUNEL, g=g, nu_ext_ratio=ratio, J=J).network()


# g, ratio, J; rate (Hz) and CV of an independent program (three seeds scatter by 0.005 in the CV,
# the second is their mean), CV of the simulated network
STATES = [
    ((5.0, 2.0, 1e-4), 37.28, 0.414, 0.409),
    ((5.0, 1.5, 1e-4), 22.95, 0.492, 0.456),
    ((5.4, 2.2, 1.2e-4), 30.14, 0.603, 0.597),
]


@pytest.mark.parametrize(("state", "rate", "cv", "simulated"), STATES)
def test_irregularity_is_that_of_an_independent_iteration_and_near_the_network(
    state, rate, cv, simulated
):
    network = brunel(*state)
    point = solve_working_point(network)
    got = recurrent_noise(network, point)
    assert got.nu == pytest.approx([rate, rate], rel=0.008)  # four standard errors
    assert got.cv == pytest.approx([cv, cv], abs=0.008)
    # white noise is off by 0.2 to 0.27; what is left in the second state is partly common noise
    assert got.cv == pytest.approx([simulated, simulated], abs=0.045)
    assert np.all(population_cv(network, point) - simulated > 0.19)
    together = recurrent_noise(network, point, collective=True)
    assert together.cv == pytest.approx([simulated, simulated], abs=0.03)


def test_low_frequencies_are_quiet_where_spikes_are_regular():
    """The spectrum at 2 to 12 Hz over the rate, from the independent program: 0.196 in state C."""
    network = brunel(5.0, 2.0)
    got = recurrent_noise(network, solve_working_point(network))
    low = (got.frequencies > 2.0) & (got.frequencies < 12.0)
    assert np.mean(got.spectrum[low, 0]) / got.nu[0] == pytest.approx(0.196, rel=0.1)
    assert np.mean(got.spectrum[got.frequencies > 2000.0, 0]) == pytest.approx(got.nu[0], rel=0.02)


def test_the_result_does_not_depend_on_the_start_or_the_seed():
    network = brunel(5.0, 2.0)
    point = solve_working_point(network)
    faster = 1.2 * point.nu
    elsewhere = replace(point, nu=faster, mu=mean_input(network, faster))
    results = [
        recurrent_noise(network, start, seed=seed, check=False)
        for start, seed in ((point, 1), (elsewhere, 2))
    ]
    assert results[0].cv == pytest.approx(results[1].cv, abs=0.008)
    assert results[0].nu == pytest.approx(results[1].nu, rel=0.01)


def test_the_same_seed_gives_the_same_numbers():
    network = brunel(5.0, 2.0)
    point = solve_working_point(network)
    a, b = (recurrent_noise(network, point, n_rounds=1, n_averaged=1) for _ in range(2))
    assert np.array_equal(a.cv, b.cv)
    assert np.array_equal(a.spectrum, b.spectrum)


def test_without_recurrence_the_noise_is_that_of_the_drive():
    """Closed forms for white noise; thresholds tested every 0.02 ms make rates 1 % too low."""
    network = brunel(5.0, 2.0)
    alone = replace(
        network,
        synapses=replace(network.synapses, in_degrees=np.zeros((2, 2))),
        drive=replace(network.drive, rate=network.drive.rate * 0.5),
    )
    point = solve_working_point(alone)
    got = recurrent_noise(alone, point, step=2e-5, duration=5.24288, n_neurons=40, n_rounds=1)
    mu, sigma = float(point.mu[0]), float(point.sigma[0])
    assert got.nu == pytest.approx(np.full(2, firing_rate(mu, sigma, LIF)), rel=0.02)
    assert got.cv == pytest.approx(np.full(2, isi_cv(mu, sigma, LIF)), rel=0.03)
    f = np.array([40.0, 100.0, 300.0])
    exact = receptor_spectrum(Receptors(mu, np.array([sigma**2]), np.zeros(1), LIF), f)
    # bins of 12 Hz, 5 neighbours averaged: over 40 Hz the spectrum hardly bends within 60 Hz
    assert got.at(f)[1:, 0] == pytest.approx(exact[1:], rel=0.05)
    assert np.array_equal(got.at(-f), got.at(f))


def test_without_recurrence_filtered_noise_is_that_of_the_receptor():
    """The density of voltage and current, exact for one receptor, beside drawn noise."""
    network, tau_s = brunel(5.0, 2.0), 0.01
    alone = replace(
        network,
        synapses=replace(network.synapses, in_degrees=np.zeros((2, 2))),
        drive=replace(network.drive, rate=network.drive.rate * 0.5, tau_s=np.full((2, 1), tau_s)),
    )
    with pytest.warns(RegimeWarning, match="slower than tau_m/10"):
        point = solve_working_point(alone, method="nodes")
    got = recurrent_noise(alone, point, step=1e-4, duration=13.1072, n_neurons=40, n_rounds=1)
    noise = np.array([float(point.sigma[0]) ** 2])
    exact = receptor_rate(Receptors(float(point.mu[0]), noise, np.array([tau_s]), LIF)).nu
    slower = receptor_rate(Receptors(float(point.mu[0]), noise, np.array([2 * tau_s]), LIF)).nu
    # 420 s of spiking at some 10 Hz scatter by 2 %
    assert got.nu == pytest.approx(np.full(2, exact), rel=0.04)
    assert abs(slower / exact - 1.0) > 0.1


def test_a_state_that_oscillates_is_warned_of():
    network = brunel(6.0, 4.0)
    with pytest.warns(RegimeWarning, match="worse than in white noise"):
        recurrent_noise(network, solve_working_point(network), n_rounds=1, n_averaged=1)


def test_spectra_take_the_noise_of_single_neurons():
    network = brunel(5.0, 2.0)
    point = solve_working_point(network)
    noise = recurrent_noise(network, point, n_rounds=3, n_averaged=3)
    f = np.array([8.0, 100.0])
    poisson = population_spectra(network, point, f)
    got = population_spectra(network, point, f, noise=noise)
    # all populations are alike: the spectra scale with those of their neurons
    ratio = noise.at(f)[:, 0] / point.nu[0]
    np.testing.assert_allclose(got[:, 0, 0], poisson[:, 0, 0] * ratio, rtol=1e-9)
    assert ratio[0] < 0.3


def test_common_noise_of_many_neurons_vanishes_and_that_of_few_is_felt():
    """At the in-degrees of 12,500 neurons in 10^8 the neurons have nothing in common."""
    network = brunel(5.0, 2.0)
    point = solve_working_point(network)
    shorter = {"n_rounds": 2, "n_averaged": 2}
    apart = recurrent_noise(network, point, **shorter)
    together = recurrent_noise(network, point, collective=True, **shorter)
    assert not np.array_equal(apart.cv, together.cv)
    vast = replace(network, sizes=network.sizes * 10**4)
    # the same random numbers: differences are those of the common noise, 1e-4 of that of few
    assert recurrent_noise(vast, point, collective=True, **shorter).cv == pytest.approx(
        recurrent_noise(vast, point, **shorter).cv, abs=2e-3
    )


def test_too_short_a_time_or_no_rounds_are_refused():
    network = brunel(5.0, 2.0)
    point = solve_working_point(network)
    with pytest.raises(ParameterError, match="fewer than 16 segments"):
        recurrent_noise(network, point, duration=1.0)
    with pytest.raises(ParameterError, match="not positive"):
        recurrent_noise(network, point, n_averaged=0)
