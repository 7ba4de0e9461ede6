"""The floor of a step of network A on this machine: memory that must be read, work in cache.

What a step cannot do without: reading one row of bits per spike, random numbers, Poisson
counts, planes to counts, membranes, scan. Rows are read at the rate at which random rows
stream through a loop that only combines them; the rest is timed alone on data in cache.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from cortex._loops_uncounted import uncounted
from cortex.spiking._loops_bit_run import _move
from cortex.spiking._loops_bits import planes_to_bytes, widen_counts
from cortex.spiking._loops_random import add_poisson, fill_random
from cortex.spiking._loops_scan import scan
from cortex.typing import AnyArray

STRIPS, WIDTH, PLANES = 8, 1600, (6, 4)  # 38 E and 9 I spikes a step
N_THRESHOLDS = 12  # of a Poisson law of mean 2
REPEATS = 2000


@uncounted
def combine_rows(rows: np.ndarray, ids: np.ndarray, out: np.ndarray) -> None:
    """Xor the rows of a list, which costs nothing but reading them."""
    for k in range(ids.size):
        row = rows[ids[k]]
        for w in range(out.size):
            out[w] ^= row[w]


def seconds(work: Callable[[], object], n: int = REPEATS) -> float:
    """Return the least CPU time of one call over five series."""
    work()
    series = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(n):
            work()
        series.append((time.process_time() - start) / n)
    return min(series)


@uncounted
def repeat_move(  # noqa: PLR0917
    V: AnyArray,
    c_exc: AnyArray,
    c_inh: AnyArray,
    cell: Any,
    asleep: AnyArray,
    mask: AnyArray,
    n: int,
) -> Any:
    """Move one strip n times."""
    for _ in range(n):
        _move(V, c_exc, c_inh, cell, cell[1], asleep, mask)


@uncounted
def repeat_random(
    lanes: AnyArray, random: AnyArray, thresholds: AnyArray, counts: AnyArray, n: int
) -> Any:
    """Draw the Poisson counts of one strip n times."""
    for _ in range(n):
        fill_random(lanes[0], lanes[1], lanes[2], lanes[3], random)
        add_poisson(random.view(np.uint16), thresholds, thresholds.size, counts)


@uncounted
def repeat_planes(
    planes: AnyArray, n_planes: int, in_bytes: AnyArray, counts: AnyArray, n: int
) -> Any:
    """Turn the planes of all strips into counts n times."""
    low, high = in_bytes[0, 0].view(np.uint8), in_bytes[0, 1].view(np.uint8)
    for _ in range(n):
        planes_to_bytes(planes, n_planes, in_bytes)
        for _ in range(STRIPS):
            widen_counts(low, high, n_planes, counts)


@uncounted
def repeat_scan(words: AnyArray, ids: AnyArray, n: int) -> Any:
    """Look for spikes in one strip n times."""
    for _ in range(n):
        scan(words, 0, ids, 0)


def floor_per_step(rows: np.ndarray, n_spikes: float) -> dict[str, float]:
    """Return the parts of the floor, s per step of all 12,500 neurons."""
    rng, n = np.random.default_rng(1), 200
    ids = rng.integers(0, rows.shape[0], 4000)
    sink = np.zeros(rows.shape[1], dtype=np.uint64)
    per_row = seconds(lambda: combine_rows(rows, ids, sink), 20) / ids.size
    lanes = rng.integers(0, 2**32, (4, WIDTH // 2), dtype=np.uint32)
    random = np.empty(WIDTH // 2, dtype=np.uint32)
    counts = np.zeros(WIDTH, dtype=np.uint16)
    thresholds = np.linspace(1000, 32000, N_THRESHOLDS).astype(np.uint16)
    V = np.zeros(WIDTH, dtype=np.float32)
    cell = np.array([0.995, 2.0, 1.0, 1e-4, -5e-4], dtype=np.float32)
    asleep, mask = np.full(1, -1e30, dtype=np.float32), np.zeros(WIDTH, dtype=np.uint8)
    in_bytes = np.zeros((STRIPS, 2, WIDTH // 8), dtype=np.uint64)
    planes = rng.integers(0, 2**63, (8, WIDTH // 8), dtype=np.uint64)
    found = np.zeros(WIDTH, dtype=np.int32)
    none = mask.copy()
    share = STRIPS / n
    of_planes = [
        seconds(partial(repeat_planes, planes, k, in_bytes, counts, n), 50) for k in PLANES
    ]
    return {
        "rows": n_spikes * per_row,
        "random numbers": share
        * seconds(lambda: repeat_random(lanes, random, thresholds, counts, n), 50),
        "planes to counts": sum(of_planes) / n,
        "membranes": share
        * seconds(lambda: repeat_move(V, counts, counts, cell, asleep, mask, n), 50),
        "scan": share * seconds(lambda: repeat_scan(none.view(np.uint64), found, n), 50),
    }
