"""Laws of the transmission delay as tables of equally likely steps."""

import numpy as np

from cortex.errors import SimulationError
from cortex.params.network import PopulationNetwork
from cortex.spiking.demands import whole_steps
from cortex.typing import IntArray

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
    mean, sd = float(network.delay[pair]), float(network.delay_sd[pair])
    if sd == 0.0 or network.delay_distribution == "none":
        return whole_steps("delay", mean, dt, 1)
    if mean < dt:
        msg = f"mean delay {mean:g} s lies below dt = {dt:g} s; shorten dt"
        raise SimulationError(msg)
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  # slow to import, for spread delays only

    level = (np.arange(QUANTILES) + 0.5) / QUANTILES
    if network.delay_distribution == "lognormal":
        spread = np.sqrt(np.log1p((sd / mean) ** 2))
        delay = mean * np.exp(spread * ndtri(level) - 0.5 * spread**2)
    else:
        below = ndtr((0.5 * dt - mean) / sd)
        delay = mean + sd * ndtri(below + (1.0 - below) * level)
    steps: IntArray = np.maximum(np.rint(delay / dt), 1).astype(np.int64)
    return steps
