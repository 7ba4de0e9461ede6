"""Errors are data: one problem, two languages; messages that never fail and never contradict."""

import copy
import pickle
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from published import BRUNEL

from cortex.config.presets import read_config
from cortex.config.read import check_study
from cortex.config.schema import block_schema
from cortex.errors import ConfigError, ParameterError, Problem, shown
from cortex.params.brunel import BrunelParams
from cortex.params.lfp_study import LfpStudy
from cortex.params.lif import LIFParams
from cortex.params.study import Study
from cortex.params.sweep import read_axis, read_tied

GOOD = read_config([Path(__file__).parents[3] / "config" / "test.yaml"])
KEYS = BRUNEL.to_config()
LIF = KEYS["neuron"]
SCHEMA = Draft202012Validator(block_schema(Study))


def error_of(call):
    with pytest.raises(ParameterError) as caught:
        call()
    return caught.value


def message_of(**changes):
    """Return what is said of the Brunel network with some keys changed."""
    config = {**KEYS, **changes}
    return str(error_of(lambda: BrunelParams.from_config(config)))


def test_a_problem_knows_field_value_unit_bounds_meaning_and_fix():
    (problem,) = error_of(lambda: LIFParams.from_config({**LIF, "tau_m_ms": 20_000.0})).problems
    assert problem.subject.place == ("tau_m",)
    assert (problem.subject.value, problem.subject.unit) == (20.0, "s")
    assert (problem.subject.entry, problem.subject.entry_unit) == (20_000.0, "ms")
    assert [bound.value for bound in problem.bounds] == [1e-4, 1.0]
    assert [bound.entry for bound in problem.bounds] == [0.1, 1000.0]
    assert problem.meaning == "membrane time constant"
    assert problem.fix[1].entry == 20.0


def test_the_same_contradiction_reads_in_si_and_in_the_units_of_the_file():
    exchanged = {"tau_m": 0.02, "tau_ref": 0.002, "V_th": 0.01, "V_reset": 0.0155}
    (problem,) = error_of(lambda: LIFParams(**exchanged)).problems
    reason = "must lie below {}; are the two exchanged?"
    assert problem.sentence() == "V_reset = 0.0155 V " + reason.format("V_th = 0.01 V")
    said = problem.sentence(above="a.b", edge=True)
    assert said == "a.b.V_reset_mV = 15.5 mV " + reason.format("V_th_mV = 10.0 mV")


def test_all_problems_of_nested_blocks_are_raised_together_with_their_places():
    config = copy.deepcopy(GOOD["lfp"])
    config["ground_truth"]["discard_ms"] = 1.0  # a contradiction
    config["probe"]["half_width_um"] = "a"  # a type
    config["probe"]["contacts"] = 0  # a bound
    del config["kernels"]
    places = {p.subject.place for p in error_of(lambda: LfpStudy.from_config(config)).problems}
    assert places == {
        ("ground_truth", "discard"),
        ("probe", "half_width"),
        ("probe", "contacts"),
        ("kernels",),
    }


def test_a_sentence_alone_is_a_problem_and_errors_cross_processes():
    error = ParameterError("the kernel has no weight")
    assert str(error) == "the kernel has no weight"
    assert error.problems == (Problem(reason="the kernel has no weight"),)
    data = error_of(lambda: LIFParams.from_config({**LIF, "tau_m_ms": -1.0, "V_th_mV": None}))
    again = pickle.loads(pickle.dumps(data))
    assert (str(again), again.problems) == (str(data), data.problems)
    assert len(data.problems) == 2


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (
            "n_exc",
            "1e4",
            "must be a whole number, not text (excitatory neurons)",
        ),
        ("n_exc", "1e4", "write 10000; allowed"),
        ("n_exc", 10**400, "n_exc = 1e400 (about) is outside [1, 1e+07]"),
        ("n_exc", float("inf"), "must be a whole number (excitatory neurons); allowed"),
        ("n_exc", float("nan"), "must be a whole number (excitatory neurons); allowed"),
        ("n_exc", date(2020, 1, 2), "must be a whole number, not a date (excitatory neurons); al"),
        ("n_exc", True, "must be a whole number, not true or false"),
        ("J_mV", 10**400, "J_mV = 1e400 (about) mV is outside [0.0001, 20] mV"),
        ("J_mV", -(10**5000), "J_mV = -1e5000 (about) mV is outside"),
        ("J_mV", float("nan"), "J_mV = nan mV is outside [0.0001, 20] mV"),
        ("J_mV", date(2020, 1, 2), "must be a number, not a date ("),
        (
            "J_mV",
            "1e9",
            "(excitatory jump of the membrane potential); allowed",
        ),
        ("J_mV", "0.1 V", "potential); allowed"),  # 100 mV is not allowed: no such hint
        ("J_mV", "0.001 V", "; write 1.0; allowed"),
        ("J_mV", "1 s", "potential); allowed"),
        ("J_mV", "0.5", "potential); write 0.5; allowed"),
        ("delay_ms", 0.0015, "is it in s? Then write 1.5"),
        ("multapses", "x" * 10_000, "must be true or false, not text"),
        ("neuron", [{}], "must be a block of keys, not a list"),
    ],
    ids=shown,
)
def test_hints_fit_the_value_and_what_is_allowed(key, value, said):
    message = message_of(**{key: value})
    assert said in message
    assert len(message) < 400


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("A\n", "must start with a letter; letters, digits and underscores may follow"),
        ("a", "the names 'A' and 'a' differ only in case; rename one"),
        ("x-1", "the name 'x-1' must start with a letter"),
        (None, "None is no name"),
    ],
)
def test_names_that_cannot_be_parts_of_file_names_are_refused(name, said):
    config = copy.deepcopy(GOOD)
    config["networks"]["brunel"]["states"][name] = {"g": 3.5, "nu_ext_ratio": 2.0}
    with pytest.raises(ConfigError) as caught:
        check_study(config, "x.yaml")
    assert f"  1. networks.brunel.states: {said}" in str(caught.value) or said in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ([3.0, float("nan")], "NaN is no value of an axis"),
        ([3.0, 4.0, 3], "holds 3 twice; keep one"),
        (["a", "a"], "holds 'a' twice"),
        ({"start": 3.0, "stop": 3.0, "num": 2}, "holds 3.0 twice"),
        ({"start": float("nan"), "stop": 3.0, "num": 2}, "start = nan is outside"),
        ({"low": 2.0, "high": 1.0}, "low must lie below high"),
        ({"low": float("nan"), "high": 1.0}, "low = nan is outside"),
        ({"low": 1, "high": 10**400}, "high = 1e400 (about) is outside"),
        ({"low": "a", "high": 1.0}, "low = 'a': must be a number, not text"),
    ],
)
def test_an_axis_holds_different_numbers_that_rise(raw, said):
    assert said in str(error_of(lambda: read_axis(raw)))


