"""The report page: everything inside, nothing fetched, failing checks first."""

import json
import re
from base64 import b64encode
from html import unescape
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from cortex.errors import ConfigError
from cortex.io.ancestry import ancestry_of
from cortex.io.tables import Column, TableSchema, write_table
from cortex.provenance import Provenance
from cortex.report.page import claim_rows, figure_entries, render_page, sweep_entries
from cortex.report.registry import read_figures, tables_behind, without
from cortex.report.run import Run, relative_paths

GIVEN = "--configfile config/test.yaml --config seed=7"
RUN = Run(configfiles=("config/test.yaml",), overrides={"seed": 7}, commit="v0.1-3-gabc-dirty")

REGISTRY = """\
plane:
  title: A plane
  draw: cortex.plots.brunel:draw_plane
  says: cortex.claims.brunel:plane
  tables: {{plane: {table}}}
  notebook: brunel
  checks: [brunel.rate]
"""


CLAIMED = {
    "figure": np.array(["plane", "plane"], dtype=object),
    "claim": np.array(["near", "far"], dtype=object),
    "holds": np.array([True, False]),
    "sentence": np.array(["It is near.", "It is not far."], dtype=object),
}


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
    runs = [tmp_path / f"s{network}.parquet" for network in range(2)]
    for network, path in enumerate(runs):
        first = Provenance(
            rule="simulate",
            params={"seed": 31, "model": {"g": 5.0}, "network": network},
            code="5eed",
            seed=31,
            wildcards={"state": "C", "network": str(network)},
        )
        write_table(path, schema, {"nu": np.ones(2)}, first)
    params = {"tau_m_ms": 20.0}
    source = Provenance(rule="solve", params=params, code="c0de", ancestry=ancestry_of(runs))
    write_table(tmp_path / "t.parquet", schema, {"nu": np.ones(2)}, source)
    (tmp_path / "figures.yaml").write_text(REGISTRY.format(table=tmp_path / "t.parquet"))
    (tmp_path / "plane.png").write_bytes(b"\x89PNG fake")
    (tmp_path / "plane.rst").write_text("Rates of *the* plane <& friends>.\n")
    figures = read_figures(tmp_path / "figures.yaml")
    entries = figure_entries(
        figures,
        [str(tmp_path / "plane.png")],
        [str(tmp_path / "plane.rst")],
        acceptance(),
        RUN,
        claims=CLAIMED,
    )
    template = root / "workflow" / "report" / "page.html.j2"
    rows = claim_rows(CLAIMED)
    return render_page(template, entries, acceptance(), RUN, embed=True, claims=rows)


def test_nothing_is_fetched_from_anywhere(page):
    found: list[Any] = []

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


def test_the_commands_name_the_configuration_of_the_run(page):
    assert f"<code>snakemake --cores 2 results/figures/plane.png {GIVEN}</code>" in page
    assert re.search(rf"<code>snakemake --cores 2 \S*/t\.parquet {GIVEN}</code>", page)


def test_the_foot_names_configuration_and_commit(page):
    foot = page[page.index("<footer>") :]
    assert "from config/test.yaml, seed = 7, commit <code>v0.1-3-gabc-dirty</code>" in foot


def test_the_jobs_behind_the_tables_stand_with_the_figure_down_to_the_seed(page):
    chain = page[page.index("What these tables were made from") :]
    assert "simulate, seed 31; 2 jobs: network 0, state C; network 1, state C" in chain
    assert "5eed" in chain
    shown = unescape(re.search(r"parameters of simulate</summary><pre>(.*?)</pre>", chain, re.S)[1])
    assert json.loads(shown) == {"seed": 31, "model": {"g": 5.0}, "network, by job": [0, 1]}


def test_a_run_quotes_what_a_shell_would_split():
    run = Run(configfiles=("my study.yaml", "b.yaml"), overrides={"seed": 7, "sweeps": {}})
    assert run.command("x.png").endswith(
        "x.png --configfile 'my study.yaml' b.yaml --config seed=7 'sweeps={}'"
    )


