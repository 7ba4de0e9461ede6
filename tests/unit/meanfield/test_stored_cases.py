"""What the other tests leave of the stored numbers of NNMT 1.3.0, every case and every entry.

Tolerances are those of the reference. Entries known as wrong are left out by the mask that
says why; where NNMT's number is imprecise its own residual shows it.
"""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cortex.meanfield import (
    angular,
    external_rates,
    firing_rate,
    hold_input,
    input_rate_slope,
    isi_cv,
    linear_response,
    noise_strengths,
    pairwise_covariances,
    pairwise_weights,
    population_transfer,
    rate_slopes,
    rate_weights,
    solve_working_point,
    spectral_bound,
)
from cortex.meanfield.binary import BinaryNetwork, binary_activity, solve_binary_working_point
from cortex.meanfield.patterns.interpolation import follow_by_integration, follow_by_solving
from cortex.meanfield.patterns.rate_model import rate_eigenvalues
from cortex.meanfield.patterns.ring_patterns import (
    most_unstable,
    rate_approximation,
    rate_characteristic_at,
    rate_dispersion,
)
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.stationary.working_point import RateEquation
from cortex.params.lif import LIFNeurons
from cortex.params.senk import SenkParams

BRANCHES = np.arange(-3, 3)


def peer_case(case, respond, neuron, method, tau_s):
    """Return lambda and the response of a stored neuron in the form that NNMT evaluates."""
    lam = angular(case.i["frequencies"]) if "frequencies" in case.i else case.i["lambda"]
    point = SimpleNamespace(mu=case.i["mu"], sigma=case.i["sigma"], tau_s=tau_s, method=method)
    return lam, respond(lam, point, neuron(case.i))


def test_every_stored_transfer_function_agrees_in_the_form_of_the_peer(
    stored, neuron, peer_response
):
    for case in stored("transfer_function_single"):
        tau_s = case.i["tau_s"]
        lam, shift = peer_case(case, peer_response, neuron, "shift", tau_s)
        low_pass = 1.0 / (1.0 + lam[(..., *(None,) * (shift.ndim - 1))] * tau_s)
        moving = lam != 0.0  # at zero NNMT returns the slope of the rate, see below
        if "transfer_function" in case.o:  # Schuecker et al.: without the filter
            np.testing.assert_allclose(shift, case.o["transfer_function"], rtol=1e-11)
            nu = firing_rate(case.i["mu"], case.i["sigma"], neuron(case.i), tau_s=tau_s)
            np.testing.assert_allclose(nu, case.o["firing_rate"], rtol=1e-11)
            continue
        got = shift * low_pass
        np.testing.assert_allclose(got[moving], case.o["tf_shift"][moving], rtol=1e-11)
        chosen = case.raw["independent_check"].get("frequency_indices", slice(None))
        np.testing.assert_allclose(got[chosen], case.check["same_formula_as_nnmt"], rtol=1e-11)
        if "tf_taylor" not in case.o:
            continue
        np.testing.assert_allclose(shift[4::4], case.o["tf_shift_nofilter"][1:], rtol=1e-11)
        for name, method, tau in (("tf_taylor", "taylor", tau_s), ("tf_delta", "shift", 0.0)):
            got = peer_case(case, peer_response, neuron, method, tau)[1]
            got = got * low_pass if tau > 0.0 else got
            np.testing.assert_allclose(got[moving], case.o[name][moving], rtol=1e-11)


def test_stored_responses_at_zero_frequency_are_slopes_of_the_rate(stored, neuron):
    for case in stored("transfer_function_single")[:4]:
        cell, mu, sigma = neuron(case.i), case.i["mu"], case.i["sigma"]
        # exp(y^2) (1 + erf y) taken directly loses exp(y^2) eps: one part in 1e9 at y = -3.7
        sound = (cell.V_reset - mu) / sigma > -3.5
        assert np.any(sound)
        for name, tau_s in (("tf_delta", 0.0), ("tf_shift", case.i["tau_s"])):
            got = linear_response(0j, mu, sigma, cell, tau_s=tau_s).H_mu
            np.testing.assert_allclose(got[sound], case.o[name][0][sound], rtol=1e-9)


