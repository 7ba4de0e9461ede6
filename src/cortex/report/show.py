"""Draw figures of the registry from their tables: for notebooks and the command line."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from cortex.errors import ConfigError
from cortex.installation import workflow_root
from cortex.io.tables import read_columns
from cortex.plots.save import draw_figure, save_figure
from cortex.report.registry import read_figures

WIDTH: Final = 720  # px on a page


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A saved figure; a notebook shows it, above its text where it has one."""

    png: Path
    text: Callable[[], str] | None = None

    def _repr_html_(self) -> str | None:
        if self.text is None:
            return None
        image = b64encode(self.png.read_bytes()).decode()
        picture = f'<img src="data:image/png;base64,{image}" width="{WIDTH}" alt="{self.png.stem}">'
        return f"<figure>{picture}<figcaption>{self.text()}</figcaption></figure>"

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        return self.png.read_bytes(), {"width": WIDTH}


def show_figure(name: str, results: Path | str = "results", code: str = "") -> DrawnFigure:
    """Draw one figure of workflow/figures.yaml and save it as PNG and PDF.

    Parameters
    ----------
    name : str
        Figure, as in workflow/figures.yaml.
    results : path
        Folder of the tables; the figure goes into its folder ``figures``.
    code : str
        Digest of the code that draws, kept in the files.

    Raises
    ------
    ConfigError
        There is no figure of that name.
    TableError
        A table is missing; the message holds the command that makes it.
    """
    root = Path(results).parent
    figures = read_figures(workflow_root() / "workflow" / "figures.yaml")
    if name not in figures:
        msg = f"no figure {name!r} in workflow/figures.yaml; there are {', '.join(figures)}"
        raise ConfigError(msg)
    figure = figures[name]
    tables = {key: read_columns(root / path) for key, path in figure.tables.items()}
    drawn = draw_figure(figure.draw, tables)

    def text() -> str:
        # drawing alone, as on the command line, needs neither templates nor docutils
        from cortex.report.texts import as_html, text_of  # noqa: PLC0415

        template = workflow_root() / "workflow" / "report" / f"{name}.rst"
        return as_html(text_of(figure, template, tables).body)

    return replace(keep_figure(drawn, Path(results), name, name, code), text=text)


def keep_figure(figure: Figure, results: Path, name: str, title: str, code: str) -> DrawnFigure:
    """Save a figure as ``figures/{name}`` in PNG and PDF with its title and the code's digest."""
    png = results / "figures" / f"{name}.png"
    png.parent.mkdir(parents=True, exist_ok=True)
    save_figure(figure, png, png.with_suffix(".pdf"), {"figure": title, "code": code})
    plt.close(figure)
    return DrawnFigure(png)
