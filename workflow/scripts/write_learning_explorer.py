"""Write the explorer page of the learning-rate sweep."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.io.tables import read_columns
from cortex.report.explorer import render_explorer
from cortex.report.learning_explorer import learning_payload


def main(smk: Any) -> None:
    """Read the sweep and fill the template."""
    explorer = learning_payload(read_columns(smk.input.sweep), read_columns(smk.input.residuals))
    page = render_explorer(Path(smk.input.template), explorer)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
