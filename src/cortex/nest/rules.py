"""How NEST draws the connections of a network by itself."""

from typing import Any

import numpy as np

from cortex.errors import SimulationError
from cortex.nest.receptors import Receptors
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import Rules, WiringRule, rules_of
from cortex.spiking.sources import spread_in_degree


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
    mean, a = float(network.synapses.in_degrees[at]), at[0]
    degrees = spread_in_degree(mean, int(network.sizes[a]))
    allowed = {"allow_multapses": own.multapses, "allow_autapses": own.autapses}
    if own.random_in_degrees:
        return {"rule": "fixed_total_number", "N": int(degrees.sum()), **allowed}
    if degrees.min() < degrees.max():
        msg = (
            f"nest.wiring = nest: the mean in-degree {mean:g} of {network.names[a]} is not whole; "
            "take shared, or a whole one"
        )
        raise SimulationError(msg)
    return {"rule": "fixed_indegree", "indegree": int(degrees[0]), **allowed}
