"""Build the network of every kernel and the E-I sheet; keep weights, matrices and lengths."""

from typing import Any

import numpy as np

from cortex.connectivity import kernel_weights
from cortex.connectivity.atlas import kernel_of, lattice_of
from cortex.connectivity.networks import sheet_places, sheet_projection
from cortex.connectivity.survey import connection_lengths, matrix_in_cells, weights_of
from cortex.io.job import job_log, job_provenance
from cortex.io.schemas.connectivity import LENGTHS, MATRICES, WEIGHTS
from cortex.io.stack import stack_columns
from cortex.io.tables import write_table
from cortex.params.connectivity import SheetKernelParams, SheetNetworkParams, SheetParams

CELL, BINS, SHEET = 4, 40, "E-I sheet"


def main(smk: Any) -> None:
    """Survey each network: of the sheet, E and I sources apart."""
    lattice, parts = lattice_of(SheetParams.from_config(smk.params.sheet)), []
    for name, raw in smk.params.kernels.items():
        kernel = SheetKernelParams.from_config(raw)
        size = {"weight": kernel.weight, "radius": kernel.radius}
        same = {"autapses": False, "same_population": True}
        made = kernel_weights(lattice, lattice, kernel_of(kernel), **size, **same)
        parts.append((name, "all", made, lattice, lattice))
    sheet = SheetNetworkParams.from_config(smk.params.network)
    places = sheet_places(sheet, smk.params.seed, periodic=False)
    for kind in "EI":
        part = sheet_projection(sheet, places, kind, smk.params.seed)
        parts.append((SHEET, kind, part.weights, part.source, part.target))
    weights, lengths, matrices = [], [], []
    cells: dict[str, list[Any]] = {}
    for name, source, made, *spaces in parts:
        case = {"network": name, "source": source}
        for found, rows in (
            (weights_of(made), weights),
            (connection_lengths(made, *spaces), lengths),
        ):
            count, edges = np.histogram(found, BINS)
            bins = {"low": edges[:-1], "high": edges[1:], "connections": count}
            rows.append({**case, **bins, "mean": found.mean()})
        cells.setdefault(name, []).append(matrix_in_cells(made, CELL))
    for name, found in cells.items():
        matrix = np.hstack(found)
        target, source = CELL * np.indices(matrix.shape)
        pairs = {"target": target.ravel(), "source": source.ravel(), "weight": matrix.ravel()}
        matrices.append({"network": name, **pairs})
    tables = ((WEIGHTS, weights), (LENGTHS, lengths), (MATRICES, matrices))
    for path, (schema, rows) in zip(smk.output, tables, strict=True):
        write_table(path, schema, stack_columns(rows, schema), job_provenance(smk))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(snakemake)