def test_microcircuit_working_points_agree_in_every_stored_quantity(stored, network_of):
    compared = 0
    for case in stored("working_point_microcircuit"):
        for prefix, tau_s, method in (
            ("delta", 0.0, "shift"),
            ("shift", 5e-4, "shift"),
            ("taylor", 5e-4, "taylor"),
        ):
            network = network_of(case.i, tau_s)
            point = solve_working_point(network, method=method)
            for solver in ("ODE", "LSTSQ"):
                key = f"{prefix}_{solver}"
                if f"{key}_firing_rates" not in case.o:
                    continue  # least squares from zero fail, or were not run
                for got, name in (
                    (point.nu, "firing_rates"),
                    (point.mu, "mean_input"),
                    (point.sigma, "std_input"),
                ):
                    np.testing.assert_allclose(got, case.o[f"{key}_{name}"], rtol=1e-9)
                if f"{key}_cvs" in case.o:
                    np.testing.assert_allclose(cv_at(network, point), case.o[f"{key}_cvs"], 1e-8)
                compared += 1
    assert compared == 11


def cv_at(network, point):
    """Return CVs with shifted boundaries at the rate of the working point, as NNMT has them."""
    return isi_cv(point.mu, point.sigma, network.neurons, tau_s=point.tau_s, nu=point.nu)


def test_senk_inputs_and_cvs_agree_for_both_methods(stored):
    for case in stored("senk2020_external_rates_and_working_points"):
        network = SenkParams(g=5.0 if "g5" in case.id else 6.0).network()
        method = case.id.rsplit("_", 1)[1]
        for a, mu in enumerate(case.i["mu_set"]):
            for b, sigma in enumerate(case.i["sigma_set"]):
                drive = external_rates(network, mu, sigma, method=method)
                point = solve_working_point(drive.network, method=method)
                np.testing.assert_allclose(point.mu, case.o["mean_input"][a, b], rtol=1e-9)
                np.testing.assert_allclose(point.sigma, case.o["std_input"][a, b], rtol=1e-9)
                cv = cv_at(drive.network, point)
                np.testing.assert_allclose(cv, case.o["cvs"][a, b], rtol=1e-8)


def test_every_stored_solution_of_sanzeni_networks_is_a_fixed_point(stored, network_of):
    compared = 0
    for case in stored("response_nonlinearities_sanzeni2020"):
        volts = {k: case.i[k] * 1e-3 for k in ("J", "J_ext", "V_0_rel", "V_th_rel")}
        for branch in case.raw["outputs"].values():
            rates = np.array(branch["firing_rates"]["value"], dtype=float)
            # Rates below the error of NNMT's solvers are noise there, some of it negative:
            # least squares stop at a cost of 1e-7 Hz^2, a residual of 4.5e-4 Hz; the
            # relaxation keeps about 1e-12 Hz.
            floor = 4.5e-4 if branch["fixpoint_method"] == "LSTSQ" else 1e-12
            for nu, drive in zip(rates, branch["nu_ext"]["value"], strict=True):
                if not np.all(np.isfinite(nu)):
                    continue  # NNMT raised
                equation = RateEquation.of(
                    network_of({**case.i, **volts, "nu_ext": drive}), "shift"
                )
                point = equation.polish(nu, 0)
                assert point.converged
                np.testing.assert_allclose(nu, point.nu, rtol=1e-6, atol=floor)
                compared += 1
    assert compared == 327


def test_whole_transfer_functions_and_drives_of_figure_5_agree(stored):
    (case,) = stored("mapping_lif_rate_figure5")
    network, f = SenkParams(g=5.0).network(), case.i["frequencies"]
    full = case.raw["outputs"]["transfer_function_full"]
    for a, mu in enumerate(case.i["mean_inputs"]):
        for b, sigma in enumerate(case.i["std_inputs"]):
            drive = external_rates(network, mu, sigma)
            for x, name in enumerate(("nu_ext_exc", "nu_ext_inh")):
                np.testing.assert_allclose(
                    drive.network.drive.rate[:, x], case.o[name][a, b], rtol=1e-9
                )
            point = solve_working_point(drive.network)
            np.testing.assert_allclose(point.nu, case.o["firing_rate"][a, b], rtol=1e-9)
            if f"{a},{b}" not in full:
                continue
            H = population_transfer(drive.network, point, f, synaptic_filter=True)
            want = np.array(full[f"{a},{b}"]["value"]) @ [1, 1j]
            np.testing.assert_allclose(H[:, 0], want, rtol=1e-10)


