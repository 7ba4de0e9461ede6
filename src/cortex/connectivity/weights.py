"""Weights that follow a kernel of the displacement: their moments, and those of drawn synapses."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cortex.connectivity.kernels import (
    DifferenceOfGaussians,
    Gabor,
    Gaussian,
    Kernel,
    MexicanHat,
    kernel_values,
)
from cortex.connectivity.pairs import pair_displacements
from cortex.connectivity.projection import Projection
from cortex.connectivity.space import Space
from cortex.connectivity.transforms import directions, profile_kernel, radial_nodes
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.params.weight_kernel import ShapedWeights, WeightKernel

NODES = 200  # along a profile; twice as many angles
LEAST = 1e-4  # of the root mean square of a kernel: smaller means are those of one that cancels


def kernel_of(stated: WeightKernel) -> Kernel:
    """Return the kernel that a block of keys states."""
    sigma = stated.sigma
    match stated.shape:
        case "gaussian":
            return Gaussian(sigma)
        case "mexican_hat":
            return MexicanHat(sigma)
        case "difference_of_gaussians":
            surround = stated.surround or 0.0
            return DifferenceOfGaussians(sigma, surround, 1.0, stated.surround_height or 0.0)
        case _:
            return Gabor(
                sigma,
                stated.frequency or 0.0,
                stated.theta or 0.0,
                stated.phase or 0.0,
                stated.aspect or 0.0,
            )


def shaped(
    network: PopulationNetwork, kernels: Mapping[tuple[str, str], WeightKernel]
) -> PopulationNetwork:
    """Return a network in space some of whose weights follow kernels.

    Parameters
    ----------
    network : PopulationNetwork
        Its jumps `J` are the weights where a kernel is 1.
    kernels : mapping of (target, source) to WeightKernel
        By names of populations.

    Returns
    -------
    PopulationNetwork
        Its jumps are mean weights, as everywhere; its space knows kernels and their moments.

    Raises
    ------
    ParameterError
        The weights of a projection add up to nothing, so that no mean stands for them.
    """
    space = network.space
    if space is None or not kernels:
        return network
    strengths = {name: getattr(network.synapses, name).copy() for name in ("J", "g")}
    found = {}
    for (target, source), stated in kernels.items():
        pair = network.names.index(target), network.names.index(source)
        if strengths["g"][pair] > 0.0 and stated.shape != "gaussian":
            msg = (
                f"projections from {source} to {target}: a {stated.shape} changes its sign, a "
                "conductance does not; take a receptor without E_rev_mV"
            )
            raise ParameterError(msg)
        mean, square = _moments(space, pair, kernel_of(stated))
        if abs(mean) < LEAST * np.sqrt(square):
            msg = (
                f"projections from {source} to {target}: weights that follow a {stated.shape} add "
                "up to nothing over the profile, so that theory has no mean weight; take another "
                "phase, height or width, or a list of synapses"
            )
            raise ParameterError(msg)
        for strength in strengths.values():
            strength[pair] *= mean
        cv = np.sqrt(max(square / mean**2 - 1.0, 0.0))
        found[pair] = ShapedWeights(kernel=stated, mean=mean, cv=float(cv))
    synapses = replace(network.synapses, **strengths)
    return replace(network, synapses=synapses, space=replace(space, weights=found))


def _moments(space: NetworkSpace, pair: tuple[int, int], kernel: Kernel) -> tuple[float, float]:
    """Return mean and mean square of a kernel over the synapses of a pair of populations."""
    profile = profile_kernel(space, pair)
    r, weight = radial_nodes(profile, space.reach(pair), NODES)
    toward, angle = directions(1, NODES)  # a function of distance is alike in all directions
    if isinstance(kernel, Gabor):
        toward, angle = directions(space.dim, NODES)
    toward = np.pad(toward, ((0, 0), (0, space.dim - toward.shape[1])))
    values = kernel_values(kernel, r[:, np.newaxis, np.newaxis] * toward)
    amount = weight * kernel_values(profile, r[:, np.newaxis]) * r ** (space.dim - 1)
    shares = amount[:, np.newaxis] * angle / (amount.sum() * angle.sum())
    return float(np.sum(shares * values)), float(np.sum(shares * values**2))


def with_shaped_weights(
    network: PopulationNetwork,
    pair: tuple[int, int],
    drawn: Projection,
    source: Space,
    target: Space,
) -> Projection:
    """Return drawn synapses with the weights that a kernel gives them: jumps, V, or kicks."""
    own = network.space and network.space.weights.get(pair)
    if not own:
        return drawn
    values = kernel_values(kernel_of(own.kernel), pair_displacements(drawn, source, target))
    at_one = float(network.synapses.strength[pair]) / own.mean
    return drawn.with_values(weights=(at_one * values).astype(np.float32))
