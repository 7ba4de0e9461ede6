"""Texts are templates: claims in the form that holds, values as papers write them."""

import json
import re
from typing import Any

import numpy as np
import pytest

from cortex.claims.text import render
from cortex.claims.value import Value
from cortex.errors import ConfigError


def test_a_claim_is_said_in_the_form_that_holds_and_kept():
    template = "{% claim near %}Within\n{{ bound }}.{% otherwise %}Not so.{% endclaim %}"
    facts: dict[str, Any] = {"near": True, "bound": Value.of(0.05, "percent", ".0f")}
    made = render(template, facts)
    assert made.body == "Within\n5 %."
    assert [(c.name, c.holds, c.sentence) for c in made.claims] == [("near", True, "Within 5 %.")]
    assert render(template, {**facts, "near": False}).body == "Not so."


@pytest.mark.parametrize(
    "template",
    [
        "{{ nothing }}",
        "{% claim near %}Near.{% endclaim %}",
        "{% claim no %}a{% otherwise %}b{% endclaim %}",
    ],
)
def test_an_unknown_value_and_a_claim_without_its_other_form_are_refused(template):
    with pytest.raises(ConfigError, match="text:"):
        render(template, {"near": True})


def test_values_are_written_as_papers_write_them():
    assert str(Value.of(2.8e-6, form=".0e")) == "3·10⁻⁶"
    assert str(Value.of(-0.174, "percent", "+.0f")) == "−17 %"
    assert str(Value.span([np.nan, 0.002, 0.0045], "ms", ".1f")) == "2.0 to 4.5 ms"
    assert str(Value.of(np.nan, "Hz")) == "— Hz"


# a year, a name of cells or proxies, a figure of a paper, a layer, a formula, a literal
APART = re.compile(
    r"\b(1[89]|20)\d\d\b|\bfigures? \d+|\blayers? (2/3|\d)( and \d)?|\b(23|4|5|6)[EI]\b"
    r"|:math:`[^`]*`|``[^`]*``|`[^`]*`|!?\[[^\]]*\]\([^)]*\)"
)
TEMPLATE = re.compile(r"{{.*?}}|{%.*?%}", re.S)


def typed_digits(prose):
    return re.findall(r".{0,30}\d.{0,20}", APART.sub("", TEMPLATE.sub("", prose)))


def test_no_number_is_typed_into_the_text_of_a_figure(root):
    for path in sorted((root / "workflow" / "report").glob("*.rst")):
        assert typed_digits(path.read_text(encoding="utf-8")) == [], path.name


def test_no_number_is_typed_into_the_prose_of_a_notebook(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                assert typed_digits("".join(cell["source"])) == [], path.name
