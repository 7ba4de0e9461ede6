"""Networks as data: what a file says is what theory and simulation read."""

import copy
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cortex.config.loader import load_yaml
from cortex.config.presets import preset_names, read_preset, with_presets
from cortex.config.read import check_study
from cortex.errors import ConfigError, ParameterError
from cortex.meanfield import solve_working_point
from cortex.networks.case import case_of, read_case
from cortex.networks.wanted import find_drive
from cortex.params.description.course import CourseParams
from cortex.params.description.overrides import lay_over
from cortex.params.description.states import block_at, part_of, states_of
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import WiringRule
from cortex.spiking.draws import draw_source_lists
from cortex.steps.simulate import simulate

CELL = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 15.0, "V_reset_mV": 0.0, "C_pF": 250.0}
SHORT = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.1, precision="float64")
THREE = {
    "populations": {
        "E": {"size": 400, **CELL},
        "PV": {"like": "E", "size": 60, "tau_m_ms": 10.0},
        "SST": {"like": "E", "size": 40},
    },
    "receptors": {"psc": {"tau_s_ms": 0.5}},
    "factors": {"g": 4.0},
    "projections": {
        "from_E": {
            "source": "E", "target": "all", "probability": 0.1, "w_pA": 60.0, "delay_ms": 1.5,
            "receptor": "psc",
        },
        "from_I": {
            "source": ["PV", "SST"], "target": "all", "probability": 0.2, "w_pA": -60.0,
            "times": ["g"], "delay_ms": 0.8, "receptor": "psc",
        },
    },
    "drive": {
        "background": {"target": "all", "rate_Hz": 9000.0, "w_pA": 60.0, "receptor": "psc"},
        "current": {"target": "E", "current_pA": 50.0},
    },
}  # fmt: skip


def changed(**keys):
    """Return the network of three populations with dotted keys changed."""
    return lay_over(THREE, {key.replace("__", "."): value for key, value in keys.items()})


def problem_of(block):
    with pytest.raises(ConfigError) as caught:
        check_study({"seed": 1, "networks": {"mine": block}}, "mine.yaml")
    return str(caught.value)


def test_peak_currents_become_jumps_and_factors_multiply_them():
    network = case_of("mine", THREE).network
    jump = 0.5e-3 * 60e-12 / 250e-12  # tau_s w / C
    np.testing.assert_allclose(network.synapses.J[:, 0], jump, rtol=1e-15)
    np.testing.assert_allclose(network.synapses.J[:, 1:], -4.0 * jump, rtol=1e-15)
    np.testing.assert_allclose(network.synapses.in_degrees, [[40.0, 12.0, 8.0]] * 3, rtol=1e-15)
    np.testing.assert_allclose(network.drive.mu_dc, [20e-3 * 50e-12 / 250e-12, 0, 0], rtol=1e-15)


def test_a_population_like_another_has_its_values_and_its_own():
    neurons = case_of("mine", THREE).network.neurons
    assert neurons.tau_m.tolist() == [0.02, 0.01, 0.02]
    assert neurons.V_th.tolist() == [0.015] * 3


def test_absolute_potentials_mean_the_same_as_relative_ones():
    block = copy.deepcopy(THREE)
    block["populations"]["E"] |= {"E_L_mV": -65.0, "V_th_mV": -50.0, "V_reset_mV": -65.0}
    absolute, relative = (case_of("mine", each).network.neurons for each in (block, THREE))
    np.testing.assert_allclose(absolute.V_th, relative.V_th, rtol=1e-14)
    np.testing.assert_allclose(absolute.V_reset, relative.V_reset, atol=1e-17)


def test_the_order_in_a_file_changes_no_number():
    turned = copy.deepcopy(THREE)
    # populations like another may stand before it
    for part in ("populations", "projections", "drive"):
        turned[part] = dict(reversed(turned[part].items()))  # type: ignore[attr-defined]
    one, other = case_of("mine", THREE), case_of("mine", turned)
    assert one.network.names == other.network.names == ("E", "PV", "SST")
    runs = [simulate(replace_grid(case), seed=3).spikes for case in (one, other)]
    assert np.array_equal(runs[0].steps, runs[1].steps)
    assert np.array_equal(runs[0].neurons, runs[1].neurons)


