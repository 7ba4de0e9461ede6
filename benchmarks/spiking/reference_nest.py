"""Statistics of the full microcircuit in NEST 3.10, for ``tests/data/microcircuit``.

``benchmarks/.envs/spiking-nest/bin/python -m benchmarks.spiking.reference_nest OUT.json
[--w-cv 0.1] [--seed 1] [--seconds 3] [--scale 1]``. The full circuit needs 16 GB and ten
minutes on one thread. Per population: mean rate in windows of half a second, spike counts as a
histogram, quantiles of the CVs of intervals and of count correlations (200 neurons, bins of
2 ms), and the CPU seconds of building and running.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import nest
import numpy as np

from benchmarks.spiking.microcircuit import share_of_the_microcircuit

NAMES = ("23E", "23I", "4E", "4I", "5E", "5I", "6E", "6I")
WARM_UP_MS, WINDOW_MS, BIN_MS, N_PAIRED = 300.0, 500.0, 2.0, 200
LEVELS = np.linspace(0.0, 1.0, 401)


def statistics(times: np.ndarray, neurons: np.ndarray, size: int, ms: float) -> dict[str, Any]:
    """Return what is kept of one population; `times` (ms) from the end of the transient."""
    counts = np.bincount(neurons, minlength=size)
    order = np.lexsort((times, neurons))
    trains = np.split(times[order], np.cumsum(counts)[:-1])
    cvs = [np.std(gaps) / np.mean(gaps) for gaps in map(np.diff, trains) if gaps.size >= 2]
    edges = np.arange(0.0, ms + WINDOW_MS / 2, WINDOW_MS)
    in_windows = np.histogram(times, edges)[0] / (size * WINDOW_MS * 1e-3)
    paired = neurons < N_PAIRED
    binned = np.zeros((N_PAIRED, round(ms / BIN_MS)))
    np.add.at(binned, (neurons[paired], (times[paired] / BIN_MS).astype(int)), 1.0)
    correlation = np.atleast_2d(np.corrcoef(binned[binned.any(axis=1)]))
    pairs = correlation[np.triu_indices(len(correlation), 1)]
    return {
        "rate_Hz": float(counts.mean() / ms * 1e3),
        "rate_in_windows_Hz": in_windows.round(4).tolist(),
        "spike_count_histogram": np.bincount(counts).tolist(),
        "cv_quantiles": np.quantile(cvs, LEVELS).round(5).tolist(),
        "correlation_quantiles": np.quantile(pairs, LEVELS).round(6).tolist(),
    }


def main() -> None:
    """Run once and write one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--w-cv", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--scale", type=float, default=1.0)
    options = parser.parse_args()
    nest.set_verbosity("M_ERROR")
    nest.SetKernelStatus({"resolution": 0.1, "local_num_threads": 1, "rng_seed": options.seed})
    started, ms = time.process_time(), options.seconds * 1e3
    populations, recorder = share_of_the_microcircuit(options.scale, options.w_cv)
    nest.Prepare()
    built = time.process_time()
    print(f"built in {built - started:.0f} CPU s", flush=True)
    nest.Run(WARM_UP_MS)
    warm = time.process_time()
    nest.Run(ms)
    done = time.process_time()
    events = recorder.get("events")
    times, senders = events["times"] - WARM_UP_MS - 0.05, events["senders"]
    result = {
        "simulator": f"NEST {nest.__version__}",
        "options": {key: str(value) for key, value in vars(options).items() if key != "out"},
        "warm_up_ms": WARM_UP_MS,
        "build_cpu_s": round(built - started, 1),
        "run_cpu_s_per_s": round((done - warm) / options.seconds, 1),
        "populations": {},
    }
    for name, cells in zip(NAMES, populations, strict=True):
        first, size = cells[0].global_id, len(cells)
        own = (senders >= first) & (senders < first + size) & (times > 0.0) & (times < ms)
        result["populations"][name] = statistics(times[own], senders[own] - first, size, ms)
    options.out.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
