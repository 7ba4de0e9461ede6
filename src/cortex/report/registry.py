"""The list of figures: what is drawn, from which tables, shown in which notebook."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from cortex.errors import ConfigError

TIMED: Final = "costs"
"""Notebook of what a clock measured: the one page whose bytes differ from run to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One entry of workflow/figures.yaml.

    Parameters
    ----------
    title : str
        Heading in the report.
    draw : str
        ``module:function`` that takes the tables by name and returns a matplotlib figure.
    says : str
        ``module:function`` that takes the same tables and returns the facts of the text, see
        `cortex.claims`.
    tables : mapping of str to str
        Argument name of `draw` and `says` -> path of the Parquet table.
    notebook : str
        Notebook of notebooks/ that shows the figure.
    checks : tuple of str
        Prefixes of the acceptance checks the figure rests on.
    """

    title: str
    draw: str
    says: str
    tables: Mapping[str, str]
    notebook: str
    checks: tuple[str, ...]

    @property
    def modules(self) -> tuple[str, str]:
        """Modules that draw the figure and find what its text says."""
        return self.draw.partition(":")[0], self.says.partition(":")[0]


def read_figures(path: Path) -> dict[str, Figure]:
    """Return the figures of a registry file by their id, in order.

    Raises
    ------
    ConfigError
        An entry lacks a key, has an unknown one, or names no function.
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: _figure(f"{path}: {name}", entry) for name, entry in entries.items()}


def shown_by(figures: Mapping[str, Figure], notebook: str) -> dict[str, Figure]:
    """Return the figures that a notebook shows."""
    return {name: figure for name, figure in figures.items() if figure.notebook == notebook}


def tables_behind(figures: Mapping[str, Figure]) -> list[str]:
    """Return every table that figures are drawn from."""
    return sorted({table for figure in figures.values() for table in figure.tables.values()})


def without(figures: Mapping[str, Figure], notebooks: Collection[str]) -> dict[str, Figure]:
    """Return the figures that none of some notebooks shows."""
    return {name: each for name, each in figures.items() if each.notebook not in notebooks}


def _figure(where: str, entry: Mapping[str, object]) -> Figure:
    needed = {"title", "draw", "says", "tables", "notebook", "checks"}
    if not isinstance(entry, dict) or entry.keys() != needed:
        msg = f"{where}: needs exactly the keys {', '.join(sorted(needed))}"
        raise ConfigError(msg)
    for key in ("draw", "says"):
        if ":" not in entry[key]:
            msg = f"{where}.{key} = {entry[key]!r}: write module:function"
            raise ConfigError(msg)
    return Figure(**{**entry, "checks": tuple(entry["checks"])})
