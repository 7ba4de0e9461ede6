"""External rates for a wanted input and the low-pass fit, against stored values of NNMT 1.3.0."""

from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.meanfield import (
    angular,
    external_rates,
    fit_low_pass,
    fit_rate_model,
    hold_input,
    population_cv,
    population_response,
    population_transfer,
    rate_weights,
    solve_working_point,
    transfer_function,
)
from cortex.params.drive import Drive
from cortex.params.lif import LIFParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams


def test_external_rates_and_working_points_of_senk_et_al_agree(stored):
    for case in stored("senk2020_external_rates_and_working_points"):
        network = SenkParams(g=5.0 if "g5" in case.id else 6.0).network()
        method = case.id.rsplit("_", 1)[1]
        for a, mu in enumerate(case.i["mu_set"]):
            for b, sigma in enumerate(case.i["sigma_set"]):
                want = case.raw["outputs"]["nu_ext"]["value"][a][b]
                if "nan" in np.ravel(want):
                    with pytest.warns(RegimeWarning, match="negative"):
                        external_rates(network, mu, sigma, method=method)
                    continue
                drive = external_rates(network, mu, sigma, method=method)
                np.testing.assert_allclose(
                    drive.network.drive.rate, np.tile(want, (2, 1)), rtol=1e-9
                )
                assert drive.is_exact
                point = solve_working_point(drive.network, method=method)
                np.testing.assert_allclose(point.nu, case.o["firing_rates"][a, b], rtol=1e-9)
                np.testing.assert_allclose(point.nu, drive.nu, rtol=1e-11)
                np.testing.assert_allclose(point.mu, mu, rtol=1e-12)
                np.testing.assert_allclose(point.sigma, sigma, rtol=1e-12)
                if method == "shift":
                    cv = population_cv(drive.network, point)
                    np.testing.assert_allclose(cv, case.o["cvs"][a, b], rtol=1e-8)


def test_one_source_cannot_set_mean_and_noise_and_the_residual_tells():
    network = MicrocircuitParams().network()
    with pytest.warns(RegimeWarning, match="negative"):
        drive = external_rates(network, 8e-3, 5e-3)
    assert not drive.is_exact
    assert np.max(np.abs(drive.residual_mu)) > 1e-4
    point = solve_working_point(network)
    kept = external_rates(network, point.mu, point.sigma)  # here one source does suffice
    assert kept.is_exact
    np.testing.assert_allclose(kept.network.drive.rate, network.drive.rate, rtol=1e-9)


def test_a_constant_drive_is_taken_into_account():
    plain = SenkParams().network()
    network = replace(plain, drive=replace(plain.drive, mu_dc=3e-3))
    point = solve_working_point(external_rates(network, 10e-3, 10e-3).network)
    np.testing.assert_allclose(point.mu, 10e-3, rtol=1e-12)


def test_unreachable_input_warns_and_a_network_without_input_is_refused():
    network = SenkParams().network()
    with pytest.warns(RegimeWarning, match="negative ones cannot be realized"):
        external_rates(network, 10e-3, 1e-3)
    nothing = np.zeros((2, 0))
    bare = replace(network, drive=Drive(rate=nothing, J=nothing, tau_s=nothing))
    with pytest.raises(ParameterError, match="no external input"):
        external_rates(bare, 10e-3, 10e-3)
    J = network.drive.J * np.array([[1.0], [0.0]])
    deaf = replace(network, drive=replace(network.drive, J=J))
    with pytest.raises(ParameterError, match=r"drive\.J of I is zero"):
        external_rates(deaf, 10e-3, 10e-3)


def test_the_rates_given_before_do_not_matter_even_where_all_are_zero():
    # no recurrent synapse tells the synaptic time constant: only the external ones do
    ring = SenkParams().network()
    network = replace(ring, synapses=replace(ring.synapses, in_degrees=0.0))
    silent = replace(network, drive=replace(network.drive, rate=0.0))
    drive, again = (external_rates(each, 10e-3, 10e-3) for each in (network, silent))
    np.testing.assert_array_equal(drive.network.drive.rate, again.network.drive.rate)
    np.testing.assert_array_equal(drive.nu, again.nu)


def test_the_state_held_is_the_one_asked_for_and_not_the_one_reached_from_silence():
    # weak inhibition: the driven network has several states
    held = hold_input(SenkParams(g=2.0).network(), 10e-3, 10e-3)
    np.testing.assert_allclose(held.point.mu, 10e-3, rtol=1e-12)
    np.testing.assert_allclose(held.point.sigma, 10e-3, rtol=1e-12)
    np.testing.assert_allclose(held.point.nu, 55.2195, rtol=1e-6)  # published, at any g
    assert held.point.converged
    assert solve_working_point(held.network).nu[0] < 20.0


