"""Execute a notebook, which draws its figures, and render it as a page that needs no network."""

from pathlib import Path
from typing import Any

import papermill
from nbconvert import HTMLExporter

from cortex.io.job import job_log

# what the template would fetch from the network; the notebooks need none of it
FETCHED = (
    "jquery_url",
    "mathjax_url",
    "mermaid_js_url",
    "mermaid_layout_elk_js_url",
    "require_js_url",
)


def main(smk: Any) -> None:
    """Run the notebook on results/; keep the executed copy among the logs, also on failure."""
    papermill.execute_notebook(
        smk.input.notebook,
        smk.log.executed,
        parameters={"results": str(Path("results").resolve()), "code": smk.params.code},
        kernel_name="python3",
        progress_bar=False,
    )
    exporter = HTMLExporter(embed_images=True, **dict.fromkeys(FETCHED, ""))
    page, _ = exporter.from_filename(smk.log.executed)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
