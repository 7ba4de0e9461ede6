"""The statistics of all recordings in one table, power laws and phase locking of all fields."""

from typing import Any

from cortex.io.job import job_provenance, run_job
from cortex.io.network import empty
from cortex.io.schemas.recordings import DESCRIBED, FIELD, GATHERED
from cortex.io.tables import read_table, write_table
from cortex.steps.columns import labelled, stacked


def main(smk: Any) -> None:
    """Lay the tables below each other under the names of their recordings."""
    source = job_provenance(smk)
    for kind, schema in GATHERED.items():
        own = (DESCRIBED | FIELD)[kind]
        names = smk.params.recordings if kind in DESCRIBED else smk.params.with_field
        parts = [
            labelled(read_table(path, own), recording=name)
            for name, path in zip(names, getattr(smk.input, kind), strict=True)
        ]
        write_table(
            getattr(smk.output, kind), schema, stacked(parts) if parts else empty(schema), source
        )


if __name__ == "__main__":
    run_job(main, globals())
