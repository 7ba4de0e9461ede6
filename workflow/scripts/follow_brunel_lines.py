"""Folds and onsets of oscillations in the plane of the Brunel network."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.stability import LINES
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
    sizes = [len(line.frequency) for line in lines]
    columns = {
        "line": np.repeat(np.arange(len(lines)), sizes),
        "kind": np.repeat(np.array([line.kind for line in lines], dtype=object), sizes),
        "g": np.concatenate([line.parameters[:, 0] for line in lines]),
        "nu_ext_ratio": np.concatenate([line.parameters[:, 1] for line in lines]),
        "nu": np.concatenate([line.nu[:, 0] for line in lines]),
        "frequency": np.concatenate([line.frequency for line in lines]),
    }
    write_table(smk.output.lines, LINES, columns, job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
