"""A figure of the registry is drawn from its tables, saved, and shown as it was saved."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

from PIL import Image

from cortex.cli import main
from cortex.errors import ConfigError, TableError
from cortex.installation import ROOT_OF_RUN
from cortex.io.schemas.connectivity import COST
from cortex.io.tables import write_table
from cortex.provenance import Provenance
from cortex.report.show import show_figure

REGISTRY = """
cost:
  title: Cost
  draw: cortex.plots.connectivity:draw_cost
  says: cortex.claims.connectivity:cost
  tables: {cost: results/cost.parquet}
  notebook: connectivity
  checks: []
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "workflow" / "report").mkdir(parents=True)
    (tmp_path / "workflow" / "report" / "cost.rst").write_text("Grows like {{ powers }}.\n")
    (tmp_path / "workflow" / "figures.yaml").write_text(REGISTRY, encoding="utf-8")
    columns = {
        "algorithm": ["stencil", "stencil"],
        "n_neurons": np.array([400, 1600]),
        "n_connections": np.array([30000, 120000]),
        "cpu_time": np.array([1e-3, 4e-3]),
        "peak_memory": np.array([3e5, 12e5]),
    }
    source = Provenance(rule="t", params={}, code="c")
    write_table(tmp_path / "results" / "cost.parquet", COST, columns, source)
    (tmp_path / "Snakefile").touch()
    monkeypatch.setenv(ROOT_OF_RUN, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("root")
def test_a_shown_figure_is_the_saved_one_with_its_code():
    shown = show_figure("cost", code="c0de")
    data, _ = shown._repr_png_()
    assert "Grows like 1.00." in str(shown._repr_html_())
    assert data == shown.png.read_bytes()
    assert Image.open(shown.png).text["cortex code"] == "c0de"  # type: ignore[attr-defined]
    assert shown.png.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_the_command_line_draws_one_figure(root, capsys):
    assert main(["figure", "cost"]) == 0
    assert capsys.readouterr().out.strip() == "results/figures/cost.png"
    assert (root / "results/figures/cost.pdf").is_file()


def test_an_unknown_figure_or_a_missing_table_is_named(root):
    with pytest.raises(ConfigError, match=r"no figure 'coast'.*there are cost"):
        show_figure("coast")
    (root / "results/cost.parquet").unlink()
    with pytest.raises(TableError, match=r"make it with: snakemake .*results/cost\.parquet"):
        show_figure("cost")
