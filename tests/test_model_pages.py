"""The pages of models quote named results of one run, and say where other numbers stand."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SPEC = importlib.util.spec_from_file_location("model_values", ROOT / "tools" / "model_values.py")
VALUES = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(VALUES)
STORED = json.loads(VALUES.STORED.read_text(encoding="utf-8"))
NAMES = [path.stem for path in VALUES.PAGES]
# years, figures and tables of papers, decisions, populations and layers, code, links, volume:page
APART = re.compile(
    r"\b(1[89]|20)\d\d\b|\bfigures? \d+|\blayers? (2/3|\d)( and \d)?|\b(23|4|5|6|2/3)[EI]\b"
    r"|`[^`]*`|!?\[[^\]]*\]\([^)]*\)|<!--.*?-->"
    r"|\b(ADR|eqs?\.|chapter|table) ?[\d., -]+\d?|\b\d+:[A-Za-z]?\d+(-\d+)?"
)
PYTHON = re.compile(r"^```python\n.*?^```$", re.M | re.S)
ALLOWED = {"equation", "published", "measured once"}


@pytest.fixture(params=VALUES.PAGES, ids=NAMES)
def page(request):
    return request.param.read_text(encoding="utf-8")


def test_a_page_holds_the_stored_values_of_the_run(page):
    assert VALUES.filled(page, STORED) == page


@pytest.mark.parametrize("name", STORED["values"])
def test_a_value_changed_by_hand_changes_a_page(name):
    changed = {**STORED, "values": {**STORED["values"], name: "12.3 fm"}}
    pages = [path.read_text(encoding="utf-8") for path in VALUES.PAGES]
    assert any("12.3 fm" in VALUES.filled(page, changed) for page in pages)


def test_every_stored_value_is_quoted_and_belongs_to_a_figure():
    from cortex.report.registry import read_figures

    quoted = {n for path in VALUES.PAGES for n in VALUES.names_in(path.read_text(encoding="utf-8"))}
    assert quoted == STORED["values"].keys()
    assert {name.split(".")[0] for name in quoted} <= read_figures(
        ROOT / "workflow" / "figures.yaml"
    ).keys()


def test_no_number_stands_without_its_source(page):
    prose = PYTHON.sub("", VALUES.NAMED.sub("", page))  # tests/test_docs.py runs the code
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", prose)]
    for before, block in zip(["", *blocks], blocks, strict=False):
        formula = block.startswith(("    ", "#"))
        if formula or VALUES.NUMBERS.fullmatch(before):
            continue
        assert not re.search(r"\d", APART.sub("", block)), block


def test_sources_of_numbers_are_files_of_the_repository(page):
    for source in {part for line in VALUES.NUMBERS.findall(page) for part in line.split(", ")}:
        assert source in ALLOWED or (ROOT / source).exists(), source
