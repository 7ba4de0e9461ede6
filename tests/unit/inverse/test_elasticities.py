"""Elasticities: pins of the specification, and differences of the whole solution."""

from dataclasses import replace

import numpy as np
import pytest
from three_cells import SIZES, circuit

from cortex.config.presets import read_preset
from cortex.errors import ParameterError
from cortex.inverse.elasticities import Elasticities
from cortex.inverse.tangents import along, elements, keys
from cortex.meanfield.fluctuations.spectra import population_spectra
from cortex.meanfield.response.connectivity_matrix import spiking_characteristic
from cortex.meanfield.stability.roots import newton_roots
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.networks.case import case_of, read_case
from cortex.networks.wanted import find_drive
from cortex.params.description.overrides import deep_merge
from cortex.params.space import NetworkSpace
from cortex.steps.predict import predict

NEAR = np.array([3.0, 10.0, 6.0])  # Hz
F = np.array([3.0, 40.0, 200.0])  # Hz
SIGNALS = np.vstack([np.eye(3), SIZES / SIZES.sum()])
WIDE = {"delay_sd": 0.3e-3, "delay_distribution": "gaussian"}
RING = NetworkSpace(extent=1e-3, profile="boxcar", width=np.array([1e-4, 2e-4, 1e-4]))
SHEET = NetworkSpace(
    extent=[1e-3, 2e-3], profile=["gaussian", "boxcar", "exponential"], width=[1e-4, 2e-4, 1e-4],
    speed=[0.2, 0.4, np.inf], positions="random",
)  # fmt: skip

# parameter: d nu/d ln (Hz), d lambda/d ln (1/s); specification, section 5: a prototype that
# differentiates the same equations by another route, printed to three or four digits
PINS = {
    "J(E<-PV)": ((-5.181, -0.0498, -19.328), 4.593 - 37.402j),
    "J(PV<-E)": ((-1.034, 3.330, -6.445), -0.101 + 3.319j),
    "tau_m(PV)": ((-8.728, 28.109, -54.404), 12.467 - 146.733j),
    "delay(E<-PV)": ((0.0, 0.0, 0.0), 0.688 + 1.213j),
    "rate_ext(E, 0)": ((15.212, 0.146, 56.750), -44.652 + 163.222j),
    "V_th(E)": ((-10.584, -0.102, -39.487), 55.986 - 113.086j),
    "tau_ref(PV)": ((0.0184, -0.0593, 0.1148), -0.496 - 0.070j),
}


def test_pins_of_three_populations_hold():
    network = circuit()
    point = solve_working_point(network, nu_start=NEAR)
    tangents = elements(network)
    found = Elasticities(network, point, tangents, variance=True)
    mode = found.mode(-78.868 + 37.968j)
    assert mode.lam == pytest.approx(-78.868 + 37.968j, abs=2e-3)  # digits printed
    for name, (rates, by) in PINS.items():
        row = tangents.names.index(name)
        assert found.rates[row] == pytest.approx(np.array(rates), abs=6e-4)
        assert mode.by[row] == pytest.approx(by, abs=2e-3)


def whole(network, how, lam):
    """Return rates and CV, the mode and spectra of one network, all solved anew."""
    method, variance, cycles = how
    point = solve_working_point(network, method=method, nu_start=NEAR)
    k = None if cycles is None else 2.0 * np.pi * cycles / network.space.extent[0]
    function = spiking_characteristic(network, point, variance=variance, wave_number=k)
    root = newton_roots(function, np.array([lam])).lam
    C = population_spectra(network, point, F, variance=variance, check=False)
    power = np.real(np.einsum("sa,fab,sb->fs", SIGNALS, C, SIGNALS))
    return [np.concatenate([point.nu, population_cv(network, point)]), root, power]


def difference(network, tangents, row, how, lam):
    """Return d/d ln parameter by central differences of the whole solution, of fourth order."""
    narrow, wide = (
        [
            (up - down) / (2.0 * h)
            for up, down in zip(
                whole(along(network, tangents, row, h), how, lam),
                whole(along(network, tangents, row, -h), how, lam),
                strict=True,
            )
        ]
        for h in (1e-4, 2e-4)
    )
    return [(4.0 * a - b) / 3.0 for a, b in zip(narrow, wide, strict=True)]


