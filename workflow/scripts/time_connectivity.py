"""Measure what it costs to build a Gaussian sheet, by size and algorithm."""

from dataclasses import asdict
from typing import Any

from cortex.connectivity.cost import build_cost
from cortex.connectivity.kernels import Gaussian
from cortex.connectivity.space import Lattice
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.connectivity import COST
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import CostParams


def main(smk: Any) -> None:
    """Build each size with each algorithm; the numbers depend on the machine."""
    params = CostParams.from_config(smk.params.cost)
    rows = []
    for algorithm, sides in (("stencil", params.n_sides), ("tree", params.n_sides_tree)):
        for n in sides:
            sheet = Lattice(shape=(n, n), pitch=(params.pitch,) * 2, periodic=False)
            cost = build_cost(sheet, Gaussian(params.sigma), algorithm, repeats=params.repeats)
            rows.append({"algorithm": algorithm, "n_neurons": n * n, **asdict(cost)})
    write_table(smk.output.cost, COST, stack_columns(rows, COST), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
