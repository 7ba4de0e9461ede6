"""Columns of Parquet files, only those that are asked for, without a detour over pandas."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cortex.errors import TableError
from cortex.io.readers.columns import Columns, Words, compact
from cortex.typing import AnyArray


def read_parquet(path: Path, is_wanted: Callable[[str], bool]) -> Columns:
    """Return the columns of which `is_wanted` is true; the others are there, but empty.

    Raises
    ------
    TableError
        A damaged file, missing values, columns of lists.
    """
    try:
        file = pq.ParquetFile(path)
        columns: dict[str, AnyArray | Words] = {}
        for name in file.schema_arrow.names:
            columns[name] = _column(path, file, name) if is_wanted(name) else np.zeros(0)
            pa.default_memory_pool().release_unused()
    except (OSError, pa.ArrowException) as error:
        msg = f"{path}: cannot be read ({error})"
        raise TableError(msg) from None
    return columns


def _column(path: Path, file: Any, name: str) -> AnyArray | Words:
    column = file.read(columns=[name]).column(0)
    if column.null_count:
        row = column.is_null().to_numpy().argmax()
        msg = f"{path}: {column.null_count} values of {name} are missing, the first in row {row}"
        raise TableError(msg)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.dictionary_encode()
    if pa.types.is_dictionary(column.type):
        encoded = column.unify_dictionaries().combine_chunks()
        if not isinstance(encoded, pa.DictionaryArray):  # one chunk or none, by version of Arrow
            encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], column.type)
        return Words(tuple(map(str, encoded.dictionary.to_pylist())), np.array(encoded.indices))
    if pa.types.is_nested(column.type):
        msg = f"{path}: column {name!r} holds {column.type}; write one row for each spike"
        raise TableError(msg)
    values = np.array(column)  # in memory of its own: Arrow's is freed
    return compact(values) if values.dtype.kind in "iu" else values
