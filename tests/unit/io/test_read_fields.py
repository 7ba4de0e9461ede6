"""One field in every kind of file gives one signal; units and clocks are never guessed."""

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat

from cortex.errors import ParameterError, TableError
from cortex.io.fields import read_field

START, STEP = 0.25, 1e-3
VALUES = 1e-4 * np.random.default_rng(4).normal(size=(500, 3))  # V
TIME = START + STEP * np.arange(500)
CLOCK = {"step": STEP, "start": START}


def table():
    channels = {f"ch{k}_uV": 1e6 * VALUES[:, k] for k in range(3)}
    return pd.DataFrame({"time_ms": 1e3 * TIME, **channels})


def parquet(path):
    table().to_parquet(path)
    return {}


def text(path):
    table().to_csv(path, index=False)
    return {}


def npy(path):
    np.save(path, 1e3 * VALUES)
    return {"unit": "mV", **CLOCK}


def npz(path):
    np.savez(path, lfp_uV=1e6 * VALUES.T, other=np.zeros(3))
    return {"name": "lfp_uV", "time_axis": 1, **CLOCK}


def npz_clock(path):
    np.savez(path, lfp_uV=1e6 * VALUES, t_ms=1e3 * TIME, fs=1.0 / STEP)
    return {}


def npz_columns(path):
    np.savez(path, **{name: column.to_numpy() for name, column in table().items()})
    return {}


def matlab(path):
    savemat(path, {"lfp_mV": 1e3 * VALUES})
    return CLOCK


def matlab_73(path):
    with h5py.File(path, "w", userblock_size=512) as file:
        file["lfp_mV"] = 1e3 * VALUES.T  # MATLAB stores columns first
        file["lfp_mV"].attrs["MATLAB_class"] = np.bytes_("double")
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file")
    return CLOCK


def nwb(path, *, stamps=False):
    with h5py.File(path, "w") as file:
        group = file.create_group("processing/ecephys/LFP/lfp")
        group.attrs["neurodata_type"] = "ElectricalSeries"
        group["data"] = 1e6 * VALUES / 2
        group["data"].attrs.update({"unit": "volts", "conversion": 1e-6, "offset": 0.0})
        group["channel_conversion"] = [2.0, 2.0, 2.0]
        if stamps:
            group["timestamps"] = TIME
        else:
            group["starting_time"] = START
            group["starting_time"].attrs["rate"] = 1.0 / STEP
    return {}


def nwb_stamps(path):
    return nwb(path, stamps=True)


