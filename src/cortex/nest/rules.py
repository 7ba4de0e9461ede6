"""How NEST draws the connections of a network by itself."""

from typing import Any

import numpy as np

from cortex.errors import SimulationError
from cortex.nest.receptors import Receptors
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import Rules, WiringRule, rules_of
from cortex.spiking.sources import spread_in_degree

NEARLY_WHOLE = 1e-9


def span(network: PopulationNetwork, population: int) -> list[int]:
    """Return the first neuron of a population and that of the next."""
    return [int(network.first[population]), int(network.first[population + 1])]


def rules_for(
    network: PopulationNetwork, receptors: Receptors, rule: Rules, dt: float
) -> list[dict[str, Any]]:
    """Return the rule of each pair of populations, in NEST's words and units.

    Raises
    ------
    SimulationError
        Geometry, lognormal delays, a mean in-degree that is not whole: cortex draws those.
    """
    what = None
    if network.space is not None:
        what = "geometry"
    elif network.synapses.delay_distribution == "lognormal":
        what = "lognormal delays"
    if what is not None:
        msg = f"nest.wiring = nest: not with {what}; take shared"
        raise SimulationError(msg)
    of_pair = rules_of(network.names, rule)
    pairs = np.argwhere(network.synapses.exist).tolist()
    return [_rule(network, receptors, (a, b), of_pair[a][b], dt) for a, b in pairs]


def _rule(
    network: PopulationNetwork,
    receptors: Receptors,
    at: tuple[int, int],
    own: WiringRule,
    dt: float,
) -> dict[str, Any]:
    synapses, (a, b) = network.synapses, at
    weight = float(synapses.J[at] * receptors.per_jump[at])
    spread = synapses.delay_sd[at] if synapses.delay_distribution != "none" else 0.0
    delay = {"delay": float(1e3 * max(synapses.delay[at], dt))}
    return {
        "source": span(network, b),
        "target": span(network, a),
        "connection": _connection(network, at, own),
        "synapse": {"weight": weight, **delay, **receptors.synapse(receptors.port[at])},
        "weight_sd": float(abs(weight) * synapses.J_cv[at]),
        "delay_sd": float(1e3 * spread),
    }


def _connection(network: PopulationNetwork, at: tuple[int, int], own: WiringRule) -> dict[str, Any]:
    """Return the number of synapses of a pair of populations as a rule of NEST."""
    mean = float(network.synapses.in_degrees[at])
    n_targets, n_sources = (int(network.sizes[population]) for population in at)
    allowed = {"allow_multapses": own.multapses, "allow_autapses": own.autapses}
    if own.rule == "one_to_one":
        return {"rule": own.rule}
    if own.rule == "pairwise_bernoulli":
        return {"rule": own.rule, "p": mean / n_sources, **allowed}
    if own.rule == "fixed_total_number":
        if not own.multapses:
            msg = "nest.wiring = nest: NEST draws a total number with multapses only; take shared"
            raise SimulationError(msg)
        return {"rule": own.rule, "N": int(spread_in_degree(mean, n_targets).sum()), **allowed}
    out = own.rule == "fixed_out_degree"
    degree, side = (mean * n_targets / n_sources, "out") if out else (mean, "in")
    if abs(degree - round(degree)) > NEARLY_WHOLE:
        msg = (
            f"nest.wiring = nest: the mean {side}-degree {degree:g} from {network.names[at[1]]} to "
            f"{network.names[at[0]]} is not whole; take shared, or a whole one"
        )
        raise SimulationError(msg)
    return {"rule": f"fixed_{side}degree", f"{side}degree": round(degree), **allowed}
