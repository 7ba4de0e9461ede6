"""Files made elsewhere that say something else than they should are refused, none is guessed."""

import h5py
import numpy as np
import pandas as pd
import pytest

from cortex.errors import ParameterError, TableError
from cortex.io.spikes import read_spikes
from cortex.io.weights import read_weights


def spike_table(path, **columns):
    pd.DataFrame({"neuron": [0, 1], **columns}).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("suffix", [".h5", ".nwb"])
def test_what_is_no_hdf5_file_is_a_damaged_table(tmp_path, suffix):
    path = tmp_path / f"spikes{suffix}"
    path.write_text("0.5 1\n")
    with pytest.raises(TableError, match="cannot be read as HDF5"):
        read_spikes(path)


@pytest.mark.parametrize("kept", ["timestamps", "node_ids"])
def test_a_sonata_population_without_its_arrays_is_refused(tmp_path, kept):
    path = tmp_path / "spikes.h5"
    with h5py.File(path, "w") as file:
        file[f"spikes/cortex/{kept}"] = np.arange(3)
    missing = {"timestamps": "node_ids", "node_ids": "timestamps"}[kept]
    with pytest.raises(TableError, match=f"/spikes/cortex has no {missing}"):
        read_spikes(path)


def test_sonata_ids_and_units_must_be_what_they_say(tmp_path):
    path = tmp_path / "spikes.h5"
    with h5py.File(path, "w") as file:
        file["spikes/cortex/timestamps"] = [1.0, 2.0]
        file["spikes/cortex/timestamps"].attrs["units"] = "milliseconds"
        file["spikes/cortex/node_ids"] = [0.5, 1.0]
    with pytest.raises(TableError, match=r"node_ids holds float64 .* whole numbers"):
        read_spikes(path)
    with h5py.File(path, "a") as file:
        del file["spikes/cortex/node_ids"]
        file["spikes/cortex/node_ids"] = [0, 1]
    with pytest.raises(TableError, match="timestamps is in 'milliseconds', unit = 's' contradicts"):
        read_spikes(path, unit="s")


def test_an_nwb_index_that_does_not_fit_its_times_is_refused(tmp_path):
    path = tmp_path / "spikes.nwb"
    with h5py.File(path, "w") as file:
        file["units/spike_times"] = [0.1, 0.2]
        file["units/spike_times_index"] = [2, 1]
    with pytest.raises(TableError, match="does not fit its 2 times"):
        read_spikes(path)
    with pytest.raises(TableError, match="spike_times is in 's', unit = 'ms' contradicts"):
        read_spikes(path, unit="ms")


@pytest.mark.parametrize(
    ("columns", "unit", "match"),
    [
        ({"time_ms": ["1.0", "soon"]}, None, "'time_ms' holds more than numbers"),
        ({"time_mV": [1.0, 2.0]}, None, "'time_mV' is in mV, needs a unit of time"),
        ({"time_ms": [1.0, 2.0]}, "s", "time_ms is in 'ms', unit = 's' contradicts it"),
        ({"time_ms": [1.0, 2.0], "t_s": [1.0, 2.0]}, None, "mean the same"),
    ],
)
def test_times_of_another_kind_or_unit_are_refused(tmp_path, columns, unit, match):
    path = spike_table(tmp_path / "spikes.csv", **columns)
    with pytest.raises(TableError, match=match):
        read_spikes(path, unit=unit)


def test_a_unit_that_agrees_is_accepted_and_one_that_is_none_of_time_is_not(tmp_path):
    path = spike_table(tmp_path / "spikes.csv", time_ms=[1.0, 2.0])
    np.testing.assert_allclose(read_spikes(path, unit="ms").times, [1e-3, 2e-3])
    with pytest.raises(ParameterError, match="unit = 'mV' of the spike times is no unit of time"):
        read_spikes(path, unit="mV")


@pytest.mark.parametrize(
    ("columns", "unit", "match"),
    [
        (
            {"weight_pA": [1.0, np.nan]},
            None,
            "1 values of weight are missing or not finite, the first in row 1",
        ),
        ({"weight_pA": [1.0, 2.0]}, "nA", "weight_pA is in 'pA', unit = 'nA' contradicts"),
        ({"weight_pA": [1.0, 2.0], "delay_ms": [1.0, -0.5]}, None, "a delay of -0.0005 s"),
        (
            {"weight_pA": [1.0, 2.0], "delay_ms": [1.0, np.inf]},
            None,
            "1 values of delay are missing or not finite",
        ),
        ({"weight_pA": [1.0, 2.0], "delay_mm": [1.0, 2.0]}, None, "'delay_mm' is in mm"),
        ({"weight_pA": ["a", "b"]}, None, "holds more than numbers"),
    ],
)
def test_weights_and_delays_that_mean_nothing_are_refused(tmp_path, columns, unit, match):
    path = tmp_path / "weights.csv"
    pd.DataFrame({"target": [0, 1], "source": [0, 0], **columns}).to_csv(path, index=False)
    with pytest.raises(TableError, match=match):
        read_weights(path, n_targets=2, n_sources=1, unit=unit)
