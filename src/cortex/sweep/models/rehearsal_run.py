"""Evaluate a point of the rehearsal model."""

import os
import signal
import time
from hashlib import sha256
from typing import Final

from cortex.errors import SimulationError
from cortex.rng import stream
from cortex.sweep.model import Value
from cortex.sweep.models.rehearsal import RehearsalParams

BLOCK: Final = bytes(1 << 18)
_tried: set[tuple[float, float]] = set()


def evaluate(params: RehearsalParams, seed: int) -> dict[str, Value]:
    """Return distance, noisy distance and side of a point, after its work and its fault."""
    _spend(params.work)
    distance = float((params.x**2 + params.y**2) ** 0.5)
    if min(params.x, params.y) > params.fault_from:
        distance = _fail(params, distance)
    noise = float(stream(seed, "rehearsal").standard_normal())
    side = "inside" if distance < 1.0 else "outside"
    return {"distance": distance, "noisy": distance + noise, "side": side}


def _spend(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sha256(BLOCK)  # releases the GIL, as compiled loops do


def _fail(params: RehearsalParams, distance: float) -> float:
    point = (params.x, params.y)
    if params.fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if params.fault == "raise" or (params.fault == "once" and point not in _tried):
        _tried.add(point)
        msg = f"rehearsed fault at x = {params.x}, y = {params.y}"
        raise SimulationError(msg)
    return float("nan") if params.fault == "nan" else distance
