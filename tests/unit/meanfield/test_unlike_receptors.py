"""Networks whose synapses have unlike time constants at one target: everything downstream."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.optimize

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.lfp.theory import predict_rws
from cortex.meanfield import (
    Receptors,
    all_fixed_points,
    angular,
    count_growing_modes,
    effective_connectivity,
    external_rates,
    firing_rate,
    fit_rate_model,
    hold_input,
    leading_eigenvalues,
    leading_mode,
    population_cv,
    population_response,
    population_spectra,
    population_transfer,
    receptor_rate,
    receptor_response,
    solve_working_point,
    spiking_characteristic,
)
from cortex.meanfield.response.rational import rational_fit
from cortex.meanfield.stationary.nodes import flow_on_nodes
from cortex.meanfield.stationary.receptor_inputs import ReceptorInputs
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import Synapses

LIF = LIFParams(tau_m=0.02, tau_ref=0.002, V_th=0.015, V_reset=0.0)


def network(*, J=0.2, g=5.0, K=80, J_ext=0.3, drive=13.0, tau_E=2.0, tau_I=5.0, n_exc=4000):
    """Return E and I neurons of alike input; weights in mV, `drive` the mean in mV, times in ms."""
    return PopulationNetwork(
        names=("E", "I"),
        sizes=np.array([n_exc, n_exc // 4]),
        neurons=LIFNeurons.of(LIF),
        synapses=Synapses(
            in_degrees=[K, K // 4],
            J=[1e-3 * J, -1e-3 * g * J],
            tau_s=[1e-3 * tau_E, 1e-3 * tau_I],
            delay=1.5e-3,
        ),
        drive=Drive(rate=drive / (0.02 * J_ext), J=1e-3 * J_ext, tau_s=1e-3 * tau_E),
    )


def receptors_by_hand(nu, *, J=0.2, g=5.0, K=80, J_ext=0.3, drive=13.0, tau_E=2.0, tau_I=5.0):
    """Return the neuron of `network` at the rate nu, sorted by hand."""
    mu = drive + 0.02 * (K * J - K // 4 * g * J) * nu
    fast = drive * J_ext + 0.02 * K * J**2 * nu
    slow = 0.02 * (K // 4) * (g * J) ** 2 * nu
    return Receptors(1e-3 * mu, 1e-6 * np.array([fast, slow]), 1e-3 * np.array([tau_E, tau_I]), LIF)


# rate (Hz) of simulated networks, 8 s of 5000 neurons with fixed in-degrees
SIMULATED = [
    ({}, 4.353),
    ({"J": 0.1, "g": 8.0, "K": 200, "drive": 15.0}, 5.755),
    ({"J": 0.1, "g": 8.0, "K": 200, "drive": 14.0, "tau_E": 1.0, "tau_I": 8.0}, 4.210),
]


@pytest.mark.parametrize(("options", "rate"), SIMULATED)
def test_rates_are_those_of_simulated_networks(options, rate):
    """Within 2.5 %, of which half is recurrent noise that is less irregular than Poisson."""
    point = solve_working_point(network(**options))
    assert point.method == "nodes"
    assert point.converged
    assert point.nu == pytest.approx([rate, rate], rel=0.03)


@pytest.mark.parametrize("options", [options for options, _ in SIMULATED])
def test_working_point_solves_the_equation_written_by_hand(options):
    point = solve_working_point(network(**options))

    def miss(nu):
        return receptor_rate(receptors_by_hand(nu, **options)).nu - nu

    nu = scipy.optimize.brentq(miss, 0.5 * point.nu[0], 2.0 * point.nu[0], xtol=1e-10)
    assert point.nu == pytest.approx([nu, nu], rel=1e-8)


@pytest.mark.parametrize("options", [options for options, _ in SIMULATED])
@pytest.mark.filterwarnings("ignore:tau_s / tau_m reaches")
def test_one_effective_time_constant_is_a_method_by_name(options):
    """The equation of Brunel & Sergi (1998), written by hand."""
    point = solve_working_point(network(**options), method="shift")

    def miss(nu):
        neuron = receptors_by_hand(nu, **options)
        tau = (neuron.variance @ np.sqrt(neuron.tau_s) / neuron.variance.sum()) ** 2
        return float(firing_rate(neuron.mu, neuron.sigma, LIF, tau_s=tau)) - nu

    nu = scipy.optimize.brentq(miss, 0.5 * point.nu[0], 2.0 * point.nu[0], xtol=1e-10)
    assert point.nu == pytest.approx([nu, nu], rel=1e-9)


def test_alike_receptors_keep_the_closed_form_by_default():
    alike = network(tau_I=2.0)
    point = solve_working_point(alike)
    assert point.method == "shift"
    assert np.array_equal(point.nu, solve_working_point(alike, method="shift").nu)


def test_instantaneous_synapses_on_nodes_are_white_noise():
    delta = network(tau_E=0.0, tau_I=0.0)
    closed, nodes = (solve_working_point(delta, method=m) for m in ("shift", "nodes"))
    assert nodes.nu == pytest.approx(closed.nu, rel=1e-5)  # fourth order in the cell
    assert population_cv(delta, nodes) == pytest.approx(population_cv(delta, closed), rel=1e-4)
    f = np.array([3.0, 47.0, 210.0])
    M, exact = (effective_connectivity(delta, p, f) for p in (nodes, closed))
    # within 1e-3 of the largest response, by the rational function between samples
    np.testing.assert_allclose(M, exact, atol=2e-3 * np.abs(exact).max())


def test_jacobian_is_that_of_the_rates_by_differences():
    inputs = ReceptorInputs.of(network())
    nu = np.array([5.0, 8.0])
    got = flow_on_nodes(inputs, nu).jacobian
    for b, unit in enumerate(np.eye(2)):
        up, down = (flow_on_nodes(inputs, nu + s * 0.01 * unit).flow for s in (1, -1))
        # slopes by variance are good to 1 %
        assert got[:, b] == pytest.approx((up - down) / 0.02, abs=0.01)


def test_every_receptor_filters_its_own_projections():
    """M written by hand from the response of one neuron, at frequencies between the samples."""
    net, f = network(), np.array([0.0, 7.3, 41.0, 160.0])
    point = solve_working_point(net)
    lam = angular(f)
    H = receptor_response(receptors_by_hand(point.nu[0]), lam)
    E = 0.02 * 80 * 2e-4 * (H.H_mu / (1 + lam * 2e-3) + 2e-4 * H.H_variance[:, 0])
    inhibition = H.H_mu / (1 + lam * 5e-3) - 1e-3 * H.H_variance[:, 1]
    row = np.column_stack([E, -0.02 * 20 * 1e-3 * inhibition]) * np.exp(-lam * 1.5e-3)[:, None]
    got = effective_connectivity(net, point, f)
    np.testing.assert_allclose(got, np.stack([row, row], axis=1), atol=1e-3 * np.abs(row).max())
    transfer = population_transfer(net, point, f)
    np.testing.assert_allclose(transfer, np.stack([H.H_mu, H.H_mu], axis=1), rtol=1e-9)


def test_modes_solve_the_characteristic_equation_and_are_counted():
    net = network(J=0.1, g=8.0, K=200, drive=14.0, tau_E=1.0, tau_I=8.0)
    point = solve_working_point(net)
    found = leading_eigenvalues(net, point, real_low=-100.0)
    lam = found.lam[0]
    assert leading_mode(net, point) == pytest.approx(lam, rel=1e-6)
    neuron = receptors_by_hand(point.nu[0], J=0.1, g=8.0, K=200, drive=14.0, tau_E=1.0, tau_I=8.0)
    H = receptor_response(neuron, np.array([lam]))
    M = 0.02 * 200 * 1e-4 * (H.H_mu / (1 + lam * 1e-3) + 1e-4 * H.H_variance[:, 0])
    M = M - 0.02 * 50 * 8e-4 * (H.H_mu / (1 + lam * 8e-3) - 8e-4 * H.H_variance[:, 1])
    # 40 1/s left of the axis the rational function is good to 1 %
    assert (M * np.exp(-lam * 1.5e-3))[0] == pytest.approx(1.0, abs=0.02)
    assert count_growing_modes(net, point) == 0


def test_slow_strong_inhibition_oscillates():
    net = network(J=0.2, g=6.0, K=400, drive=16.0, J_ext=0.2, tau_I=8.0)
    point = solve_working_point(net)
    mode = leading_mode(net, point)
    assert mode.real > 0.0
    assert count_growing_modes(net, point) >= 1
    with pytest.warns(RegimeWarning, match="mode"):
        population_spectra(net, point, np.array([20.0]))


def test_spectra_tend_to_shot_noise_and_reach_the_lfp():
    net = network()
    point = solve_working_point(net)
    C = population_spectra(net, point, np.array([10.0, 4000.0]))
    shot = point.nu / net.sizes
    # at 4 kHz |M| is 0.04: each population still hears a tenth of itself
    assert np.diag(C[1]).real == pytest.approx(shot, rel=0.12)
    assert C[0, 0, 0].real > shot[0]
    lfp = predict_rws(net, np.array([10.0, 50.0, 200.0]))
    assert np.all(lfp.one_sided > 0.0)
    assert lfp.growth < 0.0


def test_external_rates_hold_the_input_through_unlike_receptors():
    net = network()
    point = solve_working_point(net)
    unlike = Drive(rate=[1.0, 1.0], J=[3e-4, -4e-4], tau_s=[2e-3, 5e-3])
    held = hold_input(replace(net, drive=unlike), point.mu, point.sigma)
    assert held.point.method == "nodes"
    # the network had one excitatory input through the fast receptor: it is found again
    assert held.network.drive.rate[0] == pytest.approx(
        [net.drive.rate[0, 0], 0.0], abs=1e-6 * net.drive.rate[0, 0]
    )
    assert held.point.nu == pytest.approx(point.nu, rel=1e-8)
    shifted = external_rates(replace(net, drive=unlike), point.mu, point.sigma, method="shift")
    tau = ReceptorInputs.of(shifted.network).effective_time_constant(shifted.nu)
    with pytest.warns(RegimeWarning, match="tau_s / tau_m"):
        want = firing_rate(point.mu, point.sigma, LIF, tau_s=tau)
    assert shifted.nu == pytest.approx(want, rel=1e-8)


def test_all_fixed_points_of_excitation_with_a_slow_receptor_are_found():
    net = network(J=0.25, g=1.0, K=160, J_ext=0.3, drive=6.0, tau_E=2.0, tau_I=10.0)
    found = all_fixed_points(net)
    assert found.is_complete
    assert len(found.points) == 3
    assert found.is_stable.tolist() == [True, False, True]
    for point in found.points:
        assert point.method == "nodes"
        flow = flow_on_nodes(ReceptorInputs.of(net), point.nu).flow
        assert np.max(np.abs(flow)) <= 1e-4 * point.nu[0]
    # the one that relaxation from silence reaches is among them
    assert solve_working_point(net).nu == pytest.approx(found.points[0].nu, rel=1e-6, abs=1e-9)


def test_populations_far_below_threshold_take_the_closed_form():
    net = network(drive=3.0)
    point = solve_working_point(net)
    assert point.converged
    assert 0.0 <= point.nu[0] < 1e-3
    assert np.isfinite(population_cv(net, point)).all()
    assert np.abs(effective_connectivity(net, point, np.array([10.0]))).max() < 1e-2


@pytest.mark.parametrize("tau_E", [3.0, 30.0])
def test_a_population_without_a_fast_receptor_is_warned_of(tau_E):
    net = network(tau_E=tau_E, tau_I=40.0)
    with pytest.warns(RegimeWarning, match="too low where the mean input reaches threshold"):
        solve_working_point(net)


def test_methods_that_cannot_serve_unlike_receptors_refuse_them():
    net = network()
    point = solve_working_point(net)
    with pytest.raises(ParameterError, match="one per target"):
        solve_working_point(net, method="taylor")
    with pytest.raises(ParameterError, match="is none of shift, taylor"):
        solve_working_point(net, method="adiabatic")
    with pytest.raises(ParameterError, match="a response of its own"):
        population_response(net, point, angular(10.0))
    with pytest.raises(ParameterError, match="no single filter"):
        fit_rate_model(net, point, np.array([10.0, 20.0]))
    with pytest.raises(ParameterError, match="resolve"):
        receptor_rate(Receptors(0.0, np.array([1e-6]), np.array([2e-3]), LIF))


def test_rational_fit_finds_the_poles_of_a_stable_system():
    lam = 2j * np.pi * np.concatenate([[0.0], np.geomspace(0.5, 500.0, 20)])
    poles = np.array([-30.0, -80.0 + 200.0j, -80.0 - 200.0j])

    def functions(at):
        first = (
            2.0
            + 90.0 / (at - poles[0])
            + 2.0 * (at + 80.0) * 50.0 / ((at - poles[1]) * (at - poles[2]))
        )
        return np.stack([first, 5.0 / (at - poles[0])], axis=-1)

    fit = rational_fit(lam, functions(lam))
    for pole in poles:
        assert np.min(np.abs(fit.poles - pole)) < 1e-3 * np.abs(pole)
    away = np.array([-50.0 + 90.0j, 200.0 + 10.0j, 5000.0 + 0j])
    value, slope = fit(away)
    np.testing.assert_allclose(value, functions(away), rtol=1e-5)
    step = 1e-3
    want = (functions(away + step) - functions(away - step)) / (2 * step)
    np.testing.assert_allclose(slope, want, rtol=1e-4)


def test_a_function_that_is_not_rational_is_refused():
    lam = 2j * np.pi * np.linspace(0.0, 500.0, 9)
    noise = np.random.default_rng(3).normal(size=(9, 1)).astype(complex)
    with pytest.raises(ConvergenceError, match="no rational function"):
        rational_fit(lam, noise)


def test_characteristic_function_has_its_exact_slope():
    net = network()
    function = spiking_characteristic(net, solve_working_point(net))
    at = np.array([20.0 + 300.0j])
    up, here, down = function(at + 1e-3), function(at), function(at - 1e-3)
    np.testing.assert_allclose(here.slope, (up.M - down.M) / 2e-3, rtol=1e-6)
