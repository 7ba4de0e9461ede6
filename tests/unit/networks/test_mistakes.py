"""Mistakes of unlike kinds in one file are reported in one round, each with its place.

The files are written by hand, their mistakes counted by hand: what a message lists must be those,
no more (a mistake makes no second one) and no less (none hides another).
"""

import copy
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Any

import pytest

from cortex.config.loader import load_yaml
from cortex.config.presets import complete
from cortex.config.read import check_study
from cortex.errors import ConfigError, ParameterError
from cortex.networks.case import checked_case
from cortex.params.description.check import check_network
from cortex.params.description.overrides import lay_over
from cortex.params.simulation import SimulationParams
from cortex.sweep.problems import sweep_problems
from cortex.sweep_models.registry import MODELS

SOUND = """
populations:
  E: {size: 800, tau_m_ms: 20.0, tau_ref_ms: 2.0, V_th_mV: 20.0, V_reset_mV: 10.0}
  I: {like: E, size: 200}
receptors:
  psc: {tau_s_ms: 0.5}
projections:
  e: {source: E, target: all, probability: 0.1, J_mV: 0.1, delay_ms: 1.5, receptor: psc}
  i: {source: I, target: all, in_degree: 30, J_mV: -0.5, delay_ms: 1.5, receptor: psc}
drive:
  d: {target: all, rate_Hz: 10000.0, J_mV: 0.1, receptor: psc}
simulation: {dt_ms: 0.1, warm_up_s: 0.2, duration_s: 2.0, precision: float32}
"""
FILES = {
    "a lost like hides nothing": (
        {
            "populations.I.like": "Ex",
            "populations.E.tau_m_ms": 20_000.0,
            "projections.e.probability": 1.2,
        },
        [
            "populations.I.like = 'Ex': there is no such population",
            "populations.E.tau_m_ms = 20000.0 ms is outside",
            "projections.e.probability = 1.2 is outside",
        ],
    ),
    "ranges, kinds, keys and names": (
        {
            "populations.E.tau_m_ms": 20_000.0,
            "populations.I.tau_mem_ms": 3.0,
            "projections.e.probability": 1.2,
            "projections.i.receptor": "pssc",
            "projections.e.target": "Q",
            "drive.d.rate_Hz": "1e3",
        },
        [
            "populations.E.tau_m_ms = 20000.0 ms is outside",
            "populations.I.tau_mem_ms = 3.0: unknown key; did you mean tau_m_ms?",
            "projections.e.probability = 1.2 is outside",
            "projections.i.receptor: no pssc; there are: delta, psc",
            "projections.e.target: no Q; there are: E, I, all",
            "drive.d.rate_Hz = '1e3' Hz: must be a number",
        ],
    ),
    "a contradiction inside a population beside those of the network": (
        {
            "populations.E.V_reset_mV": 30.0,
            "projections.i.delay_ms": 1.53,
            "projections.i.in_degree": 300,
            "analysis": {"segment_ms": 5000.0},
        },
        [
            "populations.E.V_reset_mV = 30.0 mV must lie below V_th_mV = 20.0 mV",
            "does not divide the delay from I to E, 1.53 ms",
            "projections.i: from I to E: an in-degree of 300",
            "projections.i: from I to I: an in-degree of 300",
            "simulation.duration_s = 2.0 s is too short for analysis.segment_ms = 5000.0 ms",
        ],
    ),
    "a wrong number beside a contradiction of another key of its projection": (
        {
            "projections.e.probability": 1.2,
            "projections.e.delay_ms": 0.05,
            "simulation.precision": "float16",
            "excerpt": {"start_s": 5.0},
        },
        [
            "projections.e.probability = 1.2 is outside",
            "does not divide the delay from E to E, 0.05 ms",
            "simulation.precision = 'float16' is none of float32, float64",
            "excerpt.duration_s = 0.2 s from excerpt.start_s = 5.0 s on ends after",
        ],
    ),
    "stated twice, by half, and off the bounds": (
        {
            "projections.i.probability": 0.1,
            "projections.i.w_pA": -10.0,
            "drive.d.receptor": None,
            "populations.E.size": 0,
            "lfp": {"targets": ["Q"]},
        },
        [
            ("projections.i: the number of synapses needs one of probability, pair_probability, "
            "in_degree, total, list; found probability and in_degree"),
            "projections.i: the weight needs one of J_mV, w_pA, g_nS, kick; found J_mV and w_pA",
            "drive.d.receptor = None: a Poisson input needs one",
            "populations.E.size = 0 is outside",
            "lfp.targets = ['Q']: no Q; there are: E, I",
        ],
    ),
    "mistakes of states, of the study and of the network": (
        {
            "populations.E.tau_ref_ms": 500.0,
            "seeds": -1,
            "states": {
                "same": {"drive.d.rate_Hz": 10_000.0},
                "lost": {"driv.d.rate_Hz": 1.0},
                "far": {"projections.e.delay_ms": 1e9},
            },
        },
        [
            "populations.E.tau_ref_ms = 500.0 ms is outside",
            "seeds = -1 is outside",
            "states.same = {'drive.d.rate_Hz': 10000.0}: changes nothing",
            "driv.d.rate_Hz: no block driv; did you mean drive?",
            "states.far.projections.e.delay_ms = 1000000000.0 ms is outside",
        ],
    ),
    "currents without a capacitance beside ranges and grids": (
        {
            "projections.e": {
                "source": "E", "target": "I", "in_degree": 10, "w_pA": 50.0, "delay_ms": 1.53,
                "receptor": "psc",
            },
            "drive.c": {"target": "E", "current_pA": 10.0},
            "receptors.psc.tau_rise_ms": -1.0,
        },
        [
            "projections.e.w_pA: a peak current needs C_pF of I",
            "drive.c.current_pA: needs C_pF of E; or give mu_mV",
            "receptors.psc.tau_rise_ms = -1.0 ms is outside",
            "does not divide the delay from E to I, 1.53 ms",
        ],
    ),
    "factors, wishes and courses": (
        {
            "factors": {"g": 2.0},
            "projections.e.times": ["gg"],
            "drive.d": {
                "target": "all", "wanted_rate_Hz": 900.0, "J_mV": 0.1, "receptor": "psc",
            },
            "drive.c": {
                "target": "I", "mu_mV": 1.0, "course": {"kind": "steep", "amplitude": 0.1}
            },
            "projections.i.weight_cv": -1.0,
        },
        [
            "projections.e.times: no gg; there are: g",
            ("drive.d.wanted_rate_Hz = 900.0 Hz cannot be reached: spikes of E are further apart "
            "than tau_ref_ms = 2.0 ms; give less than 500.0 Hz"),
            "drive.c.course.kind = 'steep' is none of step, pulse",
            "projections.i.weight_cv = -1.0 is outside",
        ],
    ),
}  # fmt: skip


