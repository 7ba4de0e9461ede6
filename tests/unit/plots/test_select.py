"""Rows of tables: by value, and in groups."""

import numpy as np

from cortex.steps.select import groups, rows

TABLE = {
    "case": np.array(["b", "a", "b", "b"], dtype=object),
    "network": np.array([0, 0, 1, 0]),
    "x": np.arange(4.0),
}


def test_rows_hold_every_value_that_is_asked_for():
    np.testing.assert_array_equal(rows(TABLE, case="b", network=0)["x"], [0.0, 3.0])
    assert rows(TABLE, case="c")["x"].size == 0


def test_groups_keep_the_order_of_appearance_and_lose_no_row():
    found = {str(case): part["x"].tolist() for case, part in groups(TABLE, "case")}
    assert list(found.items()) == [("b", [0.0, 2.0, 3.0]), ("a", [1.0])]
