"""Write the explorer page of the Brunel plane."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.io.schemas.network import LINES
from cortex.io.tables import read_columns, read_provenance, read_table
from cortex.report.brunel_explorer import bifurcation_lines, brunel_payload
from cortex.report.explorer import render_explorer


def main(smk: Any) -> None:
    """Read the sweep and fill the template."""
    network = read_provenance(smk.input.points)["params"]["base"]
    tables = (read_columns(smk.input[name]) for name in ("points", "raster", "spectrum"))
    explorer = brunel_payload(
        *tables,
        n_neurons=network["n_exc"] + network["n_inh"],
        raster_duration=network["excerpt"]["duration_s"],
        lines=bifurcation_lines(read_table(smk.input.lines, LINES)),
    )
    page = render_explorer(Path(smk.input.template), explorer)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
