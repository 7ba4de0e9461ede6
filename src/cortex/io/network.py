"""The tables of one network: a file per kind, all states below each other."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cortex.io.tables import TableSchema, read_tables, write_table
from cortex.provenance import Provenance
from cortex.steps.columns import Columns, Tables, stacked

EMPTY = {"text": object, "int": np.int64, "bool": np.bool_}


def write_tables(
    output: Mapping[str, str],
    prefix: str,
    schemas: Mapping[str, TableSchema],
    parts: Sequence[Tables],
    *,
    provenance: Provenance,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Write one file per kind of table, empty where no part has it.

    Parameters
    ----------
    output : mapping of str to path
        ``{prefix}_{kind}`` -> file.
    prefix : str
        Which step the tables come from.
    schemas : mapping of str to TableSchema
        Kind of table -> its columns.
    parts : sequence of tables
        What the states gave.
    provenance, notes
        As for `write_table`.
    """
    for kind, schema in schemas.items():
        present = [tables[kind] for tables in parts if kind in tables]
        columns = stacked(present) if present else empty(schema)
        write_table(output[f"{prefix}_{kind}"], schema, columns, provenance, notes)


def read_kinds(paths: Iterable[str], schemas: Mapping[str, TableSchema]) -> Tables:
    """Return the tables of files ``{prefix}_{kind}.parquet``, those of one kind joined."""
    files: dict[str, list[str]] = {}
    for path in paths:
        files.setdefault(Path(path).stem.partition("_")[2], []).append(path)
    return {kind: read_tables(of_kind, schemas[kind]) for kind, of_kind in files.items()}


def at_state(tables: Tables, state: str) -> Tables:
    """Return the rows of one state; a table that has none is missing."""
    kept: Tables = {}
    for kind, columns in tables.items():
        mine = columns["state"] == state
        if np.any(mine):
            kept[kind] = {name: values[mine] for name, values in columns.items()}
    return kept


def empty(schema: TableSchema) -> Columns:
    """Return the columns of a table without rows."""
    return {
        name: np.empty(0, dtype=EMPTY.get(column.kind, np.float64))
        for name, column in schema.columns.items()
    }
