"""One recording in every kind of file gives one result; slips of files are named, never guessed."""

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat
from spike_files import (
    DT,
    FROM_ONE,
    INTERVAL,
    KINDS,
    MS,
    NEURONS,
    OWN,
    SIZES,
    assert_own,
    csv,
    nest,
    rows,
)

from cortex.errors import ParameterError, TableError
from cortex.io.spike_table import write_spikes
from cortex.io.spikes import read_spikes
from cortex.provenance import Provenance


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_gives_the_steps_and_neurons_of_the_recording(tmp_path, name):
    KINDS[name](tmp_path / name)
    given = {"populations": SIZES, **INTERVAL, **FROM_ONE.get(name, {})}
    assert_own(read_spikes(tmp_path / name, **given))


@pytest.mark.parametrize("name", KINDS)
def test_one_population_is_honoured_by_every_kind(tmp_path, name):
    KINDS[name](tmp_path / name)
    given = {"populations": SIZES, **INTERVAL, **FROM_ONE.get(name, {})}
    assert_own(read_spikes(tmp_path / name, population="I", **given), OWN.of("I"))
    with pytest.raises(TableError, match=f"{name}: .*population"):
        read_spikes(tmp_path / name, population="thalamus", **given)


@pytest.mark.parametrize("name", KINDS)
def test_a_population_is_refused_or_found_where_nobody_says_how_neurons_are_numbered(
    tmp_path, name
):
    KINDS[name](tmp_path / name)
    try:
        found = read_spikes(tmp_path / name, population="I")
    except TableError as error:
        assert "but the file names none" in str(error)  # noqa: PT017 either is right
    else:
        np.testing.assert_array_equal(found.on_grid(DT).steps, OWN.of("I").steps)


def test_what_a_file_does_not_say_has_plain_defaults(tmp_path):
    nest(tmp_path / "nest.dat")
    found = read_spikes(tmp_path / "nest.dat")
    assert (found.names, found.start) == (("all",), 0.0)
    assert found.stop == pytest.approx(MS[-1] / 1e3)
    assert found.ids[0] == NEURONS.min() + 1  # NEST counts from 1, and recorded from its own on
    csv(tmp_path / "plain.csv")
    assert read_spikes(tmp_path / "plain.csv").sizes.tolist() == [NEURONS.max() + 1]
    distinct = read_spikes(tmp_path / "plain.csv", numbering="distinct")
    np.testing.assert_array_equal(distinct.ids[distinct.neurons], NEURONS)
    assert distinct.n_neurons == len(np.unique(NEURONS))


def test_ids_beyond_signed_numbers_are_counted_and_kept(tmp_path):
    huge = np.array([2**63 + 5, 7, 2**63 + 5], dtype=np.uint64)
    with h5py.File(tmp_path / "x.h5", "w") as file:
        for name, ids in (("E", huge), ("I", np.array([0, 1, 2]))):
            file[f"spikes/{name}/timestamps"], file[f"spikes/{name}/node_ids"] = (
                [1.0, 2.0, 3.0],
                ids,
            )
    with pytest.raises(TableError, match=r"ids reach 9223372036854775813 of population 'E'"):
        read_spikes(tmp_path / "x.h5")
    found = read_spikes(tmp_path / "x.h5", numbering="distinct")
    assert found.ids.tolist() == [7, 2**63 + 5, 0, 1, 2]
    assert found.of("E").neurons.tolist() == [1, 0, 1]


def test_nest_writes_its_header_with_and_without_a_sharp(tmp_path):
    head = "# NEST version: 3.0\n# RecordingBackendASCII version: 2\n"
    for name, line in (("old.dat", "# sender\ttime_ms\n"), ("new.dat", "sender\ttime_ms\n")):
        (tmp_path / name).write_text(head + line + "2\t0.100\n5\t1.300\n")
        found = read_spikes(tmp_path / name)
        assert found.on_grid(DT).steps.tolist() == [0, 12]
        assert found.ids.tolist() == [2, 3, 4, 5]


