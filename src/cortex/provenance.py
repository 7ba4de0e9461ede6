"""Where a number comes from: parameters, code digest, seed, versions.

The digest of a script covers the syntax trees, without docstrings, of the script and of
every cortex module it imports, directly or not. Editing a comment changes nothing;
editing a module changes exactly the digests of the scripts that depend on it.
"""

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from cortex.installation import CARRIED, cortex_version
from cortex.whole_files import written_whole

SOURCE: Final = Path(__file__).parent
PACKAGES: Final = ("numpy", "scipy", "numba", "pyarrow")
COMMIT: Final = "CORTEX_COMMIT"  # environment variable that hands the commit to all jobs of a run


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest_of(value: object) -> str:
    """Return the SHA-256 of a JSON-serialisable value."""
    return sha256(canonical_json(value).encode()).hexdigest()


def source_digest(*sources: Path | str) -> str:
    """Return one digest of source files and of all cortex modules they import.

    Parameters
    ----------
    *sources : path or str
        Files, or dotted names of cortex modules (``"cortex.plots.brunel"``).

    Raises
    ------
    ModuleNotFoundError
        There is no cortex module of that name.
    """
    roots = [_source_file(source) for source in sources]
    modules = sorted({m for root in roots for m in _closure(root)} | set(roots))
    digest = digest_of(sorted((_label(path, SOURCE), _tree_digest(path)) for path in modules))
    _notes(SOURCE).save()
    return digest


def _source_file(source: Path | str) -> Path:
    if not str(source).startswith("cortex."):
        return Path(source).resolve()
    path = _module_path(str(source), SOURCE)
    if path is None:
        msg = f"no cortex module {source!r}"
        raise ModuleNotFoundError(msg)
    return path


@cache
def _label(path: Path, source: Path) -> str:
    """Return a name of the file that does not depend on where the tree lies."""
    is_module = path.is_relative_to(source) and not path.is_relative_to(CARRIED)
    return path.relative_to(source).as_posix() if is_module else path.name


@cache
def _module_path(name: str, source: Path) -> Path | None:
    """Return the file of a dotted cortex module, or None when there is none.

    Where a module lies is looked up once in a process, as imports are; what it holds, each time.
    """
    parts = name.split(".")[1:]
    base = source.joinpath(*parts)
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if parts and candidate.is_file():
            return candidate
    return None


def _closure(root: Path) -> frozenset[Path]:
    """Return all cortex files reached by imports from `root`, without `root` itself."""
    seen: set[Path] = set()
    waiting = list(_imports(root))
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting.extend(_imports(path))
    return frozenset(seen - {root})


class _Notes:
    """What was found in files of some content, kept beside the compiled modules.

    Parsing every module takes a second of each start of Snakemake. The name of the file holds what
    a tree depends on besides its source: this module and the version of Python.
    """

    MOST = 5000  # contents of a file; then the notes begin anew

    def __init__(self, source: Path) -> None:
        own = sha256(Path(__file__).read_bytes()).hexdigest()[:12]
        name = f"trees.{sys.implementation.cache_tag}-{own}.json"
        self.path = source / "__pycache__" / name
        self.grown = False
        try:
            self.found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.found = {}

    def of(self, content: bytes) -> tuple[str, tuple[str, ...]]:
        """Return the digest of a tree and the imported names."""
        key = sha256(content).hexdigest()
        if key not in self.found:
            self.found[key] = _read_tree(content)
            self.grown = True
        digest, imported = self.found[key]
        return digest, tuple(imported)

    def save(self) -> None:
        """Write what is new, whole or not at all; without notes all is only slower."""
        if not self.grown:
            return
        self.grown = False
        found = self.found if len(self.found) <= self.MOST else {}
        with suppress(OSError), written_whole(self.path) as aside:
            aside.write_text(json.dumps(found), encoding="utf-8")


_notes: Final = cache(_Notes)


@cache
def _parsed(path: Path, _stamp: int) -> tuple[str, tuple[str, ...]]:
    """Return (digest of the tree without docstrings, imported names) of a file."""
    return _notes(SOURCE).of(path.read_bytes())


