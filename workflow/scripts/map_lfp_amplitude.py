"""Amplitude profiles on a grid around the dipole, and one cell averaged over a disc."""

from typing import Any

import numpy as np

from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.lfp import AMPLITUDE
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.lfp.amplitude import PROFILES, REFERENCE_CURRENTS, disc_average, mazzoni_neuron
from cortex.lfp.geometry import Coordinates
from cortex.params.lfp_study import AmplitudeMapParams, ProbeParams


def main(smk: Any) -> None:
    """Evaluate every profile, write the maps one after another."""
    grid = AmplitudeMapParams.from_config(smk.params.amplitude)
    length = ProbeParams.from_config(smk.params.probe).dendrite
    r, d = np.meshgrid(
        np.arange(0.0, grid.radius + grid.step / 2, grid.step),
        np.arange(-grid.depth, grid.depth + grid.step / 2, grid.step),
        indexing="ij",
    )
    at = Coordinates(r=r.ravel(), d=d.ravel(), length=np.array(length))
    maps = {name: REFERENCE_CURRENTS[name] * profile(at) for name, profile in PROFILES.items()}
    maps["neuron_over_disc"] = disc_average(mazzoni_neuron, at, grid.disc_radius)
    rows = [{"profile": name, "r": at.r, "d": at.d, "amplitude": maps[name]} for name in maps]
    write_table(smk.output.maps, AMPLITUDE, stack_columns(rows, AMPLITUDE), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
