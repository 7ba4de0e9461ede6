"""Measure what it costs to build a Gaussian sheet, by size and algorithm."""

from dataclasses import asdict
from typing import Any, Final

from cortex.connectivity.cost import build_cost
from cortex.connectivity.kernels import Gaussian
from cortex.connectivity.space import Lattice
from cortex.connectivity.spatial import Algorithm
from cortex.io.job import job_provenance, run_job
from cortex.io.schemas.connectivity import COST
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import CostParams

ALGORITHMS: Final[tuple[Algorithm, ...]] = ("stencil", "tree")


def main(smk: Any) -> None:
    """Build each size with each algorithm; the numbers depend on the machine."""
    params = CostParams.from_config(smk.params.cost)
    rows = []
    for algorithm, sides in zip(ALGORITHMS, (params.n_sides, params.n_sides_tree), strict=True):
        for n in sides:
            sheet = Lattice(shape=(n, n), pitch=(params.pitch,) * 2, periodic=False)
            cost = build_cost(sheet, Gaussian(params.sigma), algorithm, repeats=params.repeats)
            rows.append({"algorithm": algorithm, "n_neurons": n * n, **asdict(cost)})
    write_table(smk.output.cost, COST, stack_columns(rows, COST), job_provenance(smk))


if __name__ == "__main__":
    run_job(main, globals())
