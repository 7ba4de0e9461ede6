"""How the synapses of two populations fall on their neurons."""

from collections.abc import Mapping
from dataclasses import dataclass

from cortex.errors import ParameterError
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


PLAIN = WiringRule()

Rules = WiringRule | Mapping[str, Mapping[str, WiringRule]]
"""One rule for all projections, or ``{target: {source: rule}}``; what is not named is plain."""


def rules_of(names: tuple[str, ...], rules: Rules) -> list[list[WiringRule]]:
    """Return the rule of every projection, ``[target][source]``; refuse unknown populations."""
    if isinstance(rules, WiringRule):
        return [[rules] * len(names)] * len(names)
    unknown = {name for target, row in rules.items() for name in (target, *row)} - set(names)
    if unknown:
        msg = f"wiring rules of {sorted(unknown)}: the populations are {', '.join(names)}"
        raise ParameterError(msg)
    return [[rules.get(a, {}).get(b, PLAIN) for b in names] for a in names]
