"""What is run on LFP proxies: probe, amplitudes, ground truth, kernels of spikes."""

from dataclasses import dataclass

import numpy as np

from cortex.params.base import Block
from cortex.params.lfp import BallAndStickParams
from cortex.params.spec import block, count, distinct, quantity, table
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeParams(Block):
    """Cells scattered in a cube, and shanks of contacts beside its axis."""

    half_width: float = quantity("um", 1.0, 5000.0, "half edge of the cube of somata")
    dendrite: float = quantity("um", 10.0, 5000.0, "length of the apical dendrites")
    shanks: tuple[float, ...] = distinct(
        quantity("um", 0.0, 10_000.0, "distance of a shank from the axis"), "shanks"
    )
    lowest: float = quantity("um", -10_000.0, 10_000.0, "depth of the lowest contact")
    highest: float = quantity("um", -10_000.0, 10_000.0, "depth of the highest contact")
    contacts: int = count(1, 1000, "contacts per shank")

    def check(self) -> None:
        """Refuse a shank that ends below its beginning."""
        if self.contacts > 1:
            self.need_rising("lowest", "highest")

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
        """Refuse bounds that are exchanged, and a transient shorter than the delays tried."""
        self.need_rising("lowest", "highest")
        self.need_rising("smallest_alpha", "largest_alpha")
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
class LfpStudy(Block):
    """What is run on LFP proxies, beside the network `lfp_demonstration` that they are made of."""

    probe: ProbeParams = block(ProbeParams, "cells and electrodes")
    amplitude: AmplitudeMapParams = block(AmplitudeMapParams, "grid of the amplitude maps")
    ground_truth: GroundTruthParams = block(GroundTruthParams, "cable model and fits")
    kernels: SpikeKernelParams = block(SpikeKernelParams, "kernels of single spikes")
