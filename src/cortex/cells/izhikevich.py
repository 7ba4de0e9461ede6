"""Neurons of Izhikevich (2003, 2007), relative to their rest: quadratic with adaptation."""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, ClassVar

from cortex.cells.cell import Cell
from cortex.cells.qif import QIFNeurons, largest_move
from cortex.params.base import Block
from cortex.params.izhikevich import IzhikevichCell as CellOf2007
from cortex.params.spec import quantity
from cortex.typing import FloatArray

SQUARE, LINEAR, CONSTANT = 0.04, 5.0, 140.0  # of v' = 0.04 v^2 + 5 v + 140 - u + I, in mV and ms


@dataclass(frozen=True, slots=True, kw_only=True)
class IzhikevichCell(Block):
    """v' = 0.04 v^2 + 5 v + 140 - u + I, u' = a (b v - u); at 30 mV v = c, u += d (mV, ms)."""

    a: float = quantity("per_ms", 1e-4, 10.0, "rate of recovery")
    b: float = quantity("per_ms", -10.0, 0.267, "sensitivity of recovery; beyond, no rest")
    c: float = quantity("mV", -200.0, 29.0, "reset")
    d: float = quantity("1", -1000.0, 1000.0, "recovery added by a spike, mV/ms")
    tau_ref: float = quantity("ms", 0.0, 100.0, "absolute refractory period", 0.0)

    @property
    def E_L(self) -> float:
        """Resting potential: the lower root of the quadratic with u = b v, V."""
        linear = LINEAR - self.b * 1e-3
        return -1e-3 * (linear + sqrt(linear**2 - 4.0 * SQUARE * CONSTANT)) / (2.0 * SQUARE)

    @property
    def tau_m(self) -> float:
        """Time constant at rest for fixed u, s; a current I of the paper is R I = tau_m I."""
        return -1e-3 / (2.0 * SQUARE * self.E_L * 1e3 + LINEAR)

    def normal(self) -> dict[str, float]:
        """Return the fields of the normal form: potentials above rest, u above b times rest."""
        return {
            "tau_m": self.tau_m,
            "tau_ref": self.tau_ref,
            "V_th": 1e-6 / (SQUARE * self.tau_m),
            "V_reset": self.c - self.E_L,
            "V_peak": 0.03 - self.E_L,
            "tau_w": 1.0 / self.a,
            "a": self.b * self.tau_m,
            "b": self.d * self.tau_m,
        }


@dataclass(frozen=True, slots=True, init=False, eq=False)
class IzhikevichNeurons(QIFNeurons):
    """QIF with -w in tau_m dV/dt: tau_w dw/dt = a V - w; a spike adds b to w (V)."""

    MODEL: ClassVar[str] = "izhikevich"

    tau_w: FloatArray = quantity("ms", 0.1, 10_000.0, "time constant of recovery")
    a: FloatArray = quantity("1", -100.0, 100.0, "recovery below threshold over the leak")
    b: FloatArray = quantity("mV", -1000.0, 1000.0, "recovery added by a spike, R times it")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Izhikevich2007Neurons(IzhikevichNeurons):
    """The same equations, with parameters of C, k, v_r and v_t instead of a fixed quadratic."""

    MODEL: ClassVar[str] = "izhikevich_2007"


def slopes(V: float, w: float, RI: float, p: Any) -> tuple[float, float]:
    """Return dV/dt and dw/dt."""
    return (V * V / p[2] - V - w + RI) / p[0], (p[6] * V - w) / p[5]


IZHIKEVICH = Cell(
    params=IzhikevichCell,
    neurons=IzhikevichNeurons,
    slopes=slopes,
    largest_move=largest_move,
    n_variables=2,
)
IZHIKEVICH_2007 = replace(IZHIKEVICH, params=CellOf2007, neurons=Izhikevich2007Neurons)
