"""Count the checks that pass; fail when one does not."""

import json
from pathlib import Path
from typing import Any

from cortex.errors import CortexError
from cortex.io.job import run_job
from cortex.io.schemas.acceptance import ACCEPTANCE, CLAIMS
from cortex.io.tables import read_table


def main(smk: Any) -> None:
    """Write the verdict, or raise with the list of failing checks."""
    table = read_table(smk.input.table, ACCEPTANCE)
    n_checks = len(table["check_id"])
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    failing = [
        "  {check_id}: expected {expected:g} {unit}, got {got:g} "
        "(deviation {deviation:.3g}, tolerance {tolerance:g} {tolerance_kind})".format(**row)
        for row in rows
        if not row["passed"]
    ]
    if failing:
        head = (
            f"acceptance: {n_checks - len(failing)} of {n_checks} checks pass; {len(failing)} fail"
        )
        raise CortexError("\n".join([f"{head} (see results/report.html):", *failing]))
    holds = read_table(smk.input.claims, CLAIMS)["holds"]
    found = {"checks": n_checks, "failing": [], "claims": len(holds)}
    found["claims_that_hold"] = int(sum(holds))
    Path(smk.output.verdict).write_text(json.dumps(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_job(main, globals())