CASES = {
    # the error of a derivative over the largest of its kind; the working point of one effective
    # time constant is itself iterated to 1e-10 only, which differences divide by 1e-4
    "boundaries shifted": (circuit(), ("shift", False, None), -74.0 + 97.8j, 1e-7),
    "first order in the shift": (circuit(), ("taylor", True, None), -78.0 + 38.0j, 1e-7),
    "delta synapses": (circuit(tau_s=0.0), ("shift", True, None), -74.5 + 98.5j, 1e-7),
    "unlike receptors": (
        circuit(tau_s=np.array([0.5e-3, 1e-3, 1e-3]), J_cv=0.2), ("shift", True, None),
        -60.0 + 90.0j, 3e-6,
    ),
    "a wave on a sheet with growing delays": (
        replace(circuit(), space=SHEET), ("shift", True, 1), -76.4 + 102.9j, 1e-7,
    ),
    "a wave on a ring": (
        replace(circuit(**WIDE), space=RING), ("shift", True, 1), -76.4 + 102.9j, 1e-7,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_element_agrees_with_differences_of_the_whole_solution(name):
    network, how, near, tolerance = CASES[name]
    method, variance, cycles = how
    if not network.synapses.tau_s.any():
        network = replace(network, drive=replace(network.drive, tau_s=0.0))
    point = solve_working_point(network, method=method, nu_start=NEAR)
    k = None if cycles is None else 2.0 * np.pi * cycles / network.space.extent[0]
    tangents = elements(network)
    found = Elasticities(network, point, tangents, variance=variance)
    mode = found.mode(near, wave_number=k)
    ours = [np.hstack([found.rates, found.cv]), mode.by[:, None], found.spectra(F, SIGNALS)]
    scale = [np.max(np.abs(each)) for each in ours]
    for row, parameter in enumerate(tangents.names):
        # neurons are whole: see the next test; one filter of many has no first-order theory
        if parameter.startswith("size") or (method == "taylor" and "tau_s" in parameter):
            continue
        theirs = difference(network, tangents, row, how, mode.lam)
        for mine, other, largest in zip(ours, theirs, scale, strict=True):
            error = np.max(np.abs(mine[row] - other)) / largest
            assert error < tolerance, f"{parameter}: {error:.1e}"


def test_a_larger_population_has_quieter_rates_at_the_same_in_degrees():
    # closed form: without recurrence the spectrum is nu/N at every frequency
    network = circuit(in_degrees=0.0)
    tangents = elements(network)
    point = solve_working_point(network)
    found = Elasticities(network, point, tangents)
    row = tangents.names.index("size(PV)")
    power = found.spectra(F, np.eye(3))[row]
    assert np.allclose(power, [0.0, -point.nu[1] / 500.0, 0.0], rtol=1e-12, atol=0.0)
    assert np.all(found.rates[row] == 0.0)


def test_delays_move_no_rate_at_all():
    network = circuit()
    tangents = elements(network)
    found = Elasticities(network, solve_working_point(network, nu_start=NEAR), tangents)
    rows = [i for i, name in enumerate(tangents.names) if name.startswith("delay")]
    assert len(rows) == 9
    assert np.all(found.rates[rows] == 0.0)
    assert np.all(found.cv[rows] == 0.0)


def test_keys_move_what_is_made_of_them():
    # oracle: a key is the sum of its elements. All weights from E, and tau_s, which stretches the
    # jump J = tau_s w/C of every synapse too
    cell = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0, "C_pF": 250.0}
    project = {"delay_ms": 1.5, "receptor": "psc", "target": "all"}
    case = case_of(
        "pair",
        {
            "populations": {"E": {"size": 800, **cell}, "I": {"size": 200, **cell}},
            "receptors": {"psc": {"tau_s_ms": 0.5}},
            "projections": {
                "e": {"source": "E", "pair_probability": 0.1, "w_pA": 60.0, **project},
                "i": {"source": "I", "probability": 0.1, "w_pA": -300.0, **project},
            },
            "drive": {
                "bg": {"target": "all", "wanted_rate_Hz": 5.0, "w_pA": 60.0, "receptor": "psc"}
            },
        },
    )
    point = solve_working_point(case.network, nu_start=np.array([5.0, 5.0]))
    of_keys, of_elements = keys(case), elements(case.network)
    by_key = dict(zip(of_keys.names, Elasticities(case.network, point, of_keys).rates, strict=True))
    rates = Elasticities(case.network, point, of_elements).rates
    by = dict(zip(of_elements.names, rates, strict=True))
    weights = by["J(E<-E)"] + by["J(I<-E)"]
    assert by_key["projections.e.w_pA"] == pytest.approx(weights, rel=1e-8)
    stretched = [v for name, v in by.items() if name.startswith(("J", "tau_s"))]
    assert by_key["receptors.psc.tau_s_ms"] == pytest.approx(np.sum(stretched, axis=0), rel=1e-8)
    # d ln K = p/((1 - p) -ln(1 - p)) d ln p: the number of synapses is rounded, its slope is not
    steep = 0.1 / (0.9 * -np.log(0.9))
    counted = steep * (by["in_degrees(E<-E)"] + by["in_degrees(I<-E)"])
    assert by_key["projections.e.pair_probability"] == pytest.approx(counted, rel=1e-8)
    assert not {"drive.bg.wanted_rate_Hz", "populations.E.size"} & by_key.keys()


def test_what_has_no_derivative_is_refused_with_the_reason():
    unlike = circuit(tau_s=np.array([0.5e-3, 2e-3, 2e-3]))
    point = solve_working_point(unlike, nu_start=NEAR)
    with pytest.raises(ParameterError, match="method: shift"):
        _ = Elasticities(unlike, point, elements(unlike)).rates
    network = circuit()
    point = solve_working_point(network, nu_start=NEAR)
    with pytest.raises(ParameterError, match="no mode"):
        Elasticities(network, point, elements(network)).mode(1e5 + 0j)
    case = read_case("brunel", read_preset("brunel"), "C")
    with pytest.raises(ParameterError, match="delay_ms"):
        keys(case, ["delay"])


def test_at_held_rates_a_synapse_moves_the_mode_as_in_a_network_driven_to_those_rates():
    # oracle: the drives found anew for the same rates, and the whole solution there
    network = circuit()
    point = solve_working_point(network, nu_start=np.array([3.0, 10.0, 6.0]))
    of_all = elements(network)
    moved = Elasticities(network, point, of_all)
    drives = np.array([of_all.names.index(f"rate_ext({name}, 0)") for name in network.names])
    mode = moved.mode(-78.868 + 37.968j)
    held = mode.by + moved.following(drives, np.arange(3)) @ mode.by[drives]
    row, wanted = of_all.names.index("J(PV<-E)"), {(name, 0): 0.0 for name in network.names}
    wanted = dict(zip(wanted, point.nu.tolist(), strict=True))
    sides = []
    for h in (1e-4, -1e-4):
        other = find_drive(along(network, of_all, row, h), wanted)
        at = solve_working_point(other, nu_start=point.nu)
        assert at.nu == pytest.approx(point.nu, rel=1e-8)
        sides.append(Elasticities(other, at, of_all).mode(mode.lam).lam)
    # the difference is off by h^2, the drives by 1e-9 of themselves
    assert held[row] == pytest.approx((sides[0] - sides[1]) / 2e-4, rel=1e-4)


def test_predictions_hold_a_row_per_parameter_mode_and_population():
    case = read_case("brunel", read_preset("brunel"), "C")
    tables, refused = predict(case, ("rates", "modes", "rate_elasticities", "mode_elasticities"))
    assert not refused
    rates, modes = tables["rate_elasticities"], tables["mode_elasticities"]
    n = len(keys(case)) + len(elements(case.network))
    assert len(rates["rate"]) == 2 * n
    assert len(modes["growth"]) % n == 0
    known = modes["parameter"].tolist()
    assert {"g", "J_mV", "delay_ms", "J(E<-I)"} <= set(known)
    # oracle: the exact scaling of time; all time constants and 1/rates 1 % longer slow the mode
    slower = ("tau_m(", "tau_ref(", "delay(")
    first = modes["rank"] == 0
    sums = [
        sum(
            sign * modes[f"{kind}_change"][first & [p.startswith(name) for p in known]].sum()
            for names, sign in ((slower, 1.0), (("rate_ext(",), -1.0))
            for name in names
        )
        for kind in ("growth", "frequency")
    ]
    expected = [-modes[kind][first][0] for kind in ("growth", "frequency")]
    assert sums == pytest.approx(expected, rel=1e-6)  # differences of 1e-5 behind each


def test_on_nodes_the_table_holds_the_closed_form_and_says_so():
    # what a new file starts from, without rise times: AMPA and GABA of unlike time constants
    bare = {
        "receptors": {"ampa": {"tau_rise_ms": 0.0}, "gaba": {"tau_rise_ms": 0.0}},
        "drive": {"background": {"rate_Hz": 9200.0, "receptor": "ampa"}},
    }
    block = deep_merge(read_preset("lfp_demonstration"), bare)
    case = read_case("lfp_demonstration", block, "default")
    tables, refused = predict(case, ("rates", "modes", "mode_elasticities"))
    assert not refused
    moved = tables["mode_elasticities"]
    assert set(moved["method"]) == {"shift"}
    assert len(set(moved["rank"])) == 3
