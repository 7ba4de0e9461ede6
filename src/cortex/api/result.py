"""Tables in memory that print in the units of the edge and draw themselves."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from importlib import import_module
from typing import Any, Final

import numpy as np

from cortex.installation import has_extra
from cortex.typing import AnyArray
from cortex.units import array_from_si, edge_name

MOST_ROWS: Final = 12
"""Rows printed; a longer table names how many there are."""
DRAWN: Final[Mapping[str, str]] = {
    "predicted_rates": "populations:draw_rates",
    "predicted_modes": "modes:draw_growth",
    "predicted_spectra": "power:draw_spectrum",
    "predicted_response": "modes:draw_response",
    "predicted_eigenvalues": "modes:draw_eigenvalues",
    "observed_raster": "populations:draw_raster",
    "observed_activity": "populations:draw_activity",
    "lfp_traces": "power:draw_lfp_trace",
}
"""Table -> function of `cortex.plots` that draws it alone."""


class Result(Mapping[str, AnyArray]):
    """One table: SI columns by name.

    Parameters
    ----------
    kind : str
        ``step_table``, such as ``predicted_rates``; see `cortex.io.schemas.network`.
    columns : mapping of str to array of shape (n_rows,)
        SI.
    """

    def __init__(self, kind: str, columns: Mapping[str, AnyArray]) -> None:
        self.kind = kind
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> AnyArray:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def plot(self, ax: Any = None, **how: Any) -> Any:
        """Draw the table and return the axes.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a figure of its own where none is given.
        **how
            As the function of `cortex.plots` takes it.

        Raises
        ------
        TypeError
            No function draws this table alone.
        """
        if self.kind not in DRAWN:
            msg = f"no figure shows {self.kind} alone; those drawn are {', '.join(DRAWN)}"
            raise TypeError(msg)
        module, _, name = DRAWN[self.kind].partition(":")
        draw: Callable[..., Any] = getattr(import_module(f"cortex.plots.{module}"), name)
        beside: tuple[dict[str, AnyArray], ...] = (
            ({},) if self.kind in {"predicted_rates", "predicted_spectra"} else ()
        )
        return draw(self._columns, *beside, ax=ax, **how)

    def _cells(self, most: int | None = MOST_ROWS) -> list[list[str]]:
        """Return headings and rows as text."""
        units = _units(self.kind)
        shown = {n: v[:most] for n, v in self._columns.items()}
        heads = [edge_name(name, units.get(name, "1")) for name in shown]
        columns = [
            [_cell(v) for v in (array_from_si(values, units[name]) if name in units else values)]
            for name, values in shown.items()
        ]
        return [heads, *map(list, zip(*columns, strict=True))]

    @property
    def _rest(self) -> str:
        n = max(map(len, self._columns.values()), default=0)
        return f"{n} rows" if n > MOST_ROWS else ""

    def __repr__(self) -> str:
        return "\n".join([self.text(MOST_ROWS), *filter(None, [self._rest])])

    def text(self, most: int | None = None) -> str:
        """Return the table as text: its first rows, or all of them where no number is given."""
        cells = self._cells(most)
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in cells
        ]
        return "\n".join([self.kind.replace("_", " "), *lines])

    def _repr_html_(self) -> str:
        head, *body = [[escape(cell) for cell in row] for row in self._cells()]
        rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in body)
        heads = f"<tr><th>{'</th><th>'.join(head)}</th></tr>"
        return f"<table>{heads}{rows}</table>{self._rest}"


class Results(Mapping[str, Result]):
    """The tables of one step, and what theory refuses with its reason.

    Parameters
    ----------
    step : str
        What made them: predicted, observed, lfp, network.
    tables : mapping of str to columns
        Kind -> SI columns.
    refused : mapping of str to str, optional
        Kind -> the sentence that says why there is none.
    """

    def __init__(
        self,
        step: str,
        tables: Mapping[str, Mapping[str, AnyArray]],
        refused: Mapping[str, str] | None = None,
    ) -> None:
        self.step = step
        self.refused = dict(refused or {})
        self._tables = {kind: Result(f"{step}_{kind}", table) for kind, table in tables.items()}

    def __getitem__(self, kind: str) -> Result:
        if kind in self.refused:
            msg = f"theory gives no {kind}: {self.refused[kind]}"
            raise KeyError(msg)
        return self._tables[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        lines = [
            f"  {kind:<12} {len(next(iter(table.values()))):>6} rows: {', '.join(table)}"
            for kind, table in self._tables.items()
        ]
        lines += [f"  {kind:<12} refused: {reason}" for kind, reason in self.refused.items()]
        return "\n".join([f"{self.step}:", *lines])


def _units(kind: str) -> dict[str, str]:
    """Return column -> unit of the edge; SI is printed where tables cannot be written anyway."""
    if not has_extra("files"):
        return {}
    from cortex.io.schemas import network as schemas  # noqa: PLC0415

    step, _, name = kind.partition("_")
    families = {
        "predicted": schemas.PREDICTED,
        "observed": schemas.OBSERVED,
        "lfp": schemas.LFP,
        "network": schemas.COMPARED,
    }
    schema = families.get(step, {}).get(name)
    columns = schema.columns if schema else {}
    return {n: c.unit for n, c in columns.items() if c.kind.startswith("float")}


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)
