"""Leaky neurons that fire at random, the more the higher V: GIF (Mensi et al. 2012)."""

from dataclasses import dataclass
from math import exp
from typing import Any, ClassVar

from cortex.cells.cell import Cell
from cortex.cells.lif import largest_move
from cortex.cells.membrane import Membrane
from cortex.params.lif import Neurons
from cortex.params.spec import quantity
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GIFCell(Membrane):
    """C dV/dt = -g_L (V - E_L) - w + I; spikes of rate lambda_0 exp((V - theta)/Delta_V).

    A spike adds b to w and b_th to the threshold theta; both decay, to zero and to V_th.
    """

    V_th: float = quantity("mV", -200.0, 200.0, "threshold long after a spike")
    Delta_V: float = quantity("mV", 1e-3, 50.0, "how far V is from an e-fold of the rate")
    lambda_0: float = quantity("per_s", 1e-3, 1e5, "rate of spikes where V is at threshold")
    tau_w: float = quantity("ms", 0.1, 10_000.0, "time constant of the current after a spike")
    b: float = quantity("pA", -10_000.0, 10_000.0, "current added by a spike, outward")
    tau_th: float = quantity("ms", 0.1, 10_000.0, "time constant of the threshold after a spike")
    b_th: float = quantity("mV", -200.0, 200.0, "threshold added by a spike")

    def check(self) -> None:
        """Refuse a reset at or above threshold, and a threshold at or below rest."""
        self.need_order("V_reset", "V_th")
        self.need_order("E_L", "V_th")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class GIFNeurons(Neurons):
    """LIF with -w in tau_m dV/dt, spikes of rate lambda_0 exp((V - V_th - shift)/Delta_V)."""

    MODEL: ClassVar[str] = "gif"

    Delta_V: FloatArray = quantity("mV", 1e-3, 50.0, "how far V is from an e-fold of the rate")
    lambda_0: FloatArray = quantity("per_s", 1e-3, 1e5, "rate of spikes where V is at threshold")
    tau_w: FloatArray = quantity("ms", 0.1, 10_000.0, "time constant of the current after a spike")
    b: FloatArray = quantity("mV", -1000.0, 1000.0, "current added by a spike, R times it")
    tau_th: FloatArray = quantity("ms", 0.1, 10_000.0, "time constant of the threshold")
    b_th: FloatArray = quantity("mV", -200.0, 200.0, "threshold added by a spike")


def slopes(V: float, w: float, RI: float, p: Any) -> tuple[float, float]:
    """Return dV/dt and dw/dt."""
    return (RI - V - w) / p[0], -w / p[6]


def hazard(V: float, shift: float, p: Any) -> float:
    """Return the rate of spikes at a potential and a shift of the threshold, 1/s."""
    return float(p[5] * exp((V - p[2] - shift) / p[4]))


GIF = Cell(
    params=GIFCell,
    neurons=GIFNeurons,
    slopes=slopes,
    largest_move=largest_move,
    hazard=hazard,
    n_variables=2,
    spikes_between_steps=False,
)
