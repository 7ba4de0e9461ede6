"""What the files about the project say agrees, and the schema for editors is that of the code."""

import json
import tomllib
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from cortex.config.schema import block_schema
from cortex.params.study import Study

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "docs/schema/cortex.schema.json").read_text(encoding="utf-8"))


def test_all_files_about_the_project_name_one_version_date_and_licence():
    assert {CITATION["version"], CODEMETA["version"], ZENODO["version"]} == {PROJECT["version"]}
    assert CODEMETA["datePublished"] == ZENODO["publication_date"] == str(CITATION["date-released"])
    assert CITATION["license"] == ZENODO["license"] == PROJECT["license"]
    assert CODEMETA["license"].rsplit("/")[-1] == PROJECT["license"]


def test_all_files_about_the_project_name_the_same_people_and_things():
    people = [author["name"] for author in PROJECT["authors"]]
    for authors in (CITATION["authors"], CODEMETA["author"], ZENODO["creators"]):
        assert [author["name"] for author in authors] == people
    assert CODEMETA["name"] == PROJECT["name"]
    assert CODEMETA["description"] == ZENODO["description"] == PROJECT["description"]
    assert ZENODO["title"] == CITATION["title"]
    assert CODEMETA["keywords"] == ZENODO["keywords"] == CITATION["keywords"]
    assert CODEMETA["runtimePlatform"] == f"Python {PROJECT['requires-python']}"


def test_the_written_schema_is_that_of_the_parameters():
    written = {key: value for key, value in SCHEMA.items() if key not in {"$schema", "title"}}
    assert written == json.loads(json.dumps(block_schema(Study))), "make schema"


@pytest.mark.parametrize("name", ["config", "test"])
def test_the_schema_accepts_our_configurations_and_refuses_a_key_without_its_unit(name):
    config = yaml.safe_load((ROOT / "config" / f"{name}.yaml").read_text(encoding="utf-8"))
    validator = Draft202012Validator(SCHEMA)
    assert [error.message for error in validator.iter_errors(config)] == []
    config["brunel_model"] = {}
    assert not validator.is_valid(config)
