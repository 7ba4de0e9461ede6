"""What is wrong with a sweep is said before anything runs, all of it at once."""

import pytest

from cortex.errors import ConfigError, SweepError
from cortex.params.sweep import SweepParams
from cortex.sweep.problems import check_sweeps, sweep_problems
from cortex.sweep.workflow import Sweeps


def problems(**keys):
    return sweep_problems("s", SweepParams.from_config({"model": "brunel", **keys}))


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"model": "brunnel"}, "sweeps.s.model = 'brunnel': unknown model; did you mean brunel?"),
        ({"vary": {"nu_ext_rato": [2.0]}}, "did you mean nu_ext_ratio?"),
        ({"vary": {"delay": [1.5]}}, "the unit is missing from the key; write delay_ms"),
        (
            {"vary": {"delay_s": [0.0015]}},
            "this quantity is given in ms; convert and write delay_ms",
        ),
        ({"vary": {"g": [5.0, 300.0]}}, "sweeps.s.vary.g = 300.0: outside the plausible range"),
        ({"vary": {"n_exc": [100.5]}}, "must be a whole number"),
        ({"vary": {"g": ["5"]}}, "; write 5.0;"),
        ({"vary": {"g": {"low": -1.0, "high": 1.0}}, "samples": 2}, "sweeps.s.vary.g = -1.0"),
        ({"fixed": {"precision": "float16"}}, "allowed: float32, float64"),
        ({"vary": {"g": [5.0]}, "fixed": {"g": 5.0}}, "varied as well; keep it in one of the two"),
        ({"observables": ["rate"]}, "sweeps.s.observables: 'rate': unknown observable"),
        ({"model": "brunel_theory", "seeds": 3}, "is deterministic; write 1"),
        ({"points": "nowhere.tsv"}, "no such table of points"),
    ],
)
def test_each_mistake_has_a_sentence_that_helps(keys, sentence):
    assert any(sentence in problem for problem in problems(**keys)), problems(**keys)


def test_sound_sweeps_have_no_problems():
    assert problems(vary={"g": [5], "n_exc": {"start": 100.0, "stop": 300.0, "num": 3}}) == []
    assert (
        problems(vary={"network.neuron.tau_m_ms": [20.0], "synapses.ampa.tau_rise_ms": [0.4]}) == []
    )


def test_all_problems_of_all_sweeps_are_listed_at_once():
    sweeps = {
        name: SweepParams.from_config({"model": "brunel", "vary": {"gg": [5.0], "delay": [1.0]}})
        for name in ("a", "b")
    }
    with pytest.raises(ConfigError, match=r"config\.yaml: 4 problems in the sweeps"):
        check_sweeps(sweeps, "config.yaml")


def test_a_model_whose_section_is_missing_says_which():
    sweeps = {"a": SweepParams.from_config({"model": "brunel", "vary": {"g": [5.0]}})}
    with pytest.raises(ConfigError, match=r"need the section brunel\.model"):
        Sweeps(sweeps, {"seed": 1}, "config.yaml")


def test_an_unknown_sweep_is_refused_with_those_there_are():
    sweeps = Sweeps({"a": SweepParams.from_config({"model": "rehearsal"})}, {"seed": 1}, "c")
    with pytest.raises(SweepError, match="no sweep b; there are: a"):
        sweeps.select(["b"])
