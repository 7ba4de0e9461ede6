"""What the files about the project say agrees; the schema for editors is that of the code."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from runpy import run_path

import pytest
import yaml
from jsonschema import Draft202012Validator

from cortex.config.schema import block_schema
from cortex.params.study import Study

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
VERSION = run_path(str(ROOT / "tools" / "version.py"))["version"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs/schema/cortex.schema.json").read_text(encoding="utf-8"))


def test_all_files_about_the_project_name_one_version_date_and_licence():
    released = re.search(r"^## \[(\d.*)\] - (.*)$", CHANGELOG, flags=re.MULTILINE)
    assert {CITATION["version"], CODEMETA["version"], ZENODO["version"]} == {released[1]}
    assert str(CITATION["date-released"]) == released[2]
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


def tagged(folder, *commands):
    """Return the version of a tree in which git was run."""
    name = ["-c", "user.name=x", "-c", "user.email=x@y", "-c", "commit.gpgsign=false"]
    for words in commands:
        subprocess.run(["git", *name, *words.split()], cwd=folder, check=True, capture_output=True)
    return VERSION(folder)


def test_the_version_is_that_of_the_tag_and_of_the_cited_release_without_one(tmp_path):
    (tmp_path / "CITATION.cff").write_text("title: x\nversion: 0.2.0\n")
    assert VERSION(tmp_path) == "0.2.0"  # a plain tree
    commit = "commit --allow-empty -m x"
    assert tagged(tmp_path, "init -q", commit) == "0.2.0"  # a checkout without tags
    assert tagged(tmp_path, "tag v0.3.9", "tag other") == "0.3.9"
    assert tagged(tmp_path, commit, commit) == "0.3.10.dev2"
    (tmp_path / "PKG-INFO").write_text("Metadata-Version: 2.4\nVersion: 0.4.0\n")
    assert VERSION(tmp_path) == "0.4.0"  # a source distribution
    (tmp_path / "PKG-INFO").write_text("Name: x\n")
    with pytest.raises(ValueError, match="holds no line `Version"):
        VERSION(tmp_path)


def test_a_build_takes_its_version_from_there():
    found = PYPROJECT["tool"]["hatch"]["version"]
    assert (found["path"], found["expression"]) == ("tools/version.py", "version()")
    assert PROJECT["dynamic"] == ["version"]
    said = subprocess.check_output([sys.executable, "tools/version.py"], cwd=ROOT, text=True)
    assert said == f"{VERSION(ROOT)}\n"


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
