"""Public functions with one argument spoiled: a result, or a CortexError; no raw error, no nan.

``python tests/fuzz/test_arguments.py NUMBER [SEED]`` spoils NUMBER calls and counts. A valid call
of each function comes from the example in its docstring.
"""

import copy
import doctest
import importlib
import inspect
import io
import random
import signal
from contextlib import contextmanager, redirect_stdout
from functools import cache

import numpy as np
import pytest
from counting import count

from offered import FUNCTIONS, sections  # isort: skip - found once `counting` is imported
from cortex.errors import CortexError

LAYERS = ("analysis", "connectivity", "izhikevich", "learning_ring", "lfp", "meanfield", "spiking")
EACH = 40  # seeds that share a function, so that its example runs once
LONGEST = 10.0  # s


def offered():
    """Return name -> function as its package offers it, of the layers of science."""
    found = {}
    for name, function in sorted(FUNCTIONS.items()):
        package = importlib.import_module(".".join(name.split(".")[:2]))
        if name.split(".")[1] in LAYERS and hasattr(package, function.__name__):
            found[name] = getattr(package, function.__name__)
    return found


OFFERED = offered()


@cache
def valid_call(name):
    """Return the arguments by name of the first call in the example of a function."""
    function, calls = FUNCTIONS[name], []
    shown = doctest.DocTestParser().get_doctest(
        "\n".join(sections(function).get("Examples", [])), {}, name, None, None
    )
    module = importlib.import_module(function.__module__)
    shown.globs = dict(vars(module))

    def noted(*args, **kwargs):
        calls.append(copy.deepcopy(inspect.signature(function).bind(*args, **kwargs).arguments))
        return function(*args, **kwargs)

    package = importlib.import_module(OFFERED[name].__module__)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
        for home in (module, package):
            patch.setattr(home, function.__name__, noted)
        shown.globs[function.__name__] = noted
        doctest.DocTestRunner(verbose=False).run(shown, out=lambda _: None, clear_globs=False)
    return calls[0] if calls else None


def spoiled(value):
    """Return what may stand wrongly for a value."""
    if isinstance(value, list | tuple) and value and all(isinstance(x, int | float) for x in value):
        value = np.array(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc" and value.size:
        return [*spoiled_array(value), value.astype(str), None, "x"]
    match value:
        case bool() | str():
            return [None, "nonsense", 42]
        case int():
            return [value + 0.5, -1, str(value), None, np.nan, np.inf, [value] * 3]
        case float() | np.floating():
            return [np.nan, np.inf, 1e3 * value, -value - 1e-9, str(value), None, [value] * 7]
        case np.random.Generator():
            return [42, None, np.random.RandomState(1)]
    return [None, "x", 42]


def spoiled_array(value):
    """Return arrays of wrong values and shapes."""
    found = [value * 1000, value[..., None], value.tolist(), -value if value.dtype != bool else 1]
    if value.dtype.kind in "fc":
        for gap in (np.nan, np.inf):
            found.append(value.copy())
            found[-1].flat[value.size // 2] = gap
    if value.ndim:
        found += [value[:-1], np.concatenate([value, value[-1:]])]
    if value.ndim > 1:
        found += [value.ravel(), np.swapaxes(value, 0, 1)]
    return found


@contextmanager
def bounded(seconds):
    """Raise TimeoutError in what takes longer."""

    def late(*_):
        msg = f"no end after {seconds} s"
        raise TimeoutError(msg)

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def holds_nan(result):
    """Whether a number or array is not a number somewhere."""
    array = np.asarray(result) if isinstance(result, float | complex | np.ndarray) else np.empty(0)
    return array.dtype.kind in "fc" and bool(np.isnan(array).any())


def ask(seed):
    """Spoil one argument of one call; return the refusal or None."""
    name = sorted(OFFERED)[seed // EACH % len(OFFERED)]
    call, rng = valid_call(name), random.Random(seed)
    if call is None:
        return None
    arguments, function = copy.deepcopy(call), OFFERED[name]
    argument = rng.choice(sorted(arguments))
    bound = inspect.signature(function).bind_partial()
    if bound.signature.parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL:
        first, *others = arguments[argument] or (None,)
        arguments[argument] = (rng.choice(spoiled(first)), *others)
    elif bound.signature.parameters[argument].kind is inspect.Parameter.VAR_KEYWORD:
        word = rng.choice(sorted(arguments[argument]))
        arguments[argument] |= {word: rng.choice(spoiled(arguments[argument][word]))}
    else:
        arguments[argument] = rng.choice(spoiled(arguments[argument]))
    said = f"{name}({argument}={arguments[argument]!r})"
    bound.arguments.update(arguments)
    try:
        with bounded(LONGEST):
            result = function(*bound.args, **bound.kwargs)
    except CortexError as error:
        return str(error)
    except Exception as error:
        error.add_note(said)
        raise
    assert not holds_nan(result) or "nan" in (function.__doc__ or "").lower(), said
    return None


@pytest.mark.parametrize("seed", range(7, EACH * len(OFFERED), 9 * EACH))
def test_a_spoiled_argument_is_refused_by_its_name_or_gives_a_number(seed):
    ask(seed)


if __name__ == "__main__":
    count(ask)
