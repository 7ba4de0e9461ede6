"""The RO-Crate of a run: its validator accepts it, and it leads from figure to data."""

import json
from hashlib import sha256
from importlib.resources import files
from io import BytesIO

import numpy as np
import pytest

from cortex.errors import CortexError
from cortex.io.ancestry import ancestry_of
from cortex.io.tables import Column, TableSchema, write_table
from cortex.provenance import Provenance
from cortex.report.crate import pack_crate

TERMS = "https://bioschemas.org/"
FILES = (
    "Snakefile",
    "README.md",
    "workflow/rules/brunel.smk",
    "workflow/scripts/solve.py",
    "workflow/scripts/__pycache__/solve.pyc",
    "src/cortex/__init__.py",
    "requirements/cortex.lock",
    "tests/acceptance/brunel.tsv",
    "results/configuration.yaml",
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
  says: cortex.claims.brunel:plane
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
    spikes, plane = root / "results" / "spikes.parquet", root / "results" / "plane.parquet"
    first = Provenance(rule="simulate", params={"seed": 7, "dt_ms": 0.1}, code="abc", seed=7)
    write_table(spikes, schema, {"nu": np.ones(2)}, first)
    source = Provenance(
        rule="solve", params={"bin_ms": 0.5}, code="c0de", ancestry=ancestry_of([spikes])
    )
    write_table(plane, schema, {"nu": np.ones(2)}, source)
    return root


def packed(root, folder):
    """Return the entities of the crate by identifier."""
    pack_crate(root, folder)
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    return {entity["@id"]: entity for entity in graph}


def ids(value):
    return [each["@id"] for each in (value if isinstance(value, list) else [value])]


def test_a_figure_leads_to_its_data_its_parameters_and_the_seed_of_its_simulation(
    finished, tmp_path
):
    entities = packed(finished, tmp_path / "crate")
    assert ids(entities["#draw-plane"]["object"]) == ["results/plane.parquet"]
    assert "results/figures/plane.png" in ids(entities["#draw-plane"]["result"])
    action = entities["#make-results/plane.parquet"]
    assert ids(action["instrument"]) == ["workflow/scripts/solve.py"]
    values = {entities[i]["name"]: entities[i]["value"] for i in ids(action["object"])}
    assert values == {
        "solve: bin_ms": 0.5,
        "solve: code": "c0de",
        "simulate: seed": 7,
        "simulate: dt_ms": 0.1,
        "simulate: code": "abc",
    }


def test_code_and_the_configuration_of_the_run_are_packed_with_their_checksums(finished, tmp_path):
    entities = packed(finished, tmp_path / "crate")
    assert ids(entities["#run"]["object"]) == ["results/configuration.yaml"]
    for name in FILES:
        copy = tmp_path / "crate" / name
        if "__pycache__" in name:
            assert not copy.exists()
        else:
            assert entities[name]["sha256"] == sha256(copy.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["results/figures/plane.png", "results/configuration.yaml"])
def test_an_unfinished_run_is_refused(finished, tmp_path, name):
    earlier = pack_crate(finished, tmp_path / "crate") / "ro-crate-metadata.json"
    (finished / name).unlink()
    with pytest.raises(CortexError, match=f"{name} is missing; finish the run first"):
        pack_crate(finished, tmp_path / "crate")
    assert earlier.is_file()


def test_an_earlier_crate_makes_room_and_another_folder_does_not(finished, tmp_path):
    folder = tmp_path / "crate"
    pack_crate(finished, folder)
    (folder / "left").write_text("from the last time")
    pack_crate(finished, folder)
    assert not (folder / "left").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it")
    with pytest.raises(CortexError, match="is no crate and not empty"):
        pack_crate(finished, tmp_path / "mine")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the validator's own libraries
def test_the_validator_accepts_the_crate(finished, tmp_path, monkeypatch):
    import requests
    from rocrate_validator.services import ValidationSettings, validate
    from urllib3 import HTTPResponse

    # of the context that would be fetched a later version ships with the package that writes
    # crates; the terms of workflows have moved since version 1.1
    shipped = (files("rocrate") / "data" / "ro-crate.jsonld").read_text()
    context = shipped.replace(f"{TERMS}terms/input", f"{TERMS}ComputationalWorkflow#input")
    context = context.replace(f"{TERMS}terms/output", f"{TERMS}ComputationalWorkflow#output")
    body = context.replace(f"{TERMS}terms/", TERMS).encode()
    served = []

    def offline(_adapter, request, **_kwargs):
        served.append(request.url)
        response = requests.Response()
        response.status_code, response.url, response.request = 200, request.url, request
        response.headers["Content-Type"] = "application/ld+json"
        response.raw = HTTPResponse(BytesIO(body), preload_content=False)
        return response

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", offline)
    folder = pack_crate(finished, tmp_path / "crate")
    settings = ValidationSettings(
        rocrate_uri=str(folder), profile_identifier="workflow-run-crate", no_cache=True
    )
    result = validate(settings)
    assert set(served) == {"https://w3id.org/ro/crate/1.1/context"}
    assert result.passed(), [issue.message for issue in result.get_issues()]