def replace_grid(case):
    """Return the case with a short simulation."""
    return replace(case, study=replace(case.study, simulation=SHORT))


def test_the_general_form_of_a_published_network_gives_the_spikes_of_its_short_form():
    short = {**read_preset("brunel"), "n_exc": 400, "n_inh": 100, "in_degree_exc": 40}
    short |= {"in_degree_inh": 10, "J_mV": 0.8}
    cell = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
    synapse = {"target": "all", "delay_ms": 1.5, "receptor": "delta"}
    threshold = 20.0 / (0.8 * 40 * 20e-3)  # Hz, V_th / (J C_E tau_m)
    general = {
        "populations": {"E": {"size": 400, **cell}, "I": {"size": 100, **cell}},
        "projections": {
            "from_E": {"source": "E", "in_degree": 40, "J_mV": 0.8, **synapse},
            "from_I": {"source": "I", "in_degree": 10, "J_mV": -4.0, **synapse},
        },
        "drive": {
            "background": {
                "target": "all", "rate_Hz": 40 * 2.0 * threshold, "J_mV": 0.8, "receptor": "delta",
            }
        },
    }  # fmt: skip
    cases = [read_case("brunel", short, "C"), case_of("brunel", general)]
    runs = [simulate(replace(replace_grid(c), state="C"), seed=1).spikes for c in cases]
    assert len(runs[0]) > 500
    assert np.array_equal(runs[0].steps, runs[1].steps)
    assert np.array_equal(runs[0].neurons, runs[1].neurons)


def test_the_probability_of_a_pair_is_that_of_potjans_and_diesmann():
    published = MicrocircuitParams()
    sizes = dict(zip(("a", "b"), published.sizes[:2], strict=True))
    block = {
        "populations": {name: {"size": n, **CELL} for name, n in sizes.items()},
        "projections": {
            "one": {
                "source": "b", "target": "a", "pair_probability": 0.1689, "J_mV": -0.7,
                "delay_ms": 0.8, "receptor": "delta",
            }
        },
    }  # fmt: skip
    found = case_of("mine", block).network.synapses.in_degrees[0, 1]
    assert found == published.in_degrees()[0, 1]


def test_wanted_rates_are_those_that_the_found_drive_gives():
    block = changed()
    del block["drive"]["background"]
    wanted = {"E": 3.0, "PV": 10.0, "SST": 6.0}
    for name, rate in wanted.items():
        block["drive"][f"to_{name}"] = {
            "target": name, "wanted_rate_Hz": rate, "w_pA": 60.0, "receptor": "psc",
        }  # fmt: skip
    case = case_of("mine", block)
    np.testing.assert_allclose(
        solve_working_point(case.network, nu_start=np.array([3.0, 10.0, 6.0])).nu,
        list(wanted.values()),
        rtol=1e-9,
    )


def test_populations_without_a_wish_take_the_rates_that_the_others_make_them_have():
    case = case_of("mine", THREE)
    free = solve_working_point(case.network).nu
    found = find_drive(case.network, {("E", 0): float(free[0])})
    np.testing.assert_allclose(found.drive.rate, case.network.drive.rate, rtol=1e-8)


def test_a_wish_beyond_all_drives_is_refused_with_what_can_be_reached():
    block = changed(drive__background__w_pA=-60.0)
    del block["drive"]["background"]["rate_Hz"]
    block["drive"]["background"] |= {"target": "E", "wanted_rate_Hz": 50.0}
    with pytest.raises(ParameterError, match="no rate of the wanted input makes E fire at 50 Hz"):
        case_of("mine", block)


