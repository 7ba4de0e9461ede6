"""Draw one figure of workflow/figures.yaml and save it as PNG and PDF."""

from typing import Any

from cortex.io.job import job_log
from cortex.io.tables import read_columns
from cortex.plots.save import draw_figure, save_figure


def main(smk: Any) -> None:
    """Read the tables, call the drawing function, save."""
    tables = {name: read_columns(path) for name, path in smk.input.items()}
    figure = draw_figure(smk.params.draw, tables)
    notes = {"figure": smk.params.figure, "code": smk.params.code}
    save_figure(figure, smk.output.png, smk.output.pdf, notes)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
