"""Array observables: kept in the store beside the numbers, gathered into one long table."""

from dataclasses import replace

import numpy as np
import pytest
from circuit import CIRCUIT
from made_up_model import MADE_UP, evaluate

from cortex.errors import ConfigError, SimulationError, TableError
from cortex.io.tables import read_columns, read_frame
from cortex.sweep.model import Observable
from cortex.sweep.run import sound_arrays
from cortex.sweep.tables import write_array, write_sweep
from cortex.sweep_models.lfp_proxies import LFP_PROXIES
from cortex.sweep_models.network import NETWORK

PATH = MADE_UP.arrays["path"]


@pytest.mark.parametrize(
    ("model", "courses"),
    [
        (MADE_UP, {"path"}),
        (CIRCUIT, set()),  # a list of populations
        (
            NETWORK,
            {"spectrum", "bands", "lfp_spectrum"},
        ),  # neither spikes nor a list of populations
        (LFP_PROXIES, set()),
    ],
)
def test_curves_are_drawn_of_numbers_over_a_coordinate_alone(model, courses):
    assert {name for name, array in model.arrays.items() if array.is_course} == courses


def test_arrays_come_back_from_the_store_as_the_model_returned_them(new_plan, supervise, store):
    plan = new_plan()
    supervise(plan)
    for point in plan.points:
        params = MADE_UP.block.from_config(point.params)
        expected = evaluate(params, point.seed)["path"]
        found = store.arrays(point.key)["path"]
        assert found.keys() == expected.keys()
        for name, column in expected.items():
            np.testing.assert_array_equal(found[name], column)
        assert "path" not in store.read(point.key)["values"]


def test_equal_arrays_give_equal_bytes_and_a_flipped_bit_among_them_is_noticed(
    new_plan, supervise, store
):
    plan = new_plan()
    supervise(plan)
    path = store.path(plan.points[0].key)
    arrays, record = store.arrays(plan.points[0].key), store.read(plan.points[0].key)
    whole = path.read_bytes()
    store.write(plan.points[0].key, record, arrays)
    assert path.read_bytes() == whole
    broken = bytearray(whole)
    broken[-30] ^= 1
    path.write_bytes(broken)
    with pytest.raises(TableError, match="truncated or damaged"):
        store.arrays(plan.points[0].key)
    assert supervise(plan)[1].damaged == [plan.points[0].key]
    assert path.read_bytes()[65:].partition(b"\n")[2] == whole[65:].partition(b"\n")[2]


def test_the_long_table_holds_every_row_of_every_sound_point_with_units(
    new_plan, supervise, store, tmp_path
):
    plan = new_plan(seeds=2, fixed={"fault": "raise", "fault_from": 0.4})
    records, _, _ = supervise(plan, retries=0)
    write_array(tmp_path / "path.parquet", plan, records, store, "path")
    table = read_frame(tmp_path / "path.parquet")
    assert list(table) == ["x", "y", "replicate", "step", "time_ms", "covered", "where"]
    assert set(table["y"]) == {-1.0}  # those at y = 0.5 failed
    # x = 0.5 and 1.0 take one step, x = 1.5 two
    assert list(table["x"]) == [0.5, 0.5, 1.0, 1.0, 1.5, 1.5, 1.5, 1.5]
    assert list(table["replicate"]) == [0, 1, 0, 1, 0, 0, 1, 1]
    np.testing.assert_array_equal(table["time_ms"], table["step"])
    np.testing.assert_allclose(
        table["covered"], np.hypot(table["x"], table["y"]) * table["step"], rtol=1e-15
    )
    si = read_columns(tmp_path / "path.parquet")
    np.testing.assert_allclose(si["time"], 1e-3 * table["step"], rtol=1e-15)


def test_arrays_are_chosen_and_left_out_as_numbers_are(new_plan, supervise, tmp_path):
    assert new_plan().arrays == ("path",)
    assert new_plan(observables=["distance"]).arrays == ()
    plan = new_plan(observables=["path", "side"])
    assert (plan.observables, plan.arrays) == (("side",), ("path",))
    records, _, _ = supervise(plan)
    write_sweep(tmp_path / "raw.parquet", plan, records)
    assert "path" not in read_frame(tmp_path / "raw.parquet")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time": np.zeros(3)}, "are no lists of equal length"),
        ({"time": np.zeros((2, 2))}, "are no lists of equal length"),
        ({"time": np.array([0.0, np.nan])}, "column 'time' of array 'path' is not finite"),
        ({"speed": np.zeros(2)}, r"has columns \[.*'speed'.*\], needs"),
    ],
)
def test_an_array_that_is_not_sound_is_a_failure(change, message):
    sound = {"step": [0, 1], "time": [0.0, 1.0], "covered": [0.0, np.nan], "where": ["a", "b"]}
    assert sound_arrays(MADE_UP, {"path": sound})["path"]["covered"].size == 2  # may be undefined
    with pytest.raises(SimulationError, match=message):
        sound_arrays(MADE_UP, {"path": sound | change})
    assert sound_arrays(replace(MADE_UP, arrays={}), {}) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"observables": {"error": Observable(unit="1", doc="not the reason of a failure")}},
        {"arrays": {"distance": PATH}},
        {"arrays": {"a": replace(PATH, columns={"replicate": Observable(unit="1", doc="")})}},
    ],
)
def test_a_model_cannot_name_an_observable_as_a_table_names_its_own_columns(change):
    with pytest.raises(ConfigError, match="model 'made_up_model': other names, please, than"):
        replace(MADE_UP, **change)
