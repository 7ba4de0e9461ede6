"""Tables in memory: columns by name, labelled by state and population."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from cortex.typing import AnyArray

Columns = dict[str, AnyArray]
"""One table: name -> array of shape (n_rows,), SI."""
Tables = dict[str, Columns]
"""Tables by name."""


def labelled(columns: Mapping[str, Any], **labels: Any) -> Columns:
    """Return columns with a label repeated in every row; numbers are repeated too.

    Examples
    --------
    >>> labelled({"nu": np.array([1.0, 2.0])}, state="C")["state"].tolist()
    ['C', 'C']
    """
    n = max(np.size(value) for value in columns.values())
    made: Columns = {}
    for name, value in (labels | dict(columns)).items():
        kind = object if isinstance(value, str) else None
        made[name] = np.full(n, value, dtype=kind) if np.ndim(value) == 0 else np.asarray(value)
    return made


def stacked(parts: Iterable[Columns]) -> Columns:
    """Return tables of the same columns, one below the other."""
    tables = list(parts)
    return {name: np.concatenate([part[name] for part in tables]) for name in tables[0]}


def transposed(rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Return rows of the same keys as columns; text becomes objects."""
    listed = list(rows)
    return {
        name: np.array(
            [row[name] for row in listed],
            dtype=object if isinstance(listed[0][name], str) else None,
        )
        for name in listed[0]
    }
