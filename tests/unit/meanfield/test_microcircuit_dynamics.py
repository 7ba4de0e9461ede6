"""Linear response of two microcircuits from working point to sensitivity, against NNMT 1.3.0.

Everything is computed here from the network parameters; no stored intermediate result enters.
NNMT leaves exp(-lambda tau_ref) out of the denominator of the response, so that its numbers
are met by the response of neurons without refractory period, scaled to the rates of those with
one (fixture `peer_response`). Eigenvalues have no order: they are paired by optimal assignment
and compared as complex numbers.
"""

from dataclasses import replace
from types import SimpleNamespace

import mpmath as mp
import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from cortex.meanfield import (
    LinearResponse,
    angular,
    cross_spectra,
    delay_factor,
    eigenmodes,
    fit_low_pass,
    power_spectra,
    propagator,
    rate_weights,
    sensitivities,
    sensitivity,
    solve_working_point,
)
from cortex.meanfield.response.connectivity_matrix import connect

NAMES = ("bos2016_taylor", "pd14_shift")


@pytest.fixture(scope="module")
def circuit(neuron, network_of, peer_response):
    """Return a function: stored case -> network, working point and our response H(f)."""

    def build(case, method):
        tau_s = float(np.ravel(case.i["tau_s"])[0])
        network = network_of(case.i, tau_s)
        synapses = replace(
            network.synapses,
            delay=case.i["Delay"],
            delay_sd=case.i["Delay_sd"],
            delay_distribution=case.i["delay_dist"],
        )
        network = replace(network, sizes=np.array(case.i["N"], int), synapses=synapses)
        point = solve_working_point(network, method=method)

        def H(f):
            low_pass = 1.0 / (1.0 + angular(f)[:, None] * tau_s)
            return peer_response(angular(f), point, neuron(case.i)) * low_pass

        return SimpleNamespace(network=network, point=point, H=H)

    return build


def effective(network, f, H):
    """Return M for responses that hold the synaptic filter already."""
    nothing = np.zeros_like(H)
    bare = replace(network, synapses=replace(network.synapses, tau_s=0.0))
    response = LinearResponse(angular(f), H, nothing, nothing, nothing)
    return connect(bare, response, variance=False).M


@pytest.fixture(scope="module", params=NAMES)
def chain(request, stored, circuit):
    """Return one stored case and our whole chain over its frequencies."""
    (case,) = stored(f"microcircuit_dynamics_{request.param}")
    ours = circuit(case, request.param.rsplit("_", 1)[1])
    f = case.i["frequencies"]
    M = effective(ours.network, f, ours.H(f))
    ours.power = power_spectra(cross_spectra(M, ours.point.nu, ours.network.sizes))
    A, B = (np.array(case.i[key], int) for key in ("selA", "selB"))
    return SimpleNamespace(name=request.param, case=case, ours=ours, f=f, M=M, A=A, B=B)


def test_working_point_and_response_agree(chain):
    o, point = chain.case.o, chain.ours.point
    for got, name in ((point.nu, "firing_rates"), (point.mu, "mean_input")):
        np.testing.assert_allclose(got, o[name], rtol=1e-9)
    np.testing.assert_allclose(point.sigma, o["std_input"], rtol=1e-9)
    H = chain.ours.H(chain.f[chain.A])
    np.testing.assert_allclose(H, o["transfer_function"], rtol=1e-9)


def test_delay_factors_agree(chain):
    wired = chain.ours.network.synapses
    D = delay_factor(chain.f[chain.A], wired.delay, wired.delay_sd, wired.delay_distribution)
    for source, name in ((0, "E"), (1, "I")):
        want = chain.case.o[f"delay_dist_{name}_column"]
        np.testing.assert_allclose(D[:, 0, source], want, rtol=0, atol=1e-12)


