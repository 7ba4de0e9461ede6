"""How long and how finely a network is simulated."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import choice, quantity
from cortex.units import GRID_TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationParams(Block):
    """Grid, discarded transient and recorded time of a simulation."""

    dt: float = quantity("ms", 0.001, 1.0, "time step")
    warm_up: float = quantity("s", 0.0, 1000.0, "discarded transient")
    duration: float = quantity("s", 0.01, 100_000.0, "recorded time after the transient")
    precision: str = choice(("float32", "float64"), "float64 for exact work")

    def check(self) -> None:
        """Refuse times that are not multiples of the step."""
        for name in ("warm_up", "duration"):
            steps = getattr(self, name) / self.dt
            if abs(steps - round(steps)) > GRID_TOLERANCE * max(1.0, steps):
                self.refuse(name, "is not a multiple of {dt}; change one of them")
