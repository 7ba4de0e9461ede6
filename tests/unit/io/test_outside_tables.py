"""Spikes and weights made elsewhere: every format gives the same LFP, nothing is guessed."""

import h5py
import numpy as np
import pandas as pd
import pytest

from cortex.errors import TableError
from cortex.io.spikes import read_spikes
from cortex.io.weights import read_weights
from cortex.lfp import SynapseClass, SynapticKernel, lfp_from_spikes

TIMES = np.array([0.5e-3, 2.25e-3, 2.25e-3, 7e-3])
SOURCES = np.array([1, 0, 2, 1])
KERNEL = SynapticKernel(tau_decay=2e-3, tau_rise=4e-4, norm="peak")


def write_csv(path):
    pd.DataFrame({"time_ms": TIMES * 1e3, "neuron": SOURCES}).to_csv(path, index=False)


def write_parquet(path):
    pd.DataFrame({"t_s": TIMES, "neuron": SOURCES}).to_parquet(path)


def write_sonata(path):
    with h5py.File(path, "w") as file:
        group = file.create_group("spikes/cortex")
        group["timestamps"] = TIMES * 1e3
        group["timestamps"].attrs["units"] = "milliseconds"
        group["node_ids"] = SOURCES.astype(np.uint64)


def write_nwb(path):
    with h5py.File(path, "w") as file:
        per_unit = [TIMES[unit == SOURCES] for unit in range(3)]
        file["units/spike_times"] = np.concatenate(per_unit)
        file["units/spike_times_index"] = np.cumsum([len(times) for times in per_unit])


FORMATS = {".csv": write_csv, ".parquet": write_parquet, ".h5": write_sonata, ".nwb": write_nwb}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_the_same_spikes(tmp_path, suffix):
    path = tmp_path / f"spikes{suffix}"
    FORMATS[suffix](path)
    spikes = read_spikes(path)
    np.testing.assert_allclose(spikes.times, TIMES, rtol=1e-12)
    order = np.lexsort((spikes.neurons, spikes.times))
    assert spikes.neurons[order].tolist() == [1, 0, 2, 1]


def test_a_weight_table_and_spikes_give_the_lfp_of_the_explicit_sum(tmp_path):
    write_csv(tmp_path / "spikes.csv")
    table = pd.DataFrame(
        {
            "target": [0, 1, 1],
            "source": [0, 1, 2],
            "weight_pA": [10.0, -5.0, 2.0],
            "delay_ms": [1.0, 1.5, 0.25],
        }
    )
    table.to_csv(tmp_path / "weights.csv", index=False)
    spikes = read_spikes(tmp_path / "spikes.csv")
    outside = read_weights(tmp_path / "weights.csv", n_targets=2, n_sources=3)
    at = np.linspace(0.0, 0.02, 101)
    synapses = SynapseClass(weights=outside.weights, kernel=KERNEL, delay=outside.delays)
    found = lfp_from_spikes(np.array([[1.0, 3.0]]), spikes, [synapses], at=at)[:, 0]
    expected = 1e-12 * (
        10.0 * KERNEL(at - TIMES[1] - 1e-3)
        + 3.0 * -5.0 * (KERNEL(at - TIMES[0] - 1.5e-3) + KERNEL(at - TIMES[3] - 1.5e-3))
        + 3.0 * 2.0 * KERNEL(at - TIMES[2] - 0.25e-3)
    )
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-24)


def test_weights_without_delays_of_one_pair_add_up(tmp_path):
    path = tmp_path / "weights.tsv"
    pd.DataFrame({"target": [0, 0], "source": [1, 1], "weight": [1.0, 2.0]}).to_csv(
        path, sep="\t", index=False
    )
    outside = read_weights(path, n_targets=1, n_sources=2, unit="pA")
    assert outside.delays is None
    np.testing.assert_allclose(outside.weights.todense(), [[0.0, 3e-12]])


def test_spikes_in_another_order_are_refused_or_sorted(tmp_path):
    path = tmp_path / "spikes.csv"
    pd.DataFrame({"time_ms": [2.0, 1.0], "neuron": [0, 1]}).to_csv(path, index=False)
    with pytest.raises(TableError, match=r"spikes\.csv: spike 1 at .* sort=True"):
        read_spikes(path)
    assert read_spikes(path, sort=True).neurons.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"time": [1.0], "neuron": [0]}, "no column time_<unit>"),
        ({"time_ms": [1.0], "cell type": [0]}, "no column 'neuron'"),
        ({"time_ms": [1.0], "neuron": [0.5]}, "needs whole numbers"),
    ],
)
def test_incomplete_spike_tables_are_refused(tmp_path, columns, match):
    path = tmp_path / "spikes.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    with pytest.raises(TableError, match=match):
        read_spikes(path)


def test_foreign_files_are_refused(tmp_path):
    with pytest.raises(TableError, match="no such file"):
        read_spikes(tmp_path / "none.csv")
    (tmp_path / "x.gdf").write_text("0 1\n")
    with pytest.raises(TableError, match="no header; the first line is '0 1'"):
        read_spikes(tmp_path / "x.gdf")
    (tmp_path / "x.parquet").write_text("no parquet")
    with pytest.raises(TableError, match="cannot be read"):
        read_spikes(tmp_path / "x.parquet")
    write_sonata(tmp_path / "x.h5")
    with pytest.raises(TableError, match=r"holds \['cortex'\]"):
        read_spikes(tmp_path / "x.h5", population="thalamus")
    with h5py.File(tmp_path / "x.h5", "a") as file:
        file["spikes/cortex/timestamps"].attrs["units"] = "ticks"
    with pytest.raises(TableError, match="units 'ticks'"):
        read_spikes(tmp_path / "x.h5")
    with h5py.File(tmp_path / "x.nwb", "w"):
        pass
    with pytest.raises(TableError, match="not an NWB file"):
        read_spikes(tmp_path / "x.nwb")


def test_wrong_weight_tables_are_refused(tmp_path):
    path = tmp_path / "w.csv"
    pd.DataFrame({"target": [0, 5], "source": [0, 0], "weight_pA": [1.0, 1.0]}).to_csv(path)
    with pytest.raises(TableError, match="target 0 to 5, the matrix has 2"):
        read_weights(path, n_targets=2, n_sources=1)
    twice = {"target": [0, 0], "source": [0, 0], "weight_pA": [1.0, 1.0], "delay_ms": [1.0, 2.0]}
    pd.DataFrame(twice).to_csv(path)
    with pytest.raises(TableError, match="two synapses of one pair"):
        read_weights(path, n_targets=1, n_sources=1)
