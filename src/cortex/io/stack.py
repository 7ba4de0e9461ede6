"""Pieces of a table, one per case, joined into its columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cortex.errors import TableError
from cortex.io.tables import TableSchema
from cortex.typing import AnyArray


def stack_columns(pieces: Sequence[Mapping[str, Any]], schema: TableSchema) -> dict[str, AnyArray]:
    """Return the columns of a table from pieces that hold arrays and what they share.

    Parameters
    ----------
    pieces : sequence of mapping
        For each case its columns: arrays of one length, or one value for all its rows; a
        piece of single values is one row. No case, no row.
    schema : TableSchema
        The table; every piece must hold exactly its columns.

    Raises
    ------
    TableError
        A piece misses a column, has one too many, or its arrays differ in length.

    Examples
    --------
    >>> from cortex.io.tables import Column
    >>> table = TableSchema("t", {"case": Column("1", "case", "text"), "x": Column("1", "x")})
    >>> columns = stack_columns([{"case": "a", "x": np.arange(2.0)}, {"case": "b", "x": 5}], table)
    >>> columns["case"].tolist(), columns["x"].tolist()
    (['a', 'a', 'b'], [0.0, 1.0, 5.0])
    """
    stacked: dict[str, list[AnyArray]] = {name: [] for name in schema.columns}
    for piece in pieces:
        if piece.keys() != schema.columns.keys():
            msg = f"a piece of {schema.name!r} holds {sorted(piece)}, needs {sorted(stacked)}"
            raise TableError(msg)
        lengths = {len(values) for values in piece.values() if np.ndim(values) == 1}
        if len(lengths) > 1:
            msg = f"arrays of {sorted(lengths)} rows in one piece of {schema.name!r}"
            raise TableError(msg)
        n_rows = lengths.pop() if lengths else 1
        for name, column in schema.columns.items():
            kind = object if column.kind == "text" else None
            values = np.asarray(piece[name], dtype=kind)
            stacked[name].append(np.broadcast_to(values, (n_rows,)))
    return {name: np.concatenate(parts or [np.empty(0)]) for name, parts in stacked.items()}
