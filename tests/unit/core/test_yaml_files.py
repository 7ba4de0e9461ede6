"""Damaged YAML: one error with the line, whatever the file holds; sound YAML is read as it is."""

import re

import pytest

from cortex.config.loader import read_yaml
from cortex.config.read import typed
from cortex.errors import ConfigError


def read(text, folder):
    path = folder / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{inner}'] * 9)}]\n"
    for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DAMAGED = [
    ("a: {g: 3.0, g: 7.0}\n", "line 1: the key 'g' stands already in line 1; keep one"),
    ("b:\n  - {g: 3.0,\n     g: 7.0}\n", "line 3: the key 'g' stands already in line 2"),
    ("b: 1\n? [1, 2]\n: 3\n", "line 2: a list or a block cannot be a key"),
    ("b: {{c: 1}: 2}\n", "line 1: a list or a block cannot be a key"),
    ("? !!map x\n: 1\n", "line 1: a list or a block cannot be a key"),
    ("b: 2020-13-45\n", "line 1: '2020-13-45' cannot be read as timestamp"),
    ("b: 1\nc: !!int 'abc'\n", "line 2: 'abc' cannot be read as int"),
    ("b: !!bool x\n", "line 1: 'x' cannot be read as bool"),
    ("b: " + "9" * 5000 + "\n", "cannot be read as int"),
    ("b: !!map x\n", "line 1: expected a mapping node"),
    (
        "b: " + "[" * 3000 + "]" * 3000 + "\n",
        "line 1: nested more than 50 deep; is a bracket open?",
    ),
    ("\n".join(" " * depth + "a:" for depth in range(3000)), "nested more than 50 deep"),
    (BOMB, "line 6: unfolds to more than 200000 values; are aliases nested?"),
    ("\n".join(f"k{i}: {i}" for i in range(300_000)), "line 25000: more than 50000 values"),
    (f"a: [{'1, ' * 300_000}]\n", "line 1: more than 50000 values; keep long lists in own files"),
    ("a: &a [*a]\n", "line 1: the alias stands inside what it stands for"),
    ("b: 1\nc: \0\n", "line 2: the character #x0000 is not allowed"),
    ("b: 1\n---\nc: 2\n", "line 2: expected a single document"),
    ("b: *c\n", "line 1: found undefined alias"),
    ("b:\n  <<: 3\n", "expected a mapping or list of mappings for merging"),
    ("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", "line 4: the key '<<' stands already in line 3"),
    ("b: !!python/object:os.system x\n", "line 1: could not determine a constructor"),
    ("", "must hold a block of keys, found empty"),
]


@pytest.mark.parametrize(("text", "reason"), DAMAGED, ids=range(len(DAMAGED)))
def test_damage_is_refused_with_file_and_line(text, reason, tmp_path):
    with pytest.raises(ConfigError, match=rf"a\.yaml: .*{re.escape(reason)}") as caught:
        read(text, tmp_path)
    assert len(str(caught.value)) < 300 + len(str(tmp_path))


def test_merge_keys_and_anchors_are_read_as_yaml_says(tmp_path):
    text = "a: &cell {x: 1, y: 2}\nb: {<<: *cell, y: 3}\nc: *cell\nd: {<<: [*cell, {z: 4}]}\n"
    assert read(text, tmp_path) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 2},
        "d": {"x": 1, "y": 2, "z": 4},
    }


def test_a_folder_a_nul_in_the_path_and_another_encoding_are_refused_by_name(tmp_path):
    with pytest.raises(ConfigError, match="is a folder; name a file in it"):
        read_yaml(tmp_path)
    with pytest.raises(ConfigError, match=r"a\\x00b.*null byte"):
        read_yaml(tmp_path / "a\0b")
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: \xe4\n")
    with pytest.raises(ConfigError, match=r"latin\.yaml: line 2: not UTF-8"):
        read_yaml(path)


def test_values_that_snakemake_leaves_as_text_are_read_as_yaml_reads_them():
    given = {"brunel": {"model": {"g": "4.2", "multapses": "false"}, "list": ["1", "a"]}, "seed": 7}
    assert typed(given) == {
        "brunel": {"model": {"g": 4.2, "multapses": False}, "list": [1, "a"]},
        "seed": 7,
    }
    assert typed({"title": "A: slow", "odd": "[1"}) == {"title": "A: slow", "odd": "[1"}
