"""One compiled run for each model of a neuron and scheme, from templates, kept on disk."""

from functools import cache
from hashlib import sha256
from inspect import getmodule, getsource
from types import FunctionType
from typing import Any, Final

from numba import njit

from cortex.cells.registry import CELLS
from cortex.spiking import _loops_cell_moves as moves
from cortex.spiking import _loops_cell_run as run

COMPILED: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy"}
SCHEMES: Final[dict[str, Any]] = {
    "exact": moves.step_exact,
    "fixed": moves.step_fixed,
    "accurate": moves.step_accurate,
}
TEMPLATES: Final[tuple[Any, ...]] = (
    moves.runge_kutta,
    moves.move_all,
    moves.move_between,
    moves.inputs_between,
    moves.substep,
    moves.cross,
    moves.move_through,
)


def specialise(template: Any, name: str, parts: dict[str, Any], *, kept: bool = False) -> Any:
    """Compile a copy of `template` whose free names `parts` stand for.

    The copy needs a name of its own. On disk numba tells functions apart by it (`kept`), and
    machine code loaded from there is linked by it: two copies of one name in two files of the
    cache would become one function.
    """
    copied = FunctionType(template.__code__, {**template.__globals__, **parts})
    copied.__name__ = copied.__qualname__ = f"{template.__name__}_{name}"
    return njit(cache=kept, **COMPILED)(copied)


@cache
def compiled_run(model: str, scheme: str) -> Any:
    """Return `run_cells` for a model of a neuron and a scheme of integration."""
    cell = CELLS[model]
    texts = [getsource(each) for each in (getmodule(cell.slopes), moves, run) if each]
    name = f"{model}_{scheme}_{sha256(''.join(texts).encode()).hexdigest()[:12]}"
    parts: dict[str, Any] = {
        "TWO_VARIABLES": cell.n_variables == 2,
        "BETWEEN_STEPS": cell.spikes_between_steps,
        "slopes": specialise(cell.slopes, name, {}),
        "largest_move": specialise(cell.largest_move, name, {}),
    }
    for template in TEMPLATES:  # each may name those before
        parts[template.__name__] = specialise(template, name, parts)
    parts["step"] = specialise(SCHEMES[scheme], name, parts)
    parts["move_tile"] = specialise(run.pieces_moved, name, parts)
    return specialise(run.run_cells, name, parts, kept=True)
