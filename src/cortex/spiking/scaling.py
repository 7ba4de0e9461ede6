"""Down-scaling of a network that keeps the mean and the variance of every input."""

from dataclasses import replace

import numpy as np

from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.typing import FloatArray


def scale_down(network: PopulationNetwork, factor: float, rates: FloatArray) -> PopulationNetwork:
    """Return a smaller network with the same mean and variance of the input.

    Parameters
    ----------
    network : PopulationNetwork
        The full network.
    factor : float
        Share of neurons and of synapses per neuron that is kept, in (0, 1].
    rates : ndarray, shape (n_pops,)
        Stationary rates of the full network, Hz, from its theory or a full simulation.

    Returns
    -------
    PopulationNetwork
        Sizes and in-degrees times `factor`, weights over its square root, and a constant
        drive for the mean that is lost.

    Notes
    -----
    The variance tau sum K J^2 nu is kept by J -> J / sqrt(factor); the mean tau sum K J nu
    then shrinks by sqrt(factor) and a current replaces the rest (van Albada, Helias &
    Diesmann 2015, PLoS Comput. Biol. 11:e1004490, eq. 3). Rates and irregularity are kept
    where they depend on mean and variance only; correlations grow like 1 / N.

    Raises
    ------
    ParameterError
        The factor lies outside (0, 1] or the rates do not fit the populations.

    Examples
    --------
    >>> from cortex.params.brunel import BrunelParams
    >>> network = BrunelParams(g=5.0, nu_ext_ratio=2.0).network()
    >>> small = scale_down(network, 0.1, np.array([37.9, 37.9]))
    >>> small.sizes.tolist()
    [1000, 250]
    """
    rates = np.asarray(rates, dtype=np.float64)
    if not 0.0 < factor <= 1.0:
        msg = f"scale factor {factor} must lie in (0, 1]: the share of neurons that is kept"
        raise ParameterError(msg)
    if rates.shape != (network.n_pops,) or not np.all(rates >= 0.0):
        msg = f"rates of shape {rates.shape} must be {network.n_pops} rates in Hz, not negative"
        raise ParameterError(msg)
    synapses, drive, fewer = network.synapses, network.drive, network.thinned(factor)
    recurrent = (synapses.in_degrees * synapses.J) @ rates
    external = np.sum(drive.rate * drive.J, axis=1)
    lost = (1.0 - np.sqrt(factor)) * network.lif.tau_m * (recurrent + external)
    return replace(
        fewer,
        synapses=replace(fewer.synapses, J=synapses.J / np.sqrt(factor)),
        drive=replace(
            drive,
            rate=drive.rate * factor,
            J=drive.J / np.sqrt(factor),
            mu_dc=drive.mu_dc + lost,
        ),
    )
