"""Laws of single delays and weights: tables of equally likely values, delays by distance."""

from collections.abc import Iterator

import numpy as np

from cortex.connectivity._loops_reach import distance_steps
from cortex.connectivity.by_distance import flat_places
from cortex.connectivity.projection import Projection
from cortex.errors import SimulationError
from cortex.params.network import PopulationNetwork
from cortex.rng import stream
from cortex.spiking._loops_wiring import look_up
from cortex.spiking.requests import in_steps
from cortex.spiking.sources import places_of
from cortex.typing import AnyArray, IntArray

QUANTILES = 1 << 16


def delay_table(network: PopulationNetwork, pair: tuple[int, int], dt: float) -> IntArray:
    """Return equally likely delays of one pair of populations, steps.

    Parameters
    ----------
    network : PopulationNetwork
        Mean, standard deviation and law of the delays.
    pair : tuple of int
        (target, source).
    dt : float
        Step, s.

    Returns
    -------
    ndarray of int, shape (1,) or (65536,)
        One value without spread, else quantiles rounded to the grid. A Gaussian, cut or
        not, is cut at half a step, because no spike arrives before it is sent.

    Raises
    ------
    SimulationError
        A mean delay lies below one step, or a fixed one is no multiple of it.
    """
    synapses = network.synapses
    mean, sd = float(synapses.delay[pair]), float(synapses.delay_sd[pair])
    if sd == 0.0 or synapses.delay_distribution == "none":
        return in_steps("delay", mean, dt, least=1)
    if mean < dt:
        msg = f"mean delay {mean:g} s lies below dt = {dt:g} s; shorten dt"
        raise SimulationError(msg)
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  # slow to import, for spread delays only

    level = (np.arange(QUANTILES) + 0.5) / QUANTILES
    if synapses.delay_distribution == "lognormal":
        spread = np.sqrt(np.log1p((sd / mean) ** 2))
        delay = mean * np.exp(spread * ndtri(level) - 0.5 * spread**2)
    else:
        below = ndtr((0.5 * dt - mean) / sd)
        delay = mean + sd * ndtri(below + (1.0 - below) * level)
    steps: IntArray = np.maximum(np.rint(delay / dt), 1).astype(np.int64)
    return steps


def grown_delays(
    network: PopulationNetwork,
    pair: tuple[int, int],
    each: Projection,
    *,
    seed: int,
    dt: float,
) -> AnyArray | None:
    """Return delays that grow with distance of every connection, steps.

    Parameters
    ----------
    network, pair, dt
        As in `delay_table`.
    each : Projection
        Connections of the pair.
    seed : int
        Seed of the delays that scatter about the mean delay.

    Returns
    -------
    ndarray of uint16, shape (n_connections,)
        Distance over speed, rounded to the step, plus the delay of the synapses, one of its law
        each; None where the space has no speed for this pair.
    """
    if network.space is None or np.isinf(network.space.speed[pair]):
        return None
    target, source = (places_of(network, population) for population in pair)
    at_source, at_target, period = flat_places(source, target)
    per_length = 1.0 / (float(network.space.speed[pair]) * dt)
    table = delay_table(network, pair, dt).astype(np.uint16)
    offset = float(table[0]) if len(table) == 1 else 0.0
    steps = np.empty(each.n_connections, dtype=np.uint16)
    distance_steps(
        each.start, each.sources, at_target, at_source, period, offset, per_length, steps
    )
    if len(table) > 1:
        rng = stream(seed, "delays", *(network.names[population] for population in pair))
        steps += table[rng.integers(0, table.size, steps.size, np.uint16)]
    return steps


def weight_table(network: PopulationNetwork, pair: tuple[int, int]) -> AnyArray:
    """Return equally likely weights of one pair of populations: jumps, V, or kicks.

    Parameters
    ----------
    network : PopulationNetwork
        Mean weight J and its coefficient of variation J_cv.
    pair : tuple of int
        (target, source).

    Returns
    -------
    ndarray of float32, shape (1,) or (65536,)
        J itself without scatter, else quantiles of the normal law with the standard deviation
        ``J_cv |J|``, cut at zero.
    """
    J, cv = float(network.synapses.strength[pair]), float(network.synapses.J_cv[pair])
    if cv == 0.0:
        return np.array([J], dtype=np.float32)
    from scipy.special import ndtri  # noqa: PLC0415  # slow to import, for spread weights only

    level = (np.arange(QUANTILES) + 0.5) / QUANTILES
    relative = np.maximum(1.0 + cv * ndtri(level), 0.0)
    table: AnyArray = (J * relative).astype(np.float32)
    return table


def picked(
    table: AnyArray, sizes: IntArray, first: int, rng: np.random.Generator
) -> Iterator[AnyArray]:
    """Yield draws from a table of 65536 equally likely values, chunk by chunk from `first` on.

    What the chunks before would have drawn is drawn and forgotten. A table of one value needs none.
    """
    for chunk, n in enumerate(sizes.tolist()):
        if len(table) == 1:
            out = np.broadcast_to(table, (n,))
        else:
            places = rng.integers(0, table.size, n, np.uint16)
            out = np.empty(n if chunk >= first else 0, dtype=table.dtype)
            look_up(table, places, out)
        if chunk >= first:
            yield out
