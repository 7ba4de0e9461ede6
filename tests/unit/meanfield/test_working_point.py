"""Working points, all fixed points and input moments of population networks."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from cortex.errors import ConvergenceError, ParameterError, RegimeWarning
from cortex.meanfield import (
    all_fixed_points,
    firing_rate,
    input_std,
    isi_cv,
    mean_input,
    population_cv,
    solve_working_point,
)
from cortex.meanfield.stationary.working_point import RateEquation
from cortex.params.microcircuit import MicrocircuitParams


def variants(case, network_of):
    """Yield (stored prefix, network, method) for the three treatments of synapses."""
    mu_dc = case.i["tau_m"] * case.i["I_ext"] / case.i["C"] if "I_ext" in case.i else 0.0
    yield "delta", network_of(case.i, 0.0, mu_dc), "shift"
    for method in ("shift", "taylor"):
        yield f"exp_{method}", network_of(case.i, case.i["tau_s"], mu_dc), method


def test_brunel_networks_agree_with_stored_working_points(stored, network_of):
    cases = stored("working_point_brunel")
    assert len(cases) == 25
    for case in cases:
        for prefix, network, method in variants(case, network_of):
            point = solve_working_point(network, method=method)
            rtol = 1e-8 if np.max(point.nu) > 100.0 else 1e-9  # residuals of the stored ones
            for name in ("firing_rates", "mean_input", "std_input"):
                got = {"f": point.nu, "m": point.mu, "s": point.sigma}[name[0]]
                np.testing.assert_allclose(got, case.o[f"{prefix}_{name}"], rtol=rtol)


def test_cvs_at_stored_working_points_agree(stored, network_of):
    for case in stored("working_point_brunel"):
        for prefix, network, method in variants(case, network_of):
            if prefix == "delta" or np.any(case.o[f"{prefix}_std_input"] <= 0.0):
                continue
            point = solve_working_point(network, method=method)
            # NNMT takes the first-order rate with shifted boundaries: give it that rate
            got = isi_cv(point.mu, point.sigma, network.neurons, tau_s=point.tau_s, nu=point.nu)
            np.testing.assert_allclose(got, case.o[f"{prefix}_cvs"], rtol=1e-8)
            if method == "shift":
                np.testing.assert_allclose(population_cv(network, point), got, rtol=1e-9)


def test_microcircuits_agree_with_stored_working_points(stored, network_of):
    for case in stored("working_point_microcircuit"):
        for prefix, tau_s, method in (
            ("delta", 0.0, "shift"),
            ("shift", 5e-4, "shift"),
            ("taylor", 5e-4, "taylor"),
        ):
            point = solve_working_point(network_of(case.i, tau_s), method=method)
            np.testing.assert_allclose(point.nu, case.o[f"{prefix}_ODE_firing_rates"], rtol=1e-9)
            assert point.converged
            assert point.residual < 1e-11


def test_the_working_point_solves_its_own_equation(brunel):
    network = brunel.network()
    point = solve_working_point(network)
    nu = firing_rate(mean_input(network, point.nu), input_std(network, point.nu), brunel.neuron)
    np.testing.assert_allclose(nu, point.nu, rtol=1e-13)


def test_which_of_several_fixed_points_is_returned_depends_on_the_start(brunel):
    network = brunel.at(3.0, 0.8).network()
    low, middle, high = all_fixed_points(network).nu
    start = np.array([1.0, 1.05])
    np.testing.assert_allclose(solve_working_point(network).nu, low, rtol=1e-9)
    for factor, end in ((0.9, low), (1.1, high)):  # the middle one parts the basins
        got = solve_working_point(network, nu_start=factor * middle * start).nu
        np.testing.assert_allclose(got, end, rtol=1e-9)


@pytest.mark.parametrize(
    ("ratio", "left", "right"), [(0.5, 3.428, 3.430), (0.7, 3.565, 3.567), (0.8, 3.776, 3.778)]
)
def test_three_fixed_points_merge_into_one_at_the_fold(ratio, left, right, brunel):
    inside, outside = (all_fixed_points(brunel.at(g, ratio).network()) for g in (left, right))
    assert inside.is_stable.tolist() == [True, False, True]
    assert len(outside.points) == 1
    assert inside.is_complete
    assert outside.is_complete


def test_all_fixed_points_of_unlike_populations_contain_the_stored_ones(stored, network_of):
    # saturation-driven, response-onset and noise-driven nonlinearities, in mV there
    for case in stored("response_nonlinearities_sanzeni2020"):
        volts = {k: case.i[k] * 1e-3 for k in ("J", "J_ext", "V_0_rel", "V_th_rel")}
        for branch in case.raw["outputs"].values():
            rates = np.array(branch["firing_rates"]["value"], dtype=float)
            drives = np.array(branch["nu_ext"]["value"])
            known = np.flatnonzero(np.isfinite(rates).all(axis=1))
            assert known.size > 0
            for k in known[:: max(1, known.size // 4)]:
                network = network_of({**case.i, **volts, "nu_ext": drives[k]})
                found = all_fixed_points(network)
                # least squares stop at a cost of 1e-7 Hz^2
                floor = 4e-4 if branch["fixpoint_method"] == "LSTSQ" else 1e-9
                distance = np.abs(found.nu - rates[k]) - 1e-6 * rates[k] - floor
                assert found.is_complete
                assert np.max(distance, axis=1).min() <= 0.0


def test_the_microcircuit_has_one_fixed_point():
    found = all_fixed_points(MicrocircuitParams().network(), n_starts=60)
    assert len(found.points) == 1
    assert found.is_complete


def test_without_any_drive_the_network_is_silent(brunel):
    network = brunel.at(brunel.g, 0.0).network()
    point = solve_working_point(network)
    assert np.all(point.nu == 0.0)
    assert point.converged


def test_a_constant_drive_acts_on_the_mean_alone(brunel):
    network = brunel.network()
    driven = replace(network, drive=replace(network.drive, mu_dc=[1e-3, 2e-3]))
    nu = np.array([5.0, 6.0])
    np.testing.assert_allclose(mean_input(driven, nu) - mean_input(network, nu), [1e-3, 2e-3])
    np.testing.assert_array_equal(input_std(driven, nu), input_std(network, nu))


def test_many_rates_at_once_have_the_leading_axis(brunel):
    nu = np.arange(6.0).reshape(3, 2)
    assert mean_input(brunel.network(), nu).shape == (3, 2)
    np.testing.assert_allclose(
        input_std(brunel.network(), nu)[1], input_std(brunel.network(), nu[1])
    )


def test_no_convergence_carries_the_partial_result(brunel):
    with pytest.raises(ConvergenceError, match="no working point") as caught:
        # no step at all from a point where Newton leads away from any solution
        solve_working_point(
            brunel.at(3.4375, 0.5).network(), nu_start=np.full(2, 85.0), max_steps=0
        )
    assert caught.value.partial.nu.shape == (2,)  # type: ignore[attr-defined]
    assert not caught.value.partial.converged  # type: ignore[attr-defined]
    kept = solve_working_point(
        brunel.at(3.4375, 0.5).network(), nu_start=np.full(2, 85.0), max_steps=0, throw=False
    )
    assert kept.residual > 1e-3


def test_first_order_theory_refuses_unlike_synaptic_time_constants_on_one_target():
    network = MicrocircuitParams().network()
    tau_s = network.synapses.tau_s * np.tile([1.0, 4.0], 4)
    mixed = replace(network, synapses=replace(network.synapses, tau_s=tau_s))
    with pytest.raises(ParameterError, match="one per target"):
        solve_working_point(mixed, method="taylor")


def test_slow_synapses_warn_and_a_wrong_start_is_refused():
    network = MicrocircuitParams().network()
    slow = replace(MicrocircuitParams(), tau_s=5e-3).network()
    with pytest.warns(RegimeWarning, match="tau_s / tau_m"):
        solve_working_point(slow)
    with pytest.raises(ParameterError, match="nu_start has shape"):
        solve_working_point(network, nu_start=np.zeros(2))
    with pytest.raises(ParameterError, match="none of shift, taylor"):
        solve_working_point(network, method="exact")


def test_first_order_theory_at_low_noise_warns_of_negative_rates():
    network = MicrocircuitParams(rate_ext=2.0).network()
    with pytest.warns(RegimeWarning, match="use 'shift'"):
        solve_working_point(network, method="taylor")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.all(solve_working_point(network).nu > 0.0)


def test_a_population_that_has_arrived_does_not_stop_the_others(brunel):
    # I hears its drive alone and is solved by one step; E inhibits itself
    network = brunel.network()
    synapses = replace(network.synapses, J=[[-1e-4, 0.0], [0.0, 0.0]])
    equation = RateEquation.of(replace(network, synapses=synapses), "shift")
    arrived = equation.polish(np.array([50.0, 100.0]), 0).nu[1]
    point = equation.polish(np.array([5.0, arrived]), 0)
    rates = firing_rate(point.mu, point.sigma, network.neurons)
    np.testing.assert_allclose(point.nu, rates, rtol=1e-11)
    assert point.nu[1] == pytest.approx(arrived, rel=1e-12)
    assert point.nu[0] < 0.5 * point.nu[1]
