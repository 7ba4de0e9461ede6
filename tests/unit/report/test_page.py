"""The report page: everything inside, nothing fetched, failing checks first."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from cortex.errors import ConfigError
from cortex.io.tables import Column, TableSchema, write_table
from cortex.provenance import Provenance
from cortex.report.page import figure_entries, render_page
from cortex.report.registry import read_figures

REGISTRY = """\
plane:
  title: A plane
  draw: cortex.plots.brunel:draw_plane
  tables: {{plane: {table}}}
  notebook: brunel
  checks: [brunel.rate]
"""


def acceptance():
    """Return an acceptance table of one passing and one failing row."""
    text = {
        name: np.array([name, name], dtype=object)
        for name in ("model", "quantity", "unit", "tolerance_kind", "kind", "source", "reason")
    }
    return {
        "check_id": np.array(["brunel.rate.C", "brunel.rate.D"], dtype=object),
        **text,
        "expected": np.array([38.0, 6.5]),
        "got": np.array([38.01, 7.5]),
        "deviation": np.array([3e-4, 0.15]),
        "tolerance": np.array([0.01, 0.01]),
        "passed": np.array([True, False]),
    }


@pytest.fixture
def page(tmp_path, root):
    """Return the text of a page with one figure."""
    schema = TableSchema("t", {"nu": Column("Hz", "rate")})
    source = Provenance(rule="solve", params={"tau_m_ms": 20.0}, code="c0de", seed=3)
    write_table(tmp_path / "t.parquet", schema, {"nu": np.ones(2)}, source)
    (tmp_path / "figures.yaml").write_text(REGISTRY.format(table=tmp_path / "t.parquet"))
    (tmp_path / "plane.png").write_bytes(b"\x89PNG fake")
    (tmp_path / "plane.rst").write_text("Rates of *the* plane <& friends>.\n")
    figures = read_figures(tmp_path / "figures.yaml")
    entries = figure_entries(
        figures, [str(tmp_path / "plane.png")], [str(tmp_path / "plane.rst")], acceptance()
    )
    return render_page(
        root / "workflow" / "report" / "page.html.j2", entries, acceptance(), embed=True
    )


def test_nothing_is_fetched_from_anywhere(page):
    found = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend(value for key, value in attrs if key in {"src", "href"} and tag != "a")

    Links().feed(page)
    assert found
    assert all(link.startswith("data:") for link in found)
    assert not re.search(r"https?://", page.replace("http://www.w3.org", ""))


def test_caption_parameters_and_provenance_stand_with_the_figure(page):
    assert "Rates of <em>the</em> plane &lt;&amp; friends&gt;." in page
    assert "&#34;tau_m_ms&#34;: 20.0" in page
    assert "c0de" in page
    assert "snakemake --cores 2 results/figures/plane.png" in page


def test_the_tally_and_the_failing_row_come_first(page):
    assert "1 of 2 checks pass" in page
    table = page[page.index('<table id="checks">') :]
    assert table.index("brunel.rate.D") < table.index("brunel.rate.C")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: {{title: x}}\n", "needs exactly the keys"),
        (REGISTRY.replace(":draw_plane", ""), "module:function"),
    ],
)
def test_an_incomplete_registry_entry_is_refused(tmp_path, text, message):
    (tmp_path / "figures.yaml").write_text(text.format(table="t"))
    with pytest.raises(ConfigError, match=message):
        read_figures(tmp_path / "figures.yaml")


def test_failed_points_of_sweeps_stand_on_the_page_with_their_errors(root):
    failure = {"point": {"g": 5.0}, "replicate": 2, "attempts": 2, "error": "SimulationError: <no>"}
    counts = dict.fromkeys(("asked", "done", "computed", "reused", "missing", "full_grid"), 7)
    sweep = {"sweep": "my_plane", **counts, "failed": 1, "failures": [failure]}
    template = root / "workflow" / "report" / "page.html.j2"
    page = render_page(template, [], acceptance(), embed=True, sweeps=[sweep])
    assert "my_plane" in page
    assert "SimulationError: &lt;no&gt;" in page
