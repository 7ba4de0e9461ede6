"""What is run on the stability of LIF networks: phase plane, patterns, modes, delay rings."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.grid import GridParams
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams
from cortex.params.spec import block, choice, count, quantity, vector


def _check_rising(block: Block, name: str) -> None:
    if getattr(block, f"{name}_low") >= getattr(block, f"{name}_high"):
        reason = f"must lie below {{{name}_high}}; are the two exchanged?"
        block.refuse(f"{name}_low", reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneLines(Block):
    """Window of the Brunel plane in which bifurcation lines are followed."""

    g_low: float = quantity("1", 0.0, 100.0, "smallest relative inhibitory weight")
    g_high: float = quantity("1", 0.0, 100.0, "largest relative inhibitory weight")
    ratio_low: float = quantity("1", 0.0, 100.0, "smallest external rate over threshold rate")
    ratio_high: float = quantity("1", 0.0, 100.0, "largest external rate over threshold rate")
    max_frequency: float = quantity("Hz", 1.0, 5000.0, "highest frequency of an onset")
    max_step: float = quantity("1", 1e-3, 1.0, "largest step of the continuation, scaled")

    def check(self) -> None:
        """Refuse a window without width or height."""
        _check_rising(self, "g")
        _check_rising(self, "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPatterns(Block):
    """Patterns of the ring of Senk et al. (2020) at a fixed working point."""

    model: SenkParams = block(SenkParams, "the ring; g and external rates are set below")
    input_mean: float = quantity("mV", -50.0, 100.0, "mean input held by the external rates")
    input_noise: float = quantity("mV", 1e-3, 100.0, "noise of the input held by them")
    g: tuple[float, ...] = vector(
        quantity("1", 0.0, 100.0, "a weight"), "relative inhibitory weights"
    )
    wave_number: GridParams = block(GridParams, "angular wave numbers, 1/mm")
    branch_pairs: int = count(1, 20, "conjugate pairs of Lambert W branches")
    fit_max_frequency: float = quantity("Hz", 10.0, 2000.0, "low-pass fit from 1 Hz to here")
    alphas: int = count(2, 1000, "steps from the rate model to the spiking model")
    real_low: float = quantity("per_s", -1500.0, 0.0, "smallest growth rate of the spiking modes")
    spiking_stride: int = count(1, 1000, "every how many wave numbers the spiking model is solved")
    delay_low: float = quantity("ms", 0.01, 100.0, "shortest delay of the onset line")
    delay_high: float = quantity("ms", 0.01, 100.0, "longest delay of the onset line")

    def check(self) -> None:
        """Refuse an onset line without length."""
        _check_rising(self, "delay")


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitModes(Block):
    """Spectra, eigenvalue trajectories and sensitivity of a microcircuit."""

    model: MicrocircuitParams = block(MicrocircuitParams, "the circuit")
    method: str = choice(("shift", "taylor"), "treatment of colored noise")
    frequency: GridParams = block(GridParams, "frequencies, Hz")
    modes_shown: int = count(1, 8, "modes whose sensitivity is listed, closest to 1 first")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRings(Block):
    """Rings of rate units of unit time constant with delayed interactions."""

    delay: GridParams = block(GridParams, "delays over the time constant")


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityStudy(Block):
    """Everything that is run on the stability of networks."""

    plane: PlaneLines = block(PlaneLines, "lines of the Brunel plane")
    ring: RingPatterns = block(RingPatterns, "patterns of a spiking ring")
    circuit: CircuitModes = block(CircuitModes, "modes of a microcircuit")
    delay_rings: DelayRings = block(DelayRings, "rings with delays")
