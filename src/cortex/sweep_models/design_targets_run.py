"""Design a network for what theory says of hidden parameters, from other ones."""

import warnings
from typing import Any, Final

import numpy as np

from cortex.errors import CortexError, RegimeWarning
from cortex.rng import stream
from cortex.steps.columns import Columns, stacked
from cortex.steps.design import Design, design
from cortex.sweep_models.design_targets import DesignTarget
from cortex.sweep_models.hidden_networks import Hidden, drawn
from cortex.typing import FloatArray

START: Final = 0.15
"""Free keys start this far from the hidden ones, in their logarithms, up or down."""
WIDE: Final = 2.5
"""Bounds of the free keys, over and under the hidden ones."""
NOT_SEEN: Final = {
    "rhythm_seen": np.nan, "wave_seen": np.nan, "theory_miss": np.nan, "miss": np.nan,
}  # fmt: skip


def evaluate(params: DesignTarget, seed: int) -> dict[str, Any]:
    """Return what came of the design of one target."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RegimeWarning)  # far points on the way are not the answer
        hidden = drawn(params.number, params.hidden, params.duration, larger=params.larger)
        rng = stream(params.hidden, "start of a design", params.number)
        start = {
            key: value * float(np.exp(rng.choice([-START, START])))
            for key, value in hidden.keys.items()
        }
        block = hidden.driven(start) | {
            "free": [
                {"key": key, "low": value / WIDE, "high": value * WIDE}
                for key, value in hidden.keys.items()
            ],
            "target": hidden.target(params.beyond, params.rounds),
        }
        try:
            return _of_hidden(hidden) | _of_design(design("target", block, seed=seed))
        except CortexError as error:
            none = {name: np.empty(0) for name in ("round", "wish", "wanted", "told", "seen")}
            refused = {"outcome": "refused", "why": str(error), "rounds_done": 0.0}
            return _of_hidden(hidden) | NOT_SEEN | refused | {"wishes": none}


def _of_hidden(hidden: Hidden) -> dict[str, Any]:
    return {
        "populations": float(len(hidden.nu)),
        "waves": float(hidden.wave is not None),
        "unstable": float(hidden.unstable),
        "undriven": float(hidden.undriven),
        "growth": hidden.lam.real,
        "rhythm": np.nan if hidden.rhythm is None else hidden.rhythm,
        "wave": np.nan if hidden.wave is None or hidden.rhythm is None else float(hidden.wave),
    }


def _of_design(found: Design) -> dict[str, Any]:
    last = found.last
    misses = [_misses(found, each.seen) for each in (found.rounds[0], last)]
    worst = int(np.argmax(misses[1]))
    kinds = [goal.kind for goal in found.goals]
    rhythm = last.seen[kinds.index("frequency")] if "frequency" in kinds else np.nan
    goal = found.goals[worst]
    words = f"{goal.words()}: {last.seen[worst]:.4g}, not {goal.wanted:.4g}"
    return {
        "outcome": "confirmed" if last.confirmed else "missed",
        "why": words,
        "rhythm_seen": float(rhythm),
        "wave_seen": float("nan") if last.wave is None else float(last.wave),
        "theory_miss": float(np.max(misses[0])),
        "miss": float(np.max(misses[1])),
        "rounds_done": float(len(found.rounds)),
        "wishes": stacked(_wishes(found, i) for i in range(len(found.rounds))),
    }


def _misses(found: Design, seen: FloatArray) -> FloatArray:
    """Return by which share each wish is missed; 0 where it cannot be measured."""
    wanted = np.array([goal.wanted for goal in found.goals])
    off = np.abs(seen / wanted - 1.0)
    growth = np.array([goal.kind == "growth" for goal in found.goals])
    return np.where(growth, 0.0, np.where(np.isfinite(off), off, np.inf))


def _wishes(found: Design, number: int) -> Columns:
    each = found.rounds[number]
    return {
        "round": np.full(len(found.goals), number),
        "wish": np.array([goal.words() for goal in found.goals], dtype=object),
        "wanted": np.array([goal.wanted for goal in found.goals]),
        "told": each.told,
        "seen": each.seen,
    }
