"""A gate at which the threads of one compiled run meet: counting in shared memory, no lock.

A thread that arrives adds one to a counter and waits until as many have come as there are
threads. Waiting spins for some microseconds, about the time by which equal shares differ, then
hands its core to whoever wants it, and at last sleeps: on a busy machine nobody is kept from work.
"""

import os
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cortex._loops_uncounted import uncounted
from cortex.typing import IntArray

SPINS = 400  # looks at the counter, some nanoseconds each, before the core is handed over
PATIENCE = 1000  # looks before the thread sleeps: then whoever is awaited does not run at all
NAP = 0 if os.name == "nt" else 50  # in units of `sleep`: milliseconds there, microseconds here
# layout of a gate: how many arrived so far, whether a thread failed and the others must leave
ARRIVED, BROKEN = 0, 8  # in lines of the cache of their own
GATE_SIZE = 16

hand_over: Any = types.ExternalFunction(
    "SwitchToThread" if os.name == "nt" else "sched_yield", types.int32()
)
sleep: Any = types.ExternalFunction(
    "Sleep" if os.name == "nt" else "usleep", types.int32(types.uint32)
)


def _count_one(_context: Any, _address: Any) -> Any:
    """Add 1 to a 64-bit number that other threads read and change."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        place = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        return builder.atomic_rmw("add", place, ir.Constant(ir.IntType(64), 1), "seq_cst")

    return types.int64(types.uint64), generate


def _look_at(_context: Any, _address: Any) -> Any:
    """Read a 64-bit number that other threads change, and all they wrote before changing it."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        place = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        return builder.load_atomic(place, "seq_cst", 8)

    return types.int64(types.uint64), generate


_count: Any = intrinsic(_count_one)
_look: Any = intrinsic(_look_at)


@uncounted
def meet(gate: IntArray, n_threads: int, n_met: int) -> bool:
    """Wait for all threads, the `n_met`-th time from 1; False when one of them failed."""
    if n_threads == 1:
        return True
    arrived, broken = gate[ARRIVED:].ctypes.data, gate[BROKEN:].ctypes.data
    _count(arrived)
    wanted = n_threads * n_met
    spins = 0
    while _look(arrived) < wanted:
        if _look(broken):
            return False
        spins += 1
        if spins > PATIENCE:
            sleep(NAP)
        elif spins > SPINS:
            hand_over()
    return True
