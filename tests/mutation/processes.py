"""Tests of a copy of the tree in forked processes, which need not import scipy and numba again."""

import json
import linecache
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NoReturn

import hypothesis.extra.numpy
import mpmath  # noqa: F401
import pytest
import scipy.integrate
import scipy.optimize
import scipy.signal
import scipy.special
import scipy.stats  # noqa: F401
from numba.core import config, event

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = [  # plain: files that rewrite their assertions are read past `_give`
    *("-q", "-x", "-m", "not slow and not cluster", "-p", "no:cacheprovider"),
    *("--hypothesis-seed=0", "--hypothesis-profile=patient", "--assert=plain"),
]
hypothesis.settings.register_profile("patient", deadline=None)  # nothing asserts a time
OUTLASTED = {signal.SIGKILL, signal.SIGXCPU, signal.SIGALRM}
MEMORY = 6 * 2**30  # bytes: a changed size must not take the machine


class Recorder(event.Listener):
    """Plugin of pytest: CPU time without compilation, s, and functions called, of each test."""

    def __init__(self, source: Path, into: Path) -> None:
        self.source, self.into = f"{source}{os.sep}", into
        self.tests: dict[str, tuple[float, list[tuple[str, int]]]] = {}
        self.compiling, self.depth = 0.0, 0
        event.register("numba:compile", self)  # type: ignore[no-untyped-call]

    def on_start(self, event: object) -> None:  # noqa: ARG002
        """Stop the clock while numba compiles; it compiles callees inside."""
        self.compiling -= time.process_time() if self.depth == 0 else 0.0
        self.depth += 1

    def on_end(self, event: object) -> None:  # noqa: ARG002
        """Let the clock go on."""
        self.depth -= 1
        self.compiling += time.process_time() if self.depth == 0 else 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what one test calls."""
        called: set[tuple[str, int]] = set()

        def note(frame: FrameType, _event: str, _argument: object) -> None:
            code = frame.f_code
            if code.co_filename.startswith(self.source):
                called.add((code.co_filename.removeprefix(self.source), code.co_firstlineno))

        begin = time.process_time() - self.compiling
        threading.settrace(note)
        sys.settrace(note)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            taken = time.process_time() - self.compiling - begin
            self.tests[item.nodeid] = round(taken, 3), sorted(called)

    def pytest_sessionfinish(self) -> None:
        """Write what was noted."""
        self.into.write_text(json.dumps(self.tests), encoding="utf-8")


class Copy:
    """Copy of the tree at one commit, and the code that numba compiled of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.tree, self.source = folder, folder / "tree", folder / "tree" / "src"
        self.warm, self.cache = folder / "warm", folder / f"cache{os.getpid()}"
        self.log = folder / f"log{os.getpid()}"
        if not self.tree.is_dir():
            self.tree.mkdir(parents=True)
            subprocess.run(["tar", "x"], cwd=self.tree, input=_git("archive", "HEAD"), check=True)
            (folder / "commit").write_bytes(_git("rev-parse", "HEAD"))
        self.commit = (folder / "commit").read_text(encoding="utf-8").strip()
        os.environ["PYTHONPATH"] = str(self.source)
        sys.path.insert(0, str(self.source))

    def record(self, tests: str, into: Path) -> int | None:
        """Write what every quick test of a file calls, and compile; return pytest's status."""
        return self._run([tests], self.warm, 3600.0, record=into)

    def unchanged(self, tests: Sequence[str], limit: float) -> int | None:
        """Return pytest's status without any change."""
        return self._run(tests, self.warm, limit)

    def compile_anew(self, path: str) -> None:
        """Leave in the cache only what numba compiled without a file.

        numba does not notice that a function which it inlined elsewhere is changed: what was
        compiled in every file that imports this one, directly or through others, is dropped.
        """
        stale = {(Path(each).parent.name, Path(each).stem) for each in importers(self.source, path)}
        shutil.rmtree(self.cache, ignore_errors=True)
        for file in self.warm.glob("*/*.nb[ic]"):
            if (file.parent.name.rpartition("_")[0], file.name.split(".")[0]) not in stale:
                (self.cache / file.parent.name).mkdir(parents=True, exist_ok=True)
                (self.cache / file.parent.name / file.name).hardlink_to(file)

    def run(self, tests: Sequence[str], limit: float, path: str, text: str) -> int | None:
        """Return pytest's status where a file has another text, None beyond `limit` s of CPU."""
        return self._run(tests, self.cache, limit, changed=(self.source / path, text))

    def _run(self, tests: Sequence[str], cache: Path, limit: float, **child: Any) -> int | None:
        process = os.fork()
        if process == 0:
            self._test(tests, cache, limit, **child)
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        except BaseException:
            os.killpg(process, signal.SIGKILL)
            raise
        return None if -status in OUTLASTED else status

    def _test(
        self,
        tests: Sequence[str],
        cache: Path,
        limit: float,
        record: Path | None = None,
        changed: tuple[Path, str] | None = None,
    ) -> NoReturn:
        """Become pytest."""
        status = 3
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit)))
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
            signal.alarm(15 * int(limit))  # for tests that wait, on a busy machine
            os.environ["NUMBA_CACHE_DIR"] = config.CACHE_DIR = str(cache)  # type: ignore[attr-defined]
            os.chdir(self.tree)
            log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            if changed:
                _give(*changed)
            plugins = [Recorder(self.source, record)] if record else []
            status = pytest.main([*OPTIONS, *tests], plugins=plugins)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(int(status))


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout


def _give(file: Path, text: str) -> None:
    """Let imports of a file, and who asks for its source, find another text."""
    get_code = SourceFileLoader.get_code

    def code(self: SourceFileLoader, name: str) -> CodeType | None:
        if self.get_filename(name) == str(file):
            return compile(text, str(file), "exec", dont_inherit=True)
        return get_code(self, name)

    linecache.cache[str(file)] = len(text), None, text.splitlines(keepends=True), str(file)
    SourceFileLoader.get_code = code  # type: ignore[method-assign, assignment]


def importers(source: Path, path: str) -> set[str]:
    """Return the files of a source tree that import one, directly or through others, and itself.

    What imports a name from a package is not followed through its stub: compiled modules import
    modules.
    """
    found: set[str] = set()
    more = {path}
    while more - found:
        found |= more
        names = {each.removesuffix(".py").replace("/", ".") for each in found}
        more = {file for file, used in _imports(source) if used & names}
    return found


@lru_cache
def _imports(source: Path) -> list[tuple[str, frozenset[str]]]:
    """Return (file, modules and names it imports) of the whole tree."""
    found = []
    for path in sorted(source.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        names = set(re.findall(r"^\s*import (cortex[\w.]*)", text, flags=re.M))
        for module, listed in re.findall(
            r"^\s*from (cortex[\w.]*) import (\([^)]*\)|.*)", text, flags=re.M
        ):
            names |= {module, *(f"{module}.{name}" for name in re.findall(r"\w+", listed))}
        found.append((str(path.relative_to(source)), frozenset(names)))
    return found
