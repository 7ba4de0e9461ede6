"""What the acceptance table asks for, as measured by one family of checks."""

from collections.abc import Mapping
from typing import Any

from cortex.io.job import job_provenance
from cortex.io.schemas.acceptance import MEASURED
from cortex.io.tables import write_table


def write_measured(smk: Any, got: Mapping[str, float]) -> None:
    """Write measured values, SI or plain numbers, as the output `measured` of a job.

    Parameters
    ----------
    smk : snakemake object of the job
        Its output `measured` is the table.
    got : mapping of str to float
        Id of a check in config/acceptance -> value.
    """
    columns = {"check_id": list(got), "got": list(got.values())}
    write_table(smk.output.measured, MEASURED, columns, job_provenance(smk))
