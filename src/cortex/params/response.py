"""What is computed for single neurons and populations alike: responses, fits, rates."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.grid import GridParams, grid
from cortex.params.lif import LIFParams
from cortex.params.simulation import SimulationParams
from cortex.params.spec import block, count, distinct, quantity, table, text, vector
from cortex.units import steps_are_whole

DRIVE = quantity("mV", -50.0, 150.0, "mean input relative to rest")
NOISE = quantity("mV", 0.01, 40.0, "standard deviation of the input")
WEIGHT = quantity("1", 0.0, 100.0, "relative inhibitory weight")
RATE = quantity("Hz", 0.0, 1000.0, "simulated rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsePoint(Block):
    """One neuron at one input."""

    mu: float = quantity("mV", -50.0, 150.0, "mean input relative to rest")
    sigma: float = quantity("mV", 0.01, 40.0, "standard deviation of the input")
    title: str = text("what the point is called, for figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenNeurons(Block):
    """Simulated neurons whose mean input swings, at every input."""

    frequency: tuple[float, ...] = distinct(
        quantity("Hz", 0.01, 5000.0, ""), "frequencies, whole numbers of cycles in the run"
    )
    swing: float = quantity("1", 0.01, 1.0, "predicted swing of the rate over its mean")
    n_neurons: int = count(1, 100_000, "neurons at each frequency and input")
    run: SimulationParams = block(SimulationParams, "step, transient and recorded time")

    def check(self) -> None:
        """Refuse frequencies whose cycles the run cuts."""
        for each in self.frequency:
            if not steps_are_whole(each * self.run.duration):
                self.refuse("frequency", f": the run cuts a cycle of {each:g} Hz")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuronResponse(Block):
    """Response of a neuron to a modulation of its input, at several inputs."""

    neuron: LIFParams = block(LIFParams, "the neuron")
    tau_s: float = quantity("ms", 0.0, 100.0, "synaptic time constant")
    points: dict[str, ResponsePoint] = table(block(ResponsePoint, "an input"), "inputs")
    log10_frequency: GridParams = grid(-6.0, 6.0, "decadic logarithm of the frequency in Hz")
    driven: DrivenNeurons = block(DrivenNeurons, "simulated neurons")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateModelMapping(Block):
    """Low-pass fits to the response over a grid of inputs (Senk et al. 2020, figure 5)."""

    network: str = text("the ring, of form senk_ring; external rates are solved for", "senk_ring")
    state: str = text("its state; g is replaced", "g5")
    g: tuple[float, ...] = distinct(WEIGHT, "relative inhibitory weights")
    mu: tuple[float, ...] = distinct(DRIVE, "means of the input")
    sigma: tuple[float, ...] = distinct(NOISE, "standard deviations of the input")
    frequency: GridParams = grid(1e-3, 1e5, "frequencies of the fit, Hz")


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrocircuitRates(Block):
    """Rates of the microcircuit by all treatments, next to simulated ones."""

    network: str = text("the circuit, of form microcircuit", "microcircuit")
    state: str = text("its state; not needed where it has one", "")
    w_cv: float = quantity("1", 0.0, 0.3, "scatter of weights that theory counts", 0.0)
    simulated: tuple[float, ...] = vector(RATE, "published rates, Poisson drive", 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseStudy(Block):
    """Everything that is run on responses, fits and rates of LIF populations."""

    schuecker: NeuronResponse = block(NeuronResponse, "neurons of Schuecker et al. (2015)")
    mapping: RateModelMapping = block(RateModelMapping, "from spiking to rate model")
    microcircuit: MicrocircuitRates = block(MicrocircuitRates, "Potjans & Diesmann (2014)")
