"""Tables: units on every column, provenance inside, nothing half-written, nothing foreign."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cortex.errors import TableError
from cortex.io.tables import (
    Column,
    TableSchema,
    read_columns,
    read_frame,
    read_provenance,
    read_table,
    write_table,
)
from cortex.provenance import Provenance

SCHEMA = TableSchema(
    "rates",
    {
        "mu": Column("mV", "mean input"),
        "nu": Column("Hz", "rate"),
        "n": Column("1", "count", "int"),
        "state": Column("1", "name", "text"),
    },
)
COLUMNS = {
    "mu": np.linspace(0.0, 0.03, 50),
    "nu": np.arange(50.0),
    "n": np.arange(50),
    "state": ["A"] * 50,
}
PROVENANCE = Provenance(rule="test", params={"tau_m_ms": 20.0}, code="abc", seed=7)


@pytest.fixture
def path(tmp_path):
    write_table(tmp_path / "t.parquet", SCHEMA, COLUMNS, PROVENANCE)
    return tmp_path / "t.parquet"


def test_si_columns_come_back(path):
    table = read_table(path, SCHEMA)
    # one multiplication and one division by the scale
    np.testing.assert_allclose(table["mu"], COLUMNS["mu"], rtol=4e-16)  # type: ignore[call-overload]
    np.testing.assert_array_equal(table["n"], COLUMNS["n"])
    assert list(read_columns(path)) == list(COLUMNS)


def test_the_file_holds_the_units_its_columns_name(path):
    frame = read_frame(path)
    assert list(frame.columns) == ["mu_mV", "nu_Hz", "n", "state"]
    assert frame["mu_mV"].iloc[-1] == pytest.approx(30.0)


def test_provenance_comes_back(path):
    source = read_provenance(path)
    assert (source["rule"], source["code"], source["seed"]) == ("test", "abc", "7")
    assert source["params"] == {"tau_m_ms": 20.0}
    assert "numpy" in source["versions"]


def test_equal_content_gives_equal_bytes(path, tmp_path):
    write_table(tmp_path / "again.parquet", SCHEMA, COLUMNS, PROVENANCE)
    assert path.read_bytes() == (tmp_path / "again.parquet").read_bytes()


@pytest.mark.parametrize("keep", [0, 3, 100, 1000])
def test_a_truncated_file_is_refused(path, keep):
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(TableError, match="truncated or damaged, delete it and rerun"):
        read_table(path, SCHEMA)
    with pytest.raises(TableError, match="truncated or damaged"):
        read_provenance(path)


def test_a_flipped_bit_in_a_page_is_refused(path):
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    with pytest.raises(TableError, match="truncated or damaged"):
        read_table(path, SCHEMA)


def test_every_kind_of_column_comes_back(tmp_path):
    kinds = ("float", "float32", "int", "int32", "uint16", "bool", "text")
    schema = TableSchema("kinds", {kind: Column("1", "any", kind) for kind in kinds})
    numbers = {kind: np.array([3, 0, 7]) for kind in kinds[:5]}
    columns = numbers | {"bool": np.array([True, False, True]), "text": ["ä", "", "b c"]}
    write_table(tmp_path / "k.parquet", schema, columns, PROVENANCE)
    pq.read_table(tmp_path / "k.parquet").validate(full=True)
    table = read_table(tmp_path / "k.parquet", schema)
    for kind, values in columns.items():
        assert table[kind].tolist() == list(values)  # type: ignore[call-overload]
    assert set(kinds) <= columns.keys()
    assert table["float32"].dtype == np.float32
    assert table["uint16"].dtype == np.uint16


@pytest.mark.parametrize("values", [[1.5, 2.0], [2**40, 0], [-1, 0]], ids=["half", "big", "minus"])
def test_numbers_that_do_not_fit_a_column_are_refused(tmp_path, values):
    schema = TableSchema("counts", {"n": Column("1", "count", "uint16")})
    with pytest.raises(TableError, match=r"c\.parquet: n holds numbers that are no uint16"):
        write_table(tmp_path / "c.parquet", schema, {"n": np.array(values)}, PROVENANCE)
    assert not (tmp_path / "c.parquet").exists()


@pytest.mark.parametrize(
    ("kind", "values", "match"),
    [
        ("float", np.ones((2, 2)), r"x has shape \(2, 2\), needs one value per row"),
        ("float", 3.0, r"x has shape \(\), needs one value per row"),
        ("float", np.array([1.0 + 2.0j, 0.0]), r"x \(complex128, first .*1\+2j.*a column of float"),
        ("float", ["1.5", "2"], "a column of float"),
        ("float", [1.5, None], "a column of float"),
        ("int", ["1", "2"], "a column of int"),
        ("text", np.array([1, 2]), r"first 1\) does not fit a column of text"),
        ("text", [["a", "b"], ["c", "d"]], r"shape \(2, 2\)"),
        ("bool", np.array([0.0, 0.5]), "a column of bool"),
        ("bool", ["True", ""], "a column of bool"),
    ],
)
def test_what_a_column_does_not_hold_is_refused_and_not_bent(tmp_path, kind, values, match):
    schema = TableSchema("one", {"x": Column("mV" if kind == "float" else "1", "any", kind)})
    with pytest.raises(TableError, match=match):
        write_table(tmp_path / "o.parquet", schema, {"x": values}, PROVENANCE)
    assert not (tmp_path / "o.parquet").exists()


def test_a_foreign_parquet_file_is_refused(tmp_path):
    foreign = tmp_path / "foreign.parquet"
    pd.DataFrame({"mu_mV": [1.0]}).to_parquet(foreign)
    with pytest.raises(TableError, match="holds table 'no cortex schema', expected 'rates'"):
        read_table(foreign, SCHEMA)
    with pytest.raises(TableError, match=r"columns without a unit: \['mu_mV'\]"):
        read_frame(foreign)


def test_a_table_with_empty_cells_is_refused(tmp_path):
    holes = tmp_path / "holes.parquet"
    field = pa.field("mu_mV", pa.float64(), metadata={"unit": "mV"})
    pq.write_table(pa.table([pa.array([1.0, None])], schema=pa.schema([field])), holes)
    with pytest.raises(TableError, match=r"columns with empty cells: \['mu_mV'\]"):
        read_columns(holes)


def test_another_cortex_table_is_refused(path):
    with pytest.raises(TableError, match="holds table 'rates', expected 'other'"):
        read_table(path, TableSchema("other", SCHEMA.columns))


def test_a_changed_schema_is_refused(path):
    fewer = {name: column for name, column in SCHEMA.columns.items() if name != "n"}
    with pytest.raises(TableError, match="differ from those of 'rates'"):
        read_table(path, TableSchema("rates", fewer))


def test_a_missing_file_names_the_command_that_makes_it(tmp_path):
    with pytest.raises(TableError, match="make it with: snakemake"):
        read_table(tmp_path / "none.parquet", SCHEMA)
    with pytest.raises(TableError, match="no such file; make it with: snakemake"):
        read_provenance(tmp_path / "none.parquet")


def test_wrong_columns_and_lengths_are_refused_before_writing(tmp_path):
    out = tmp_path / "bad.parquet"
    with pytest.raises(TableError, match=r"misses \['nu'\]"):
        write_table(out, SCHEMA, {k: v for k, v in COLUMNS.items() if k != "nu"}, PROVENANCE)
    with pytest.raises(TableError, match="differ in length"):
        write_table(out, SCHEMA, {**COLUMNS, "nu": np.ones(3)}, PROVENANCE)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file_and_no_half_file(path, monkeypatch):
    before = path.read_bytes()

    def full_disk(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cortex.io.tables.pq.write_table", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_table(path, SCHEMA, COLUMNS, PROVENANCE)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["t.parquet"]


def flipped(content, at):
    """Return the bytes with one bit changed."""
    return content[: at // 8] + bytes([content[at // 8] ^ 1 << at % 8]) + content[at // 8 + 1 :]


def test_no_flipped_bit_of_a_file_changes_what_is_read_unseen(tmp_path):
    # 1,500 bits anywhere in a small file, four fifths of which page checksums do not cover: what
    # is read is refused, or the same; before, a value, names and provenance could change
    path = tmp_path / "rates.parquet"
    write_table(path, SCHEMA, COLUMNS, PROVENANCE, notes={"a": 1})
    content = path.read_bytes()
    values, provenance = read_table(path, SCHEMA), read_provenance(path)
    refused = 0
    for at in np.random.default_rng(4).integers(0, 8 * len(content), 1500).tolist():
        path.write_bytes(flipped(content, at))
        try:
            again = read_table(path, SCHEMA)
            assert read_provenance(path) == provenance
        except TableError:
            refused += 1
            continue
        assert again.keys() == values.keys()
        assert all(np.array_equal(again[name], values[name]) for name in values)
    assert refused > 1000


def test_a_column_whose_name_does_not_end_in_its_unit_is_refused(tmp_path):
    path = tmp_path / "odd.parquet"
    field = pa.field("nu_Hz", pa.float64(), metadata={"unit": "mV"})
    pq.write_table(pa.table([pa.array([1.0])], schema=pa.schema([field])), path)
    with pytest.raises(TableError, match=r"do not end in their unit: \['nu_Hz'\]"):
        read_columns(path)


@pytest.mark.parametrize("column", ["mu_mV", "n", "state"])
def test_a_value_changed_in_a_sound_parquet_file_is_refused(path, column):
    # pages and footer are whole: only the digest over the values tells
    table = pq.ParquetFile(path).read()
    at = table.schema.names.index(column)
    changed = [*table.column(at).to_pylist()[1:], {"state": "B"}.get(column, 3)]
    field = table.schema.field(at)
    pq.write_table(table.set_column(at, field, pa.array(changed, type=field.type)), path)
    with pytest.raises(TableError, match="damaged, its digest does not fit"):
        read_table(path, SCHEMA)
    assert read_provenance(path)["rule"] == "test"  # the footer is as it was
