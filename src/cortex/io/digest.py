"""A digest of all that a table says: names, types, units, metadata and values.

Parquet's page checksums cover neither the footer, where names, units and provenance stand, nor
the headers of pages; in small tables these are most of the file.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from cortex.errors import TableError
from cortex.provenance import canonical_json

KEY: Final = b"cortex.digest"
Metadata = Mapping[bytes, bytes]


class TableDigest:
    """Digest of a table that may come in pieces; however it is cut, it is the same.

    Parameters
    ----------
    schema : pyarrow.Schema
        Fields and metadata; those that Parquet adds and the digest itself do not count.
    """

    def __init__(self, schema: pa.Schema) -> None:
        fields = [[field.name, str(field.type), _texts(field.metadata)] for field in schema]
        own = {k: v for k, v in _texts(schema.metadata).items() if k.startswith("cortex.")}
        own.pop(KEY.decode(), None)
        self.footer = sha256(canonical_json([fields, own]).encode()).hexdigest()
        self.columns = [sha256() for _ in schema]
        self.rows = 0

    def add(self, table: pa.Table) -> None:
        """Take in the next rows."""
        self.rows += table.num_rows
        for digest, column in zip(self.columns, table.columns, strict=True):
            for chunk in column.chunks:
                for part in _parts(chunk):
                    digest.update(part)

    def value(self) -> str:
        """Return the digest of the footer, and of the values that were taken in."""
        columns = [digest.hexdigest() for digest in self.columns]
        values = sha256(canonical_json([self.rows, columns]).encode()).hexdigest()
        return f"{self.footer} {values}"


def digested(table: pa.Table) -> pa.Table:
    """Return a table whose metadata hold its digest."""
    digest = TableDigest(table.schema)
    digest.add(table)
    return table.replace_schema_metadata(
        {**(table.schema.metadata or {}), KEY: digest.value().encode()}
    )


def check_table(path: Path, table: pa.Table, metadata: Metadata | None) -> None:
    """Refuse a table that does not say what was written, by the metadata of its file.

    Raises
    ------
    TableError
        A name, a unit, the provenance or a value changed since; or there is no digest.
    """
    check_footer(path, table.schema, metadata)  # columns may not even be what they were
    digest = TableDigest(table.schema)
    digest.add(table)
    _refuse(path, metadata, digest.value())


def check_footer(path: Path, schema: pa.Schema, metadata: Metadata | None) -> None:
    """Refuse names, units or provenance that changed since the table was written; see above."""
    _refuse(path, metadata, TableDigest(schema).footer)


def _refuse(path: Path, metadata: Metadata | None, found: str) -> None:
    written = (metadata or {}).get(KEY, b"").decode("ascii", "replace")
    if not written:
        msg = f"{path}: a table without a digest: older, or not written by cortex; rerun"
        raise TableError(msg)
    if not written.startswith(found):
        msg = f"{path}: damaged, its digest does not fit; delete it and rerun"
        raise TableError(msg)


def _texts(metadata: Metadata | None) -> dict[str, str]:
    pairs = (metadata or {}).items()
    return {
        key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in pairs
    }


def _parts(chunk: Any) -> list[Any]:
    """Return bytes that tell the values of a chunk, wherever it was cut."""
    if pa.types.is_string(chunk.type):
        return [f"{len(text)}:{text}".encode() for text in chunk.to_pylist()]
    if pa.types.is_boolean(chunk.type):
        return [bytes(chunk.to_pylist())]
    width = chunk.type.bit_width // 8
    start = chunk.offset * width
    return [memoryview(chunk.buffers()[1])[start : start + len(chunk) * width]]
