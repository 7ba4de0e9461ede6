"""Write the report page: figures, captions, parameters, provenance, acceptance table."""

import json
from pathlib import Path
from typing import Any

import yaml

from cortex.io.job import run_job
from cortex.io.schemas.acceptance import ACCEPTANCE, CLAIMS
from cortex.io.tables import read_table
from cortex.provenance import commit_of_run
from cortex.report.page import (
    claim_rows,
    figure_entries,
    network_entries,
    recording_entries,
    render_page,
    sweep_entries,
)
from cortex.report.registry import TIMED, read_figures, without
from cortex.report.run import Run


def main(smk: Any) -> None:
    """Collect what belongs to each figure, fill the template, keep the configuration of the run."""
    checks = read_table(smk.input.acceptance, ACCEPTANCE) if smk.input.acceptance else {}
    claims = read_table(smk.input.claims, CLAIMS) if smk.input.claims else {}
    figures = without(read_figures(Path(smk.input.registry)), {*smk.params.left_out, TIMED})
    run = Run.of(smk.params, commit_of_run())
    entries = figure_entries(
        figures, smk.input.figures, smk.input.captions, checks, run, claims=claims
    )
    parts = {
        "sweeps": sweep_entries(smk.input.sweeps, smk.input.drawn, smk.input.curves),
        "networks": network_entries(smk.input.networks),
        "recordings": recording_entries(smk.input.recordings),
        "claims": claim_rows(claims),
        "explorers": [Path(page).stem for page in smk.input.explorers],
        "left_out": smk.params.left_out,
        "timed": TIMED if f"results/notebooks/{TIMED}.html" in smk.input.notebooks else "",
    }
    template = Path(smk.input.template)
    for path, embed in ((smk.output.page, True), (smk.output.site, False)):
        page = render_page(template, entries, checks, run, embed=embed, **parts)
        Path(path).write_text(page, encoding="utf-8")
    plain = json.loads(json.dumps(smk.params.study))
    text = f"# The configuration of the run behind these results: {run.source}\n"
    text += yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    Path(smk.output.configuration).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
