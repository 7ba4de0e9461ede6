"""Threads of one computation: how many, and one piece of work for all of them.

Compiled loops release the interpreter, so plain threads of Python use all cores. No result
depends on how many there are.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike

from cortex._loops_gate import BROKEN, GATE_SIZE
from cortex.params.arrays import whole
from cortex.typing import AnyArray, FloatArray, IntArray

Result = TypeVar("Result")

CACHE_LINE = 64  # bytes
MOST = 1024  # beyond this somebody took seconds or neurons for threads
VARIABLE = "OMP_NUM_THREADS"  # what users, schedulers and containers set anyhow


def thread_number(threads: int | None, most: int) -> int:
    """Return how many threads to use.

    Parameters
    ----------
    threads : int, optional
        Threads asked for. When not given, ``OMP_NUM_THREADS``, or else the cores that this
        process may use, but no more than pay.
    most : int
        Threads that pay for the work at hand; no bound on what is asked for.

    Raises
    ------
    ParameterError
        `threads` is no positive whole number.

    Examples
    --------
    >>> thread_number(3, most=1)
    3
    """
    if threads is not None:
        return int(whole("threads", threads, 1, MOST))
    given = os.environ.get(VARIABLE, "")
    usable = int(given) if given.isdecimal() and int(given) > 0 else _cores()
    return max(min(usable, most), 1)


def _cores() -> int:
    """Return the cores this process may use, fewer than the machine has where it is confined."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def together(work: Callable[[int, IntArray], Result], threads: int) -> list[Result]:
    """Return ``work(k, gate)`` of all threads k; `gate` is where compiled loops `meet`.

    When one thread fails, those who wait at the gate leave, and the error is raised.
    """
    gate = on_lines(GATE_SIZE, np.int64)

    def one(k: int) -> Result:
        try:
            return work(k, gate)
        except BaseException:
            gate[BROKEN] = 1
            raise

    if threads == 1:
        return [one(0)]
    with ThreadPoolExecutor(threads - 1) as pool:
        try:
            others = [pool.submit(one, k) for k in range(1, threads)]
        except BaseException:
            gate[BROKEN] = 1
            raise
        own = one(0)
        return [own, *(other.result() for other in others)]


def on_lines(shape: int | tuple[int, ...], dtype: DTypeLike) -> AnyArray:
    """Return zeros that begin at a line of the cache and share none with another array.

    Two threads that write to one line, each its own numbers, take it from each other all the time.
    """
    n_bytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
    room = np.zeros(n_bytes + 2 * CACHE_LINE, dtype=np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    return room[first : first + n_bytes].view(dtype).reshape(shape)


def moved_to_lines(array: AnyArray) -> AnyArray:
    """Return a copy that begins at a line of the cache, see `on_lines`."""
    copy = on_lines(array.shape, array.dtype)
    copy[...] = array
    return copy


def apart(array: AnyArray, bounds: IntArray) -> AnyArray:
    """Return a copy of the array for each thread, in which it finds what is its own.

    Thread k owns ``array[..., bounds[k]:bounds[k + 1]]``; the rest of its copy is zero and takes no
    memory until it is touched. In one array a processor that reads ahead in one part would fetch
    what another thread is about to write in the next.
    """
    copies = on_lines((len(bounds) - 1, *array.shape), array.dtype)
    for k, (first, stop) in enumerate(pairwise(bounds)):
        copies[k, ..., first:stop] = array[..., first:stop]
    return copies


def put_together(copies: AnyArray, bounds: IntArray, array: AnyArray) -> None:
    """Write what each thread owns back into one array, see `apart`."""
    for k, (first, stop) in enumerate(pairwise(bounds)):
        array[..., first:stop] = copies[k, ..., first:stop]


def shares(weights: IntArray | FloatArray, threads: int, unit: int = 1) -> IntArray:
    """Return bounds of consecutive shares of about equal total weight, shape (threads + 1,).

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Work of each item.
    threads : int
        Number of shares; some are empty when there are fewer items.
    unit : int
        Bounds inside are multiples of it.

    Examples
    --------
    >>> shares(np.array([1, 1, 4, 1, 1]), 2).tolist()
    [0, 3, 5]
    """
    total = np.concatenate([[0], np.cumsum(weights, dtype=np.float64)])
    places = np.append(np.arange(0, len(weights), unit), len(weights))
    ends, wanted = total[places], total[-1] * np.arange(1, threads) / threads
    after = np.clip(np.searchsorted(ends, wanted), 1, len(ends) - 1)
    nearest = after - (wanted - ends[after - 1] < ends[after] - wanted - 1e-9 * total[-1])
    result: IntArray = np.array([0, *places[nearest], len(weights)], dtype=np.int64)
    return result
