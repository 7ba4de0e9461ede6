"""Write the report page: figures, captions, parameters, provenance, acceptance table."""

import json
from pathlib import Path
from typing import Any

from cortex.io.job import job_log
from cortex.io.schemas.acceptance import ACCEPTANCE
from cortex.io.tables import read_table
from cortex.report.page import figure_entries, render_page
from cortex.report.registry import read_figures


def main(smk: Any) -> None:
    """Collect what belongs to each figure and fill the template."""
    acceptance = read_table(smk.input.acceptance, ACCEPTANCE)
    figures = read_figures(Path(smk.input.registry))
    entries = figure_entries(figures, smk.input.figures, smk.input.captions, acceptance)
    sweeps = [json.loads(Path(path).read_text(encoding="utf-8")) for path in smk.input.sweeps]
    for path, embed in ((smk.output.page, True), (smk.output.site, False)):
        page = render_page(
            Path(smk.input.template), entries, acceptance, embed=embed, sweeps=sweeps
        )
        Path(path).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
