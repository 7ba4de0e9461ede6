"""How the synapses of a network fall into receptors (time constants) and groups (weights)."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from cortex.errors import SimulationError
from cortex.params.network import PopulationNetwork
from cortex.typing import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SynapseGroups:
    """Receptors and groups of a network.

    Parameters
    ----------
    receptor_sign : ndarray of int, shape (n_receptors,)
        +1 excitatory, -1 inhibitory; one receptor (+1) for delta synapses.
    tau : ndarray, shape (n_pops, n_receptors)
        Synaptic time constant at each target, s; zero for delta synapses.
    group_of : ndarray of int, shape (n_pops,)
        Group of the synapses made by each source population.
    receptor_of_group : ndarray of int, shape (n_groups,)
        Receptor each group acts on.
    J : ndarray, shape (n_pops, n_groups)
        Factor of each count at each target: a jump of V, or of R I for a current (V).
    merged : ndarray of int, shape (n_inputs,)
        Group whose weight equals that of a Poisson input, so that counts are added; -1
        for none.
    receptor_of_input : ndarray of int, shape (n_inputs,)
        Receptor of each Poisson input that is not merged; -1 when merged.
    J_ext : ndarray, shape (n_pops, n_inputs)
        As `J`, for the Poisson inputs.
    """

    receptor_sign: IntArray
    tau: FloatArray
    group_of: IntArray
    receptor_of_group: IntArray
    J: FloatArray
    merged: IntArray
    receptor_of_input: IntArray
    J_ext: FloatArray


Key = tuple[float, ...]
Item = TypeVar("Item")


def group_synapses(
    network: PopulationNetwork, driven: BoolArray, *, weighted: bool
) -> SynapseGroups:
    """Return the receptors and groups of a network.

    Parameters
    ----------
    network : PopulationNetwork
        Source populations with equal sign and time constants share a receptor; those
        with equal weights on every target share a group too.
    driven : ndarray of bool, shape (n_pops, n_inputs)
        Which Poisson input reaches which population.
    weighted : bool
        Whether each synapse has a weight of its own; then a group is a receptor.
    """
    tau_s, tau_ext = network.synapses.tau_s, network.drive.tau_s
    signs, ext_signs = source_signs(network), input_signs(network)
    sources = [_receptor_key(network, signs[b], tau_s[:, b]) for b in range(network.n_pops)]
    inputs = [_receptor_key(network, ext_signs[p], tau_ext[:, p]) for p in range(tau_ext.shape[1])]
    receptors = _distinct([*sorted(sources, key=lambda key: -key[0]), *inputs])
    tau = np.array([key[1:] for key in receptors]).T.reshape(network.n_pops, len(receptors))
    gain = _current_per_jump(network, tau)
    columns = used_weights(network, driven).T
    weights = [() if weighted else tuple(column) for column in columns]
    pairs = [(receptors.index(r), w) for r, w in zip(sources, weights, strict=True)]
    order = sorted(range(network.n_pops), key=lambda b: pairs[b][0])
    groups = _distinct([pairs[b] for b in order])
    J = np.stack([_factor(gain[:, r], w) for r, w in groups], axis=1)
    input_receptor = np.array([receptors.index(key) for key in inputs], dtype=np.int64)
    J_ext = network.drive.J * gain[:, input_receptor]
    merged = np.full(J_ext.shape[1], -1)
    if not weighted:
        of_group = np.array([r for r, _ in groups])
        same: BoolArray = of_group == input_receptor[:, np.newaxis]
        merged = _merge_inputs(driven, J, J_ext, same)
    return SynapseGroups(
        receptor_sign=np.array([int(key[0]) for key in receptors]),
        tau=tau,
        group_of=np.array([groups.index(pair) for pair in pairs]),
        receptor_of_group=np.array([r for r, _ in groups]),
        J=J,
        merged=merged,
        receptor_of_input=np.where(merged >= 0, -1, input_receptor),
        J_ext=J_ext,
    )


def source_signs(network: PopulationNetwork) -> IntArray:
    """Return +1 or -1 for each source population; refuse one that is both.

    Raises
    ------
    SimulationError
        A population excites some targets and inhibits others.
    """
    J = np.where(network.synapses.exist, network.synapses.J, 0.0)
    negative = np.any(J < 0, axis=0)
    both = negative & np.any(J > 0, axis=0)
    if np.any(both):
        names = [network.names[b] for b in np.flatnonzero(both)]
        msg = f"populations {names} excite some targets and inhibit others; split them"
        raise SimulationError(msg)
    signs: IntArray = np.where(negative, -1, 1)
    return signs


def input_signs(network: PopulationNetwork) -> IntArray:
    """Return +1 or -1 for each Poisson input."""
    signs: IntArray = np.where(network.drive.J.sum(axis=0) < 0, -1, 1)
    return signs


def weight_of_sign(network: PopulationNetwork, driven: BoolArray, sign: int) -> FloatArray:
    """Return the weight that the sources of one sign have on each target, V, shape (n_pops,).

    That of the first population with synapses there; without one, that of the first Poisson
    input of this sign that reaches the target; zero without either.
    """
    used = network.synapses.exist & (source_signs(network) == sign)
    reaches = np.hstack([used, driven & (input_signs(network) == sign)])
    weights = np.hstack([network.synapses.J, network.drive.J])
    first = np.argmax(reaches, axis=1)[:, np.newaxis]
    weight: FloatArray = np.take_along_axis(weights * reaches, first, axis=1)[:, 0]
    return weight


def used_weights(network: PopulationNetwork, driven: BoolArray) -> FloatArray:
    """Return J where there are synapses, elsewhere the target's other weight of that sign.

    So what stands where no synapse is neither parts two groups nor forbids to join them.
    """
    excitatory, inhibitory = (weight_of_sign(network, driven, sign) for sign in (1, -1))
    other = np.where(
        source_signs(network) > 0, excitatory[:, np.newaxis], inhibitory[:, np.newaxis]
    )
    return np.where(network.synapses.exist, network.synapses.J, other)


def _receptor_key(network: PopulationNetwork, sign: int, tau: FloatArray) -> Key:
    """Return sign and time constants; all delta synapses share one receptor."""
    return (1.0, *np.zeros(network.n_pops)) if network.is_delta else (float(sign), *tau)


def _distinct(keys: list[Item]) -> list[Item]:
    return list(dict.fromkeys(keys))


def _current_per_jump(network: PopulationNetwork, tau: FloatArray) -> FloatArray:
    """Return the jump of R I that has the charge of a unit jump of V: tau_m / tau_s."""
    tau_m = network.neurons.tau_m[:, np.newaxis]
    return np.divide(tau_m, tau, out=np.ones_like(tau), where=tau > 0)


def _factor(gain: FloatArray, weights: Key) -> FloatArray:
    return gain * np.array(weights) if weights else gain


def _merge_inputs(
    driven: BoolArray, J: FloatArray, J_ext: FloatArray, same_receptor: BoolArray
) -> IntArray:
    """Return for each Poisson input the group with its receptor and weights, or -1."""
    merged = np.full(J_ext.shape[1], -1)
    for p, on in enumerate(driven.T):
        for g in np.flatnonzero(same_receptor[p]):
            if np.array_equal(J[on, g], J_ext[on, p]):
                merged[p] = g
    return merged
