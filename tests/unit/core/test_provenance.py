"""Digests follow what code does, not how it is commented."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cortex import provenance
from cortex.provenance import canonical_json, describe_commit, source_digest

SCRIPT = '''"""A script."""

from cortex.meanfield.a import rate


def main():
    """Run."""
    return rate(1)
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a small package tree that `source_digest` takes for cortex."""
    files = {
        "__init__.py": '"""Root."""\n',
        "units.py": "SCALE = 1\n",
        "meanfield/__init__.py": '"""API, loaded lazily."""\n',
        "meanfield/__init__.pyi": "from .a import rate\nfrom .b import other\n",
        "meanfield/a.py": "from cortex import units\ndef rate(x):\n    return x * units.SCALE\n",
        "meanfield/b.py": "def other():\n    return 2\n",
    }
    source = tmp_path / "cortex"
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    monkeypatch.setattr(provenance, "SOURCE", source)
    (tmp_path / "script.py").write_text(SCRIPT)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_comments_docstrings_and_layout_change_nothing(package):
    before = source_digest(package / "script.py")
    edit(package / "script.py", '"""Run."""', '"""Run it, slowly."""  # why not')
    edit(package / "cortex/meanfield/a.py", "return x *", "# scaled\n    return  x*")
    assert source_digest(package / "script.py") == before


def test_an_imported_module_counts_also_when_imported_by_another(package):
    before = source_digest(package / "script.py")
    edit(package / "cortex/units.py", "1", "2")
    assert source_digest(package / "script.py") != before


def test_a_module_that_is_not_imported_does_not_count(package):
    before = source_digest(package / "script.py")
    edit(package / "cortex/meanfield/b.py", "2", "3")
    assert source_digest(package / "script.py") == before


def test_a_reexported_name_leads_to_the_module_that_defines_it(package):
    edit(package / "script.py", "cortex.meanfield.a", "cortex.meanfield")
    before = source_digest(package / "script.py")
    edit(package / "cortex/meanfield/b.py", "2", "3")
    assert source_digest(package / "script.py") == before
    edit(package / "cortex/meanfield/a.py", "x *", "x +")
    assert source_digest(package / "script.py") != before


def test_the_digest_does_not_depend_on_where_the_tree_lies(package, tmp_path, monkeypatch):
    here = source_digest(package / "script.py")
    copy = tmp_path / "elsewhere"
    shutil.copytree(package / "cortex", copy / "cortex")
    shutil.copy(package / "script.py", copy / "script.py")
    monkeypatch.setattr(provenance, "SOURCE", copy / "cortex")
    assert source_digest(copy / "script.py") == here


def test_a_digest_is_the_same_in_another_process(root):
    code = (
        "from cortex.provenance import source_digest;"
        "print(source_digest('workflow/scripts/solve_response_microcircuit.py'))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_the_commit_is_named_and_edits_are_told(tmp_path):
    assert describe_commit(tmp_path) == ""
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(tmp_path)]
    (tmp_path / "a.py").write_text("A = 1\n")
    for words in (["init", "--quiet"], ["add", "a.py"], ["commit", "--quiet", "-m", "First"]):
        subprocess.run([*git, *words], check=True)
    clean = describe_commit(tmp_path)
    (tmp_path / "a.py").write_text("A = 2\n")
    assert len(clean) >= 7
    assert describe_commit(tmp_path) == f"{clean}-dirty"


def test_equal_values_give_equal_json():
    assert canonical_json({"b": 1, "a": [1.5, True]}) == '{"a":[1.5,true],"b":1}'


def test_notes_of_another_process_give_the_same_digests_and_follow_edits(package):
    """Contents are the keys, so that neither times of files nor damaged notes can mislead."""

    def fresh():
        for cached in (provenance._notes, provenance._parsed, provenance._resolved):
            cached.cache_clear()
        return source_digest(package / "script.py")

    first = fresh()
    notes = next((package / "cortex/__pycache__").glob("trees.*.json"))
    assert fresh() == first
    edit(package / "cortex/units.py", "1", "2")
    second = fresh()
    assert second != first
    notes.write_text("{")
    assert fresh() == second
    edit(package / "cortex/units.py", "2", "1")
    assert fresh() == first