def network(keys):
    """Return the sound network with keys changed; None drops one."""
    block = lay_over(load_yaml(SOUND), keys)
    for key in (key for key, value in keys.items() if value is None):
        *above, last = key.split(".")
        inside = block
        for step in above:
            inside = inside[step]
        del inside[last]
    return block


def listed(block):
    """Return the problems that one round reports, without numbers and place of the file."""
    with pytest.raises(ConfigError) as caught:
        check_study(complete({"seed": 1, **block}, "mine"), "mine.yaml")
    head, *lines = str(caught.value).splitlines()
    assert head == f"mine.yaml: {len(lines)} problem{'s' * (len(lines) > 1)} in the configuration"
    return [line.partition(". ")[2].removeprefix("networks.mine").lstrip(".: ") for line in lines]


@pytest.mark.parametrize(("keys", "expected"), FILES.values(), ids=FILES)
def test_one_round_lists_every_mistake_of_a_file_and_nothing_else(keys, expected):
    found = listed(network(keys))
    for said in expected:
        assert [line for line in found if said in line], (said, found)
    assert len(found) == len(expected), found


@pytest.mark.parametrize(("keys", "expected"), FILES.values(), ids=FILES)
def test_python_says_the_same(keys, expected):
    block = network(keys)
    with pytest.raises(ParameterError) as caught:
        checked_case("mine", copy.deepcopy(block), next(iter(block.get("states", ["default"]))))
    found = [line.removeprefix("states.") for line in str(caught.value).splitlines()]
    assert len(found) == len(expected), found


def test_a_key_of_the_simulation_leaves_the_others_as_they_are_by_default():
    block = {**load_yaml(SOUND), "simulation": {"duration_s": 3.0}}
    settings = checked_case("mine", block, "default").study.simulation
    assert settings == replace(SimulationParams(), duration=3.0)


def test_the_sound_network_is_sound():
    check_study(complete({"seed": 1, **load_yaml(SOUND)}, "mine"), "mine.yaml")


@pytest.mark.parametrize(
    "keys",
    [
        {"projections.e.probability": 1.2},  # an in-degree above the sources, were it right
        {"simulation.dt_ms": 70.0},  # no delay and no window would fit
        {"simulation.dt_ms": "fast"},
        {"populations.I.like": "Ex", "populations.I.V_reset_mV": 30.0},
        {"populations.E.size": -3},  # in-degrees above it
        {"projections.i.in_degree": None, "projections.i.in_degre": 30},
        {"projections.i.receptor": "ampa"},
        {"receptors.psc.tau_s": 3.0},
        {"populations.E.V_th_mV": 5.0},
        {"analysis": {"segment_ms": 1e9}},
        {"receptors": 1},  # its names are used
        {"drive.d.target": ["E", "\ud800"]},  # a message can be printed
        {"populations.I": -1},
        {"model": "brunell"},  # whose keys the others are is not known
    ],
    ids=str,
)
def test_one_mistake_makes_no_second_one(keys):
    (said,) = listed(network(keys))
    said.encode("utf-8")