def test_old_files_of_bmtk_have_no_header(tmp_path):
    (tmp_path / "spikes.csv").write_text("136.6 0\n136.8 1\n184.815 12\n")
    with pytest.raises(TableError, match=r"no header; the first line is '136\.6 0'"):
        read_spikes(tmp_path / "spikes.csv")
    found = read_spikes(tmp_path / "spikes.csv", columns=["timestamps", "node_ids"], unit="ms")
    np.testing.assert_allclose(found.times, [0.1366, 0.1368, 0.184815])
    assert found.neurons.tolist() == [0, 1, 12]


def test_files_of_several_threads_are_one_recording(tmp_path):
    for thread in range(2):
        mine = thread == (NEURONS % 2)
        head = ["# NEST version: 3.8.0", "sender\ttime_ms"]
        text = rows(head, NEURONS[mine] + 1, MS[mine], sep="\t")
        (tmp_path / f"spikes-{thread}.dat").write_text(text)
    paths = sorted(tmp_path.glob("*.dat"))
    assert_own(read_spikes(paths, populations=SIZES, **INTERVAL))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("time_ms,neuron\n3,1.0,0\n", "rows of 3 values under a header of 2"),
        ("time_ms,neuron\n1.0,0\n3,1.0,0\n", "Expected 2 fields in line 3, saw 3"),
        ("time_ms,neuron\n1.0,0\n2.0\n", "line 3 has 1 values, needs 2"),
        ("# x\ntime_ms,neuron,depth\n1.0,0,\n\n2.0,1\n", "line 5 has 2 values, needs 3"),
        ("time_ms,neuron\n1.0,0\n2.0,\n", "neuron are missing or not finite, .* row 1"),
        ("time_ms,neuron,pop\n1.0,0,E\n2.0,1,\n", "1 values of pop are missing .* row 1"),
        ("time_ms,neuron,pop\n1.0,0,NA\n", "1 values of pop are missing .* row 0"),
        ("time_ms,neuron\n1.0,0\n,1\n", "time_ms are missing or not finite, .* row 1"),
        ("time_ms,neuron\nnan,0\n", "values of time_ms are missing"),
        ("time_ms,neuron\ninf,0\n", "not finite, the first in row 0"),
        ("time_ms,neuron\n1.0,-1\n", "column 'neuron' holds -1"),
        ("time_ms,neuron\n1.0,0.5\n", "needs whole numbers"),
        ("time_ms;neuron\n1,5;0\n", "'time_ms' holds more than numbers"),
        ("time,neuron\n1.0,0\n", r"no column time_<unit> .* \['time'\] has no unit"),
        ("time_ms,t_ms,neuron\n1.0,1.0,0\n", "mean the same"),
        ("time_mV,neuron\n1.0,0\n", "is in mV, needs a unit of time"),
        ("time_ms,neuron,id\n1.0,0,0\n", "both name neurons"),
        ("time_ms,neuron,neuron\n1.0,0,0\n", "two columns are called 'neuron'"),
        ("sender\ttime_step\ttime_offset\n1\t10\t0.0\n", "no column time_<unit>"),
        ("2024-01-01,0\n", "no column time_<unit>"),
        ("1.0,0\n", r"no header; .*columns=\[\"neuron\", \"time_ms\"\]"),
        ("", "an empty file"),
        ("time_ms,neuron\n2.0,0\n1.0,1\n", "sort=True"),
        ("time_ms,neuron\n1.0,2000000000\n", 'numbering="distinct"'),
    ],
)  # fmt: skip
def test_slips_of_text_are_refused_with_file_and_place(tmp_path, text, match):
    (tmp_path / "slip.csv").write_text(text)
    with pytest.raises(TableError, match=match) as refusal:
        read_spikes(tmp_path / "slip.csv")
    assert str(tmp_path / "slip.csv") in str(refusal.value)