KINDS = {
    "a.parquet": parquet, "b.csv": text, "c.npy": npy, "d.npz": npz, "e.npz": npz_columns,
    "f.mat": matlab, "g.mat": matlab_73, "h.nwb": nwb, "i.nwb": nwb_stamps,
    "j.npz": npz_clock,
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_gives_the_same_signal(tmp_path, name):
    found = read_field(tmp_path / name, **KINDS[name](tmp_path / name))
    # a scale divided out and multiplied in again
    np.testing.assert_allclose(found.values, VALUES, rtol=1e-14)
    assert found.unit == "V"
    assert (found.start, found.step) == pytest.approx((START, STEP), rel=1e-9)


def test_channels_are_chosen_in_the_order_asked_for(tmp_path):
    parquet(tmp_path / "a.parquet")
    found = read_field(tmp_path / "a.parquet", channels=["ch2_uV", "ch0_uV"])
    np.testing.assert_allclose(found.values, VALUES[:, [2, 0]], rtol=1e-14)


@pytest.mark.parametrize(
    ("columns", "given", "match"),
    [
        ({"time_ms": [0.0, 1.0], "lfp": [0.0, 1.0]}, {}, "no column with a unit of V or A"),
        ({"time_ms": [0.0, 1.0], "lfp": [0.0, 1.0]}, {"channels": ["x"]}, "no channels"),
        ({"lfp_mV": [0.0, 1.0]}, {}, "has no clock; pass step="),
        ({"time_ms": [0.0, 1.0, 3.0], "lfp_mV": [0.0] * 3}, {}, "not evenly spaced"),
        ({"time_ms": [0.0], "lfp_mV": [0.0]}, {}, "needs two"),
        ({"time_ms": [0.0, 1.0], "lfp_mV": [0.0, np.nan]}, {}, "missing or not finite"),
        ({"time_ms": [0.0, 1.0], "a_mV": [0.0] * 2, "b_uV": [0.0] * 2}, {}, "one unit"),
        ({"time_ms": [0.0, 1.0], "lfp_mV": [0.0] * 2}, {"unit": "uV"}, "contradicts"),
        ({"time_ms": [0.0, 1.0], "lfp_mV": [0.0] * 2}, {"step": 1.0}, "contradicts"),
        ({"time_ms": [0.0, 1.0], "t_s": [0.0, 1.0], "lfp_mV": [0.0] * 2}, {}, "both are times"),
    ],
)
def test_slips_of_tables_are_refused(tmp_path, columns, given, match):
    pd.DataFrame(columns).to_csv(tmp_path / "x.csv", index=False)
    with pytest.raises(TableError, match=match):
        read_field(tmp_path / "x.csv", **given)


def test_arrays_do_not_say_what_they_need_to(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((2, 9)))
    np.savez(tmp_path / "b.npz", x_mV=np.zeros((9, 2)), y_mV=np.zeros((9, 2)))
    np.savez(tmp_path / "c.npz", x_mV=np.zeros((9, 2)), t_ms=np.arange(8.0))
    np.savez(tmp_path / "d.npz", x_mV=np.append(np.zeros((8, 2)), [[0.0, np.nan]], axis=0))
    for name, given, match in (
        ("a.npy", {"unit": "mV", "step": 1e-3}, "which axis is time"),
        ("a.npy", {"step": 1e-3, "time_axis": 1}, "no unit of voltage or current"),
        ("b.npz", {"step": 1e-3}, "several arrays; .* say which: name="),
        ("c.npz", {}, "8 values of t_ms, 9 samples of x_mV"),
        ("d.npz", {"step": 1e-3}, "not finite, the first in row 8"),
        ("none.npy", {}, "no such file"),
    ):
        with pytest.raises(TableError, match=match):
            read_field(tmp_path / name, **given)
    for wrong, match in (
        ({"unit": "ms"}, "none of voltage or current"),
        ({"step": 0.0}, "step"),
        ({"time_axis": 5}, "must be 0 or 1"),
    ):
        with pytest.raises(ParameterError, match=match):
            read_field(tmp_path / "a.npy", **wrong)


def test_slips_of_nwb_are_refused(tmp_path):
    nwb(tmp_path / "x.nwb")
    with pytest.raises(TableError, match=r"0 fields 'eeg'.*/processing/ecephys/LFP/lfp"):
        read_field(tmp_path / "x.nwb", name="eeg")
    with h5py.File(tmp_path / "x.nwb", "a") as file:
        file.copy("processing/ecephys/LFP/lfp", "acquisition/raw")
    with pytest.raises(TableError, match="2 fields; the file holds"):
        read_field(tmp_path / "x.nwb")
    assert read_field(tmp_path / "x.nwb", name="raw").name == "raw"
    with h5py.File(tmp_path / "x.nwb", "a") as file:
        file["acquisition/raw/starting_time"].attrs["rate"] = 0.0
    with pytest.raises(TableError, match=r"/acquisition/raw/starting_time has the rate"):
        read_field(tmp_path / "x.nwb", name="raw")
    with h5py.File(tmp_path / "x.nwb", "a") as file:
        del file["acquisition/raw/data"]
        file["acquisition/raw/data"] = h5py.Empty("f8")
    with pytest.raises(TableError, match="/acquisition/raw/data is empty"):
        read_field(tmp_path / "x.nwb", name="raw")
