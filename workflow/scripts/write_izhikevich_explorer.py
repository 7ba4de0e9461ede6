"""Write the explorer page of a published Izhikevich ring."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.io.tables import read_columns
from cortex.report.explorer import render_explorer
from cortex.report.izhikevich_explorer import izhikevich_payload


def main(smk: Any) -> None:
    """Read potentials and spikes and fill the template."""
    explorer = izhikevich_payload(
        read_columns(smk.input.potentials), read_columns(smk.input.rasters)
    )
    page = render_explorer(Path(smk.input.template), explorer)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
