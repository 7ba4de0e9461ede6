"""Oddities of files of spikes: read as they are meant, or refused with what to do."""

import bz2
import gzip

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather
from scipy.io import savemat

from cortex.errors import ParameterError, TableError
from cortex.io.spike_table import write_spikes
from cortex.io.spikes import read_spikes
from cortex.provenance import Provenance
from cortex.spikes import Spikes

MS = np.array([1.0, 2.5, 4.0])


def trains(n):
    """Return a cell array of `n` trains."""
    cells = np.empty((1, n), dtype=object)
    cells[:] = [[MS + k for k in range(n)]]
    return cells


@pytest.mark.parametrize(
    ("variable", "names"),
    [("E_ms", ("E",)), ("L23_pyr_ms", ("L23_pyr",)), ("spikes_ms", ("all",)), ("t_ms", ("all",))],
)
def test_a_single_cell_array_names_its_population_unless_it_is_called_like_spikes(
    tmp_path, variable, names
):
    savemat(tmp_path / "a.mat", {variable: trains(3)})
    spikes = read_spikes(tmp_path / "a.mat")
    assert (spikes.names, spikes.n_neurons, len(spikes)) == (names, 3, 9)


def test_old_matlab_files_are_known_by_their_ending(tmp_path):
    savemat(tmp_path / "a.mat", {"t_ms": MS, "i": np.arange(3.0)}, format="4")
    assert read_spikes(tmp_path / "a.mat").neurons.tolist() == [0, 1, 2]


@pytest.mark.parametrize("separator", ["::", "||", ".+", "\t\t"])
def test_separators_of_several_characters_are_taken_literally(tmp_path, separator):
    lines = [("time_ms", "neuron"), ("1.5", "0"), ("2.5", "7")]
    (tmp_path / "a.txt").write_text("".join(f"{a}{separator}{b}\n" for a, b in lines))
    spikes = read_spikes(tmp_path / "a.txt", separator=separator)
    assert (spikes.times.tolist(), spikes.neurons.tolist()) == ([1.5e-3, 2.5e-3], [0, 7])


def test_a_header_alone_is_no_spike_of_any_population_asked_for(tmp_path):
    (tmp_path / "a.csv").write_text("time_ms,neuron,population\n")
    spikes = read_spikes(tmp_path / "a.csv", population="E", stop=1.0)
    assert (spikes.names, len(spikes), spikes.duration) == (("E",), 0, 1.0)


def test_names_of_columns_may_be_written_as_titles(tmp_path):
    (tmp_path / "a.csv").write_text("Time (ms),Neuron ID\n1.0,3\n")
    assert read_spikes(tmp_path / "a.csv").neurons.tolist() == [3]


def test_a_table_of_cortex_is_read_alone(tmp_path):
    spikes = Spikes.of_trains({"E": [1e-3 * MS]}, stop=0.01).on_grid(1e-4)
    for name in ("a", "b"):
        path = tmp_path / f"{name}.parquet"
        write_spikes(path, spikes, Provenance(rule="simulate", params={}, code="0"))
    with pytest.raises(TableError, match="a whole recording; read it alone"):
        read_spikes(sorted(tmp_path.glob("*.parquet")))


TEXT = "time_ms,neuron\n" + "".join(f"{t},{t}\n" for t in range(500))
REFUSED = {
    "gzip": (gzip.compress(TEXT.encode()), "compressed .gzip.; unpack it"),
    "bzip2": (bz2.compress(TEXT.encode()), "compressed .bzip2.; unpack it"),
    "utf16": (TEXT.encode("utf-16"), "UTF-16; save it as UTF-8"),
    "json": (b'{"time_ms": [1.0], "neuron": [0]}', "looks like JSON"),
    "comma": (b"time_ms;neuron\n1,5;0\n", "write decimals with a point"),
    "words": (b"time_ms,neuron\n1.5,cell7\n", "holds 'cell7', needs whole numbers"),
    "trains": (b"1.5 2.5 3.5\n" * 90, "no header"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_refused_with_what_to_do(tmp_path, name):
    content, said = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=said) as refusal:
        read_spikes(tmp_path / name)
    assert len(str(refusal.value)) < len(str(tmp_path)) + 200


def test_feather_text_ids_and_tables_of_trains_are_refused_by_name(tmp_path):
    frame = pd.DataFrame({"time_ms": MS, "neuron": ["a", "b", "c"]})
    feather.write_feather(pa.Table.from_pandas(frame), str(tmp_path / "a.feather"))
    frame.to_parquet(tmp_path / "b.parquet")
    savemat(tmp_path / "c.mat", {"E_ms": np.ones((2, 3))})
    for name, said in (
        ("a.feather", "save it as Parquet"), ("b.parquet", "text such as 'a'"),
        ("c.mat", r"E_ms \(2, 3\): needs cell arrays"),
    ):  # fmt: skip
        with pytest.raises(TableError, match=said):
            read_spikes(tmp_path / name)
    with pytest.raises(ParameterError, match="must be a list of names"):
        read_spikes(tmp_path / "a.feather", columns="neuron,time_ms")
