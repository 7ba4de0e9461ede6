"""Pieces joined into columns: what broadcasts, what is refused, no piece at all."""

import numpy as np
import pytest

from cortex.errors import TableError
from cortex.io.stack import stack_columns
from cortex.io.tables import Column, TableSchema, read_table, write_table
from cortex.provenance import Provenance

TABLE = TableSchema(
    "trials",
    {
        "case": Column("1", "name", "text"),
        "trial": Column("1", "number", "int"),
        "rate": Column("Hz", "firing rate"),
    },
)


def test_what_the_rows_of_a_piece_share_is_given_once():
    pieces = [
        {"case": "long", "trial": 0, "rate": np.array([1.0, 2.0])},
        {"case": "none", "trial": 1, "rate": np.empty(0)},
        {"case": "single", "trial": 2, "rate": 3.0},
    ]
    columns = stack_columns(pieces, TABLE)
    assert columns["case"].tolist() == ["long", "long", "single"]
    assert columns["trial"].tolist() == [0, 0, 2]
    assert columns["rate"].tolist() == [1.0, 2.0, 3.0]


def test_no_piece_is_a_table_without_rows(tmp_path):
    path, source = tmp_path / "empty.parquet", Provenance(rule="test", params={}, code="0")
    write_table(path, TABLE, stack_columns([], TABLE), source)
    assert {name: len(values) for name, values in read_table(path, TABLE).items()} == {
        "case": 0,
        "trial": 0,
        "rate": 0,
    }


@pytest.mark.parametrize(
    ("piece", "match"),
    [
        ({"case": "a", "trial": 0}, r"'trials' holds \['case', 'trial'\], needs .*'rate'"),
        ({"case": "a", "trial": 0, "rate": 1.0, "cv": 1.0}, "'cv'"),
        ({"case": "a", "trial": np.arange(2), "rate": np.ones(3)}, r"arrays of \[2, 3\] rows"),
    ],
)
def test_pieces_that_do_not_fit_are_refused(piece, match):
    with pytest.raises(TableError, match=match):
        stack_columns([piece], TABLE)
