"""What is simulated besides the Brunel network: the ring and the microcircuit."""

from dataclasses import dataclass, replace

from cortex.params.base import Block
from cortex.params.microcircuit import MicrocircuitParams
from cortex.params.senk import SenkParams
from cortex.params.simulation import SimulationParams
from cortex.params.spec import block, count, quantity, table
from cortex.params.wiring import WiringRule


@dataclass(frozen=True, slots=True, kw_only=True)
class RingCase(Block):
    """One relative weight with the external rates that hold the input at mu = sigma = 10 mV."""

    g: float = quantity("1", 0.0, 100.0, "relative inhibitory weight")
    rate_ext_exc: float = quantity("Hz", 0.0, 1e7, "external excitatory rate")
    rate_ext_inh: float = quantity("Hz", 0.0, 1e7, "external inhibitory rate")

    def of(self, model: SenkParams) -> SenkParams:
        """Return the ring at this case."""
        return replace(
            model, g=self.g, rate_ext_exc=self.rate_ext_exc, rate_ext_inh=self.rate_ext_inh
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RingSimulation(Block):
    """Waves on the ring of Senk et al. (2020), simulated beside their dispersion."""

    model: SenkParams = block(SenkParams, "the ring; g and external rates come with the case")
    cases: dict[str, RingCase] = table(block(RingCase, "a case"), "cases to simulate")
    simulation: SimulationParams = block(SimulationParams, "how they are simulated")
    networks: int = count(1, 1000, "independent networks per case")
    n_space: int = count(4, 10_000, "space bins of the space-time rate")
    rate_bin: float = quantity("ms", 0.01, 100.0, "time bin of the space-time rate")
    segment: float = quantity("ms", 1.0, 10_000.0, "Hann segment of the space-time spectra")
    excerpt: float = quantity("ms", 1.0, 10_000.0, "raster shown, from the start")
    max_wave_number: int = count(1, 1000, "highest wave number of the theory, cycles per ring")


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitSimulation(Block):
    """The microcircuit of Potjans & Diesmann (2014), simulated beside its theory."""

    model: MicrocircuitParams = block(MicrocircuitParams, "the circuit")
    scale: float = quantity("1", 0.001, 1.0, "share of neurons and synapses that is kept")
    wiring: WiringRule = block(WiringRule, "how synapses fall on neurons")
    simulation: SimulationParams = block(SimulationParams, "how it is simulated")
    networks: int = count(1, 1000, "independent networks")
    rate_bin: float = quantity("ms", 0.01, 100.0, "bin of the population rates")
    segment: float = quantity("ms", 1.0, 10_000.0, "Hann segment of the spectra")
    max_frequency: float = quantity("Hz", 1.0, 10_000.0, "highest frequency kept")
    excerpt: float = quantity("ms", 1.0, 10_000.0, "raster shown, from the start")
    n_shown: int = count(1, 100_000, "neurons shown in the raster")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikingStudy(Block):
    """Everything that is simulated on rings and microcircuits."""

    ring: RingSimulation = block(RingSimulation, "the ring")
    circuit: CircuitSimulation = block(CircuitSimulation, "the microcircuit")