def test_an_input_that_cannot_be_held_is_refused():
    network = MicrocircuitParams().network()
    with (
        pytest.warns(RegimeWarning, match="negative"),
        pytest.raises(ParameterError, match="give every population two inputs of unlike weight"),
    ):
        hold_input(network, 8e-3, 5e-3)


def test_mapping_of_figure_5_agrees_with_stored_values(stored):
    (case,) = stored("mapping_lif_rate_figure5")
    network, f = SenkParams(g=5.0).network(), case.i["frequencies"]
    for a, mu in enumerate(case.i["mean_inputs"]):
        for b, sigma in enumerate(case.i["std_inputs"]):
            drive = external_rates(network, mu, sigma)
            point = solve_working_point(drive.network)
            H = population_transfer(drive.network, point, f, synaptic_filter=True)
            fit = fit_low_pass(f, H)
            weights = rate_weights(network, fit.h0)
            want = case.o["transfer_function_every_12th_frequency"][a, b]
            np.testing.assert_allclose(H[::12, 0], want, rtol=1e-10)
            for got, name, rtol in (
                (fit.tau[0], "tau_rate", 1e-6),  # the stored fits stop early, at 4e-7
                (fit.h0[0], "h0", 1e-6),
                (fit.error[0], "fit_error", 1e-5),
                (weights[0, 0], "W_rate_EE", 1e-6),
                (weights[0, 1], "W_rate_EI", 1e-6),
            ):
                assert got == pytest.approx(case.o[name][a, b], rel=rtol), name


def test_weights_take_the_gain_of_the_target():
    network = MicrocircuitParams().network()
    point = solve_working_point(network)
    f = np.arange(1.0, 200.0, 4.0)
    response = population_response(network, point, angular(f))
    fit = fit_low_pass(f, response.H_mu)
    weights = rate_weights(network, fit.h0)
    coupling = network.synapses.in_degrees[2] * network.synapses.J[2]
    row = fit.h0[2] * network.neurons.tau_m[2] * coupling
    np.testing.assert_allclose(weights[2], row, rtol=1e-15)
    assert np.all(fit.tau > 0.0)
    assert np.all(fit.h0 > 0.0)


def test_fit_recovers_a_filter_and_keeps_its_sign():
    f = np.linspace(1.0, 300.0, 80)
    for h0, tau in ((7.0e3, 2e-3), (-50.0, 8e-3)):
        fit = fit_low_pass(f, h0 / (1.0 + 2j * np.pi * f * tau))
        assert float(fit.tau) == pytest.approx(tau, rel=1e-12)
        assert float(fit.h0) == pytest.approx(h0, rel=1e-12)
        np.testing.assert_allclose(fit(f), h0 / (1.0 + 2j * np.pi * f * tau), rtol=1e-12)


def test_weak_drive_gives_a_positive_time_constant():
    f = np.arange(1.0, 200.0)
    H = transfer_function(
        f, 5e-3, 2e-3, LIFParams(tau_m=0.02, tau_ref=2e-3, V_th=0.02, V_reset=0.01)
    )
    assert float(fit_low_pass(f, H).tau) > 0.0


def test_a_flat_response_and_too_few_frequencies_are_refused():
    f = np.arange(1.0, 200.0)
    with pytest.raises(ConvergenceError, match="does not fall like a low-pass"):
        fit_low_pass(f, np.ones((f.size, 1), dtype=complex))
    with pytest.raises(ParameterError, match="at least 3 frequencies"):
        fit_low_pass(f[:2], np.ones(2, dtype=complex))
    H = 7e3 / (1 + 2j * np.pi * f * 2e-3)
    with pytest.raises(ParameterError, match="frequencies must be positive"):
        fit_low_pass(f - 1.0, H)
    with pytest.raises(ParameterError, match="all responses finite"):
        fit_low_pass(f, np.where(f > 3.0, H, np.nan))


def test_the_fitted_rate_model_is_the_fit_of_the_response():
    held = hold_input(SenkParams().network(), 10e-3, 10e-3)
    f = np.arange(1.0, 200.0)
    fitted = fit_rate_model(held.network, held.point, f)
    H = population_transfer(held.network, held.point, f, synaptic_filter=True)
    np.testing.assert_array_equal(fitted.response, H)
    np.testing.assert_array_equal(fitted.fit.h0, fit_low_pass(f, H).h0)
    np.testing.assert_array_equal(fitted.weights, rate_weights(held.network, fitted.fit.h0))
