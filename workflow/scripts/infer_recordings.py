"""Infer the keys of every simulated recording of a sweep, by what another sweep has taught."""

from pathlib import Path
from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.inference import DRAWS, RECOVERED
from cortex.io.tables import read_columns, write_table
from cortex.steps.columns import stacked
from cortex.steps.infer import recover


def main(smk: Any) -> None:
    """Learn from the prior, infer the recordings: spikes, their rate alone, the LFP alone."""
    sweeps = []
    for points, *arrays in filter(None, (smk.input.prior, smk.input.recordings)):
        tables = {Path(path).stem: read_columns(path) for path in arrays}
        sweeps.append(tables | {"points": read_columns(points)})
    prior, recordings = sweeps[0], sweeps[1] if len(sweeps) > 1 else None
    block, seed = smk.params.block, smk.params.seed
    found = [
        recover(smk.params.network, block, prior, recordings, data, seed=seed)
        for data in smk.params.data
    ]
    recovered, draws = (stacked(parts) for parts in zip(*found, strict=True))
    provenance = job_provenance(smk)
    write_table(smk.output.recovered, RECOVERED, recovered, provenance)
    write_table(smk.output.draws, DRAWS, draws, provenance)


if __name__ == "__main__":
    run_job(main, globals())