def test_a_header_without_rows_means_no_spikes_in_every_kind(tmp_path):
    (tmp_path / "a.csv").write_text("time_ms,neuron\n")
    (tmp_path / "b.dat").write_text("# NEST version: 3.8.0\nsender\ttime_ms\n")
    pd.DataFrame({"time_ms": [0.0], "neuron": [0]})[:0].to_parquet(tmp_path / "c.parquet")
    with h5py.File(tmp_path / "d.h5", "w") as file:
        file["spikes/E/timestamps"], file["spikes/E/node_ids"] = np.zeros(0), np.zeros(0, "u8")
    np.savez(tmp_path / "e.npz", t_ms=np.zeros(0), i=np.zeros(0, int))
    cells = np.empty(2, dtype=object)
    cells[:] = [np.zeros((0, 0)), np.zeros((0, 1))]
    savemat(tmp_path / "f.mat", {"E_ms": cells})
    with h5py.File(tmp_path / "g.nwb", "w") as file:
        file["units/id"], file["units/spike_times"] = [0, 1], np.zeros(0)
        file["units/spike_times_index"] = [0, 0]
    for path in sorted(tmp_path.iterdir()):
        assert len(read_spikes(path)) == 0, path
    assert read_spikes(tmp_path / "f.mat").n_neurons == 2
    assert read_spikes(tmp_path / "a.csv", populations={"E": 4}, stop=2.0).mean_rates() == [0.0]


def broken_link(file, place):
    del file[place]
    file[place] = h5py.SoftLink("/nowhere")


def outside_link(file, place):
    del file[place]
    file[place] = h5py.ExternalLink("gone.h5", "/x")


def null(file, place):
    del file[place]
    file[place] = h5py.Empty("f8")


def group(file, place):
    del file[place]
    file.create_group(place)


def words(file, place):
    del file[place]
    file[place] = np.array([b"a", b"b"])


def matrix(file, place):
    del file[place]
    file[place] = np.zeros((2, 2), int)


DAMAGE = [broken_link, outside_link, null, group, words, matrix]
PLACES = [
    ("x.h5", "spikes/E/timestamps"),
    ("x.h5", "spikes/E/node_ids"),
    ("x.nwb", "units/spike_times"),
    ("x.nwb", "units/spike_times_index"),
]


def hdf5_file(path):
    with h5py.File(path, "w") as file:
        file["spikes/E/timestamps"], file["spikes/E/node_ids"] = [1.0, 2.0], [0, 1]
        if path.suffix == ".nwb":
            del file["spikes"]
            file["units/spike_times"], file["units/spike_times_index"] = [0.1, 0.2], [1, 2]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(("name", "place"), PLACES)
def test_what_is_no_array_is_named_by_its_place(tmp_path, name, place, damage):
    hdf5_file(tmp_path / name)
    assert len(read_spikes(tmp_path / name)) == 2
    with h5py.File(tmp_path / name, "a") as file:
        damage(file, place)
    why = {
        null: "null dataspace",
        group: "is a group",
        broken_link: "is a link",
        outside_link: "link",
    }
    with pytest.raises(TableError, match=f"{name}: /{place} .*{why.get(damage, 'needs 1-D')}"):
        read_spikes(tmp_path / name)


