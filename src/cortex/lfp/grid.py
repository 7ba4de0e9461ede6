"""Time grids: one step of all samples, and steps that are seconds."""

from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.typing import FloatArray

COARSEST: Final = 0.05  # s between samples; synaptic currents live for milliseconds
UNEVEN: Final = 1e-6  # of a step; times of an hour in steps of 0.1 ms round to 5e-9 of it


def even_step(time: FloatArray, name: str = "time") -> float:
    """Return the step of an even grid, s.

    Parameters
    ----------
    time : ndarray of shape (n_times,)
        Ascending times, s, at least two; steps may differ by rounding (1e-6 of a step).
    name : str
        For messages.

    Raises
    ------
    ParameterError
        The times are too few, not finite, not ascending or uneven.

    Examples
    --------
    >>> even_step(np.array([0.0, 0.5, 1.0]))
    0.5
    """
    steps = np.diff(time) if np.ndim(time) == 1 else np.zeros(0)
    if len(steps) == 0 or not (steps[0] > 0.0 and np.ptp(steps) <= UNEVEN * steps[0]):
        spread = f"steps of {steps.min()} to {steps.max()} s" if len(steps) else "no step"
        msg = (
            f"{name} of shape {np.shape(time)} with {spread} must hold at least two evenly spaced, "
            "ascending times (s); interpolate onto such a grid first"
        )
        raise ParameterError(msg)
    return float((time[-1] - time[0]) / len(steps))


def checked_step(dt: float) -> float:
    """Return a sampling step, s; refuse what is not positive, not finite, or in ms."""
    if not 0.0 < dt <= COARSEST:
        msg = f"dt = {dt} s is outside (0, {COARSEST}] s; is it in ms?"
        raise ParameterError(msg)
    return float(dt)
