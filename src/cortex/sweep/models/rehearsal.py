"""A model without science: tries out profiles, clusters and faults at a chosen cost."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import choice, quantity
from cortex.sweep.model import Model, Observable

FAULTS = ("none", "raise", "once", "kill", "nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalParams(Block):
    """A point of the plane, the CPU time spent on it, and a fault to rehearse."""

    x: float = quantity("1", -1e6, 1e6, "first coordinate", 0.0)
    y: float = quantity("1", -1e6, 1e6, "second coordinate", 0.0)
    work: float = quantity("ms", 0.0, 1e6, "CPU time per point", 0.0)
    fault: str = choice(FAULTS, "what goes wrong in the square x, y > fault_from", "none")
    fault_from: float = quantity("1", -1e6, 1e6, "faults start above this x and y", 0.0)


REHEARSAL = Model(
    name="rehearsal",
    doc="no science: rehearses a profile, a cluster or a fault at a chosen cost",
    block=RehearsalParams,
    base={},
    evaluate="cortex.sweep.models.rehearsal_run:evaluate",
    observables={
        "distance": Observable(unit="1", doc="distance from the origin"),
        "noisy": Observable(unit="1", doc="distance plus standard normal noise of the seed"),
        "side": Observable(unit="1", doc="inside or outside the unit circle", kind="text"),
    },
)
