"""One small recording, and a writer of every kind of file that holds it."""

import h5py
import numpy as np
import pandas as pd
from scipy.io import savemat

from cortex.spikes import Spikes

DT, N_STEPS = 1e-4, 2000
SIZES = {"E": 12, "I": 5}
DRAWN = np.random.default_rng(3).random((N_STEPS, 17)) < 2e-3
DRAWN[:, [4, 16]] = False  # two neurons are silent, one of them the last
STEPS, NEURONS = np.nonzero(DRAWN)
OWN = Spikes(
    steps=STEPS, neurons=NEURONS, dt=DT, n_steps=N_STEPS, names=("E", "I"), sizes=np.array([12, 5])
)
MS = OWN.times * 1e3
NAMES = np.repeat(["E", "I"], [12, 5])[NEURONS]
WITHIN = np.where(NEURONS < 12, NEURONS, NEURONS - 12)
TRAINS = {
    name: [MS[(name == NAMES) & (k == WITHIN)] for k in range(n)] for name, n in SIZES.items()
}
INTERVAL = {"stop": N_STEPS * DT}


def rows(head, *columns, sep=",", end=""):
    body = (sep.join(map(str, row)) + end for row in zip(*columns, strict=True))
    return "\n".join([*head, *body]) + "\n"


def nest(path):
    head = ["# NEST version: 3.8.0", "# RecordingBackendASCII version: 2", "sender\ttime_ms"]
    path.write_text(rows(head, NEURONS + 1, [f"{t:.3f}" for t in MS], sep="\t"))


def bmtk(path):
    path.write_text(rows(["timestamps population node_ids"], MS, NAMES, WITHIN, sep=" "))


def csv(path):
    pd.DataFrame({"time_ms": MS, "neuron": NEURONS}).to_csv(path, index=False)


def indexed(path):
    pd.DataFrame({"t (s)": MS / 1e3, "gid": NEURONS + 1}).to_csv(path)  # with an unnamed index


def semicolons(path):
    path.write_text(rows(["Time_ms;Neuron;Population"], MS, WITHIN, NAMES, sep=";"))


def trailing(path):
    path.write_text(rows(["neuron\ttime_us"], NEURONS, MS * 1e3, sep="\t", end="\t"))


def savetxt(path):
    np.savetxt(path, np.column_stack([MS, NEURONS]), fmt=["%.17g", "%d"], header="time_ms neuron")


def parquet(path):
    frame = pd.DataFrame({"t_ms": MS, "node_id": WITHIN.astype(np.uint64), "population": NAMES})
    frame.astype({"population": "category"}).to_parquet(path)


def durations(path):
    times = pd.to_timedelta(np.rint(MS * 1e6), unit="ns")
    pd.DataFrame({"timestamp": times, "neuron": NEURONS}).to_parquet(path)


def sonata(path, *, sorting="by_time", units="milliseconds", layout="populations"):
    with h5py.File(path, "w") as file:
        for name in SIZES if layout == "populations" else [None]:
            group = file.require_group(f"spikes/{name}" if name else "spikes")
            mine = name == NAMES if name else np.ones(len(MS), bool)
            ids = WITHIN[mine] if name else NEURONS[mine]
            order = np.argsort(ids, kind="stable") if sorting == "by_id" else slice(None)
            kind = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype=np.uint8)
            group.attrs.create("sorting", 1 if sorting == "by_id" else 2, dtype=kind)
            group["timestamps"] = MS[mine][order]
            group["node_ids" if name else "gids"] = ids[order].astype(np.uint64)
            if units is not None:
                group["timestamps"].attrs["units"] = units


def sonata_by_id(path):
    sonata(path, sorting="by_id")


def sonata_bare(path):
    sonata(path, units=None)


def sonata_array(path):
    sonata(path, units=np.array([b"milliseconds"]))


def sonata_old(path):
    sonata(path, layout="gids")


def brian(path):
    np.savez(path, i=NEURONS.astype(np.int32), t_s=MS / 1e3)


def structured(path):
    kind = [("i", np.int32), ("t_ms", float)]
    np.save(path, np.array(list(zip(NEURONS, MS, strict=True)), dtype=kind))


def matlab(path):
    cells = {f"{name}_ms": np.empty(n, dtype=object) for name, n in SIZES.items()}
    for name, trains in TRAINS.items():
        for k, train in enumerate(trains):
            cells[f"{name}_ms"][k] = train.reshape(-1, 1)
    savemat(path, cells)


def matlab_vectors(path):
    savemat(path, {"time_ms": MS, "neuron": NEURONS.astype(float)})


def matlab_73(path):
    """Write what MATLAB 7.3 writes: references, and the shape of an empty cell as its values."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, trains in TRAINS.items():
            references = np.empty((len(trains), 1), dtype=h5py.ref_dtype)
            for k, train in enumerate(trains):
                place = f"#refs#/{name}{k}"
                file[place] = train.reshape(1, -1) if len(train) else np.array([0, 0], np.uint64)
                if not len(train):
                    file[place].attrs["MATLAB_empty"] = np.uint8(1)
                references[k, 0] = file[place].ref
            file[f"{name}_ms"] = references
            file[f"{name}_ms"].attrs["MATLAB_class"] = np.bytes_("cell")
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file")


KINDS = {
    "nest.dat": nest, "bmtk.csv": bmtk, "plain.csv": csv, "indexed.csv": indexed,
    "semicolons.txt": semicolons, "trailing.tsv": trailing, "savetxt.txt": savetxt,
    "table.parquet": parquet, "durations.parquet": durations, "spikes.h5": sonata,
    "by_id.h5": sonata_by_id, "bare.h5": sonata_bare, "array.h5": sonata_array,
    "old.h5": sonata_old, "brian.npz": brian, "structured.npy": structured, "cells.mat": matlab,
    "vectors.mat": matlab_vectors, "cells73.mat": matlab_73,
}  # fmt: skip
FROM_ONE = {"indexed.csv": {"first_id": 1}}


def assert_own(found, own=OWN):
    gridded = found.on_grid(DT)
    assert found.names == own.names
    assert found.sizes.tolist() == own.sizes.tolist()
    assert gridded.n_steps == own.n_steps
    np.testing.assert_array_equal(gridded.steps, own.steps)
    np.testing.assert_array_equal(gridded.neurons, own.neurons)
