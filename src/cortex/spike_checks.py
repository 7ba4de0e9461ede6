"""What spikes have to be, so that compiled loops, which do not look, can trust them."""

from typing import Any

import numpy as np

from cortex.errors import ParameterError, shown
from cortex.typing import AnyArray, FloatArray, IntArray
from cortex.units import GRID_TOLERANCE


def as_times(times: Any) -> FloatArray:
    """Return times (s) as an array of floats; refuse text and rows of unlike length."""
    try:
        array = np.asarray(times)
    except ValueError:  # rows of unlike length
        array = np.empty(0, dtype=np.object_)
    if array.dtype.kind not in "iuf":
        msg = f"Spikes.times = {shown(times)} must be real numbers in s"
        raise ParameterError(msg)
    return array.astype(np.float64, copy=False)


def check_interval(start: Any, stop: Any) -> None:
    """Refuse ends of a recording (s) that are no finite numbers."""
    for name, end in (("start", start), ("stop", stop)):
        if not isinstance(end, float | int | np.number) or not np.isfinite(end):
            msg = f"Spikes.{name} = {shown(end)} must be a finite number in s"
            raise ParameterError(msg)


def check_populations(
    names: tuple[str, ...], sizes: IntArray, ids: AnyArray | None, positions: FloatArray | None
) -> None:
    """Refuse names and sizes that do not pair, and properties that not every neuron has."""
    if len(names) != len(sizes) or len(set(names)) < len(names):
        msg = f"Spikes: names {names} and sizes {list(sizes)}; one of each, distinct"
        raise ParameterError(msg)
    n = int(np.sum(sizes))
    if ids is not None and np.shape(ids) != (n,):
        msg = f"Spikes.ids has shape {np.shape(ids)}, needs one for each of {n} neurons"
        raise ParameterError(msg)
    if positions is None:
        return
    shape = np.shape(positions)
    if len(shape) != 2 or shape[0] != n or shape[1] not in {1, 2, 3}:
        msg = f"Spikes.positions has shape {shape}, needs {n} rows of 1 or 2 or 3 coordinates (m)"
        raise ParameterError(msg)


def check_neurons(neurons: AnyArray, n: int) -> None:
    """Refuse what is no number of one of `n` neurons."""
    if neurons.ndim != 1 or not np.issubdtype(neurons.dtype, np.integer):
        msg = f"Spikes.neurons ({neurons.dtype}, {neurons.shape}) must be whole numbers, 1-D"
        raise ParameterError(msg)
    if neurons.size and not 0 <= neurons.min() <= neurons.max() < n:
        msg = f"Spikes.neurons = {neurons.min()}..{neurons.max()} leaves the {n} neurons"
        raise ParameterError(msg)


def check_steps(steps: AnyArray, n_spikes: int, dt: float, n_steps: int) -> None:
    """Refuse steps that are not whole, not one per spike, out of order or not recorded."""
    if steps.shape != (n_spikes,) or not np.issubdtype(steps.dtype, np.integer):
        msg = (
            f"Spikes.steps ({steps.dtype}, {steps.shape}) must be whole numbers, one of each of "
            f"{n_spikes} spikes"
        )
        raise ParameterError(msg)
    if not dt > 0.0:
        msg = f"Spikes.dt = {dt} s must be positive"
        raise ParameterError(msg)
    if np.any(steps[1:] < steps[:-1]):
        msg = "Spikes.steps are not in time order; sort steps and neurons by step"
        raise ParameterError(msg)
    if steps.size and not 0 <= steps[0] <= steps[-1] < n_steps:
        msg = f"Spikes.steps = {steps[0]}..{steps[-1]} leaves the {n_steps} recorded steps"
        raise ParameterError(msg)


def check_times(times: FloatArray, n_spikes: int, interval: tuple[float, float], dt: float) -> None:
    """Refuse times (s) that are not finite, not one per spike, out of order or not recorded."""
    if times.shape != (n_spikes,):
        msg = f"Spikes.times has shape {times.shape}; needs one of each of {n_spikes} spikes"
        raise ParameterError(msg)
    if not np.all(np.isfinite(times)):
        msg = f"spike {int(np.argmin(np.isfinite(times)))} has a time that is not finite"
        raise ParameterError(msg)
    late = times[1:] < times[:-1]
    if np.any(late):
        k = int(np.argmax(late))
        msg = (
            f"spike {k + 1} at {times[k + 1]} s comes after one at {times[k]} s; sort the spikes "
            "by time: sort=True"
        )
        raise ParameterError(msg)
    start, stop = interval
    if times.size and not start <= times[0] <= times[-1] <= stop + GRID_TOLERANCE * dt:
        msg = (
            f"spikes at {times[0]:g} to {times[-1]:g} s leave the recording of {start:g} to "
            f"{stop:g} s; is its interval in s?"
        )
        raise ParameterError(msg)
