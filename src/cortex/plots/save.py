"""Call a drawing function by name and save what it returns, the same bytes each time."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from cortex.plots.style import house_style
from cortex.typing import AnyArray

Table = Mapping[str, AnyArray]
DPI: Final = 200


def draw_figure(draw: str, tables: Mapping[str, Table]) -> Figure:
    """Return the figure that ``module:function`` draws from `tables`, in the house style.

    Text of tables is drawn as it stands there, dollars too.
    """
    module, _, function = draw.partition(":")
    with house_style():
        plain = {name: _without_math(table) for name, table in tables.items()}
        figure: Figure = getattr(import_module(module), function)(**plain)
    return figure


def _without_math(table: Table) -> dict[str, AnyArray]:
    return {
        name: np.array([str(each).replace("$", r"\$") for each in values], dtype=object)
        if values.dtype.kind in "UO"
        else values
        for name, values in table.items()
    }


def save_figure(figure: Figure, png: Path | str, pdf: Path | str, notes: Mapping[str, Any]) -> None:
    """Write a figure as PNG (200 dpi, notes in its text fields) and PDF, without dates.

    Both share the layout that the first of them settles. The canvases are called directly:
    ``savefig`` would draw the figure twice for each file.
    """
    with house_style():
        figure.set_dpi(DPI)
        pixels: Any = FigureCanvasAgg(figure)
        pixels.print_png(png, metadata={f"cortex {k}": str(v) for k, v in notes.items()})
        figure.set_layout_engine("none")
        vectors: Any = FigureCanvasPdf(figure)
        vectors.print_pdf(pdf, metadata={"CreationDate": None, "Keywords": str(dict(notes))})
