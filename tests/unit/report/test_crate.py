"""The RO-Crate of a run: its validator accepts it, and it leads from figure to data."""

import json
from importlib.resources import files
from io import BytesIO

import numpy as np
import pytest

from cortex.io.tables import Column, TableSchema, write_table
from cortex.provenance import Provenance
from cortex.report.crate import pack_crate

FILES = (
    "Snakefile",
    "workflow/rules/brunel.smk",
    "config/config.yaml",
    "results/report.html",
    "results/acceptance.parquet",
    "results/figures/plane.png",
    "results/figures/plane.pdf",
    "results/notebooks/brunel.html",
)
REGISTRY = """\
plane:
  title: A plane
  draw: cortex.plots.brunel:draw_plane
  tables: {plane: results/plane.parquet}
  notebook: brunel
  checks: []
"""


@pytest.fixture
def finished(tmp_path):
    """Return a folder that looks like a finished run of one figure."""
    root = tmp_path / "run"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("content\n")
    (root / "workflow" / "figures.yaml").write_text(REGISTRY)
    schema = TableSchema("t", {"nu": Column("Hz", "rate")})
    source = Provenance(rule="solve", params={}, code="c0de", command="snakemake plane")
    write_table(root / "results" / "plane.parquet", schema, {"nu": np.ones(2)}, source)
    return root


def test_a_figure_leads_to_its_data_and_the_command(finished, tmp_path):
    folder = pack_crate(finished, tmp_path / "crate")
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    action = entities["#draw-plane"]
    objects = action["object"] if isinstance(action["object"], list) else [action["object"]]
    assert [each["@id"] for each in objects] == ["results/plane.parquet"]
    assert "results/figures/plane.png" in [each["@id"] for each in action["result"]]
    assert "code c0de" in entities["results/plane.parquet"]["description"]
    assert (folder / "results" / "plane.parquet").is_file()


def test_an_unfinished_run_is_refused(finished, tmp_path):
    (finished / "results" / "figures" / "plane.png").unlink()
    with pytest.raises(FileNotFoundError, match="finish the run first"):
        pack_crate(finished, tmp_path / "crate")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the validator's own libraries
def test_the_validator_accepts_the_crate(finished, tmp_path, monkeypatch):
    import requests
    from rocrate_validator.services import ValidationSettings, validate
    from urllib3 import HTTPResponse

    # the context that would be fetched ships with the package that writes crates
    shipped = (files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
    served = []

    def offline(_adapter, request, **_kwargs):
        served.append(request.url)
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = HTTPResponse(BytesIO(shipped), preload_content=False)
        return response

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", offline)
    folder = pack_crate(finished, tmp_path / "crate")
    settings = ValidationSettings(
        rocrate_uri=str(folder), profile_identifier="ro-crate", no_cache=True
    )
    result = validate(settings)
    assert set(served) == {json.loads(shipped)["@id"]}
    assert result.passed(), [issue.message for issue in result.get_issues()]