def test_tied_keys_may_repeat_values_but_no_point():
    assert len(read_tied({"a": [1, 1], "b": [1, 2]}).rows) == 2
    assert "twice" in str(error_of(lambda: read_tied({"a": [1, 1], "b": [2, 2]})))


def test_sections_may_be_left_out_and_are_then_none():
    study = check_study({"seed": 1, "networks": {}, "learning": GOOD["learning"]}, "x.yaml")
    assert study.lfp is None
    assert Study.from_config(study.to_config()) == study
    with pytest.raises(ConfigError, match="learning = None: must be a block of keys, not empty"):
        check_study({"seed": 1, "networks": {}, "learning": None}, "x.yaml")


def test_a_thousand_problems_are_counted_not_listed():
    with pytest.raises(ConfigError, match=r"x.yaml: \d+ problems(.|\n)* and \d+ more$"):
        check_study({"seed": 1, "sweeps": {f"s{i}": 1 for i in range(1000)}}, "x.yaml")


@pytest.mark.parametrize("value", [10**300, 10**400, -(10**5000), 1e300, 2**70], ids=shown)
def test_numbers_beyond_all_bounds_are_shown_as_they_are(value):
    for edge in (False, True):
        wrong = {**LIF, "tau_m_ms": value} if edge else {"tau_m": value}
        good = LIFParams.from_config(LIF)
        build = partial(LIFParams.from_config, wrong) if edge else partial(replace, good, **wrong)
        assert f" = {shown(value)}" in str(error_of(build))


def test_whatever_is_shown_is_short_and_never_fails():
    loop: list[object] = []
    loop.append(loop)
    values: tuple[Any, ...] = (
        10**5000,
        loop,
        {i: i for i in range(10**5)},
        "x" * 10**6,
        {"a": {"b": {"c": {}}}},
    )
    for value in values:
        assert len(shown(value)) < 400
    assert shown({"low": 2.0, "high": 1.0}) == "{'low': 2.0, 'high': 1.0}"


def places(part, path=()):
    inner: Any = part.items() if isinstance(part, dict) else ()
    inner = enumerate(part) if isinstance(part, list) else inner
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


def with_value(part, path, value):
    if not path:
        return value
    copied = dict(part) if isinstance(part, dict) else list(part)
    copied[path[0]] = with_value(part[path[0]], path[1:], value)
    return copied


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)


@settings(deadline=None)
@given(path=st.sampled_from(places(GOOD)), value=VALUES | st.lists(VALUES, max_size=2))
@example(path=("networks", "microcircuit", "model"), value=[])  # no key of a table of forms
@example(path=("networks", "brunel", "title"), value=None)  # drops what the preset has there
@example(path=("networks", "brunel", "states"), value=None)
@example(path=("networks", "brunel", "title"), value=False)  # every state has its own title
def test_what_the_schema_for_editors_refuses_the_reader_refuses(path, value):
    # oracle: jsonschema on the printed schema, which takes 2.0 for a whole number and no bound
    # for the relations, so that the reader may refuse more
    config = with_value(GOOD, path, value)
    if isinstance(config, dict) and not SCHEMA.is_valid(config):
        with pytest.raises(ConfigError):
            check_study(config, "x.yaml")


def test_the_schema_for_editors_accepts_what_is_shipped():
    assert SCHEMA.is_valid(GOOD)
    ring = SCHEMA.schema["properties"]["learning"]["properties"]["model"]["properties"]["ring"]
    assert ring["properties"]["tau_x_ms"] == {
        "type": "number",
        "minimum": 0.01,
        "maximum": 1000.0,
        "unit": "ms",
        "description": "time constant of the rates",
    }
