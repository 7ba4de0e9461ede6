"""Predicted spectra of the weighted sum: closed forms, and against simulated currents."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import welch

from cortex.errors import ParameterError, RegimeWarning
from cortex.lfp import (
    SynapticKernel,
    population_rws,
    predict_rws,
    rate_to_rws,
    rws_spectrum,
)
from cortex.meanfield.fluctuations.spectra import population_spectra
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams
from cortex.params.lfp import SYNAPSES, WeightedSumParams
from cortex.params.simulation import SimulationParams
from cortex.rng import stream
from cortex.spikes import Spikes
from cortex.spiking import simulate

BRUNEL = BrunelParams(g=5.0, nu_ext_ratio=2.0)
F = np.array([1.0, 10.0, 40.0, 122.0, 300.0])


def test_transfer_equals_the_formula_written_out():
    # q_E = K_E C J s_A e^{-i w (d + 6 ms)}, q_I = 1.65 K_I C |J_I| s_G e^{-i w d}
    omega = 2 * np.pi * F
    s_A = 1 / ((1 + 2e-3j * omega) * (1 + 4e-4j * omega))
    s_G = 1 / ((1 + 5e-3j * omega) * (1 + 2.5e-4j * omega))
    charge = SYNAPSES.capacitance * 1e-4
    q = rate_to_rws(BRUNEL.network(), F)
    np.testing.assert_allclose(q[:, 0], 1000 * charge * s_A * np.exp(-7.5e-3j * omega), rtol=1e-12)
    q_I = 1.65 * 250 * 5 * charge * s_G * np.exp(-1.5e-3j * omega)
    np.testing.assert_allclose(q[:, 1], q_I, rtol=1e-12)


def test_biexponential_of_unit_area_is_two_first_order_filters():
    kernel = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4)
    omega = 2 * np.pi * F
    expected = 1 / ((1 + 2e-3j * omega) * (1 + 4e-4j * omega))
    np.testing.assert_allclose(kernel.spectrum(F), expected, rtol=1e-13)


def test_spectrum_of_uncorrelated_populations_is_a_sum_of_shot_noises():
    network = BRUNEL.network()
    nu = np.array([30.0, 50.0])
    shot = np.tile(np.diag(nu / network.sizes).astype(complex), (len(F), 1, 1))
    q = rate_to_rws(network, F)
    expected = (np.abs(q) ** 2 * nu / network.sizes).sum(axis=1)
    np.testing.assert_allclose(rws_spectrum(shot, network, F), expected, rtol=1e-13)


def test_spectrum_is_real_positive_and_invariant_under_a_common_shift():
    network = BRUNEL.network()
    C = population_spectra(network, solve_working_point(network), F)
    plain = rws_spectrum(C, network, F)
    later = WeightedSumParams(delay_ampa=16e-3, delay_gaba=10e-3)
    assert np.all(plain > 0.0)
    np.testing.assert_allclose(rws_spectrum(C, network, F, weighting=later), plain, rtol=1e-12)


def test_a_copy_of_the_targets_changes_no_mean():
    network = BRUNEL.network()
    both = rate_to_rws(network, F, targets=("E", "I"))
    np.testing.assert_allclose(both, rate_to_rws(network, F, targets=("E",)), rtol=1e-13)


def test_predicted_and_synthesised_spectra_of_poisson_spikes_agree():
    network = BRUNEL.network()
    delays = replace(network.synapses, delay=[[1.5e-3, 2.5e-3], [1.5e-3, 1.5e-3]])
    network = replace(network, synapses=delays)
    rng, dt, n = stream(3, "poisson"), 1e-4, 200_000
    counts = rng.poisson(np.array([[30.0], [50.0]]) * network.sizes[:, None] * dt, (2, n))
    pops, steps = np.nonzero(counts)
    neurons = np.repeat(network.first[pops], counts[pops, steps])
    steps = np.repeat(steps, counts[pops, steps])
    spikes = Spikes(
        steps=np.sort(steps),
        neurons=neurons[np.argsort(steps, kind="stable")],
        dt=dt,
        n_steps=n,
        names=network.names,
        sizes=network.sizes,
    )
    rws = population_rws(spikes, network)
    f, density = welch(rws, fs=1 / dt, nperseg=4096)
    near = (f > 2.0) & (f < 500.0)
    nu = np.array([30.0, 50.0])
    shot = np.tile(np.diag(nu / network.sizes).astype(complex), (near.sum(), 1, 1))
    ratio = density[near] / (2 * rws_spectrum(shot, network, f[near]))
    # about 95 half-overlapping windows: 11 % per bin, 1 % for the mean of 200 bins
    assert np.mean(ratio) == pytest.approx(1.0, abs=0.03)
    assert np.all(np.abs(ratio - 1.0) < 0.4)


def test_wrong_cross_spectra_are_refused():
    with pytest.raises(ParameterError, match=r"needs \(5, 2, 2\)"):
        rws_spectrum(np.ones((5, 2), complex), BRUNEL.network(), F)


@pytest.mark.slow
def test_predicted_and_simulated_spectra_of_the_asynchronous_state_agree():
    network = BRUNEL.network()
    settings = SimulationParams(dt=1e-4, warm_up=0.3, duration=4.0, precision="float32")
    spikes = simulate(network, settings, seed=11).spikes
    rws = population_rws(spikes, network)
    f, density = welch(rws[500:], fs=1e4, nperseg=2048)
    near = (f > 8.0) & (f < 250.0)
    C = population_spectra(network, solve_working_point(network), f[near])
    predicted = 2 * rws_spectrum(C, network, f[near])
    peak_predicted = f[near][np.argmax(predicted)]
    peak_simulated = f[near][np.argmax(density[near])]
    # linear response: the ring of this network is damped and close to its instability
    assert peak_simulated == pytest.approx(peak_predicted, rel=0.2)
    total = np.sum(density[near]) / np.sum(predicted)
    assert 0.5 < total < 2.0
    correlation = np.corrcoef(np.log(predicted), np.log(density[near]))[0, 1]
    assert correlation > 0.9


def test_prediction_from_parameters_alone_is_that_of_its_parts():
    network = BRUNEL.network()
    found = predict_rws(network, F)
    C = population_spectra(network, solve_working_point(network), F)
    np.testing.assert_allclose(found.one_sided, 2 * rws_spectrum(C, network, F), rtol=1e-12)
    # leading eigenvalue of the asynchronous state: -134.9 1/s at 124.3 Hz
    assert found.growth == pytest.approx(-134.9, abs=0.1)
    assert found.mode_frequency == pytest.approx(124.3, abs=0.1)


def test_no_spectrum_is_predicted_for_an_unstable_state():
    found = predict_rws(BRUNEL.at(6.0, 4.0).network(), F)
    assert found.growth > 0.0
    assert np.all(np.isnan(found.one_sided))


def test_regular_firing_is_told_and_not_predicted():
    with pytest.warns(RegimeWarning, match="neurons fire regularly"):
        found = predict_rws(BRUNEL.at(3.0, 2.0).network(), F)
    assert np.all(np.isnan(found.one_sided))


def test_the_formula_can_be_evaluated_at_an_unstable_point_on_request():
    network = BRUNEL.at(6.0, 4.0).network()
    found = predict_rws(network, F, formal=True)
    C = population_spectra(network, solve_working_point(network), F, check=False)
    np.testing.assert_allclose(found.one_sided, 2 * rws_spectrum(C, network, F), rtol=1e-12)
    assert found.growth > 0.0
