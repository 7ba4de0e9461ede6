"""Simulate and predict the points of the Brunel atlas that share one value of g."""

from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas import brunel
from cortex.io.tables import write_table
from cortex.params.brunel import BrunelAtlas, BrunelParams
from cortex.params.observation import ObservationParams
from cortex.rng import child_seed
from cortex.sweep_models.atlas import atlas_row


def main(smk: Any) -> None:
    """Run the row, write points, spikes of the excerpt and spectra."""
    row = atlas_row(
        BrunelParams.from_config(smk.params.model),
        BrunelAtlas.from_config(smk.params.atlas),
        ObservationParams.from_config(smk.params.analysis),
        row=smk.params.row,
        seed=child_seed(smk.params.seed, "brunel", "atlas", smk.params.row),
    )
    source = job_provenance(smk)
    write_table(smk.output.points, brunel.ATLAS_POINTS, row.points, source)
    write_table(smk.output.spikes, brunel.ATLAS_SPIKES, row.spikes, source)
    write_table(smk.output.spectra, brunel.ATLAS_SPECTRA, row.spectra, source)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