@pytest.mark.parametrize("name", [n for n in KINDS if n.endswith((".h5", ".npz", ".npy", "quet"))])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_files_that_were_cut_off_are_damaged_tables(tmp_path, name, share):
    KINDS[name](tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(TableError, match=f"{name}: cannot be read"):
        read_spikes(tmp_path / name)


@pytest.mark.parametrize("name", [n for n in KINDS if not n.endswith(".mat")])
def test_damaged_bytes_never_end_in_an_error_of_another_kind(tmp_path, name):
    # not .mat of version 5: SciPy 1.17 may crash on damaged bytes, which nothing here can catch
    KINDS[name](tmp_path / name)
    whole, rng = (tmp_path / name).read_bytes(), np.random.default_rng(7)
    for _ in range(25):
        damaged = np.frombuffer(whole, np.uint8).copy()
        damaged[rng.integers(0, len(whole), 4)] = rng.integers(0, 256, 4)
        (tmp_path / name).write_bytes(damaged.tobytes())
        try:
            read_spikes(tmp_path / name, populations=SIZES, **INTERVAL, **FROM_ONE.get(name, {}))
        except TableError as error:
            assert name in str(error)  # noqa: PT017 a lucky byte may also do no harm


def test_a_dataset_in_place_of_a_group_is_named(tmp_path):
    for name, place in (("a.h5", "spikes"), ("b.h5", "spikes/E"), ("c.nwb", "units")):
        with h5py.File(tmp_path / name, "w") as file:
            file[place] = [1.0]
        with pytest.raises(TableError, match=f"{name}: /{place} is a dataset"):
            read_spikes(tmp_path / name)


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"time_ms": [1.0, None], "neuron": [0, 1]}, "time_ms are missing, the first in row 1"),
        ({"time_ms": [1.0, 2.0], "neuron": [0, None]}, "1 values of neuron are missing"),
        ({"time": pd.to_datetime(["2024-01-01"]), "neuron": [0]}, "holds dates"),
        ({"time_s": pd.to_timedelta([1, 2], "ms"), "neuron": [0, 1]}, "say their unit"),
        ({"time_ms": [[1.0], [2.0]], "neuron": [0, 1]}, "one row for each spike"),
        ({"time_ms": [True, False], "neuron": [0, 1]}, "holds more than numbers"),
    ],
)  # fmt: skip
def test_slips_of_parquet_are_refused(tmp_path, columns, match):
    pd.DataFrame(columns).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(TableError, match=match):
        read_spikes(tmp_path / "x.parquet")


@pytest.mark.parametrize("resolution", ["s", "ms", "us", "ns"])
def test_a_duration_of_one_millisecond_is_one_millisecond(tmp_path, resolution):
    times = pd.Series(pd.to_timedelta([0, 1000], "ms")).astype(f"timedelta64[{resolution}]")  # type: ignore[call-overload]
    pd.DataFrame({"time": times, "neuron": [0, 0]}).to_parquet(tmp_path / "x.parquet")
    assert read_spikes(tmp_path / "x.parquet").times.tolist() == [0.0, 1.0]


def test_other_slips_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((3, 2)))
    np.savez(tmp_path / "b.npz", i=[0], t=[1.0])
    savemat(tmp_path / "c.mat", {"trains": np.array([[1.0], [2.0, 3.0]], dtype=object)})
    savemat(tmp_path / "d.mat", {"data": {"time_ms": [1.0], "neuron": [0]}})
    (tmp_path / "e.mat").write_bytes(b"MATLAB 5.0 MAT-file, cut off")
    np.savez(tmp_path / "f.npz", i=[0, 1], t_ms=[1.0])
    for name, match in (
        ("a.npy", "without names"), ("b.npz", r"\['t'\] has no unit"), ("c.mat", "has no unit"),
        ("d.mat", "data is a struct"), ("e.mat", "cannot be read"), ("f.npz", "one of each"),
    ):  # fmt: skip
        with pytest.raises(TableError, match=match):
            read_spikes(tmp_path / name)
    assert read_spikes(tmp_path / "b.npz", unit="s").times.tolist() == [1.0]
    (tmp_path / "gids.gdf").write_text("3 0.5\n4 1.5\n")
    found = read_spikes(tmp_path / "gids.gdf", columns=["gid", "time_ms"])
    assert found.ids.tolist() == [3, 4]
    for wrong, match in (
        ({"populations": {"E": 1}}, "ids 3 to 4, expected 1 to 1"),
        ({"populations": {"E": 2}, "first_id": 0}, "ids 3 to 4, expected 0 to 1"),
        ({"stop": 1e-3}, "leave the recording"),
    ):
        with pytest.raises(TableError, match=match):
            read_spikes(tmp_path / "gids.gdf", columns=["gid", "time_ms"], **wrong)


