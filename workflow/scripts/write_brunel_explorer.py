"""Write the explorer page of the Brunel plane."""

from pathlib import Path
from typing import Any

from cortex.io.job import job_log
from cortex.io.schemas import brunel
from cortex.io.schemas.network import LINES
from cortex.io.tables import read_provenance, read_table
from cortex.params.brunel import BrunelAtlas, BrunelParams
from cortex.report.brunel_explorer import bifurcation_lines, brunel_payload
from cortex.report.explorer import render_explorer


def main(smk: Any) -> None:
    """Collect the rows of the atlas and fill the template."""
    atlas = BrunelAtlas.from_config(smk.params.atlas)
    rows = [
        (
            read_table(points, brunel.ATLAS_POINTS),
            read_table(spikes, brunel.ATLAS_SPIKES),
            read_table(spectra, brunel.ATLAS_SPECTRA),
        )
        for points, spikes, spectra in zip(
            smk.input.points, smk.input.spikes, smk.input.spectra, strict=True
        )
    ]
    model = BrunelParams.from_config(read_provenance(smk.input.points[0])["params"]["model"])
    explorer = brunel_payload(
        rows,
        n_neurons=model.n_exc + model.n_inh,
        raster_duration=atlas.excerpt.duration,
        lines=bifurcation_lines(read_table(smk.input.lines, LINES)),
    )
    page = render_explorer(Path(smk.input.template), explorer)
    Path(smk.output.page).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
