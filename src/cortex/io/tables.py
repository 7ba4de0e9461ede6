"""Parquet tables with a unit on every column and provenance in the schema metadata.

SI arrays go in and come out; the file holds the units named in its columns.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cortex.errors import TableError
from cortex.io.digest import KEY as DIGEST
from cortex.io.digest import check_footer, check_table, digested
from cortex.provenance import Provenance, canonical_json
from cortex.typing import AnyArray
from cortex.units import array_from_si, array_to_si, edge_name
from cortex.whole_files import written_whole

if TYPE_CHECKING:
    import pandas as pd  # at run time loaded by Arrow when a frame is asked for: it is slow

Kind = Literal["float", "float32", "int", "int32", "uint16", "bool", "text"]
ARROW: Final[dict[str, pa.DataType]] = {
    "float": pa.float64(),
    "float32": pa.float32(),
    "int": pa.int64(),
    "int32": pa.int32(),
    "uint16": pa.uint16(),
    "bool": pa.bool_(),
    "text": pa.string(),
}

STRUCTURED: Final = frozenset({"params", "versions", "notes", "wildcards", "ancestry"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its unit in the file, what it means, and its type."""

    unit: str
    doc: str
    kind: Kind = "float"


@dataclass(frozen=True, slots=True)
class TableSchema:
    """Name and columns of a table; keys are SI names without a unit suffix."""

    name: str
    columns: Mapping[str, Column]

    def arrow(self) -> pa.Schema:
        """Return the Arrow schema, with unit and meaning in each field's metadata."""
        fields = [
            pa.field(
                edge_name(name, column.unit),
                ARROW[column.kind],
                nullable=False,
                metadata={"unit": column.unit, "description": column.doc},
            )
            for name, column in self.columns.items()
        ]
        return pa.schema(fields, metadata={"cortex.schema": self.name})