def test_effective_connectivity_and_propagator_agree_as_full_complex_matrices(chain):
    M = chain.M[chain.B]
    np.testing.assert_allclose(M, chain.case.o["effective_connectivity"], rtol=1e-9)
    # none of the stored frequencies is the nearly singular 284 Hz
    np.testing.assert_allclose(propagator(M), chain.case.o["propagator"], rtol=1e-9)


def assert_same_eigenvalues(got, want, rtol):
    """Compare sets of complex eigenvalues, each stored one with its partner."""
    for values, stored_values in zip(got, want, strict=True):
        ours, theirs = linear_sum_assignment(np.abs(values[:, None] - stored_values))
        np.testing.assert_allclose(values[ours], stored_values[theirs], rtol=rtol)


def test_eigenvalues_agree_with_their_phase(chain):
    got = np.linalg.eigvals(chain.M[chain.A])
    assert_same_eigenvalues(got, chain.case.o["eigenvalues_sorted_by_abs"], rtol=1e-8)


def test_power_spectra_and_their_peaks_agree(chain):
    power = chain.ours.power
    np.testing.assert_allclose(power[chain.A], chain.case.o["power_spectra"], rtol=1e-9)
    frequency, height = chain.case.o["power_peak_per_population"].T
    at = np.argmax(power, axis=0)
    np.testing.assert_allclose(chain.f[at], frequency, rtol=1e-14)
    # recorded is the largest power of all populations at that frequency; 1 - M is nearly
    # singular at 284 Hz, hence the wider tolerance of the reference
    np.testing.assert_allclose(np.max(power[at], axis=1), height, rtol=1e-7)


def recorded(entry):
    """Return frequency index, eigenvalue, Z and both projections of a stored sensitivity."""
    Z = np.array(entry["sensitivity"]["value"]) @ [1, 1j]
    parts = [np.array(entry[f"sensitivity_{name}"]["value"]) for name in ("amp", "freq")]
    value = complex(*entry["critical_eigenvalue"]["value"])
    return entry["critical_frequency_index"], value, Z, *parts