SINGLE: dict[str, dict[str, Any]] = {
    "tau_m": {"populations.E.tau_m_ms": 2e4},
    "reset": {"populations.E.V_reset_mV": 30.0},
    "refractory": {"populations.E.tau_ref_ms": 2.05},
    "like": {"populations.I.like": "X"},
    "key": {"populations.I.tau": 3.0},
    "receptor": {"receptors.psc.tau_s_ms": -1.0},
    "probability": {"projections.e.probability": 1.2},
    "name": {"projections.e.receptor": "q"},
    "delay": {"projections.e.delay_ms": 1.53},
    "twice": {"projections.i.w_pA": 3.0},
    "missing": {"projections.i.delay_ms": None},
    "in-degree": {"projections.i.in_degree": 200},
    "rate": {"drive.d.rate_Hz": "1e3"},
    "target": {"drive.d.target": ["E", "Z"]},
    "grid": {"simulation.warm_up_s": 0.20005},
    "precision": {"simulation.precision": "f"},
    "segment": {"analysis": {"segment_ms": 5e3}},
    "excerpt": {"excerpt": {"start_s": 5.0}},
    "seeds": {"seeds": -1},
    "LFP": {"lfp": {"targets": ["Q"]}},
    "section": {"projektions": {}},
    "factor": {"factors": {"g": 2.0}},
    "pair": {
        "projections.k": {
            "source": "E", "target": "E", "in_degree": 3, "J_mV": 0.1, "delay_ms": 1.0,
            "receptor": "psc",
        }
    },
    "course": {
        "drive.c": {
            "target": "I", "mu_mV": 1.0,
            "course": {"kind": "step", "amplitude": 1.0, "start_s": 5.0},
        }
    },
}  # fmt: skip


def said_of(keys):
    with pytest.raises(ParameterError) as caught:
        check_network(network(keys))
    return set(str(caught.value).splitlines())


def test_no_mistake_hides_another_or_makes_one():
    alone = {name: said_of(keys) for name, keys in SINGLE.items()}
    assert {len(said) for said in alone.values()} == {1}
    for one, other in combinations(SINGLE, 2):
        assert said_of(SINGLE[one] | SINGLE[other]) == alone[one] | alone[other], (one, other)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (
            {"drive.e": {"target": "E", "wanted_rate_Hz": 5.0, "J_mV": 0.1, "receptor": "psc"},
             "drive.d.rate_Hz": None, "drive.d.wanted_rate_Hz": 5.0},
            "drive.e.wanted_rate_Hz: d and e are sought for one rate of E; keep one",
        ),
        (
            {"projections.e.J_mV": 60.0},
            "projections.e.J_mV = 60.0 mV is outside [-50, 50] mV (membrane jump of one spike)",
        ),
        (
            {"projections.e.delay_ms": 800.0},
            "projections.e.delay_ms = 800.0 ms is outside [0.001, 500] ms",
        ),
        (
            SINGLE["course"],
            ("drive.c.course.start_s = 5.0 s is not reached: the recording ends after "
            "simulation.duration_s = 2.0 s"),
        ),
    ],
)  # fmt: skip
def test_what_once_failed_inside_a_job_is_refused_with_its_key(keys, said):
    assert listed(network(keys))[0].startswith(said)


def test_mistakes_of_sweeps_and_sections_stand_beside_those_of_the_networks_they_name():
    config = {
        "seed": 1,
        "networks": {"mine": network({"projections.e.delay_ms": 1.53, "scale": 3.0})},
        "sweeps": {
            "one": {"model": "network", "network": "mine", "vary": {"drive.q.rate_Hz": [1.0, 2.0]}},
            "good": {
                "model": "network",
                "network": "mine",
                "vary": {"drive.d.rate_Hz": [9000.0, 9500.0]},
            },
        },
        "recordings": {"r": {"file": "x.csv", "network": "other"}},
        "lfp": 3,
    }
    with pytest.raises(ConfigError) as caught:
        check_study(config, "mine.yaml", partial(sweep_problems, models=MODELS))
    _, *lines = str(caught.value).splitlines()
    assert [line.partition(". ")[2].partition(" ")[0] for line in lines] == [
        "networks.mine.scale",
        "networks.mine.simulation.dt_ms",
        "lfp",
        "sweeps.one.vary.drive.q.rate_Hz:",
        "recordings.r.network",
    ]


def test_a_wanted_rate_names_its_key_and_what_can_be_reached():
    keys = {"drive.d.rate_Hz": None, "drive.d.wanted_rate_Hz": 500.0}
    (said,) = listed(network(keys))
    assert said.startswith("drive.d.wanted_rate_Hz = 500.0 Hz cannot be reached: spikes of E")
    assert said.endswith("than tau_ref_ms = 2.0 ms; give less than 500.0 Hz")
