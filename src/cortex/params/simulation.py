"""How long and how finely a network is simulated."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import choice, quantity
from cortex.units import steps_are_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationParams(Block):
    """Grid, discarded transient and recorded time of a simulation."""

    dt: float = quantity("ms", 0.001, 1.0, "time step", 1e-4)
    warm_up: float = quantity("s", 0.0, 1000.0, "discarded transient", 0.5)
    duration: float = quantity("s", 0.01, 100_000.0, "recorded time after the transient", 2.0)
    precision: str = choice(("float32", "float64"), "float64 for exact work", "float32")
    integration: str = choice(
        ("fixed", "accurate"),
        "of cells without exact solution: Runge-Kutta steps of dt, or ones so short that spikes "
        "between the points of the grid are found; needs float64",
        "fixed",
    )

    def check(self) -> None:
        """Refuse times that are not multiples of the step, and short steps in short numbers."""
        if self.integration == "accurate" and self.precision != "float64":
            self.refuse("integration", "needs precision float64, not {precision}")
        for name in ("warm_up", "duration"):
            steps = getattr(self, name) / self.dt
            if not steps_are_whole(steps):
                fit = max(round(steps), 1) * self.dt
                self.refuse(name, "is not a multiple of {dt}; change one of them", instead=(fit,))