def _read_tree(content: bytes) -> tuple[str, tuple[str, ...]]:
    tree = ast.parse(content)
    imported: list[str] = []
    for node in ast.walk(tree):
        imported += _imported_names(node)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node)
    digest = sha256(ast.dump(tree, annotate_fields=False).encode()).hexdigest()
    return digest, tuple(imported)


def _tree_digest(path: Path) -> str:
    return _parsed(path, path.stat().st_mtime_ns)[0]


def _imports(path: Path) -> frozenset[Path]:
    return _resolved(path, path.stat().st_mtime_ns)


@cache
def _resolved(path: Path, stamp: int) -> frozenset[Path]:
    names = _parsed(path, stamp)[1]
    return frozenset(found for name in names if (found := _defining_file(name)) is not None)


def _defining_file(name: str) -> Path | None:
    """Return the file that defines a dotted name, looking through re-exports."""
    path = _module_path(name, SOURCE)
    if path is not None or "." not in name:
        return path
    package, attribute = name.rsplit(".", 1)
    home = _module_path(package, SOURCE)
    if home is None or home.name != "__init__.py":
        return home
    stub = home.with_suffix(".pyi")
    exports = stub if stub.is_file() else home
    source = _reexports(exports, package, exports.stat().st_mtime_ns).get(attribute)
    return home if source is None else _defining_file(source)


@cache
def _reexports(path: Path, package: str, _stamp: int) -> dict[str, str]:
    """Return name -> dotted origin of what a package re-exports (lazily: in its stub)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        alias.asname
        or alias.name: f"{package if node.level else ''}.{node.module}.{alias.name}".lstrip(".")
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cortex":
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.startswith("cortex.")]
    return []


def _drop_docstring(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> None:
    first = node.body[0] if node.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        node.body = node.body[1:] or [ast.Pass()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a table was made from; holds nothing that differs between equal runs.

    Parameters
    ----------
    rule : str
        Workflow rule or function that made the table.
    params : mapping
        Its parameters as config keys (with units), JSON-serialisable.
    code : str
        Digest of the code that matters, see `source_digest`.
    seed : int, optional
        Seed of its random streams.
    wildcards : mapping
        Which of the rule's jobs it was: the state, the network.
    ancestry : mapping
        The same of every table it was made from, see `cortex.io.ancestry`.
    """

    rule: str
    params: Mapping[str, Any]
    code: str
    seed: int | None = None
    wildcards: Mapping[str, str] = field(default_factory=dict)
    ancestry: Mapping[str, Any] = field(default_factory=dict)

    def metadata(self) -> dict[str, str]:
        """Return the entries stored in the schema metadata of a table."""
        return {
            "cortex.rule": self.rule,
            "cortex.params": canonical_json(self.params),
            "cortex.params_sha256": digest_of(self.params),
            "cortex.code": self.code,
            "cortex.seed": "" if self.seed is None else str(self.seed),
            "cortex.wildcards": canonical_json(self.wildcards),
            "cortex.ancestry": canonical_json(self.ancestry),
            "cortex.versions": canonical_json(versions()),
        }


def versions() -> dict[str, str]:
    """Return the versions of Python, cortex and the packages that make the numbers."""
    return {
        "python": platform.python_version(),
        "cortex": cortex_version(),
        **{name: version(name) for name in PACKAGES},
    }


def describe_commit(root: Path) -> str:
    """Return what git calls the checkout `root`, ``-dirty`` if edited; empty for anything else.

    It goes into logs and pages and never into a table, whose bytes follow from the code alone.
    """
    if not (root / ".git").exists():  # an installed wheel may lie in somebody else's checkout
        return ""
    command = ["git", "describe", "--always", "--dirty"]
    unlocked = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        said = subprocess.run(
            command, cwd=root, env=unlocked, capture_output=True, text=True, check=False
        )
    except OSError:  # no git here
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


def commit_of_run() -> str:
    """Return the commit that the run of this job started from; empty when unknown."""
    return os.environ.get(COMMIT, "")