def test_sensitivity_at_given_frequencies_agrees_as_full_complex_matrix(chain):
    entries = chain.case.raw["outputs"]["sensitivity_at_frequency"].values()
    assert len(entries) == 3
    for i, value, Z, along, across in map(recorded, entries):
        values, right = np.linalg.eig(chain.M[i])
        mode = int(np.argmin(np.abs(values - value)))
        got = sensitivity(chain.M[i], np.linalg.inv(right)[mode], right[:, mode], chain.f[i])
        assert got.eigenvalue == pytest.approx(value, rel=1e-8)
        np.testing.assert_allclose(got.Z, Z, rtol=1e-8, atol=1e-13)  # some entries vanish
        np.testing.assert_allclose(got.along, along, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(got.across, across, rtol=1e-8, atol=1e-12)


def test_sensitivities_of_all_eigenmodes_agree_where_each_is_critical(chain):
    entries = chain.case.raw["outputs"].get("sensitivity_all_eigenmodes", {}).values()
    if chain.name == "pd14_shift":
        assert not entries  # stored for one circuit only
        return
    modes = sensitivities(chain.M, chain.f)
    assert len(modes) == len(entries) == 8
    for i, value, Z, along, across in map(recorded, entries):
        got = min(modes, key=lambda mode: abs(mode.eigenvalue - value))
        modes.remove(got)
        assert got.frequency == chain.f[i]
        assert got.eigenvalue == pytest.approx(value, rel=1e-8)
        np.testing.assert_allclose(got.Z, Z, rtol=1e-8, atol=1e-13)
        np.testing.assert_allclose(got.along, along, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(got.across, across, rtol=1e-8, atol=1e-12)


def test_trajectories_hold_the_eigenvalues_of_every_frequency(chain):
    assert_same_eigenvalues(eigenmodes(chain.M).values, np.linalg.eigvals(chain.M), rtol=1e-12)


def test_subcircuits_agree_at_the_working_point_of_the_full_circuit(stored, circuit):
    (full,) = stored("microcircuit_dynamics_bos2016_taylor")
    ours = circuit(full, "taylor")
    cases = stored("microcircuit_subcircuits")
    assert len(cases) == 4
    for case in cases:
        f = case.i["frequencies"]
        synapses = ours.network.synapses
        kept = replace(synapses, in_degrees=synapses.in_degrees * case.i["mask"])
        network = replace(ours.network, synapses=kept)
        M = effective(network, f, ours.H(f))
        power = power_spectra(cross_spectra(M, ours.point.nu, network.sizes))
        np.testing.assert_allclose(power, case.o["power_spectra"], rtol=1e-8)
        largest = case.o["eigenvalues_sorted_by_abs_first3"]
        values = np.linalg.eigvals(M)
        scale = np.max(np.abs(values), axis=1)  # modes cut off from the circuit are zero
        for row, want, size in zip(values, largest, scale, strict=True):
            a, b = linear_sum_assignment(np.abs(row[:, None] - want))
            np.testing.assert_allclose(row[a], want[b], rtol=1e-8, atol=1e-12 * size)


def exact_fit(omega, amplitude):
    """Return tau, h0 and relative error of the least-squares low-pass filter, to 30 digits."""
    A, w = [[mp.mpf(float(x)) / 1000 for x in values] for values in (amplitude, omega)]  # kHz

    def shape(tau):
        return [1 / mp.sqrt(1 + (x * tau) ** 2) for x in w]

    def gain(s):
        return mp.fdot(A, s) / mp.fdot(s, s)

    def slope(tau):  # of the sum of squares at the best gain, up to a factor
        s = shape(tau)
        return mp.fsum((a - gain(s) * q) * q**3 * x**2 for a, q, x in zip(A, s, w, strict=True))

    tau = mp.findroot(slope, 5)  # ms
    s = shape(tau)
    h0 = gain(s)
    by_tau = [-h0 * x**2 * tau * q**3 for x, q in zip(w, s, strict=True)]
    squares = mp.fsum((a - h0 * q) ** 2 for a, q in zip(A, s, strict=True)) / (len(w) - 2)
    normal = mp.matrix(2, 2)
    normal[0, 0], normal[1, 1] = mp.fdot(by_tau, by_tau), mp.fdot(s, s)
    normal[0, 1] = normal[1, 0] = mp.fdot(by_tau, s)
    spread = mp.inverse(normal) * squares
    error = mp.sqrt(spread[0, 0] / tau**2 + spread[1, 1] / h0**2)
    return np.array([tau / 1000, h0 * 1000, error], dtype=float)


def test_fits_agree_with_30_digits_and_the_stored_ones_but_where_their_search_stops_early(chain):
    want = chain.case.raw["outputs"]["fit"]
    f = np.array(want["frequencies"]["value"])
    H = chain.ours.H(f)
    fit = fit_low_pass(f, H)
    with mp.workdps(30):
        exact = np.array([exact_fit(2 * np.pi * f, np.abs(column)) for column in H.T]).T
    for got, value in zip((fit.tau, fit.h0, fit.error), exact, strict=True):
        np.testing.assert_allclose(got, value, rtol=1e-13)
    # Tolerances of the reference: 1e-6, and 1e-5 for the error of the fit. NNMT's search ends
    # 1.46e-6 (1.22e-5) away from the minimum in one population of sixteen, 4E of Bos et al.
    early = np.array([chain.name == "bos2016_taylor" and a == 2 for a in range(8)])
    for value, name, rtol in zip(
        exact, ("tau_rate", "h0", "fit_error"), (1e-6, 1e-6, 1e-5), strict=True
    ):
        off = np.abs(np.array(want[name]["value"]) / value - 1.0)
        assert np.all(off[~early] <= rtol), name
        assert np.all(off[early] <= 1.5 * rtol), name
    weights = rate_weights(chain.ours.network, fit.h0)
    np.testing.assert_allclose(weights, want["W_rate_post_indexed"]["value"], rtol=1e-6)
