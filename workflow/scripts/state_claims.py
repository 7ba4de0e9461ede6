"""Write the text of every figure and the table of its claims."""

from pathlib import Path
from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.acceptance import CLAIMS
from cortex.io.tables import read_columns, write_table
from cortex.report.registry import TIMED, read_figures, without
from cortex.report.texts import claim_columns, text_of


def main(smk: Any) -> None:
    """Fill the templates with values of the tables, say each claim in the form that holds."""
    figures = without(read_figures(Path(smk.input.registry)), smk.params.left_out)
    texts = {}
    for (name, figure), template, path in zip(
        figures.items(), smk.input.templates, smk.output.texts, strict=True
    ):
        tables = {key: read_columns(table) for key, table in figure.tables.items()}
        texts[name] = text_of(figure, Path(template), tables)
        Path(path).write_text(texts[name].body, encoding="utf-8")
    said = {name: texts[name] for name in without(figures, {TIMED})}
    write_table(smk.output.claims, CLAIMS, claim_columns(said), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
