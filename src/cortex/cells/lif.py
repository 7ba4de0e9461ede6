"""Leaky integrate-and-fire neurons with the membrane as papers on conductances state it."""

from dataclasses import dataclass
from typing import Any

from cortex.cells.cell import Cell
from cortex.cells.membrane import Membrane
from cortex.params.lif import LIFNeurons
from cortex.params.spec import quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class LIFCell(Membrane):
    """C dV/dt = -g_L (V - E_L) + I; a spike at V_th resets V for tau_ref."""

    V_th: float = quantity("mV", -200.0, 200.0, "threshold")

    def check(self) -> None:
        """Refuse a reset at or above threshold, and a threshold at or below rest."""
        self.need_order("V_reset", "V_th")
        self.need_order("E_L", "V_th")


def slopes(V: float, w: float, RI: float, p: Any) -> tuple[float, float]:  # noqa: ARG001
    """Return dV/dt and zero."""
    return (RI - V) / p[0], 0.0


def largest_move(V: float, p: Any) -> float:  # noqa: ARG001
    """Return a hundredth of the way from rest to threshold."""
    return 0.01 * float(p[2])


LIF = Cell(
    params=LIFCell,
    neurons=LIFNeurons,
    slopes=slopes,
    largest_move=largest_move,
    n_variables=1,
    is_linear=True,
    spikes_between_steps=False,
)