@pytest.mark.parametrize("index", [0, 1])
def test_figure_6_agrees_end_to_end_on_every_branch(stored, index):
    case = stored("spatial_patterns_figure6")[index]
    o, k = case.o, case.i["k_wavenumbers"]
    driven = external_rates(SenkParams().at(5.0 + index).network(), 0.01, 0.01)
    network, point = driven.network, solve_working_point(driven.network)
    np.testing.assert_allclose(driven.network.drive.rate, np.tile(o["nu_ext"], (2, 1)), rtol=1e-9)
    for got, name in ((point.nu, "firing_rates"), (point.mu, "mean_input")):
        np.testing.assert_allclose(got, o[name], rtol=1e-9)
    np.testing.assert_allclose(point.sigma, o["std_input"], rtol=1e-9)
    f = np.arange(1.0, 200.0)
    H = population_transfer(network, point, f, synaptic_filter=True)[::6, 0]
    np.testing.assert_allclose(H, o["transfer_function_E_every_6th_freq"], rtol=1e-10)
    model = rate_approximation(network, point, f)
    pairs: tuple[tuple[Any, str], ...] = (
        (model.tau, "tau_rate"),
        (model.h0, "h0"),
        (model.W, "W_rate"),
    )
    for got, name in pairs:
        np.testing.assert_allclose(np.broadcast_to(got, o[name].shape), o[name], rtol=1e-6)
    np.testing.assert_allclose(model.fit_error, o["fit_error"], rtol=1e-5)
    lam = rate_dispersion(model, network.space, k, np.array(case.i["branches"], int))
    np.testing.assert_allclose(lam, o["eigenvalues"], rtol=1e-5)
    best = most_unstable(lam)[1]
    assert k[best] == float(o["k_eigenval_max"])
    largest = complex(o["eigenval_max"])  # the branch or its conjugate, decided by rounding
    assert np.min(np.abs(lam[:, best] / largest - 1.0)) <= 1e-5
    rate = rate_characteristic_at(model, network.space, k[best])
    spiking = spiking_characteristic(network, point, variance=False, wave_number=k[best])
    solved = follow_by_solving(rate, spiking, lam[:, best], np.array(case.i["alphas"]))
    for name in ("lambdas_chareq", "lambdas_chareq_by_continuation", "lambdas_integral_correct"):
        np.testing.assert_allclose(solved.T, o[name], rtol=1e-5)


def test_our_integral_of_figure_6_is_not_what_the_example_integrates(stored):
    # its finite difference is exactly zero through the cache; not a target
    case = stored("spatial_patterns_figure6")[0]
    held = hold_input(SenkParams(g=5.0).network(), 0.01, 0.01)
    k, alphas = float(case.o["k_eigenval_max"]), np.array(case.i["alphas"])
    model = rate_approximation(held.network, held.point, np.arange(1.0, 200.0))
    lam = rate_dispersion(model, held.network.space, np.array([k]), BRANCHES)[:, 0]
    rate = rate_characteristic_at(model, held.network.space, k)
    spiking = spiking_characteristic(held.network, held.point, variance=False, wave_number=k)
    integrated = follow_by_integration(rate, spiking, lam, alphas).T
    wrong = case.o["lambdas_integral_as_the_example_gives"]
    np.testing.assert_allclose(integrated, case.o["lambdas_integral_correct"], rtol=1e-5)
    assert np.max(np.abs(wrong[:, 1:] / integrated[:, 1:] - 1.0)) > 0.01


def test_pairwise_networks_agree_from_their_inputs_on(stored, neuron):
    case = stored("pairwise_effective_connectivity")[0]
    i, o, cell = case.i, case.o, neuron(case.i)
    mu, sigma = o["mean_input"], o["std_input"]
    np.testing.assert_allclose(firing_rate(mu, sigma, cell), o["firing_rates"], rtol=1e-8)
    ext = np.stack([i["J_ext"] * i["K_ext"], i["J_ext"] ** 2 * i["K_ext"]]) @ i["nu_ext"]
    nu, tau = o["firing_rates"], i["tau_m"]
    np.testing.assert_allclose(tau * (i["J"] @ nu + ext[0]), mu, rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(tau * (i["J"] ** 2 @ nu + ext[1])), sigma, rtol=1e-8)
    cv = isi_cv(mu, sigma, cell)
    np.testing.assert_allclose(cv, o["cvs"], rtol=1e-8)
    slopes = rate_slopes(mu, sigma, cell)
    w = pairwise_weights(i["J"], tau, slopes.by_mu, slopes.by_variance)
    np.testing.assert_allclose(w, o["pairwise_effective_connectivity"], rtol=1e-8, atol=1e-14)
    D = noise_strengths(w, firing_rate(mu, sigma, cell), cv)
    np.testing.assert_allclose(D, o["noise_strength"], rtol=1e-8)
    covariances, scale = o["pairwise_covariances"], np.max(np.abs(o["pairwise_covariances"]))
    got = pairwise_covariances(w, D)
    np.testing.assert_allclose(got, covariances, rtol=1e-8, atol=1e-12 * scale)


