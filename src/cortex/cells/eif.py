"""Exponential integrate-and-fire neurons (Fourcaud-Trocme et al. 2003)."""

from dataclasses import dataclass
from math import exp
from typing import Any, ClassVar

from cortex.cells.cell import Cell
from cortex.cells.membrane import Membrane
from cortex.params.lif import Neurons
from cortex.params.spec import quantity
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EIFCell(Membrane):
    """C dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) + I; a spike at V_peak."""

    V_th: float = quantity("mV", -200.0, 200.0, "potential at which the spike sets on")
    Delta_T: float = quantity("mV", 0.01, 50.0, "sharpness of the onset")
    V_peak: float = quantity("mV", -200.0, 200.0, "potential at which a spike is counted", 0.0)

    def check(self) -> None:
        """Refuse a reset at or above the peak, an onset above it or below rest."""
        self.need_order("V_reset", "V_peak")
        self.need_order("V_th", "V_peak")
        self.need_order("E_L", "V_th")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class EIFNeurons(Neurons):
    """tau_m dV/dt = -V + Delta_T exp((V - V_th)/Delta_T) + R I, a spike at V_peak."""

    MODEL: ClassVar[str] = "eif"
    PEAK: ClassVar[str] = "V_peak"

    Delta_T: FloatArray = quantity("mV", 0.01, 50.0, "sharpness of the onset")
    V_peak: FloatArray = quantity("mV", 0.1, 400.0, "potential at which a spike is counted")


def slopes(V: float, w: float, RI: float, p: Any) -> tuple[float, float]:  # noqa: ARG001
    """Return dV/dt and zero."""
    return (p[4] * exp((V - p[2]) / p[4]) - V + RI) / p[0], 0.0


def largest_move(V: float, p: Any) -> float:
    """Return a twentieth of the sharpness near the onset, a millivolt far below it."""
    return 0.05 * float(p[4]) if p[2] - 2.0 * p[4] < V else 1e-3


EIF = Cell(
    params=EIFCell, neurons=EIFNeurons, slopes=slopes, largest_move=largest_move, n_variables=1
)
