"""Executed notebooks as pages: code folded away, pictures legible on a phone, the same bytes."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

# what the template would fetch from the network; the notebooks need none of it
FETCHED: Final = (
    "jquery_url",
    "mathjax_url",
    "mermaid_js_url",
    "mermaid_layout_elk_js_url",
    "require_js_url",
)
# without prompts text and pictures begin at one margin; on a phone a picture scrolls in its box
STYLE: Final = """<style>
.jp-InputPrompt, .jp-OutputPrompt { display: none; }
figure, .jp-RenderedImage { margin: 0; max-width: 100%; overflow-x: auto; }
table { display: block; overflow-x: auto; }
@media (max-width: 44rem) {
  figure img, .jp-RenderedImage img { max-width: none !important; width: 45rem; }
}
</style></head>"""
DOCS: Final = 'href="../docs/'
"""Link of a notebook in ``notebooks``; its page, in ``results/notebooks``, lies one deeper."""


def read_executed(path: Path) -> Any:
    """Return an executed notebook without what differs from run to run.

    Cell ids that papermill draws at random are numbered; warnings, which name paths of the
    machine, stay in the log.
    """
    notebook: Any = import_module("nbformat").read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = str(number)
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
    return notebook


def render_notebook(notebook: Any, title: str) -> str:
    """Return an executed notebook as one HTML page that fetches nothing.

    Parameters
    ----------
    notebook : NotebookNode
        See `read_executed`.
    title : str
        Title of the page.
    """
    exporter = import_module("nbconvert").HTMLExporter(
        embed_images=True,
        exclude_input=True,
        exclude_output_prompt=True,
        **dict.fromkeys(FETCHED, ""),
    )
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return str(page).replace("</head>", STYLE).replace(DOCS, f'href="../{DOCS[6:]}')
