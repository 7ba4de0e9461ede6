"""What is wrong with a sweep is said before anything runs, all of it at once."""

from pathlib import Path

import pytest

from cortex.config.presets import read_config
from cortex.errors import ConfigError, SweepError
from cortex.params.sweep import SweepParams
from cortex.sweep.problems import check_sweeps, sweep_problems
from cortex.sweep.workflow import Sweeps
from cortex.sweep_models.registry import MODELS

STUDY = read_config([Path(__file__).parents[3] / "config" / "test.yaml"])
BRUNEL = {"model": "network", "network": "brunel", "state": "C"}


def problems(**keys):
    return found(**{**BRUNEL, **keys})


def found(**keys):
    sweep = SweepParams.from_config(keys)
    return sweep_problems("s", sweep, STUDY, models=MODELS)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"model": "netwrk"}, "sweeps.s.model = 'netwrk': unknown model; did you mean network?"),
        ({"model": "nowhere:MODEL"}, "sweeps.s.model = 'nowhere:MODEL': No module named"),
        ({"model": "made_up_model:FAULTS"}, "unknown model; known: network"),
        ({"vary": {"nu_ext_rato": [2.0]}}, "did you mean nu_ext_ratio?"),
        ({"vary": {"delay": [1.5]}}, "the unit is missing from the key; write delay_ms"),
        (
            {"vary": {"delay_s": [0.0015]}},
            "this quantity is given in ms; convert and write delay_ms",
        ),
        (
            {"vary": {"g": [5.0, 300.0]}},
            "sweeps.s.vary.g = 300.0 is outside [0, 100] (inhibitory weight relative",
        ),
        ({"vary": {"n_exc": [100.5]}}, "must be a whole number"),
        ({"vary": {"g": ["5"]}}, "to the excitatory one); write 5.0; allowed: [0, 100]"),
        ({"vary": {"g": {"low": -1.0, "high": 1.0}}, "samples": 2}, "sweeps.s.vary.g = -1.0"),
        ({"fixed": {"precision": "float16"}}, "is none of float32, float64"),
        (
            {"vary": {"g": [5.0]}, "fixed": {"lfp.weighting.alpha": 1.0, "alpha": 2.0}},
            "fixed.lfp.weighting.alpha and fixed.alpha set the same parameter; keep one of them",
        ),
        (
            {"vary": {"alpha": [1.0]}, "fixed": {"lfp.weighting.alpha": 2.0}},
            "vary.alpha and fixed.lfp.weighting.alpha set the same",
        ),
        (
            {"fixed": {"n_exc": 50}},
            "sweeps.s.in_degree_exc = 1000 needs more sources than n_exc = 50; lower it",
        ),
        (
            {"fixed": {"simulation.duration_s": 1.00005}},
            "sweeps.s.simulation.duration_s = 1.00005 s is not a multiple of dt_ms = 0.1 ms",
        ),
        ({"fixed": {"simulation.duration_s": 0.55}}, "duration_s = 0.55 s is too short for"),
        ({"observables": ["rate"]}, "sweeps.s.observables: 'rate': unknown observable"),
        ({"model": "network_theory", "seeds": 3}, "is deterministic; write 1"),
        (
            {"network": "brunell"},
            "sweeps.s: network = 'brunell': unknown network; did you mean brunel?",
        ),
        ({"state": ""}, "sweeps.s: state = '': network brunel has A, B, C, D; name one"),
        ({"model": "learning"}, "model 'learning' takes neither network nor state"),
        ({"fixed": {"seeds": 2}}, "sweeps.s.fixed.seeds: unknown key"),
        ({"model": "network_theory", "fixed": {"precision": "float32"}}, "unknown key"),
        ({"points": "nowhere.tsv"}, "no such table of points"),
    ],
)
def test_each_mistake_has_a_sentence_that_helps(keys, sentence):
    assert any(sentence in problem for problem in problems(**keys)), problems(**keys)


def test_a_key_of_the_table_of_points_must_not_stand_elsewhere_too(tmp_path):
    table = tmp_path / "points.tsv"
    table.write_text("g\tnu_ext_ratio\n5.0\t2.0\n")
    assert problems(points=str(table)) == []
    for place in ({"vary": {"g": [5.0]}}, {"fixed": {"g": 5.0}}):
        (problem,) = problems(points=str(table), **place)
        assert "points.g" in problem
        assert "set the same parameter; keep one of them" in problem


def test_fixed_values_that_only_what_varies_makes_sound_are_sound():
    n_exc, in_degree = 50, STUDY["networks"]["brunel"]["in_degree_exc"]
    assert n_exc <= in_degree  # a contradiction without what varies
    assert problems(fixed={"n_exc": n_exc}, vary={"in_degree_exc": [10, 20]}) == []


def test_sound_sweeps_have_no_problems():
    assert problems(vary={"g": [5], "n_exc": {"start": 1200.0, "stop": 1400.0, "num": 3}}) == []
    assert problems(vary={"neuron.tau_m_ms": [20.0], "synapses.ampa.tau_rise_ms": [0.4]}) == []


def test_all_problems_of_all_sweeps_are_listed_at_once():
    sweeps = {
        name: SweepParams.from_config({**BRUNEL, "vary": {"gg": [5.0], "delay": [1.0]}})
        for name in ("a", "b")
    }
    with pytest.raises(ConfigError, match=r"config\.yaml: 4 problems in the sweeps"):
        check_sweeps(sweeps, STUDY, "config.yaml", MODELS)


def test_a_model_whose_section_is_missing_says_which():
    sweeps = {"a": SweepParams.from_config({"model": "learning", "vary": {"beta": [0.1]}})}
    with pytest.raises(ConfigError, match=r"need the section learning\.model"):
        Sweeps(sweeps, {"seed": 1}, "config.yaml", MODELS)


def test_a_sweep_whose_first_point_cannot_be_built_stops_with_its_name_and_reason():
    sweeps = {"a": SweepParams.from_config({**BRUNEL, "fixed": {"n_exc": 500}})}
    with pytest.raises(ConfigError, match=r"sweeps\.a\..*in_degree_exc = 1000 needs more sources"):
        Sweeps(sweeps, STUDY, "config.yaml", MODELS)


def test_an_unknown_sweep_is_refused_with_those_there_are():
    sweep = SweepParams.from_config({"model": "made_up_model:MADE_UP"})
    sweeps = Sweeps({"a": sweep}, {"seed": 1}, "c", {})
    with pytest.raises(SweepError, match="no sweep b; there are: a"):
        sweeps.select(["b"])