def test_two_population_slopes_and_bound_agree(stored, neuron, network_of):
    case = stored("pairwise_effective_connectivity")[1]
    i, o, cell = case.i, case.o, neuron(case.i)
    network = network_of(i, i["tau_s"])
    point = solve_working_point(network)
    for got, name in ((point.nu, "firing_rates"), (point.mu, "mean_input")):
        np.testing.assert_allclose(got, o[name], rtol=1e-8)
    np.testing.assert_allclose(point.sigma, o["std_input"], rtol=1e-8)
    columns = LIFNeurons(**{k: np.reshape(v, (-1, 1)) for k, v in asdict(cell).items()})
    mu, sigma = point.mu[:, None], point.sigma[:, None]
    got = input_rate_slope(i["J"], mu, sigma, columns, tau_s=i["tau_s"])
    np.testing.assert_allclose(got, o["derivative_wrt_input_rate"], rtol=1e-8)
    bound = spectral_bound(got * i["K"])
    # NNMT returns the modulus of the real part
    assert abs(bound) == pytest.approx(float(o["spectral_bound_of_J_eff_times_K"]), rel=1e-8)


def test_binary_activities_agree_at_full_precision_and_from_any_start(stored):
    (case,) = stored("binary_neurons")
    theta, o = case.o["balanced_threshold"], case.o
    activity = binary_activity(o["mean_input"], o["std_input"], theta)
    np.testing.assert_allclose(activity, o["mean_activity_for_given_input"], rtol=1e-12)
    network = BinaryNetwork(J=case.i["J"], K=case.i["K"], theta=theta)
    m = solve_binary_working_point(network).m
    starts = case.raw["outputs"]["self_consistent_mean_activity"]
    assert set(starts) == {"from_0.5", "from_expected"}
    for start in starts.values():
        np.testing.assert_allclose(m, start["value"], rtol=1e-8)


def test_connectivity_eigenvalues_of_the_lambert_cases_agree(stored):
    for case in stored("lambertw_and_boxcar")[:-1]:
        W = np.atleast_2d(case.i["connectivity"])
        got, want = np.linalg.eigvals(W), np.atleast_1d(case.o["all_eigenvalues_of_connectivity"])
        np.testing.assert_allclose(np.sort_complex(got), np.sort_complex(want), rtol=1e-12)
        tau, delay = float(case.i["tau"]), float(case.i["delay"])
        branches = np.array(case.i["branches"], int)
        every = rate_eigenvalues(W, tau, delay, branches)
        used = int(np.argmin(np.abs(got - case.o["eigenvalue_of_connectivity_used"])))
        np.testing.assert_allclose(every[:, used], case.o["eigenvalue"], rtol=1e-12)
        # the equation itself, relative to c; rounding of lambda d enters the exponential
        c = got[used]
        residual = (1.0 + every[:, used] * tau) * np.exp(every[:, used] * delay) / c - 1.0
        assert np.max(np.abs(residual)) < 1e-12


def test_weights_of_unequal_populations_belong_to_the_target(stored, network_of):
    # NNMT multiplies column j by h0[j]; equal populations do not tell
    (case,) = stored("microcircuit_dynamics_pd14_shift")
    fit = case.raw["outputs"]["fit"]
    network, h0 = network_of(case.i), np.array(fit["h0"]["value"])
    right, wrong = (np.array(fit[f"W_rate_{x}"]["value"]) for x in ("post_indexed", "as_nnmt"))
    weights = rate_weights(network, h0)
    np.testing.assert_allclose(weights, right, rtol=1e-6)
    np.testing.assert_allclose(weights / h0[:, None] * h0, wrong, rtol=1e-6)


def test_the_list_of_comparisons_names_every_file_and_only_tests_that_exist(root):
    folder = root / "tests" / "data" / "nnmt"
    text = (folder / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")][2:]
    named = " ".join(row[1] for row in rows)
    assert sorted(named.replace(",", "").split()) == sorted(p.stem for p in folder.glob("*.json"))
    for row in rows:
        for word in row[2].replace(",", " ").split():
            if word.startswith("test_"):
                assert (root / "tests" / "unit" / "meanfield" / f"{word}.py").exists(), word
