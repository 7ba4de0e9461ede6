"""The run that a report tells of: its configuration, how to repeat it, and its commit."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the workflow.

    Parameters
    ----------
    configfiles : tuple of str
        Configuration files, later ones over earlier ones, from the root of the project.
    overrides : mapping
        Top-level keys given on the command line with ``--config``.
    commit : str
        What ``git describe`` called the code; empty outside a checkout.
    """

    configfiles: tuple[str, ...]
    overrides: Mapping[str, Any]
    commit: str = ""

    @classmethod
    def of(cls, params: Any, commit: str = "") -> Self:
        """Return the run described by the params `configfiles` and `overrides` of a rule."""
        return cls(
            configfiles=tuple(params.configfiles), overrides=dict(params.overrides), commit=commit
        )

    @property
    def source(self) -> str:
        """Files and overrides, in words."""
        changed = [f"{key} = {value!r}" for key, value in self.overrides.items()]
        return ", ".join([" + ".join(self.configfiles), *changed])

    def command(self, target: str, cores: int = 2) -> str:
        """Return the command that makes `target` again as this run did."""
        words = ["snakemake", "--cores", str(cores), target, "--configfile", *self.configfiles]
        if self.overrides:
            words += ["--config", *(f"{key}={_plain(v)}" for key, v in self.overrides.items())]
        return shlex.join(words)


def _plain(value: Any) -> str:
    """Return a value as Snakemake reads it back from the command line."""
    return value if isinstance(value, str) else json.dumps(value)


def relative_paths(paths: Sequence[Path | str], root: Path, tree: Path | None = None) -> list[str]:
    """Return paths as seen from `root`, so that they mean the same on another machine.

    Files of `tree` are named from there: where it lies, and where a run, says nothing of the run.
    """
    homes = [
        tree if tree is not None and Path(path).resolve().is_relative_to(tree.resolve()) else root
        for path in paths
    ]
    return [relpath(path, home) for path, home in zip(paths, homes, strict=True)]
