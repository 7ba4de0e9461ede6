"""Distributed transmission delays on a time grid."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from cortex.connectivity.kernels import kernel_values
from cortex.connectivity.transforms import profile_kernel
from cortex.errors import ParameterError
from cortex.params.network import PopulationNetwork
from cortex.params.synapses import DelayDistribution
from cortex.typing import FloatArray

DISTANCES = 8192  # along a profile, to count delays by

REACH = {"gaussian": 8.0, "truncated_gaussian": 8.0, "lognormal": 25.0}  # standard deviations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DelayShares:
    """Share of the synapses per delay.

    Parameters
    ----------
    first : float
        Shortest delay, s.
    shares : ndarray of shape (n_delays,)
        Share of each delay ``first + k dt``; they add up to 1.
    """

    first: float
    shares: FloatArray


def pair_shares(network: PopulationNetwork, pair: tuple[int, int], dt: float) -> DelayShares:
    """Return the shares of synapses per step of one pair of populations, (target, source).

    Delays that grow with distance are counted over the connection profile, up to where it ends.
    """
    wired, space = network.synapses, network.space
    mean, sd = float(wired.delay[pair]), float(wired.delay_sd[pair])
    near = delay_shares(mean, sd, wired.delay_distribution, dt)
    if space is None or np.isinf(space.speed[pair]):
        return near
    r = (np.arange(DISTANCES) + 0.5) * space.reach(pair) / DISTANCES
    amount = kernel_values(profile_kernel(space, pair), r[:, np.newaxis]) * r ** (space.dim - 1)
    steps = np.rint(r / (float(space.speed[pair]) * dt)).astype(np.int64)
    shares = np.bincount(steps, weights=amount)
    return DelayShares(first=near.first, shares=np.convolve(near.shares, shares / shares.sum()))


def delay_shares(mean: float, sd: float, law: DelayDistribution, dt: float) -> DelayShares:
    """Return the shares of synapses per step, delays rounded to the grid of `dt`.

    Parameters
    ----------
    mean, sd : float
        Mean and standard deviation, s; for "truncated_gaussian" before the cut at zero.
    law : {"none", "gaussian", "truncated_gaussian", "lognormal"}
        Distribution; without spread the mean is kept exactly, also between grid points.
    dt : float
        Step, s.

    Examples
    --------
    >>> delay_shares(1e-3, 1e-4, "gaussian", 1e-4).shares.round(3)[8:11]
    array([0.242, 0.383, 0.242])
    """
    if law == "none" or sd == 0.0:
        return DelayShares(first=mean, shares=np.ones(1))
    if law not in REACH:
        msg = f"delay distribution {law!r} is none of none, {', '.join(REACH)}"
        raise ParameterError(msg)
    low = mean - REACH[law] * sd if law == "gaussian" else max(mean - REACH[law] * sd, 0.0)
    steps = np.arange(np.floor(low / dt), np.ceil((mean + REACH[law] * sd) / dt) + 1.0)
    edges = dt * np.append(steps - 0.5, steps[-1] + 0.5)
    if law == "lognormal":
        v = np.log1p((sd / mean) ** 2)
        reduced = np.log(np.maximum(edges, 1e-12 * mean) / mean) + 0.5 * v
        below = ndtr(reduced / np.sqrt(v))
    else:
        cut = edges if law == "gaussian" else np.maximum(edges, 0.0)
        below = ndtr((cut - mean) / sd)
    shares: FloatArray = np.diff(below)
    return DelayShares(first=float(steps[0] * dt), shares=shares / shares.sum())
