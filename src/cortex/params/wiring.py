"""How the synapses of two populations fall on their neurons."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Final

from cortex.errors import Amount, ParameterError, Problem
from cortex.params.base import Block
from cortex.params.network import PopulationNetwork
from cortex.params.spec import choice, flag

RULES: Final = (
    "fixed_in_degree",
    "fixed_out_degree",
    "fixed_total_number",
    "pairwise_bernoulli",
    "one_to_one",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringRule(Block):
    """What a drawn wiring allows; by default fixed in-degrees of distinct, other neurons."""

    rule: str = choice(
        RULES,
        "what is fixed: sources of every target, targets of every source, the number of synapses "
        "alone, the probability of every pair, or each neuron's one partner of its own number",
        "fixed_in_degree",
    )
    multapses: bool = flag("whether two neurons may share several synapses", False)
    autapses: bool = flag("whether a neuron may reach itself", False)

    def check(self) -> None:
        """Refuse repeats where every pair is asked once."""
        if self.multapses and self.rule in {"pairwise_bernoulli", "one_to_one"}:
            self.refuse("", f"multapses: {self.rule} asks every pair of neurons once")

    @property
    def is_plain(self) -> bool:
        """Whether in-degrees are fixed and sources distinct and other neurons."""
        return not (self.multapses or self.autapses or self.rule != "fixed_in_degree")

    @property
    def scatters_in_degrees(self) -> bool:
        """Whether neurons of a population hear unlike numbers of sources."""
        return self.rule not in {"fixed_in_degree", "one_to_one"}


PLAIN = WiringRule()
MOST_ABOVE: Final = 0.01  # expected targets with too many sources, of a wiring that may be drawn
ROUNDED: Final = 1e-9  # a probability of one may make an in-degree that is more by as much

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


def check_rule(network: PopulationNetwork, pair: tuple[int, int], rule: WiringRule) -> None:
    """Refuse a rule that sizes, in-degree or space of a pair (target, source) do not allow."""
    (a, b), K = pair, float(network.synapses.in_degrees[pair])
    n_targets, n_sources = int(network.sizes[a]), int(network.sizes[b])
    others = n_sources - (a == b and not rule.autapses)
    reason = ""
    if rule.rule == "one_to_one" and not (n_targets == n_sources and K == 1.0):
        reason = (
            f"one_to_one needs as many sources as targets and an in-degree of 1; found {n_sources} "
            f"sources, {n_targets} targets and {K:g}"
        )
    elif rule.rule == "one_to_one" and network.space is not None:
        reason = "one_to_one asks for no distance; in space take a list of synapses"
    elif rule.rule == "pairwise_bernoulli" and n_sources < K:
        reason = f"an in-degree of {K:g} from {n_sources} neurons needs a probability above 1"
    elif rule.rule != "pairwise_bernoulli" and not rule.multapses and others * (1.0 + ROUNDED) < K:
        beside = " beside itself" * (others < n_sources)
        reason = (
            f"an in-degree of {K:g} of distinct sources, and a target has {others}{beside}; lower "
            "it, or allow them to repeat, `wiring: {multapses: true}`"
        )
    elif rule.rule == "fixed_total_number" and not rule.multapses:
        least = others + 1.0  # in-degrees are nearly Poisson; their tail falls as a geometric row
        tail = exp(least * log(K) - K - lgamma(least + 1.0)) / (1.0 - K / least)
        above = n_targets * tail
        if above > MOST_ABOVE:
            reason = (
                f"about {above:.2g} of {n_targets} targets would get more than the {others} "
                f"distinct sources there are, in-degrees scatter about {K:g}; lower it, fix them, "
                "or allow sources to repeat, `wiring: {multapses: true}`"
            )
    if reason:
        place = Amount(place=("projections",))
        pair_named = f"from {network.names[b]} to {network.names[a]}"
        raise ParameterError(Problem(subject=place, reason=f"{pair_named}: {reason}"))