def test_paths_of_a_run_do_not_depend_on_where_the_project_lies(tmp_path):
    assert relative_paths([tmp_path / "config" / "test.yaml", "a.yaml"], tmp_path)[0] == (
        "config/test.yaml"
    )
    tree = tmp_path / "a checkout"
    for place in ("here", "somewhere/else"):
        named = relative_paths([tree / "config" / "test.yaml", tmp_path / place / "own.yaml"],
                               tmp_path / place, tree)  # fmt: skip
        assert named == ["config/test.yaml", "own.yaml"]


def test_claims_are_counted_and_one_that_does_not_hold_comes_first(page):
    assert "1 of 2 claims of the texts hold" in page
    table = page[page.index('<section id="claims">') :]
    assert table.index("It is not far.") < table.index("It is near.")
    own = page[page.index('<section id="plane">') : page.index('<section id="claims">')]
    assert "2 claims of this text, not all hold" in own


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
    sound = sweep | {"sweep": "sound", "failed": 0, "missing": 0, "failures": []}
    page = render_page(template, [], acceptance(), RUN, embed=True, sweeps=[sweep, sound])
    head = page[: page.index("<main>")]
    assert "sweep my_plane: 8 of 7 points failed" in head
    assert "points failed in my_plane" in head[head.index("<nav") :]
    assert "sound" not in head
    assert "SimulationError: &lt;no&gt;" in page


def test_the_figure_of_every_sweep_stands_on_the_page(root, tmp_path):
    counts = dict.fromkeys(("asked", "done", "computed", "reused", "full_grid"), 7)
    account = {"sweep": "mine", **counts, "failed": 0, "missing": 0, "failures": []}
    (tmp_path / "mine_account.json").write_text(json.dumps(account))
    (tmp_path / "mine.png").write_bytes(b"picture")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "course.png").write_bytes(b"course")
    names = ("mine_account.json", "mine.png", "mine/course.png")
    sweeps = sweep_entries(*([str(tmp_path / name)] for name in names))
    template = root / "workflow" / "report" / "page.html.j2"
    alone, beside = (
        render_page(template, [], acceptance(), RUN, embed=embed, sweeps=sweeps)
        for embed in (True, False)
    )
    assert f"data:image/png;base64,{b64encode(b'picture').decode()}" in alone
    assert 'src="../figures/sweeps/mine.png"' in beside
    assert 'src="../figures/sweeps/mine/course.png"' in beside
    assert "results/sweeps/mine_summary.parquet" in beside
    assert "results/sweeps/mine/course.parquet" in beside


def test_figures_of_a_notebook_that_is_left_out_are_left_out(tmp_path):
    text = REGISTRY.format(table="results/sweeps/my_plane_summary.parquet")
    (tmp_path / "figures.yaml").write_text(text)
    figures = read_figures(tmp_path / "figures.yaml")
    assert tables_behind(figures) == ["results/sweeps/my_plane_summary.parquet"]
    (notebook,) = {figure.notebook for figure in figures.values()}
    assert without(figures, [notebook]) == {}
    assert without(figures, ["another"]) == figures


def test_a_page_without_checks_has_no_table_of_them_and_says_what_is_left_out(root):
    networks = [{"name": "mynet", "title": "Mine", "against": ["E is nearly silent."]}]
    left_out = {"lfp": ["results/lfp/plane.parquet"]}
    template = root / "workflow" / "report" / "page.html.j2"
    page = render_page(template, [], {}, RUN, embed=True, networks=networks, left_out=left_out)
    assert 'id="acceptance"' not in page
    assert "checks pass" not in page
    assert 'href="networks/mynet/index.html"' in page
    assert "E is nearly silent." in page
    assert "lfp: no <code>results/lfp/plane.parquet</code>" in page


def test_recordings_are_listed_with_what_lies_outside_of_their_network(root):
    template = root / "workflow" / "report" / "page.html.j2"
    mine = {"name": "mine", "says": "AI, 5 Hz per neuron", "against": ["E: rate <9 Hz."]}
    alone, beside = (
        render_page(template, [], acceptance(), RUN, embed=embed, recordings=[mine])
        for embed in (True, False)
    )
    assert 'href="recordings/mine/index.html"' in alone
    assert 'href="../recordings/mine/index.html"' in beside
    assert "E: rate &lt;9 Hz." in alone
