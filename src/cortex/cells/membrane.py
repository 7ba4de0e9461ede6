"""The membrane that all models share, as papers state it."""

from dataclasses import dataclass, fields
from typing import Any

from cortex.params.base import Block
from cortex.params.spec import Quantity, quantity, spec_of

POTENTIALS = ("V_th", "V_reset", "V_peak")
CURRENTS = ("b",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membrane(Block):
    """A membrane with a leak; potentials are absolute."""

    C: float = quantity("pF", 1.0, 10_000.0, "membrane capacitance")
    g_L: float = quantity("nS", 0.01, 10_000.0, "leak conductance")  # noqa: N815
    E_L: float = quantity("mV", -200.0, 200.0, "resting potential, that of the leak")
    V_reset: float = quantity("mV", -200.0, 200.0, "potential after a spike")
    tau_ref: float = quantity("ms", 0.0, 100.0, "absolute refractory period", 0.0)

    @property
    def tau_m(self) -> float:
        """Membrane time constant, s."""
        return self.C / self.g_L

    def need_order(self, low: str, high: str) -> None:
        """Refuse a potential `low` that is not below `high`."""
        if not getattr(self, low) < getattr(self, high):
            self.refuse(low, f"must lie below {{{high}}}; are the two exchanged?")

    def normal(self) -> dict[str, float]:
        """Return the fields of the normal form: relative to rest, over the leak conductance."""
        values: dict[str, Any] = {"tau_m": self.tau_m}
        for field in fields(self):
            name, value, spec = field.name, getattr(self, field.name), spec_of(field)
            if name in POTENTIALS:
                value -= self.E_L
            elif isinstance(spec, Quantity) and spec.unit in {"pA", "nS"}:
                value /= self.g_L
            values[name] = value
        return {name: values[name] for name in values if name not in {"C", "g_L", "E_L"}}
