"""Declare targets made by theory at hidden parameters, for sweeps: designed and simulated."""

from dataclasses import dataclass
from typing import Final

from cortex.params.base import Block
from cortex.params.spec import count, quantity
from cortex.sweep.model import ArrayObservable, Model, Observable

NO_RHYTHM: Final = "no rhythm is wanted, or nothing was simulated"
NO_RING: Final = "no ring, no rhythm, or nothing was simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignTarget(Block):
    """Which hidden network makes the target, and how long designs are simulated."""

    number: int = count(0, 10**6, "which hidden network; it has 2 + number mod 7 populations", 0)
    hidden: int = count(0, 10**9, "seed of the hidden parameters", 22)
    beyond: float = quantity(
        "1", 1.0, 1e3, "factor on the wanted rate of the first population; 1: it can be met", 1.0
    )
    larger: int = count(
        1, 1000, "factor on the sizes of all populations, at the same in-degrees", 8
    )
    duration: float = quantity("s", 1.0, 1000.0, "recording of each simulated network", 4.0)
    rounds: int = count(0, 10, "rounds of simulation that correct the theory, at most", 5)


def _number(doc: str, unit: str = "1", undefined: str = "") -> Observable:
    return Observable(unit=unit, doc=doc, undefined=undefined)


DESIGN_TARGETS: Final = Model(
    name="design_targets",
    doc="targets that theory makes at hidden parameters of networks of 2 to 8 populations: "
    "designed from other parameters, and confirmed by simulation",
    block=DesignTarget,
    base=lambda _study, _sweep: {},
    evaluate="cortex.sweep_models.design_targets_run:evaluate",
    observables={
        "outcome": Observable(unit="1", doc="confirmed, missed or refused", kind="text"),
        "why": Observable(unit="1", doc="what is furthest off, or why it was refused", kind="text"),
        "populations": _number("populations"),
        "waves": _number("1 on a ring, 0 else"),
        "unstable": _number("hidden vectors drawn before whose state is not stable"),
        "undriven": _number("hidden vectors drawn before that no excitatory drive makes"),
        "growth": _number("growth rate of the leading mode at the hidden parameters", "per_s"),
        "rhythm": _number("wanted frequency of that mode", "Hz", NO_RHYTHM),
        "rhythm_seen": _number("simulated frequency", "Hz", NO_RHYTHM),
        "wave": _number("wanted wave number, cycles per ring", "1", NO_RING),
        "wave_seen": _number("simulated wave number", "1", NO_RING),
        "theory_miss": _number(
            "largest share by which the first design, on theory alone, misses in simulation",
            undefined="nothing was simulated",
        ),
        "miss": _number(
            "the same of the design that is proposed", undefined="nothing was simulated"
        ),
        "rounds_done": _number("designs simulated"),
    },
    arrays={
        "wishes": ArrayObservable(
            doc="every wish in every round",
            columns={
                "round": Observable(unit="1", doc="round, from 0", kind="int"),
                "wish": Observable(unit="1", doc="what is wanted", kind="text"),
                "wanted": _number("its value, SI"),
                "told": _number("theory", undefined="theory has no value"),
                "seen": _number("simulation", undefined="not measured"),
            },
        )
    },
)
