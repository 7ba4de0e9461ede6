"""How the populations of a sheet are joined over displacement: probability, weight, delay."""

import numpy as np

from cortex.connectivity.kernels import kernel_values
from cortex.connectivity.transforms import profile_kernel
from cortex.connectivity.weights import kernel_of
from cortex.networks.case import NetworkCase
from cortex.steps.columns import Columns, labelled, stacked

PLACES = 41
"""Displacements along each axis."""


def lies_on_sheet(case: NetworkCase) -> bool:
    """Tell whether a network has a space of two dimensions."""
    return case.network.space is not None and case.network.space.dim == 2


def kernels_of(case: NetworkCase) -> Columns:
    """Return probability, weight and delay of every pair of populations of a sheet.

    Displacements reach as far as the widest profile, at most half a side.
    """
    network, space = case.network, case.network.space
    pairs = [(int(a), int(b)) for a, b in np.argwhere(network.synapses.exist)]
    if space is None or not pairs:
        return {}
    far = min(*(0.5 * space.extent), max(space.reach(pair) for pair in pairs))
    axis = np.linspace(-far, far, PLACES)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    offset = np.stack([x.ravel(), y.ravel()], axis=1)
    parts = []
    for a, b in pairs:
        K, n = float(network.synapses.in_degrees[a, b]), int(network.sizes[b])
        profile = kernel_values(profile_kernel(space, (a, b)), offset)
        weight, own = np.ones(len(offset)), space.weights.get((a, b))
        inhibits = network.synapses.J[a, b] < 0.0 or network.synapses.E_rev[a, b] < 0.0
        if own is not None:
            weight = kernel_values(kernel_of(own.kernel), offset)
            inhibits = bool(inhibits) != (own.mean < 0.0)
        r = np.linalg.norm(offset, axis=1)
        columns = {
            "x": offset[:, 0],
            "y": offset[:, 1],
            "probability": space.peak_probability((a, b), K, n) * profile,
            "weight": -weight if inhibits else weight,
            "delay": network.synapses.delay[a, b] + r / space.speed[a, b],
        }
        names = {"target": network.names[a], "source": network.names[b]}
        parts.append(labelled(columns, state=case.state, **names))
    return stacked(parts)
