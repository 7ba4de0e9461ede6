"""cortex: reading ten million spikes, and the correlations of all pairs of ten thousand neurons.

``peak_mb`` of a reading is the growth of the largest memory of its process, so that
``bytes_per_spike`` counts what Arrow and HDF5 take too.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cortex.analysis import pair_correlations
from cortex.io.spikes import read_spikes
from cortex.spikes import Spikes

N_SPIKES, N_NEURONS = 10_000_000, 100_000
PAIRS, RATE, DURATION, DT = 10_000, 5.0, 60.0, 1e-4


def write(folder: Path) -> None:
    """Write the same spikes as Parquet and as SONATA, by the libraries of both."""
    rng = np.random.default_rng(0)
    times, ids = np.sort(rng.uniform(0.0, 1e5, N_SPIKES)), rng.integers(0, N_NEURONS, N_SPIKES)
    pq.write_table(pa.table({"time_ms": times, "neuron": ids}), folder / "spikes.parquet")
    with h5py.File(folder / "spikes.h5", "w") as file:
        file["spikes/E/timestamps"], file["spikes/E/node_ids"] = times, ids.astype(np.uint64)
        file["spikes/E/timestamps"].attrs["units"] = "milliseconds"


def highest() -> float:
    """Return the largest memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(path: str) -> dict[str, object]:
    """Return what reading one file costs, in a process of its own."""
    before, wall, cpu = highest(), time.perf_counter(), time.process_time()
    spikes = read_spikes(path)
    cost = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    grown = highest() - before
    result = f"{len(spikes)} spikes, {grown * 2**20 / len(spikes):.1f} bytes each at the peak"
    return {"task": f"read {Path(path).suffix[1:]}", **cost, "peak_mb": grown, "result": result}


def correlate() -> dict[str, object]:
    """Return what all pairs cost, compiled before."""
    rng = np.random.default_rng(0)
    n_steps = round(DURATION / DT)
    n = rng.poisson(PAIRS * RATE * DURATION)
    spikes = Spikes(
        steps=np.sort(rng.integers(0, n_steps, n)).astype(np.int32),
        neurons=rng.integers(0, PAIRS, n).astype(np.int32),
        dt=DT,
        n_steps=n_steps,
        names=("E",),
        sizes=np.array([PAIRS]),
    )
    edges = np.linspace(-1.0, 1.0, 2001)
    pair_correlations(spikes.between(0.0, 0.1), 5e-3, edges=edges)
    wall, cpu = time.perf_counter(), time.process_time()
    found = pair_correlations(spikes, 5e-3, edges=edges)
    return {
        "task": "all pairs, with their distribution",
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "peak_mb": highest(),
        "result": f"{found.n_pairs} pairs, mean {found.mean:.2e}, sd {found.sd:.3e}",
    }


def main() -> None:
    """Print one line per task; files are written and read by processes of their own."""
    asked = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if asked is None:
        with TemporaryDirectory() as folder:
            for path in (folder, f"{folder}/spikes.h5", f"{folder}/spikes.parquet"):
                subprocess.run([sys.executable, __file__, path], check=True)
        print(json.dumps(correlate()), flush=True)
    elif asked.is_dir():
        write(asked)
    else:
        print(json.dumps(read(str(asked))), flush=True)


if __name__ == "__main__":
    main()
