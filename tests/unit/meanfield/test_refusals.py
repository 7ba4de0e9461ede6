"""Invalid input raises a typed error that names the argument, whichever function is asked."""

import numpy as np
import pytest

from cortex.errors import ParameterError, RegimeWarning
from cortex.meanfield import (
    boundary_shift,
    cross_spectra,
    delay_factor,
    delay_transform,
    effective_connectivity,
    eigenmodes,
    external_rates,
    firing_rate,
    fit_low_pass,
    isi_cv,
    linear_response,
    log_firing_rate,
    noise_strengths,
    pairwise_covariances,
    population_response,
    population_spectra,
    population_transfer,
    propagator,
    rate_characteristic,
    rate_slopes,
    response_matrix,
    sensitivity,
    solve_working_point,
    spiking_characteristic,
    transfer_function,
)
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.senk import SenkParams

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.02, V_reset=0.01)
TWO_NEURONS = LIFNeurons(tau_m=0.02, tau_ref=0.002, V_th=np.full(2, 0.02), V_reset=0.01)
STATIONARY = [firing_rate, log_firing_rate, rate_slopes, isi_cv]
DYNAMIC = {linear_response: (10j,), transfer_function: (10.0,)}


def ask(function, mu=0.02, sigma=0.005, **changes):
    """Call a function of (mu, sigma, neuron), some with a frequency or an exponent before."""
    arguments = {"neuron": LIF, **changes}
    return function(*DYNAMIC.get(function, ()), mu, sigma, **arguments)


@pytest.mark.parametrize("function", [*STATIONARY, *DYNAMIC])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sigma": -5e-3}, r"sigma (= -0\.005 V is outside|must be positive)"),
        (
            {"mu": np.zeros(3), "sigma": np.full(2, 0.01)},
            r"do not broadcast: mu \(3,\), sigma \(2,\)",
        ),
        ({"mu": np.zeros(3), "neuron": TWO_NEURONS}, "do not broadcast with neuron"),
        ({"tau_s": np.zeros(3), "neuron": TWO_NEURONS}, r"V_th \(2,\), tau_s \(3,\)"),
    ],
)
def test_a_wrong_neuron_or_input_is_refused_by_name(function, changes, message):
    with pytest.raises(ParameterError, match=message):
        ask(function, **changes)


@pytest.mark.parametrize("function", [*STATIONARY, *DYNAMIC])
def test_synapses_too_slow_for_the_theory_warn(function):
    with pytest.warns(RegimeWarning, match="compare with a simulation"):
        ask(function, tau_s=0.01)


def test_neurons_refuse_values_and_shapes_that_no_neuron_has():
    neuron = {"tau_m": 0.02, "tau_ref": 0.002, "V_th": 0.02, "V_reset": 0.01}
    for wrong, message in (
        ({"V_reset": 0.02}, r"V_reset = 0\.02 V must lie below V_th = 0\.02 V.*exchanged"),
        ({"tau_m": 20.0}, r"LIFNeurons\.tau_m = 20\.0 s is outside .* in ms\?"),
        ({"tau_ref": -1e-3}, r"LIFNeurons\.tau_ref = -0\.001 s is outside"),
        ({"tau_m": np.full(3, 0.02), "V_th": np.full(2, 0.02)}, r"tau_m \(3,\).* V_th \(2,\)"),
    ):
        with pytest.raises(ParameterError, match=message):
            LIFNeurons(**{**neuron, **wrong})


def test_frequencies_and_exponents_are_never_taken_for_each_other():
    network = SenkParams().network()
    point = solve_working_point(network)
    delays = (np.array([1e-3]), np.array([0.0]))
    for in_hertz in (
        lambda x: transfer_function(x, 0.02, 0.005, LIF),
        lambda x: population_transfer(network, point, x),
        lambda x: effective_connectivity(network, point, x),
        lambda x: delay_factor(x, *delays),
        lambda x: population_spectra(network, point, x, check=False),
        fit_low_pass([1.0, 10.0, 100.0], 1e3 / (1.0 + 0.01j * np.array([1.0, 10.0, 100.0]))),
    ):
        in_hertz(np.array([100.0]))
        with pytest.raises(ParameterError, match="frequencies must be real, in Hz"):
            in_hertz(np.array([2j * np.pi * 100.0]))
    for in_exponents in (
        lambda x: linear_response(x, 0.02, 0.005, LIF),
        lambda x: population_response(network, point, x),
        lambda x: delay_transform(x, *delays),
        spiking_characteristic(network, point),
        rate_characteristic(np.eye(2), np.full(2, 0.01), np.zeros((2, 2))),
    ):
        in_exponents(np.array([2j * np.pi * 100.0]))
        with pytest.raises(ParameterError, match=r"lam of type float64 must be complex .* 1/s"):
            in_exponents(np.array([100.0]))


WIDE, TWO = np.zeros((3, 2, 3)), np.zeros((2, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: propagator(WIDE), r"M has shape \(3, 2, 3\)"),
        (lambda: response_matrix(WIDE), r"M has shape \(3, 2, 3\)"),
        (lambda: eigenmodes(WIDE), r"M has shape \(3, 2, 3\)"),
        (lambda: cross_spectra(TWO, np.ones(3), np.ones(2, int)), r"nu has shape \(3,\)"),
        (lambda: cross_spectra(TWO, np.ones(2), np.ones(3, int)), r"sizes has shape \(3,\)"),
        (lambda: sensitivity(TWO, np.ones(3), np.ones(2), 1.0), r"left has shape \(3,\)"),
        (lambda: pairwise_covariances(TWO, np.ones(3)), r"D has shape \(3,\)"),
        (lambda: noise_strengths(TWO, np.ones(2), np.ones(3)), r"cv has shape \(3,\)"),
        (lambda: delay_factor(1.0, np.full(3, 1e-3), np.full(2, 1e-4)), r"delay \(3,\), delay_sd"),
        (lambda: external_rates(SenkParams().network(), np.ones(3), 0.01), r"mu \(3,\), sigma"),
        (lambda: boundary_shift(np.ones(3), np.ones(2)), r"tau_s \(3,\), tau_m \(2,\)"),
    ],
)
def test_wrong_shapes_are_refused_by_name(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


@pytest.mark.parametrize("pair", [(-5e-4, 0.01), (-5e-4, -0.01), (5e-4, 0.0), (np.inf, 0.01)])
def test_time_constants_of_the_wrong_sign_are_refused(pair):
    with pytest.raises(ParameterError, match=r"tau_[sm] = \S+ s is outside"):
        boundary_shift(*pair)


def test_rates_that_are_not_finite_start_nothing():
    with pytest.raises(ParameterError, match="nu_start = nan Hz is outside"):
        solve_working_point(SenkParams().network(), nu_start=np.array([np.nan, 1.0]))


@pytest.mark.parametrize(
    "call", [lambda: boundary_shift(0.01, 0.02), lambda: ask(firing_rate, tau_s=0.01)]
)
def test_warnings_name_the_line_that_asked(call):
    with pytest.warns(RegimeWarning) as caught:
        call()
    assert caught[0].filename == __file__
