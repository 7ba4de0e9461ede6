"""What is run on the stability of LIF networks: phase plane, patterns, modes, delay rings."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.grid import GridParams, grid
from cortex.params.spec import block, count, distinct, quantity, text


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPatterns(Block):
    """Patterns of the ring of Senk et al. (2020) at a fixed working point."""

    network: str = text("the ring, of form senk_ring; external rates are replaced", "senk_ring")
    state: str = text("its state; g is replaced where growth rates are shown", "g6")
    input_mean: float = quantity("mV", -50.0, 100.0, "mean input held by the external rates")
    input_noise: float = quantity("mV", 1e-3, 100.0, "noise of the input held by them")
    g: tuple[float, ...] = distinct(
        quantity("1", 0.0, 100.0, "a weight"), "relative inhibitory weights"
    )
    wave_number: GridParams = grid(0.0, 1e6, "angular wave numbers, 1/mm")
    branch_pairs: int = count(1, 20, "conjugate pairs of Lambert W branches")
    fit_max_frequency: float = quantity("Hz", 10.0, 2000.0, "low-pass fit from 1 Hz to here")
    alphas: int = count(2, 1000, "steps from the rate model to the spiking model")
    real_low: float = quantity("per_s", -1500.0, 0.0, "smallest growth rate of the spiking modes")
    spiking_stride: int = count(1, 1000, "every how many wave numbers the spiking model is solved")
    delay_low: float = quantity("ms", 0.01, 100.0, "shortest delay of the onset line")
    delay_high: float = quantity("ms", 0.01, 100.0, "longest delay of the onset line")

    def check(self) -> None:
        """Refuse an onset line without length."""
        self.need_rising("delay_low", "delay_high")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRings(Block):
    """Rings of rate units of unit time constant with delayed interactions."""

    delay: GridParams = grid(1e-6, 1e6, "delays over the time constant")


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityStudy(Block):
    """Everything that is run on the stability of networks."""

    ring: RingPatterns = block(RingPatterns, "patterns of a spiking ring")
    delay_rings: DelayRings = block(DelayRings, "rings with delays")
