"""Violations of a schema: the same, in the same places, as jsonschema finds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cortex.config.messages import explain
from cortex.config.read import read_yaml
from cortex.config.schema import block_schema
from cortex.config.validate import violations
from cortex.params.study import Study

CONFIG = read_yaml(Path(__file__).parents[3] / "config" / "test.yaml")
SCHEMA = block_schema(Study)
NAMES = {"type": "string"}
OTHERS = {
    "anyOf": [NAMES, {"type": "array", "items": NAMES}],
    "description": "one name or several",
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=4,
)


def places(part, path=()):
    """Return the path of every block, list and value of a configuration."""
    if not isinstance(part, dict | list):
        return [path]
    inner = part.items() if isinstance(part, dict) else enumerate(part)
    below = [place for key, each in inner for place in places(each, (*path, key))]
    return [path, *below]


def with_value(part, path, value):
    """Return a copy of a configuration with the value at a path replaced."""
    if not path:
        return value
    copied = dict(part) if isinstance(part, dict) else list(part)
    copied[path[0]] = with_value(part[path[0]], path[1:], value)
    return copied


def found(value, schema):
    """Return what we find and what jsonschema finds; it tells each missing key apart."""
    ours = {(v.path, v.keyword) for v in violations(value, schema)}
    errors = Draft202012Validator(schema).iter_errors(value)
    theirs = {
        (
            tuple(e.absolute_path),
            "propertyNames" if "propertyNames" in e.absolute_schema_path else e.validator,
        )
        for e in errors
    }
    return ours, theirs


@given(path=st.sampled_from(places(CONFIG)), value=VALUES)
def test_a_spoilt_configuration_breaks_what_jsonschema_says(path, value):
    ours, theirs = found(with_value(CONFIG, path, value), SCHEMA)
    assert ours == theirs


@given(path=st.sampled_from([p for p in places(CONFIG) if p]), name=st.text("aA_1 ", max_size=3))
def test_a_renamed_key_breaks_what_jsonschema_says(path, name):
    *above, key = path
    block = CONFIG
    for each in above:
        block = block[each]
    if isinstance(block, dict):
        renamed = {name if k == key else k: v for k, v in block.items()}
        ours, theirs = found(with_value(CONFIG, above, renamed), SCHEMA)
        assert ours == theirs


@given(value=VALUES)
def test_alternatives_are_judged_as_jsonschema_does(value):
    ours, theirs = found(value, OTHERS)
    assert ours == theirs


@pytest.mark.parametrize("value", [3, [1], {"E": 1}])
def test_a_value_that_fits_no_alternative_is_told_all_of_them(value):
    (sentence,) = (said for broken in violations(value, OTHERS) for said in explain(broken))
    assert sentence.endswith("must be text or a list; meaning: one name or several")
