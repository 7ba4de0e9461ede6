"""Which currents of a network make its LFP."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.lfp import RWS, SYNAPSES, SynapseParams, WeightedSumParams
from cortex.params.spec import block, flag, text, vector


@dataclass(frozen=True, slots=True, kw_only=True)
class LfpParams(Block):
    """Weighted sum of the currents onto the populations that carry dipoles.

    A signal is one weighted sum: over all `targets` together, or of each of them.
    Projections with positive weights carry AMPA, those with negative ones GABA.
    """

    targets: tuple[str, ...] = vector(
        text("a population"), "populations whose neurons carry dipoles"
    )
    separate: bool = flag("whether each target makes a signal of its own", False)
    synapses: SynapseParams = block(SynapseParams, "time course of the currents", SYNAPSES)
    weighting: WeightedSumParams = block(
        WeightedSumParams, "weights and delays of the currents", RWS
    )

    def signals(self) -> dict[str, tuple[str, ...]]:
        """Return name -> target populations of each signal."""
        if self.separate:
            return {name: (name,) for name in self.targets}
        return {"+".join(self.targets): self.targets}
