"""The list of figures: what is drawn, from which tables, shown in which notebook."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from cortex.errors import ConfigError

SWEEP_TABLE: Final = re.compile(r"results/sweeps/(\w+?)(_summary|_map)?\.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One entry of workflow/figures.yaml.

    Parameters
    ----------
    title : str
        Heading in the report.
    draw : str
        ``module:function`` that takes the tables by name and returns a matplotlib figure.
    tables : mapping of str to str
        Argument name of `draw` -> path of the Parquet table.
    notebook : str
        Notebook of notebooks/ that shows the figure.
    checks : tuple of str
        Prefixes of the acceptance checks the figure rests on.
    """

    title: str
    draw: str
    tables: Mapping[str, str]
    notebook: str
    checks: tuple[str, ...]

    @property
    def module(self) -> str:
        """Module that draws the figure."""
        return self.draw.partition(":")[0]


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


def tables_behind(figures: Mapping[str, Figure], sweeps: Collection[str]) -> list[str]:
    """Return every table that figures are drawn from.

    Parameters
    ----------
    figures : mapping
        Name -> figure.
    sweeps : collection of str
        Sweeps of the configuration.

    Raises
    ------
    ConfigError
        A figure draws a sweep that the configuration lacks.
    """
    drawn = [(name, table) for name, figure in figures.items() for table in figure.tables.values()]
    lacking: dict[str, list[str]] = {}
    for name, table in drawn:
        sweep = SWEEP_TABLE.fullmatch(table)
        if sweep and sweep[1] not in sweeps and name not in lacking.setdefault(sweep[1], []):
            lacking[sweep[1]].append(name)
    if lacking:
        listed = ", ".join(f"{name} (figures: {', '.join(who)})" for name, who in lacking.items())
        msg = (
            f"the configuration lacks sweeps that are drawn: {listed}; copy their blocks from "
            "config/config.yaml under the existing `sweeps:`, or take the figures out of "
            "workflow/figures.yaml and their notebook"
        )
        raise ConfigError(msg)
    return sorted({table for _, table in drawn})


def _figure(where: str, entry: Mapping[str, object]) -> Figure:
    needed = {"title", "draw", "tables", "notebook", "checks"}
    if not isinstance(entry, dict) or entry.keys() != needed:
        msg = f"{where}: needs exactly the keys {', '.join(sorted(needed))}"
        raise ConfigError(msg)
    if ":" not in entry["draw"]:
        msg = f"{where}.draw = {entry['draw']!r}: write module:function"
        raise ConfigError(msg)
    return Figure(**{**entry, "checks": tuple(entry["checks"])})
