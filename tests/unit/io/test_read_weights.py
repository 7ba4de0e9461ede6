"""Synapses of tables: columns that are nearly known ones, and wrong units, are refused."""

import pandas as pd
import pytest

from cortex.errors import TableError
from cortex.io.weights import read_weights


@pytest.mark.parametrize(
    "name",
    ["delays_ms", "Delay_ms", "d_ms", "Weight_pA", "weights_pA", "sources", "dely_ms", "delay_MS"],
)
def test_columns_that_are_nearly_those_of_synapses_are_refused(tmp_path, name):
    table = {"target": [0], "source": [0], "weight_pA": [1.0], name: [1.0]}
    pd.DataFrame(table).to_csv(tmp_path / "w.csv", index=False)
    with pytest.raises(TableError, match=f"column '{name}' would be left out"):
        read_weights(tmp_path / "w.csv", n_targets=1, n_sources=1)


@pytest.mark.parametrize("unit", ["ms", "um", "Hz"])
def test_weights_in_a_unit_that_no_weight_has_are_refused(tmp_path, unit):
    table = {"target": [0], "source": [0], f"weight_{unit}": [1.0]}
    pd.DataFrame(table).to_csv(tmp_path / "w.csv", index=False)
    with pytest.raises(TableError, match="needs a unit of current or conductance"):
        read_weights(tmp_path / "w.csv", n_targets=1, n_sources=1)


def test_other_columns_of_synapses_are_left_alone(tmp_path):
    table = {"target": [0], "source": [0], "weight_nS": [2.0], "x_um": [1.0], "kind": ["a"]}
    pd.DataFrame(table).to_csv(tmp_path / "w.csv", index=False)
    found = read_weights(tmp_path / "w.csv", n_targets=1, n_sources=1)
    assert found.weights.toarray().tolist() == [[2e-9]]
