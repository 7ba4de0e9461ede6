"""Write what the jobs of a network cost."""

from pathlib import Path
from typing import Any

from cortex.io.job import run_job
from cortex.report.costs import cost_page


def main(smk: Any) -> None:
    """Read what Snakemake measured of every job, write it beside the page of the network."""
    page = cost_page(f"What {smk.wildcards.network} cost", smk.params.measured)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
