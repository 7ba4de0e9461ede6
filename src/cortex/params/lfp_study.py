"""What is run on LFP proxies: demonstration network, probe, ground truth, plane."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.params.base import Block
from cortex.params.drive import Drive
from cortex.params.grid import GridParams
from cortex.params.lfp import BallAndStickParams, SynapseParams, WeightedSumParams
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.observation import ObservationParams
from cortex.params.simulation import SimulationParams
from cortex.params.spec import block, count, quantity, table, vector
from cortex.params.synapses import Synapses
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationParams(Block):
    """Small network of point neurons whose LFP is shown contact by contact."""

    neuron: LIFParams = block(LIFParams, "neuron shared by both populations")
    capacitance: float = quantity(
        "pF", 1.0, 10_000.0, "membrane capacitance C; a jump J carries the charge C J"
    )
    n_exc: int = count(1, 1_000_000, "excitatory (pyramidal) neurons")
    n_inh: int = count(1, 1_000_000, "inhibitory neurons")
    in_degree_exc: int = count(1, 100_000, "excitatory synapses per neuron")
    in_degree_inh: int = count(1, 100_000, "inhibitory synapses per neuron")
    J_exc: float = quantity("mV", 1e-4, 20.0, "jump of the charge of an excitatory synapse")
    J_inh: float = quantity("mV", 1e-4, 20.0, "the same for an inhibitory synapse, positive")
    tau_exc: float = quantity("ms", 0.1, 100.0, "decay of the simulated excitatory current")
    tau_inh: float = quantity("ms", 0.1, 100.0, "decay of the simulated inhibitory current")
    delay: float = quantity("ms", 0.01, 100.0, "transmission delay")
    rate_ext: float = quantity("Hz", 0.0, 1e6, "external spikes per neuron, all sources together")
    J_ext: float = quantity("mV", 1e-4, 20.0, "jump of the charge of an external spike")

    def charged(self, synapses: SynapseParams) -> SynapseParams:
        """Return synapses with the capacitance of this network."""
        return replace(synapses, capacitance=self.capacitance)

    def network(self) -> PopulationNetwork:
        """Return the normal form read by theory, simulation and LFP."""
        return PopulationNetwork(
            names=("E", "I"),
            sizes=np.array([self.n_exc, self.n_inh]),
            neurons=LIFNeurons.of(self.neuron),
            synapses=Synapses(
                in_degrees=[self.in_degree_exc, self.in_degree_inh],
                J=[self.J_exc, -self.J_inh],
                tau_s=[self.tau_exc, self.tau_inh],
                delay=self.delay,
            ),
            drive=Drive(rate=self.rate_ext, J=self.J_ext, tau_s=self.tau_exc),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeParams(Block):
    """Cells scattered in a cube, and shanks of contacts beside its axis."""

    half_width: float = quantity("um", 1.0, 5000.0, "half edge of the cube of somata")
    dendrite: float = quantity("um", 10.0, 5000.0, "length of the apical dendrites")
    shanks: tuple[float, ...] = vector(
        quantity("um", 0.0, 10_000.0, "distance of a shank from the axis"), "shanks"
    )
    lowest: float = quantity("um", -10_000.0, 10_000.0, "depth of the lowest contact")
    highest: float = quantity("um", -10_000.0, 10_000.0, "depth of the highest contact")
    contacts: int = count(1, 1000, "contacts per shank")

    def electrodes(self) -> FloatArray:
        """Return the contact positions, shank by shank from below, (n_electrodes, 3) in m."""
        depths = np.linspace(self.lowest, self.highest, self.contacts)
        rows = [(x, 0.0, z) for x in self.shanks for z in depths]
        return np.array(rows, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundTruthParams(Block):
    """Cells of the cable ground truth and the search for the best weighted sum."""

    variants: dict[str, BallAndStickParams] = table(
        block(BallAndStickParams, "a placement of synapses"), "placements of synapses"
    )
    lowest: float = quantity("um", -5000.0, 5000.0, "lowest recording depth from the somata")
    highest: float = quantity("um", -5000.0, 5000.0, "highest recording depth")
    n_depths: int = count(2, 1000, "recording depths")
    longest_delay: float = quantity("ms", 0.0, 50.0, "longest delay tried in the fit")
    delay_step: float = quantity("ms", 0.01, 10.0, "step of the delays tried")
    smallest_alpha: float = quantity("1", 1e-3, 100.0, "smallest weight tried")
    largest_alpha: float = quantity("1", 1e-3, 100.0, "largest weight tried")
    n_alphas: int = count(2, 1000, "weights tried, evenly in the logarithm")
    discard: float = quantity("ms", 0.0, 10_000.0, "transient left out at both ends")

    def check(self) -> None:
        """Refuse a transient shorter than the delays that read into it."""
        if self.discard < self.longest_delay:
            self.refuse("discard", "must cover {longest_delay}; raise it")

    def depths(self) -> FloatArray:
        """Return the recording depths, m."""
        return np.linspace(self.lowest, self.highest, self.n_depths, dtype=np.float64)

    def delays(self) -> FloatArray:
        """Return the delays tried, s."""
        number = round(self.longest_delay / self.delay_step) + 1
        return np.asarray(self.delay_step * np.arange(number), dtype=np.float64)

    def alphas(self) -> FloatArray:
        """Return the weights tried."""
        return np.geomspace(self.smallest_alpha, self.largest_alpha, self.n_alphas)


@dataclass(frozen=True, slots=True, kw_only=True)
class LfpStatesParams(Block):
    """The demonstration network at other external rates, judged like the one shown."""

    rates_ext: tuple[float, ...] = vector(
        quantity("Hz", 0.0, 1e6, "external spikes per neuron, all sources together"),
        "external rates",
    )
    networks: int = count(1, 100, "independent networks per rate")
    simulation: SimulationParams = block(SimulationParams, "how each is simulated")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeKernelParams(Block):
    """Kernels of single spikes beside the weighted sum, along the first shank of the probe."""

    longest_lag: float = quantity("ms", 1.0, 1000.0, "length of the kernels")
    longest_shift: float = quantity("ms", 0.0, 100.0, "latest and earliest shift tried in the fit")
    shift_step: float = quantity("ms", 0.01, 10.0, "step of the shifts tried")

    def shifts(self) -> FloatArray:
        """Return the shifts tried, s, from earliest to latest."""
        number = round(self.longest_shift / self.shift_step)
        return self.shift_step * np.arange(-number, number + 1, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmplitudeMapParams(Block):
    """Grid on which the amplitude profiles are shown."""

    radius: float = quantity("um", 10.0, 5000.0, "largest distance from the axis")
    depth: float = quantity("um", 10.0, 5000.0, "largest distance along the axis, both ways")
    step: float = quantity("um", 1.0, 500.0, "step of the grid")
    disc_radius: float = quantity("um", 1.0, 5000.0, "disc over which one cell is averaged")


@dataclass(frozen=True, slots=True, kw_only=True)
class LfpPlaneParams(Block):
    """Points of the Brunel plane whose simulated and predicted LFP spectra are compared."""

    g: GridParams = block(GridParams, "relative inhibitory weights")
    nu_ext_ratio: GridParams = block(GridParams, "external rates over threshold rate")
    simulation: SimulationParams = block(SimulationParams, "how each point is simulated")


@dataclass(frozen=True, slots=True, kw_only=True)
class LfpStudy(Block):
    """Everything that is run on LFP proxies."""

    demonstration: DemonstrationParams = block(DemonstrationParams, "the network shown")
    simulation: SimulationParams = block(SimulationParams, "how it is simulated")
    synapses: SynapseParams = block(SynapseParams, "time course of the currents")
    weighting: WeightedSumParams = block(WeightedSumParams, "weighted sum of the currents")
    probe: ProbeParams = block(ProbeParams, "cells and electrodes")
    amplitude: AmplitudeMapParams = block(AmplitudeMapParams, "grid of the amplitude maps")
    ground_truth: GroundTruthParams = block(GroundTruthParams, "cable model and fits")
    states: LfpStatesParams = block(LfpStatesParams, "proxies by external rate")
    kernels: SpikeKernelParams = block(SpikeKernelParams, "kernels of single spikes")
    plane: LfpPlaneParams = block(LfpPlaneParams, "LFP over the Brunel plane")
    analysis: ObservationParams = block(ObservationParams, "windows of the spectra")
    excerpt: float = quantity("ms", 1.0, 100_000.0, "length of the traces shown")
