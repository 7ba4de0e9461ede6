"""Execute a notebook, which draws its figures, and render it as a page that needs no network."""

from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbconvert import HTMLExporter

from cortex.io.job import run_job

# what the template would fetch from the network; the notebooks need none of it
FETCHED = (
    "jquery_url",
    "mathjax_url",
    "mermaid_js_url",
    "mermaid_layout_elk_js_url",
    "require_js_url",
)
# without prompts text and pictures begin at one margin
ALIGNED = "<style>.jp-InputPrompt, .jp-OutputPrompt { display: none; }</style></head>"


def main(smk: Any) -> None:
    """Run the notebook on results/; keep the executed copy among the logs, also on failure."""
    shown = {"results": str(Path("results").resolve()), "code": smk.params.code}
    subject = dict(smk.wildcards)  # the network or recording that the page is about
    shown |= subject
    papermill.execute_notebook(
        smk.input.notebook,
        smk.log.executed,
        parameters=shown,
        kernel_name="python3",
        progress_bar=False,
    )
    notebook = nbformat.read(smk.log.executed, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = str(number)  # papermill draws one at random; the page has the same bytes
        if cell.cell_type == "code":  # warnings name paths; they stay in the log
            cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
    # the code is in notebooks/; the page reads like a paper and names no path of a machine
    exporter = HTMLExporter(
        embed_images=True,
        exclude_input=True,
        exclude_output_prompt=True,
        **dict.fromkeys(FETCHED, ""),
    )
    title = next(iter(subject.values()), Path(smk.input.notebook).stem)
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    Path(smk.output.page).write_text(page.replace("</head>", ALIGNED), encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
