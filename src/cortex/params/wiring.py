"""How the synapses of two populations fall on their neurons."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.spec import flag


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringRule(Block):
    """What a drawn wiring allows; by default fixed in-degrees of distinct, other neurons."""

    multapses: bool = flag("whether two neurons may share several synapses", False)
    autapses: bool = flag("whether a neuron may reach itself", False)
    random_in_degrees: bool = flag(
        "whether synapses fall on random targets, only their number being fixed", False
    )

    @property
    def is_plain(self) -> bool:
        """Whether in-degrees are fixed and sources distinct and other neurons."""
        return not (self.multapses or self.autapses or self.random_in_degrees)
