"""Warnings that name the line of the caller, however deep in cortex they arise."""

import inspect
import warnings

from cortex.errors import RegimeWarning


def warn_regime(message: str) -> None:
    """Warn with a `RegimeWarning` at the first line outside of cortex."""
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").startswith("cortex."):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, RegimeWarning, stacklevel=2 if frame is None else level)
