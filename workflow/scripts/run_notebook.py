"""Execute a notebook, which draws its figures, and render it as a page that needs no network."""

from pathlib import Path
from typing import Any

import papermill

from cortex.io.job import run_job
from cortex.report.notebooks import read_executed, render_notebook


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
        iopub_timeout=600,  # s for the last output of a cell; 4 s are few on a crowded machine
    )
    title = next(iter(subject.values()), Path(smk.input.notebook).stem)
    page = render_notebook(read_executed(Path(smk.log.executed)), title)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