def test_spaces_behind_separators_and_whole_numbers_written_as_doubles_change_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("time_ms, neuron, pop\n1.0, 0, E\n2.0, 1, E\n3.0, 0, I\n")
    assert read_spikes(tmp_path / "a.csv").names == ("E", "I")
    table = np.array([[1.0, 0.0], [2.0, 3.0]])
    np.savetxt(tmp_path / "b.txt", table, header="time_ms neuron")
    np.savez(tmp_path / "c.npz", t_ms=table[:, 0], i=table[:, 1])
    pd.DataFrame(table, columns=["time_ms", "neuron"]).to_parquet(tmp_path / "d.parquet")
    for name in ("b.txt", "c.npz", "d.parquet"):
        assert read_spikes(tmp_path / name).neurons.tolist() == [0, 3], name


def test_a_population_that_never_spiked_is_read_where_its_neurons_are_counted(tmp_path):
    (tmp_path / "a.csv").write_text("time_ms,neuron,pop\n1.0,0,E\n")
    spikes = read_spikes(tmp_path / "a.csv", population="I", populations={"E": 4, "I": 2})
    assert (spikes.names, spikes.n_neurons, len(spikes)) == (("I",), 2, 0)


def units(path, ids, times):
    with h5py.File(path, "w") as file:
        file["units/id"], file["units/spike_times"] = ids, np.concatenate(times)
        file["units/spike_times_index"] = np.cumsum([len(train) for train in times])
    return path


def test_files_that_list_their_neurons_are_joined_by_id_silent_ones_included(tmp_path):
    first = units(tmp_path / "a.nwb", [9, 5, 3], [[0.1], [0.2], []])
    second = units(tmp_path / "b.nwb", [5, 7], [[0.3], [0.4]])
    spikes = read_spikes([first, second])
    assert spikes.ids.tolist() == [3, 5, 7, 9]
    assert spikes.ids[spikes.neurons].tolist() == [9, 5, 5, 7]
    assert read_spikes([first, first]).ids.tolist() == [9, 5, 3]
    (tmp_path / "c.csv").write_text("time_ms,neuron\n1.0,0\n")
    with pytest.raises(TableError, match="some list their neurons, others do not"):
        read_spikes([first, tmp_path / "c.csv"])


def test_trials_in_cells_and_populations_without_a_name_of_their_own_are_refused(tmp_path):
    cells = np.empty((2, 2), dtype=object)
    cells[:] = [[np.ones(1), np.ones(2)], [np.ones(3), np.ones(1)]]
    savemat(tmp_path / "a.mat", {"E_ms": cells})
    savemat(tmp_path / "b.mat", {"E_ms": cells[:1], "E_s": cells[:1]})
    np.savez(tmp_path / "c.npz", t_ms=[1.0], i=[0], population=[" "])
    slips = {"a.mat": r"E_ms has \(2, 2\) cells", "b.mat": "name of its own", "c.npz": "of its own"}
    for name, match in slips.items():
        with pytest.raises(TableError, match=match):
            read_spikes(tmp_path / name)


def test_a_table_of_cortex_refuses_another_interval_and_other_populations(tmp_path):
    path = tmp_path / "own.parquet"
    write_spikes(path, OWN, Provenance(rule="simulate", params={}, code="0"))
    assert_own(read_spikes(path, populations=SIZES, **INTERVAL))
    with pytest.raises(TableError, match="leave start and stop out"):
        read_spikes(path, stop=0.5 * OWN.stop)
    with pytest.raises(TableError, match="contradict the table"):
        read_spikes(path, populations={"E": 1})


def test_no_file_and_an_unknown_numbering_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("time_ms,neuron\n1.0,0\n")
    with pytest.raises(ParameterError, match="0 files"):
        read_spikes([])
    with pytest.raises(ParameterError, match="numbering = 'all'"):
        read_spikes(tmp_path / "a.csv", numbering="all")
