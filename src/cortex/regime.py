"""Warnings that name the line of the caller, however deep in cortex they arise, and come once."""

import inspect
import warnings

from cortex.errors import RegimeWarning

_told: set[str] = set()  # not the registries of `warnings`: every `catch_warnings` empties them


def warn_regime(message: str) -> None:
    """Warn with a `RegimeWarning` at the line outside that called cortex.

    That is the caller of the outermost frame of cortex: solvers of other libraries that call
    cortex back lie in between. The same words come once, but where a filter of `warnings` says what
    to do with them.
    """
    if not _is_filtered(message):
        if message in _told:
            return
        _told.add(message)
    frame, level, outside = inspect.currentframe(), 1, 2
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] == "cortex":
            outside = level + 1
        frame, level = frame.f_back, level + 1
    warnings.warn(message, RegimeWarning, stacklevel=outside)


def _is_filtered(message: str) -> bool:
    return any(
        issubclass(RegimeWarning, category) and (text is None or text.match(message))
        for _, text, category, *_ in warnings.filters
    )
