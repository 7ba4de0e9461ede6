"""Rows of a table: those that hold given values, and groups that share one."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cortex.typing import AnyArray, FloatArray

Table = Mapping[str, AnyArray]


def is_empty(table: Table) -> bool:
    """Return whether a table has no rows, or no columns."""
    return not any(len(values) for values in table.values())


def rows(table: Table, **wanted: object) -> dict[str, AnyArray]:
    """Return the rows in which every named column holds the given value.

    Examples
    --------
    >>> rows({"case": np.array(["a", "b", "a"]), "x": np.arange(3)}, case="a")["x"]
    array([0, 2])
    """
    kept = np.logical_and.reduce([table[name] == value for name, value in wanted.items()])
    return {name: values[kept] for name, values in table.items()}


def alone(table: Table, key: str) -> dict[str, AnyArray]:
    """Return the rows of a one-at-a-time sweep in which `key` alone moves, the base among them.

    Sorted by `key`; what moves stands in the column ``varied``, which is empty at the base.

    Examples
    --------
    >>> table = {"varied": np.array(["b", "a", "", "a"]), "a": np.array([1, 3, 1, 0])}
    >>> alone(table, "a")["a"]
    array([0, 1, 3])
    """
    moved = np.isin(np.asarray(table["varied"], dtype=np.str_), (key, ""))
    order = np.flatnonzero(moved)[np.argsort(table[key][moved], kind="stable")]
    return {name: values[order] for name, values in table.items()}


def groups(table: Table, key: str) -> Iterator[tuple[Any, dict[str, AnyArray]]]:
    """Yield each value of a column, in order of appearance, and its rows.

    Examples
    --------
    >>> table = {"case": np.array(["b", "a", "b"]), "x": np.arange(3)}
    >>> [(str(case), part["x"].tolist()) for case, part in groups(table, "case")]
    [('b', [0, 2]), ('a', [1])]
    """
    for value in dict.fromkeys(table[key]):
        yield value, rows(table, **{key: value})


def by_seed(table: Table, value: str) -> FloatArray:
    """Return a column as one row per independent network, shape (n_networks, n_values).

    Examples
    --------
    >>> by_seed({"seed": np.array([0, 0, 1, 1]), "x": np.arange(4.0)}, "x").tolist()
    [[0.0, 1.0], [2.0, 3.0]]
    """
    return np.stack([part[value] for _, part in groups(table, "seed")])
