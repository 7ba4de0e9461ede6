"""Quadratic integrate-and-fire neurons (Latham et al. 2000; Brunel & Latham 2003)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from cortex.cells.cell import Cell
from cortex.cells.membrane import Membrane
from cortex.params.lif import Neurons
from cortex.params.spec import quantity
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class QIFCell(Membrane):
    """C dV/dt = g_L (V - E_L)(V - V_th)/(V_th - E_L) + I; a spike at V_peak."""

    V_th: float = quantity("mV", -200.0, 200.0, "potential from which V runs away without input")
    V_peak: float = quantity("mV", -200.0, 200.0, "potential at which a spike is counted", 0.03)

    def check(self) -> None:
        """Refuse a reset at or above the peak, a threshold above it or below rest."""
        self.need_order("V_reset", "V_peak")
        self.need_order("V_th", "V_peak")
        self.need_order("E_L", "V_th")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class QIFNeurons(Neurons):
    """tau_m dV/dt = -V (1 - V/V_th) + R I, a spike at V_peak."""

    MODEL: ClassVar[str] = "qif"
    PEAK: ClassVar[str] = "V_peak"

    V_peak: FloatArray = quantity("mV", 0.1, 400.0, "potential at which a spike is counted")


def slopes(V: float, w: float, RI: float, p: Any) -> tuple[float, float]:  # noqa: ARG001
    """Return dV/dt and zero."""
    return (V * V / p[2] - V + RI) / p[0], 0.0


def largest_move(V: float, p: Any) -> float:  # noqa: ARG001
    """Return a hundredth of the way from rest to threshold."""
    return 0.01 * float(p[2])


QIF = Cell(
    params=QIFCell, neurons=QIFNeurons, slopes=slopes, largest_move=largest_move, n_variables=1
)
