"""The explorer: one HTML page with a plane to click on; no file or network is needed."""

import json
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One side of the plane: its label, the values of the grid, and how cells are spaced.

    Cells of an `evenly` spaced side have one size whatever their values, as suits a list.
    """

    label: str
    values: list[float]
    evenly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observable:
    """What the plane can show: a value per point, x varying fastest; None where undefined."""

    key: str
    label: str
    unit: str
    log: bool
    values: list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A curve over the plane, such as a bifurcation line."""

    label: str
    dashed: bool
    points: list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A curve in the detail panel; theory is drawn as a line, measurement pale and thin."""

    label: str
    theory: bool
    x: list[float]
    y: list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a click on a point shows: numbers, curves and, if there is one, a raster."""

    numbers: list[tuple[str, str]]
    series: list[Series]
    raster: dict[str, list[float]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explorer:
    """Everything a page holds; points are numbered x fastest.

    Details belong to points or, if there are as many as values of y, to whole rows.
    """

    title: str
    intro: str
    x: Axis
    y: Axis
    observables: list[Observable]
    lines: list[Line]
    details: list[Detail]
    series_label: tuple[str, str]
    series_log: bool = True
    raster_label: str = ""
    raster_end: float = 0.0


def finite(value: float, digits: int = 6) -> float | None:
    """Return a rounded number, or None for what JSON cannot hold.

    Examples
    --------
    >>> finite(0.123456789), finite(float("nan"))
    (0.123457, None)
    """
    return float(f"{value:.{digits}g}") if isfinite(value) else None


def render_explorer(template: Path, explorer: Explorer) -> str:
    """Return the page as HTML text."""
    environment = Environment(
        loader=FileSystemLoader(template.parent), undefined=StrictUndefined, autoescape=True
    )
    data: dict[str, Any] = asdict(explorer)
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    return environment.get_template(template.name).render(
        title=explorer.title, intro=explorer.intro, data=text
    )
