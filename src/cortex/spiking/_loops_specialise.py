"""One compiled run for each model of a neuron and scheme, from templates, kept on disk."""

from functools import cache
from hashlib import sha256
from inspect import getmodule, getsource
from types import FunctionType
from typing import Any, Final

from numba import njit

from cortex._loops_uncounted import UNCOUNTED
from cortex.cells.registry import CELLS
from cortex.spiking import _loops_cell_accurate as accurate
from cortex.spiking import _loops_cell_moves as moves
from cortex.spiking import _loops_cell_run as run
from cortex.spiking import _loops_cell_spikes as spikes

COUNTED: Final = UNCOUNTED | {"_nrt": True}
SCHEMES: Final[dict[str, Any]] = {
    "exact": moves.step_exact,
    "fixed": moves.step_fixed,
    "accurate": accurate.step_accurate,
}
TEMPLATES: Final[tuple[Any, ...]] = (
    moves.current,
    moves.runge_kutta,
    moves.move_all,
    moves.escapes,
    moves.settle_at_random,
    accurate.numbers_of,
    accurate.move_between,
    accurate.inputs_between,
    accurate.substep,
    accurate.cross,
    accurate.move_through,
)


def specialise(template: Any, name: str, parts: dict[str, Any], *, kept: bool = False) -> Any:
    """Compile a copy of `template` whose free names `parts` stand for.

    The copy needs a name of its own. On disk numba tells functions apart by it (`kept`), and
    machine code loaded from there is linked by it: two copies of one name in two files of the
    cache would become one function. What is kept allocates, and counts references to arrays.
    """
    copied = FunctionType(template.__code__, {**template.__globals__, **parts})
    copied.__name__ = copied.__qualname__ = f"{template.__name__}_{name}"
    return njit(cache=kept, **(COUNTED if kept else UNCOUNTED))(copied)


@cache
def compiled_run(models: tuple[str, ...], schemes: tuple[str, ...], has_nmda: bool) -> Any:
    """Return `run_cells` for models of neurons, each with its scheme of integration."""
    name = "_".join((*models, *schemes, "nmda" * has_nmda, _digest(models)))
    own = [
        _step(model, scheme, f"{model}_of_{name}", has_nmda=has_nmda)
        for model, scheme in zip(models, schemes, strict=True)
    ]
    step = own.pop()
    for which in reversed(range(len(own))):
        parts = {"first": own[which], "others": step, "WHICH": which}
        step = specialise(moves.step_mixed, f"{which}_of_{name}", parts)
    move_tile = specialise(run.pieces_moved, name, {"step": step})
    move_share = specialise(run.share_moved, name, {"move_tile": move_tile})
    run_steps = specialise(run.steps_run, name, {"move_share": move_share})
    return specialise(run.run_cells, name, {"run_steps": run_steps}, kept=True)


def _step(model: str, scheme: str, name: str, *, has_nmda: bool) -> Any:
    """Return the step of one model."""
    cell = CELLS[model]
    parts: dict[str, Any] = {
        "TWO_VARIABLES": cell.n_variables == 2,
        "BETWEEN_STEPS": cell.spikes_between_steps,
        "HAS_NMDA": has_nmda,
        "IS_RANDOM": cell.is_random,
        "slopes": specialise(cell.slopes, name, {}),
        "largest_move": specialise(cell.largest_move, name, {}),
        "hazard": specialise(cell.hazard, name, {}),
    }
    for template in TEMPLATES:  # each may name those before
        parts[template.__name__] = specialise(template, name, parts)
    return specialise(SCHEMES[scheme], name, parts)


def _digest(models: tuple[str, ...]) -> str:
    """Return a digest of everything that the compiled run is made of."""
    of_cells = [getmodule(CELLS[model].slopes) for model in models]
    texts = [getsource(each) for each in (*of_cells, moves, accurate, run, spikes) if each]
    return sha256("".join(texts).encode()).hexdigest()[:12]