MISTAKES = [
    ({"projections__from_E__receptor": "ampa"}, "projections.from_E.receptor: no ampa; there are"),
    ({"projections__from_E__source": "X"}, "projections.from_E.source: no X; there are: E, PV"),
    ({"drive__background__times": ["h"]}, "drive.background.times: no h; there are: g"),
    (
        {"projections__from_I__source": ["E", "PV"]},
        "from_I and from_E both lead from E to E; one projection per pair",
    ),
    ({"projections__from_I__times": []}, "factors: nothing is multiplied by g"),
    (
        {"projections__from_E__in_degree": 3.0},
        "projections.from_E: the number of synapses needs one of probability, pair_probability",
    ),
    (
        {"receptors__psc__tau_s_ms": 0.0},
        "w_pA: a peak current needs C_pF of E and a receptor that is no delta synapse",
    ),
    ({"populations__E__V_th_mV": -50.0}, "must lie below V_th_mV = -50.0 mV"),
    ({"drive__current__J_mV": 0.1}, "drive.current: a constant drive has no weight"),
    ({"projections__from_E__delay_sd_ms": 0.5}, "spread delays need a law"),
    ({"populations__PV__like": "PX"}, "populations.PV.like = 'PX': there is no such population"),
    ({"populations__E__size": 0}, "populations.E.size = 0 is outside [1, 1e+08]"),
    ({"projections__from_E__probability": 1.5}, "probability = 1.5 is outside [0, 1]"),
]


@pytest.mark.parametrize(("keys", "said"), MISTAKES)
def test_what_a_network_file_cannot_mean_is_refused_with_its_place(keys, said):
    message = problem_of(changed(**keys))
    assert "networks.mine" in message
    assert said in message


def test_several_mistakes_of_one_network_are_reported_together():
    message = problem_of(changed(populations__E__size=0, projections__from_E__delay_ms="fast"))
    assert "2 problems" in message


STATES: dict[str, Any] = {
    **THREE,
    "states": {"weak": {"g": 3.0}, "strong": {"drive.background.rate_Hz": 1e4}},
}


def test_states_lay_factors_and_dotted_keys_over_the_network():
    assert states_of(STATES) == ("weak", "strong")
    weak, strong = (read_case("mine", STATES, state) for state in states_of(STATES))
    assert weak.network.synapses.J[0, 1] == pytest.approx(0.75 * strong.network.synapses.J[0, 1])
    assert strong.network.drive.rate[0, 0] == 1e4


def test_states_that_say_the_same_or_lead_nowhere_are_refused():
    same = {**THREE, "states": {"a": {"g": 3.0}, "b": {"g": 3.0, "title": "other"}}}
    assert "states a and b have the same numbers" in problem_of(same)
    lost = {**THREE, "states": {"a": {"projection.from_E.w_pA": 3.0}}}
    assert "no block projection; did you mean projections?" in problem_of(lost)


def test_a_state_whose_numbers_are_those_of_the_network_is_refused_and_an_empty_one_is_it():
    plain = {"a": {}, "b": {"g": 3.0}}
    check_study({"seed": 1, "networks": {"mine": {**THREE, "states": plain}}}, "mine.yaml")
    for idle in ({"drive.background.rate_Hz": 9000.0}, {"g": 4, "title": "other"}):
        said = problem_of({**THREE, "states": {"a": idle, "b": {"g": 3.0}}})
        assert "1 problem" in said
        assert "networks.mine.states.a = {" in said
        assert "changes nothing, the network has these values already" in said


def joined(rule, source, K, autapses):
    """Return a network of 12 E and 8 I neurons, E hearing K of a source, and its rule."""
    neuron = {"tau_m_ms": 20.0, "tau_ref_ms": 2.0, "V_th_mV": 20.0, "V_reset_mV": 10.0}
    one = {"source": source, "target": "E", "in_degree": K, "J_mV": 0.1, "delay_ms": 1.0}
    return {
        "populations": {"E": {"size": 12, **neuron}, "I": {"size": 8, **neuron}},
        "projections": {"one": {**one, "receptor": "delta"}},
        "wiring": {"rule": rule, "autapses": autapses},
    }


