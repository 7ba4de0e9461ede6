"""Count the checks that pass; fail when one does not."""

import json
from pathlib import Path
from typing import Any

from cortex.acceptance.verdict import verdict
from cortex.errors import CortexError
from cortex.io.job import job_log
from cortex.io.schemas.acceptance import ACCEPTANCE, CLAIMS
from cortex.io.tables import read_table


def main(smk: Any) -> None:
    """Write the verdict, or raise with the list of failing checks."""
    result = verdict(read_table(smk.input.table, ACCEPTANCE))
    if result.failing:
        raise CortexError(result.summary())
    holds = read_table(smk.input.claims, CLAIMS)["holds"]
    found = {"checks": result.n_checks, "failing": [], "claims": len(holds)}
    found["claims_that_hold"] = int(sum(holds))
    Path(smk.output.verdict).write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
