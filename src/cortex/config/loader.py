"""A YAML loader that refuses what YAML lets pass: doubled keys, bombs, values that are none."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, Final

import yaml

from cortex.errors import ConfigError, shown
from cortex.params.reading import found

DEEPEST: Final = 50
LONGEST: Final = 50_000  # values that stand in the file: read in a second
LARGEST: Final = 200_000  # values, those behind aliases counted each time
MERGE: Final = "tag:yaml.org,2002:merge"


def load_yaml(text: str) -> Any:
    """Return what a YAML text holds.

    Raises
    ------
    ConfigError
        With the line: the text is no YAML, holds a key twice, a value that cannot be read, or
        is nested so deeply, or unfolds to so much, that it cannot be meant.
    """
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        msg = f"line {line}: the character #x{error.character:04x} is not allowed"
        raise ConfigError(msg) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reasons = ", ".join(part for part in (error.context, error.problem, error.note) if part)
        msg = f"line {mark.line + 1 if mark else '?'}: {' '.join(reasons.split())[:300]}"
        raise ConfigError(msg) from None


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the block of keys in a YAML file.

    Raises
    ------
    ConfigError
        With the line: the file cannot be read, is no YAML, or holds a key twice.
    """
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"{path}: no such file; copy config/config.yaml and change what you need"
        raise ConfigError(msg) from None
    except IsADirectoryError:
        msg = f"{path}: is a folder; name a file in it"
        raise ConfigError(msg) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        msg = f"{path}: line {line}: not UTF-8; save the file in that encoding"
        raise ConfigError(msg) from None
    except (OSError, ValueError) as error:  # among them ConfigError, and NUL in a path
        msg = f"{str(path)!r}: {error}" if "\0" in str(path) else f"{path}: {error}"
        raise ConfigError(msg) from None
    if not isinstance(content, dict):
        msg = f"{path}: the file must hold a block of keys, found {found(content)}"
        raise ConfigError(msg)
    return content


class _Loader(yaml.SafeLoader):
    """Looks at the whole tree of nodes before anything is built from it."""

    depth = written = 0

    def get_single_node(self) -> yaml.Node | None:
        node: yaml.Node | None = super().get_single_node()
        if node is not None:
            self._inspect(node, {})
        return node

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        self.written += 1
        if self.depth > DEEPEST or self.written > LONGEST:
            line = self.get_mark().line + 1
            msg = f"line {line}: nested more than {DEEPEST} deep; is a bracket open?"
            if self.written > LONGEST:
                msg = f"line {line}: more than {LONGEST} values; keep long lists in own files"
            raise ConfigError(msg)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            if isinstance(error, ConfigError):
                raise
            kind = str(node.tag).rpartition(":")[2]
            msg = f"{_line(node)}: {shown(node.value)} cannot be read as {kind}"
            raise ConfigError(msg) from None

    def _inspect(self, node: yaml.Node, sizes: dict[yaml.Node, int]) -> int:
        """Return how many values a node unfolds to; refuse doubled keys on the way."""
        if node in sizes:
            if not sizes[node]:
                msg = f"{_line(node)}: the alias stands inside what it stands for"
                raise ConfigError(msg)
            return sizes[node]
        sizes[node] = 0
        inside: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            self._refuse_doubled(node)
            inside = [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            inside = node.value
        sizes[node] = 1 + sum(self._inspect(each, sizes) for each in inside)
        if sizes[node] > LARGEST:
            msg = f"{_line(node)}: unfolds to more than {LARGEST} values; are aliases nested?"
            raise ConfigError(msg)
        return sizes[node]

    def _refuse_doubled(self, node: yaml.MappingNode) -> None:
        first: dict[Any, str] = {}
        for key, _ in node.value:
            name = "<<" if key.tag == MERGE else self.construct_object(key)
            if not isinstance(key, yaml.ScalarNode) or not isinstance(name, Hashable):
                msg = f"{_line(key)}: a list or a block cannot be a key; write a word"
                raise ConfigError(msg)
            if name in first:
                msg = (
                    f"{_line(key)}: the key {shown(name)} stands already in {first[name]}; "
                    "keep one, with the contents of both where it is a block"
                )
                raise ConfigError(msg)
            first[name] = _line(key)


def _line(marked: Any) -> str:
    return f"line {marked.start_mark.line + 1}"
