"""A model without science, handed in by its place: tries out faults, profiles, clusters."""

import os
import signal
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numba.core.caching import IndexDataCacheFile

from cortex.errors import SimulationError
from cortex.params.base import Block
from cortex.params.spec import choice, quantity
from cortex.rng import stream
from cortex.sweep.model import ArrayObservable, Model, Observable

FAULTS: Final = ("none", "cache", "raise", "once", "kill", "nan")
BUSY: Final = bytes(1 << 18)
_tried: set[tuple[float, float]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpParams(Block):
    """A point of the plane, the CPU time spent on it, and a fault to rehearse."""

    x: float = quantity("1", -1e6, 1e6, "first coordinate", 0.0)
    y: float = quantity("1", -1e6, 1e6, "second coordinate", 0.0)
    work: float = quantity("ms", 0.0, 1e6, "CPU time per point", 0.0)
    fault: str = choice(FAULTS, "what goes wrong in the square x, y > fault_from", "none")
    fault_from: float = quantity("1", -1e6, 1e6, "faults start above this x and y", 0.0)


MADE_UP = Model(
    name="made_up_model",
    doc="no science: rehearses a profile, a cluster or a fault at a chosen cost",
    block=MadeUpParams,
    base={},
    evaluate="made_up_model:evaluate",
    observables={
        "distance": Observable(unit="1", doc="distance from the origin"),
        "noisy": Observable(unit="1", doc="distance plus standard normal noise of the seed"),
        "side": Observable(unit="1", doc="inside or outside the unit circle", kind="text"),
    },
    arrays={
        "path": ArrayObservable(
            doc="straight way from the origin",
            columns={
                "step": Observable(unit="1", doc="step", kind="int"),
                "time": Observable(unit="ms", doc="time"),
                "covered": Observable(unit="1", doc="distance covered", undefined="no way"),
                "where": Observable(unit="1", doc="inside or outside", kind="text"),
            },
        )
    },
)


def evaluate(params: MadeUpParams, seed: int) -> dict[str, Any]:
    """Return distance, noisy distance and side of a point, after its work and its fault."""
    _spend(params.work)
    distance = float((params.x**2 + params.y**2) ** 0.5)
    if min(params.x, params.y) > params.fault_from:
        distance = _fail(params, distance)
    noise = float(stream(seed, "made_up_model").standard_normal())
    side = "inside" if distance < 1.0 else "outside"
    numbers = {"distance": distance, "noisy": distance + noise, "side": side}
    return {**numbers, "path": _path(params)}


def _path(params: MadeUpParams) -> dict[str, Any]:
    step = np.arange(1 + (params.x > 1.0))  # one step, or two
    covered = np.hypot(params.x, params.y) * step
    where = np.where(covered < 1.0, "inside", "outside")
    return {"step": step, "time": 1e-3 * step, "covered": covered, "where": where}


def _spend(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sha256(BUSY)  # releases the GIL, as compiled loops do


def _fail(params: MadeUpParams, distance: float) -> float:
    point = (params.x, params.y)
    if params.fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if params.fault == "cache":
        with TemporaryDirectory() as folder:  # where numba reads an index without content
            (Path(folder) / "loops.nbi").touch()
            IndexDataCacheFile(folder, "loops", None).load("any")  # type: ignore[no-untyped-call]
    if params.fault == "raise" or (params.fault == "once" and point not in _tried):
        _tried.add(point)
        msg = f"rehearsed fault at x = {params.x}, y = {params.y}"
        raise SimulationError(msg)
    return float("nan") if params.fault == "nan" else distance
