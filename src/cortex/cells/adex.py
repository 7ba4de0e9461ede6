"""Adaptive exponential integrate-and-fire neurons (Brette & Gerstner 2005)."""

from dataclasses import dataclass
from math import exp
from typing import Any, ClassVar

from cortex.cells.cell import Cell
from cortex.cells.eif import EIFCell, EIFNeurons, largest_move
from cortex.params.spec import quantity
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class AdExCell(EIFCell):
    """EIF with a current -w: tau_w dw/dt = a (V - E_L) - w; a spike adds b to w."""

    tau_w: float = quantity("ms", 0.1, 10_000.0, "time constant of adaptation")
    a: float = quantity("nS", -1000.0, 1000.0, "adaptation below threshold")
    b: float = quantity("pA", -10_000.0, 10_000.0, "adaptation added by a spike")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class AdExNeurons(EIFNeurons):
    """EIF with -w in tau_m dV/dt: tau_w dw/dt = a V - w; a spike adds b to w (V)."""

    MODEL: ClassVar[str] = "adex"

    tau_w: FloatArray = quantity("ms", 0.1, 10_000.0, "time constant of adaptation")
    a: FloatArray = quantity("1", -100.0, 100.0, "adaptation below threshold over the leak")
    b: FloatArray = quantity("mV", -1000.0, 1000.0, "adaptation added by a spike, R times it")


def slopes(V: float, w: float, RI: float, p: Any) -> tuple[float, float]:
    """Return dV/dt and dw/dt."""
    dV = (p[4] * exp((V - p[2]) / p[4]) - V - w + RI) / p[0]
    return dV, (p[7] * V - w) / p[6]


ADEX = Cell(
    params=AdExCell, neurons=AdExNeurons, slopes=slopes, largest_move=largest_move, n_variables=2
)
