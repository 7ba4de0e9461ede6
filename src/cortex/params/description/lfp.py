"""Which currents of a network make its LFP."""

from dataclasses import dataclass

import numpy as np

from cortex.params.base import Block
from cortex.params.description.specs import optional
from cortex.params.lfp import CONDUCTIVITIES, RWS, SYNAPSES, SynapseParams, WeightedSumParams
from cortex.params.spec import block, declare, flag, quantity, table, text, vector


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerParams(Block):
    """Where the neurons of a target lie in depth."""

    soma: float = quantity("mm", -10.0, 10.0, "height of the somata")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetElectrodes(Block):
    """Contacts over a periodic sheet, one over every cell of `analysis.n_space`.

    The dipole of a target neuron stands upright, from its soma to an apex above it.
    """

    height: float = quantity("mm", -10.0, 10.0, "of the contacts that form a grid")
    shaft: tuple[float, ...] = vector(
        quantity("mm", -10.0, 10.0, "a height"),
        "heights of contacts above each other, ascending and evenly spaced, for the CSD",
        default=(),
    )
    layers: dict[str, LayerParams] = table(
        block(LayerParams, "a layer"), "targets whose somata lie elsewhere than at zero", {}
    )
    length: float = quantity("mm", 0.001, 10.0, "from soma to apex", 2.5e-4)
    conductivity: float = declare(CONDUCTIVITIES, 0.3)

    def check(self) -> None:
        """Refuse a shaft without second differences."""
        steps = np.diff(self.shaft)
        if self.shaft and not (len(steps) > 1 and steps[0] > 0.0 and np.allclose(steps, steps[0])):
            self.refuse("shaft", "needs at least three heights, ascending and evenly spaced")


@dataclass(frozen=True, slots=True, kw_only=True)
class LfpParams(Block):
    """Weighted sum of the currents onto the populations that carry dipoles.

    A signal is one weighted sum: over all `targets` together, or of each of them.
    Projections with positive weights carry AMPA, those with negative ones GABA. The currents are
    those of the spikes in the courses of `synapses`; those of a network with conductances, which
    depend on the potentials, are recorded in the simulation.
    """

    targets: tuple[str, ...] = vector(
        text("a population"), "populations whose neurons carry dipoles"
    )
    separate: bool = flag("whether each target makes a signal of its own", False)
    synapses: SynapseParams = block(SynapseParams, "time course of the currents", SYNAPSES)
    weighting: WeightedSumParams = block(
        WeightedSumParams, "weights and delays of the currents", RWS
    )
    electrodes: SheetElectrodes | None = optional(
        block(SheetElectrodes, "contacts over a periodic sheet")
    )

    def check(self) -> None:
        """Refuse layers of what carries no dipoles."""
        unknown = set(self.electrodes.layers) - set(self.targets) if self.electrodes else set()
        if unknown:
            there = ", ".join(self.targets)
            self.refuse(
                "", f"electrodes.layers names {', '.join(sorted(unknown))}; targets are {there}"
            )

    def soma_of(self, target: str) -> float:
        """Return the height of the somata of a target, m."""
        layer = None if self.electrodes is None else self.electrodes.layers.get(target)
        return 0.0 if layer is None else layer.soma

    def signals(self) -> dict[str, tuple[str, ...]]:
        """Return name -> target populations of each signal."""
        if self.separate:
            return {name: (name,) for name in self.targets}
        return {"+".join(self.targets): self.targets}
