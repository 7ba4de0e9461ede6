"""Ring architecture: weights by the angle between two cells, and the networks made of them."""

from math import pi
from types import MappingProxyType
from typing import Final

from cortex.connectivity.kernels import Custom, Gaussian
from cortex.connectivity.space import ring
from cortex.connectivity.spatial import ring_weights
from cortex.params.izhikevich import RingNetworkParams, mean_gaussian
from cortex.spiking.izhikevich.network import IzhikevichNetwork, IzhikevichPopulation, Pathway
from cortex.typing import FloatArray

EXCITATION: Final = MappingProxyType({"ampa": 1.0, "nmda": 1.0})
INHIBITION: Final = MappingProxyType({"gaba_a": 1.0, "gaba_b": 1.0})


def angles(n: int) -> FloatArray:
    """Return preferred angles of `n` cells evenly spaced on the ring, rad, shape (n,).

    Definition.

    Examples
    --------
    >>> angles(4).round(3).tolist()
    [0.0, 1.571, 3.142, 4.712]
    """
    return ring(n, 2.0 * pi).coordinates[:, 0]


def base_level(J_plus: float, sigma: float) -> float:
    """Return J_minus, for which J_minus + (J_plus - J_minus) exp(-x^2/(2 sigma^2)) has mean 1.

    With m the mean of the Gaussian over the ring, J_minus = (1 - J_plus m)/(1 - m)
    (Compte et al. 2000, Cereb. Cortex 10:910). It is negative for J_plus > 1/m.

    Parameters
    ----------
    J_plus : float
        Value at equal angles, over the mean.
    sigma : float
        Width of the Gaussian, rad.

    Examples
    --------
    >>> round(base_level(1.62, 0.08 * pi), 5)
    0.93091
    """
    mean = mean_gaussian(sigma)
    return (1.0 - J_plus * mean) / (1.0 - mean)


def structured_profile(
    n_target: int, n_source: int, J_plus: float, sigma: float, *, same_population: bool
) -> FloatArray:
    """Return J_minus + (J_plus - J_minus) exp(-x^2/(2 sigma^2)), ``[target, source]``.

    The mean over the ring is one, so J_plus changes the shape and not the total input;
    J_plus = 1 is an unstructured network.

    Parameters
    ----------
    n_target, n_source : int
        Cells, evenly spaced on each ring.
    J_plus, sigma : float
        Peak, and width in rad, see `base_level`.
    same_population : bool
        Whether both are the same cells, whose autapses are then left out.

    Returns
    -------
    ndarray, shape (n_target, n_source)
        Without unit.

    Raises
    ------
    ParameterError
        One population is given two sizes.

    References
    ----------
    Compte et al. (2000), Cereb. Cortex 10:910.

    Examples
    --------
    >>> profile = structured_profile(100, 100, 2.0, 0.5, same_population=False)
    >>> profile.mean(axis=1).round(6)[:2].tolist()
    [1.0, 1.0]
    """
    J_minus = base_level(J_plus, sigma)

    def profile(x: FloatArray) -> FloatArray:
        return J_minus + (J_plus - J_minus) * Gaussian(sigma)(x)

    return ring_weights(
        n_source,
        n_target,
        Custom(profile, pi),
        amplitude=1.0,
        autapses=False,
        same_population=same_population,
    )


def ring_network(params: RingNetworkParams) -> IzhikevichNetwork:
    """Return regular- and fast-spiking cells on a ring with Gaussian weights in all pathways.

    One weight opens AMPA and NMDA alike, or GABA-A and GABA-B, as in the network of
    Cano-Colino et al. (2014).
    """
    sizes = {"E": params.n_exc, "I": params.n_inh}
    peak = {("E", "E"): params.G_EE, ("I", "E"): params.G_IE}
    peak |= {("E", "I"): params.G_EI, ("I", "I"): params.G_II}
    kernel = (Gaussian if params.has_factor_two else Gaussian.without_factor_two)(params.sigma)
    return IzhikevichNetwork(
        populations=(
            IzhikevichPopulation(name="E", size=params.n_exc, cell=params.exc),
            IzhikevichPopulation(name="I", size=params.n_inh, cell=params.inh),
        ),
        pathways=tuple(
            Pathway(
                source=source,
                target=target,
                weights=ring_weights(
                    sizes[source],
                    sizes[target],
                    kernel,
                    amplitude=amplitude,
                    autapses=False,
                    same_population=source == target,
                ),
                receptors=EXCITATION if source == "E" else INHIBITION,
            )
            for (target, source), amplitude in peak.items()
            if amplitude > 0.0
        ),
        receptors=params.receptors,
    )
