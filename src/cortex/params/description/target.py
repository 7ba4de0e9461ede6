"""Wanted activity of a network, and the keys that may change for it."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.description.specs import optional
from cortex.params.spec import block, count, quantity, table, text


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeParams(Block):
    """A key that may change, between two values of one sign.

    Design seeks its logarithm; for inference it is uniform between the two before the data.
    """

    key: str = text("dotted key of the network, such as projections.e.w_pA, or a factor")
    low: float = quantity("1", -1e9, 1e9, "smallest value, in the unit of the key")
    high: float = quantity("1", -1e9, 1e9, "largest value")

    def check(self) -> None:
        """Refuse an empty interval, and one that holds zero."""
        if self.low >= self.high:
            self.refuse("low", "must lie below {high}; are the two exchanged?")
        if self.low <= 0.0 <= self.high:
            self.refuse("low", "and {high} need one sign, without zero: its logarithm is sought")


WEIGHT = quantity("1", 1e-3, 1e3, "weight against the other wishes", 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationTarget(Block):
    """Wanted activity of one population."""

    rate: float | None = optional(quantity("Hz", 1e-3, 1000.0, "firing rate"))
    cv: float | None = optional(quantity("1", 1e-3, 10.0, "CV of the inter-spike intervals"))
    weight: float = WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeTarget(Block):
    """Wanted frequency and damping of one mode, the one nearest to them."""

    frequency: float | None = optional(quantity("Hz", 0.1, 1000.0, "frequency"))
    growth: float | None = optional(
        quantity("per_s", -1000.0, 1000.0, "growth rate; negative where it is damped")
    )
    wave_number: int | None = optional(
        count(0, 1000, "cycles per ring of the mode that is to lead all others")
    )
    weight: float = WEIGHT

    def check(self) -> None:
        """Refuse a mode of which nothing is wanted."""
        if self.frequency is None and self.growth is None and self.wave_number is None:
            self.refuse("", "a mode needs frequency_Hz, growth_per_s or wave_number")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetParams(Block):
    """Wanted activity, for which `cortex design` seeks the values of the keys in `free`."""

    populations: dict[str, PopulationTarget] = table(
        block(PopulationTarget, "one"), "wanted rates and CVs, by population", {}
    )
    mode: ModeTarget | None = optional(block(ModeTarget, "a mode"))
    rate_peak: float | None = optional(
        quantity("Hz", 0.1, 1000.0, "peak of the spectrum of the rate of all neurons")
    )
    lfp_peak: float | None = optional(
        quantity("Hz", 0.1, 1000.0, "peak of the spectrum of the first LFP signal")
    )
    tolerance: float = quantity(
        "1", 1e-4, 1.0, "share by which the simulation may miss a rate or frequency", 0.05
    )
    rounds: int = count(0, 10, "rounds of simulation that correct the theory, at most", 3)