def write_table(
    path: Path | str,
    schema: TableSchema,
    columns: Mapping[str, Any],
    provenance: Provenance,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Write SI columns as a Parquet file; the file appears whole or not at all.

    Parameters
    ----------
    path : path
        Destination; its folder is made when missing.
    schema : TableSchema
        Columns, units and types of the table.
    columns : mapping of str to array of shape (n_rows,)
        One array per column of the schema, SI.
    provenance : Provenance
        What the table was made from.
    notes : mapping, optional
        What else a reader needs, JSON-serialisable; see `read_provenance`.

    Raises
    ------
    TableError
        Columns are missing, unknown, of unequal length, not one-dimensional, or do not fit
        their types.
    """
    missing = schema.columns.keys() - columns.keys()
    unknown = columns.keys() - schema.columns.keys()
    if missing or unknown:
        msg = f"{path}: table {schema.name!r} misses {sorted(missing)}, knows no {sorted(unknown)}"
        raise TableError(msg)
    plain = {
        name: _plain(f"{path}: {name}", columns[name], column)
        for name, column in schema.columns.items()
    }
    lengths = {name: len(values) for name, values in plain.items()}
    if len(set(lengths.values())) > 1:
        msg = f"{path}: columns of table {schema.name!r} differ in length: {lengths}"
        raise TableError(msg)
    arrow = schema.arrow()
    arrays = [
        arrow_array(f"{path}: {name}", _to_edge(plain[name], column), ARROW[column.kind])
        for name, column in schema.columns.items()
    ]
    metadata = {"cortex.schema": schema.name, **provenance.metadata()}
    if notes is not None:
        metadata["cortex.notes"] = canonical_json(notes)
    write_atomic(Path(path), pa.table(arrays, schema=arrow.with_metadata(metadata)))


def write_atomic(path: Path, table: pa.Table) -> None:
    """Write an Arrow table aside, open it again, then rename it into place."""
    with written_whole(path) as aside:
        pq.write_table(digested(table), aside, compression="zstd", write_page_checksum=True)
        rows = pq.ParquetFile(aside, page_checksum_verification=True).metadata.num_rows
        if rows != table.num_rows:
            msg = f"{aside}: wrote {table.num_rows} rows, found {rows} on reading back"
            raise TableError(msg)


def read_table(path: Path | str, schema: TableSchema) -> dict[str, AnyArray]:
    """Return the columns of a table as SI arrays.

    Raises
    ------
    TableError
        The file is missing, truncated, damaged, without units or of another schema.
    """
    table = _open(Path(path), schema.name)
    expected = schema.arrow()
    if not table.schema.equals(expected, check_metadata=False):
        msg = (
            f"{path}: columns {table.schema.names} differ from those of {schema.name!r}, "
            f"{expected.names}; delete the file and rerun"
        )
        raise TableError(msg)
    return {
        name: _from_edge(table.column(edge_name(name, column.unit)), column)
        for name, column in schema.columns.items()
    }


def read_tables(paths: Iterable[Path | str], schema: TableSchema) -> dict[str, AnyArray]:
    """Return the columns of several tables of one schema, one below the other."""
    tables = [read_table(path, schema) for path in paths]
    return {name: np.concatenate([table[name] for table in tables]) for name in schema.columns}


def read_columns(path: Path | str) -> dict[str, AnyArray]:
    """Return the columns of any cortex table as SI arrays, names without their units."""
    table = _open(Path(path))
    return dict(_si_column(field, table.column(field.name)) for field in table.schema)


def read_frame(path: Path | str) -> "pd.DataFrame":
    """Return any cortex table as a data frame, columns named with their units."""
    table = _open(Path(path))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_provenance(path: Path | str) -> dict[str, Any]:
    """Return the provenance of a table: rule, params, code, seed, versions, ancestry.

    Raises
    ------
    TableError
        The file is missing, truncated or damaged.
    """
    _check_present(Path(path))
    try:
        file = pq.ParquetFile(Path(path))
        schema, written = file.schema_arrow, file.metadata.metadata
    except (OSError, pa.ArrowException) as error:
        raise _damaged(Path(path), error) from None
    check_footer(Path(path), schema, written)
    own = {
        key.decode().removeprefix("cortex."): value.decode()
        for key, value in schema.metadata.items()
        if key.startswith(b"cortex.") and key != DIGEST
    }
    return {key: json.loads(value) if key in STRUCTURED else value for key, value in own.items()}


def _damaged(path: Path, error: Exception) -> TableError:
    return TableError(f"{path}: truncated or damaged, delete it and rerun ({error})")


def _open(path: Path, name: str = "") -> pa.Table:
    """Return the table of a file found sound; of the schema `name`, where one is given."""
    _check_present(path)
    try:
        # not pq.read_table: that loads the dataset module, and pandas with it
        file = pq.ParquetFile(path, page_checksum_verification=True)
        table, written = file.read(), file.metadata.metadata
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, error) from None
    found = (table.schema.metadata or {}).get(b"cortex.schema", b"no cortex schema")
    if name and found != name.encode():
        msg = f"{path}: holds table {found.decode('utf-8', 'replace')!r}, expected {name!r}"
        raise TableError(msg)
    _check_units(path, table.schema)
    _check_cells(path, table)
    check_table(path, table, written)
    return table


def _check_present(path: Path) -> None:
    if not path.is_file():
        command = f"snakemake --cores 2 {path} --configfile <that of your run>"
        msg = f"{path}: no such file; make it with: {command}"
        raise TableError(msg)


def _check_units(path: Path, schema: pa.Schema) -> None:
    bare = [field.name for field in schema if b"unit" not in (field.metadata or {})]
    if bare:
        msg = f"{path}: columns without a unit: {bare}; the file was not written by cortex"
        raise TableError(msg)
    units = {field.name: field.metadata[b"unit"].decode("utf-8", "replace") for field in schema}
    odd = [name for name, unit in units.items() if unit != "1" and not name.endswith(f"_{unit}")]
    if odd:
        msg = f"{path}: columns whose names do not end in their unit: {odd}; rerun"
        raise TableError(msg)


def _check_cells(path: Path, table: pa.Table) -> None:
    empty = [name for name in table.schema.names if table.column(name).null_count]
    if empty:
        msg = f"{path}: columns with empty cells: {empty}; the file was not written by cortex"
        raise TableError(msg)


def _si_column(field: pa.Field, values: pa.ChunkedArray) -> tuple[str, AnyArray]:
    unit_name = field.metadata[b"unit"].decode()
    array = _to_numpy(values)
    name = field.name if unit_name == "1" else field.name.removesuffix(f"_{unit_name}")
    scaled = unit_name != "1" and pa.types.is_floating(field.type)
    return name, array_to_si(array, unit_name) if scaled else array


def _plain(where: str, values: Any, column: Column) -> AnyArray:
    """Return a column as a one-dimensional array; refuse what its kind does not hold."""
    array = np.asarray(values, dtype=object if column.kind == "text" else None)
    if array.ndim != 1:
        msg = f"{where} has shape {array.shape}, needs one value per row"
        raise TableError(msg)
    if column.kind == "text":
        is_held = all(isinstance(each, str) for each in array)
    else:
        is_held = array.dtype.kind in "biuf" or array.size == 0
    if column.kind == "bool" and is_held:
        is_held = bool(np.all((array == 0) | (array == 1)))
    if not is_held:
        first = array[0] if array.size else None
        msg = f"{where} ({array.dtype}, first {first!r}) does not fit a column of {column.kind}"
        raise TableError(msg)
    return array


def _to_edge(values: AnyArray, column: Column) -> AnyArray:
    if column.unit == "1" or column.kind not in {"float", "float32"}:
        return values
    return array_from_si(values, column.unit)


def arrow_array(where: str, values: AnyArray, kind: pa.DataType) -> pa.Array:
    """Return values as an Arrow array without empty cells.

    Arrow's own conversion would load pandas, which costs a job a quarter of a second.

    Raises
    ------
    TableError
        Numbers that the type cannot hold; `where` begins the message.
    """
    if pa.types.is_string(kind):
        texts = [text.encode() for text in values]
        offsets = np.zeros(len(texts) + 1, dtype=np.int32)
        np.cumsum([len(text) for text in texts], out=offsets[1:])
        buffers = [offsets, b"".join(texts)]
    elif pa.types.is_boolean(kind):
        buffers = [np.packbits(values.astype(bool), bitorder="little")]
    else:
        cast = np.ascontiguousarray(values, dtype=kind.to_pandas_dtype())
        if pa.types.is_integer(kind) and not np.array_equal(cast, values):
            msg = f"{where} holds numbers that are no {kind}"
            raise TableError(msg)
        buffers = [cast]
    return pa.Array.from_buffers(kind, len(values), [None, *map(pa.py_buffer, buffers)])


def _from_edge(values: pa.ChunkedArray, column: Column) -> AnyArray:
    array = _to_numpy(values)
    if column.unit == "1" or column.kind not in {"float", "float32"}:
        return array
    return array_to_si(array, column.unit)


def _to_numpy(values: pa.ChunkedArray) -> AnyArray:
    """Return a column as an array; Arrow's own conversion loads pandas, a quarter of a second."""
    if pa.types.is_string(values.type):
        return np.array(values.to_pylist(), dtype=object)
    if pa.types.is_boolean(values.type):
        return np.array(values.to_pylist(), dtype=bool)
    return np.from_dlpack(values.combine_chunks())