@pytest.mark.parametrize("autapses", [False, True])
@pytest.mark.parametrize("source", ["E", "I"])
@pytest.mark.parametrize("rule", ["fixed_in_degree", "fixed_out_degree", "fixed_total_number"])
def test_in_degrees_are_refused_where_no_wiring_can_be_drawn(rule, source, autapses):
    most = {"E": 12, "I": 8}[source] - (source == "E" and not autapses)
    if rule == "fixed_total_number":  # in-degrees scatter: at the most, targets want too many
        said = "targets would get more than"
    else:
        check_study({"seed": 1, "networks": {"mine": joined(rule, source, most, autapses)}}, "a")
        draw_source_lists(case_of("a", joined(rule, source, most, autapses)).network, seed=1,
                          dt=1e-4, rule=WiringRule(rule=rule, autapses=autapses))  # fmt: skip
        most, said = most + 1, f"a target has {most}"
    wrong = joined(rule, source, most, autapses)
    assert said in problem_of(wrong)
    with pytest.raises(ParameterError):
        draw_source_lists(case_of("a", wrong).network, seed=1, dt=1e-4,
                          rule=WiringRule(rule=rule, autapses=autapses))  # fmt: skip


def test_a_job_reads_no_key_that_it_does_not_use():
    left_out = ("analysis", "lfp")
    before = part_of(STATES, "weak", left_out)
    assert before == part_of({**STATES, "analysis": {"rate_bin_ms": 1.0}}, "weak", left_out)
    assert "states" not in before


@pytest.mark.parametrize("state", ["weak", None])
def test_only_a_job_that_shows_titles_reads_them(state):
    of_a_state = {name: {**keys, "title": "other"} for name, keys in STATES["states"].items()}
    named = {**STATES, "title": "other", "states": of_a_state}
    assert part_of(named, state, ()) == part_of(STATES, state, ())
    shown = part_of(named, state, (), is_shown=True)
    assert shown["title"] == "other"
    assert state or shown["states"]["weak"]["title"] == "other"


def test_presets_are_sound_and_what_is_laid_over_them_counts():
    for name in preset_names():
        block = read_preset(name)
        for state in states_of(block):
            assert block_at(block, state)
    config = {"networks": {"mine": {"preset": "brunel", "seeds": 1, "states": {"A": None}}}}
    mine = with_presets(config)["networks"]["mine"]
    assert (mine["seeds"], list(mine["states"]), mine["n_exc"]) == (1, ["B", "C", "D"], 10_000)
    with pytest.raises(ConfigError, match=r"mine\.preset = 'brunell': no such preset; there are"):
        with_presets({"networks": {"mine": {"preset": "brunell"}}})


def test_courses_follow_their_formula():
    t = np.array([-1.0, 0.0, 0.25, 0.5, 1.0])
    step = CourseParams(kind="step", amplitude=0.5)
    assert step.relative(t).tolist() == [1.0, 1.5, 1.5, 1.5, 1.5]
    ramp = CourseParams(kind="ramp", amplitude=1.0, start=0.0, stop=0.5)
    assert ramp.relative(t).tolist() == [1.0, 1.0, 1.5, 2.0, 2.0]
    sine = CourseParams(kind="sinusoid", amplitude=0.2, frequency=1.0)
    np.testing.assert_allclose(sine.relative(t), [1.0, 1.0, 1.2, 1.0, 1.0], atol=1e-15)
    table = CourseParams(kind="table", amplitude=2.0, times=(0.0, 0.5), values=(0.0, 1.0))
    assert table.relative(t).tolist() == [1.0, 1.0, 2.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"kind": "sinusoid", "amplitude": 1.0}, "a sinusoid needs a positive one"),
        ({"kind": "pulse", "amplitude": 1.0}, "must be given, and lie after"),
        ({"kind": "table", "amplitude": 1.0, "times": (0.0,)}, "a table needs times_s and values"),
    ],
)
def test_courses_that_lack_what_their_kind_needs_are_refused(keys, said):
    with pytest.raises(ParameterError, match=said):
        CourseParams(**keys)


def test_the_network_of_the_documentation_is_sound_and_fires_as_wanted():
    text = (Path(__file__).parents[3] / "docs" / "networks.md").read_text(encoding="utf-8")
    study = load_yaml(re.findall(r"^```yaml\n(.*?)^```", text, flags=re.M | re.S)[0])
    check_study(study, "docs/networks.md")
    case = read_case("mine", study["networks"]["mine"], "default")
    nu = solve_working_point(case.network, nu_start=np.array([3.0, 10.0, 6.0])).nu
    np.testing.assert_allclose(nu, [3.0, 10.0, 6.0], rtol=1e-9)
