"""Self-consistent rates of the Brunel network over the (g, external rate) plane."""

from typing import Any

import numpy as np

from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.brunel import PLANE
from cortex.io.tables import write_table
from cortex.meanfield.stationary.cv import population_cv
from cortex.meanfield.stationary.working_point import solve_working_point
from cortex.params.brunel import BrunelParams, BrunelPlane


def main(smk: Any) -> None:
    """Solve the working point of each point of the plane; E and I are alike."""
    model = BrunelParams.from_config(smk.params.model)
    plane = BrunelPlane.from_config(smk.params.plane)
    points = [(g, x) for g in plane.g.values() for x in plane.nu_ext_ratio.values()]
    networks = [model.at(g, x).network() for g, x in points]
    solved = [solve_working_point(network) for network in networks]
    g, ratio = np.array(points).T
    columns = {name: [getattr(p, name)[0] for p in solved] for name in ("nu", "mu", "sigma")}
    columns["cv"] = [population_cv(n, p)[0] for n, p in zip(networks, solved, strict=True)]
    write_table(
        smk.output.plane, PLANE, {"g": g, "nu_ext_ratio": ratio, **columns}, job_provenance(smk)
    )


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
