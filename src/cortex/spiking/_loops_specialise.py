"""One compiled run for each model of a neuron and scheme, from templates, kept on disk."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from inspect import getmodule, getsource
from types import FunctionType
from typing import Any

from numba import njit

from cortex.cells.registry import CELLS
from cortex.spiking import _loops_cell_moves as moves
from cortex.spiking import _loops_cell_run as run

SCHEMES = {
    "exact": moves.step_exact,
    "fixed": moves.step_fixed,
    "accurate": moves.step_accurate,
}
TEMPLATES = (
    moves.runge_kutta,
    moves.move_all,
    moves.move_between,
    moves.inputs_between,
    moves.substep,
    moves.cross,
    moves.move_through,
)


def specialise(template: Callable[..., Any], name: str, parts: dict[str, Any]) -> Any:
    """Compile a copy of `template` whose global names `parts` stand for other things.

    The copy has a name of its own, so that numba keeps it on disk apart from other copies; a
    digest of all sources is part of it, so that a changed equation is compiled anew.
    """
    copied = FunctionType(template.__code__, {**template.__globals__, **parts}, name)
    copied.__qualname__ = f"{template.__name__}_{name}"
    return njit(cache=True, nogil=True, error_model="numpy")(copied)


def _inlined(template: Callable[..., Any], parts: dict[str, Any]) -> Any:
    copied = FunctionType(template.__code__, {**template.__globals__, **parts})
    return njit(nogil=True, error_model="numpy")(copied)


@cache
def compiled_run(model: str, scheme: str) -> Any:
    """Return `run_cells` for a model of a neuron and a scheme of integration."""
    cell = CELLS[model]
    parts: dict[str, Any] = {
        "slopes": njit(nogil=True, error_model="numpy")(cell.slopes),
        "largest_move": njit(nogil=True, error_model="numpy")(cell.largest_move),
        "TWO_VARIABLES": cell.n_variables == 2,
        "BETWEEN_STEPS": cell.spikes_between_steps,
    }
    for template in TEMPLATES:  # each may name those before
        parts[template.__name__] = _inlined(template, parts)
    parts["step"] = _inlined(SCHEMES[scheme], parts)
    parts["move_tile"] = _inlined(run.pieces_moved, parts)
    texts = [getsource(each) for each in (getmodule(cell.slopes), moves, run) if each]
    digest = sha256("".join(texts).encode()).hexdigest()[:12]
    return specialise(run.run_cells, f"{model}_{scheme}_{digest}", parts)
