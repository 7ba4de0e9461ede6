"""Folds and onsets of oscillations in the plane of the Brunel network."""

from typing import Any

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.stability import LINES
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.meanfield.stability.brunel_plane import brunel_lines
from cortex.params.brunel import BrunelParams
from cortex.params.stability import PlaneLines


def main(smk: Any) -> None:
    """Follow every line of the window and write their points one below the other."""
    plane = PlaneLines.from_config(smk.params.plane)
    lines = brunel_lines(
        BrunelParams.from_config(smk.params.model),
        g_limits=(plane.g_low, plane.g_high),
        ratio_limits=(plane.ratio_low, plane.ratio_high),
        max_frequency=plane.max_frequency,
        max_step=plane.max_step,
    )
    rows = []
    for number, line in enumerate(lines):
        g, ratio = line.parameters.T
        marginal = {"nu": line.nu[:, 0], "frequency": line.frequency}
        rows.append({"line": number, "kind": line.kind, "g": g, "nu_ext_ratio": ratio, **marginal})
    write_table(smk.output.lines, LINES, stack_columns(rows, LINES), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
