"""The networks of a published notebook after Cano-Colino et al. (2014), as it ran them.

One weight opens AMPA and NMDA alike (or GABA-A and GABA-B), ring weights follow
exp(-x^2/sigma^2) without the factor 2, nothing inhibits E: activity spreads and no bump
competes. They are kept to be reproduced, not recommended; `cortex.izhikevich.bump` holds a
ring that remembers.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from cortex.errors import ParameterError
from cortex.izhikevich.ring import EXCITATION, INHIBITION, ring_network
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING, RingNetworkParams
from cortex.params.simulation import SimulationParams
from cortex.spiking.izhikevich.network import (
    CurrentDrive,
    IzhikevichNetwork,
    IzhikevichPopulation,
    Pathway,
    Scheme,
)
from cortex.spiking.requests import Recorder
from cortex.spiking.result import SpikingRun
from cortex.spiking.simulation import simulate
from cortex.typing import AnyArray

SETTINGS: Final = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.9999, precision="float64")
"""The notebook's arrays hold 10,001 rows, of which rows 1 to 9,999 are computed."""
CASES: Final = ("net_2_2_hand", "ring_2_2", "ring_100_20")


def published_network(name: str, scheme: Scheme = "reference") -> IzhikevichNetwork:
    """Return one of `CASES` with its constant currents.

    Raises
    ------
    ParameterError
        There is no case of that name.

    Examples
    --------
    >>> published_network("ring_100_20").names
    ('E', 'I')
    """
    if name == "net_2_2_hand":
        network, currents = hand_wired_network(), (1250e-12, 1200e-12)
    elif name in CASES:
        n_exc, n_inh = map(int, name.split("_")[1:])
        network = ring_network(RingNetworkParams(n_exc=n_exc, n_inh=n_inh))
        currents = (500e-12, 400e-12)
    else:
        msg = f"no published case {name!r}; cases: {', '.join(CASES)}"
        raise ParameterError(msg)
    amplitude = np.zeros(network.size("E"))
    amplitude[:2] = currents
    drives = (CurrentDrive(target="E", amplitude=amplitude),)
    return replace(network, drives=drives, scheme=scheme)


def published_run(
    name: str, scheme: Scheme = "reference", *, record: Recorder | None = None
) -> SpikingRun:
    """Return the run of a case over 1 s in steps of 0.1 ms, spikes counted at the reset.

    Examples
    --------
    >>> len(published_run("net_2_2_hand").spikes)
    94
    """
    return simulate(published_network(name, scheme), SETTINGS, seed=0, record=record)


def with_start(trace: AnyArray, start: ArrayLike, every: int = 1) -> AnyArray:
    """Return the samples of a trace at times 0, `every` steps, ..., the first of them `start`.

    Parameters
    ----------
    trace : ndarray of shape (n_steps, n_recorded)
        One sample a step, from the end of the first step on, as a run returns it.
    start : ndarray of shape (n_recorded,)
        What it was before the first step.
    every : int
        Steps between two samples.

    Returns
    -------
    ndarray, shape (1 + n_steps // every, n_recorded)

    References
    ----------
    Definition.

    Examples
    --------
    >>> with_start(np.array([[1.0], [2.0], [3.0]]), np.array([0.0]), 2).ravel().tolist()
    [0.0, 2.0]
    """
    return np.concatenate([np.asarray(start)[np.newaxis], trace[every - 1 :: every]])


def hand_wired_network() -> IzhikevichNetwork:
    """Return two E and two I cells; each E drives its I (5 nS), that inhibits the other E."""
    onto_inh = 5e-9 * np.eye(2)
    onto_exc = 10e-9 * np.array([[0.0, 1.0], [1.0, 0.0]])
    return IzhikevichNetwork(
        populations=(
            IzhikevichPopulation(name="E", size=2, cell=REGULAR_SPIKING),
            IzhikevichPopulation(name="I", size=2, cell=FAST_SPIKING),
        ),
        pathways=(
            Pathway(source="E", target="I", weights=onto_inh, receptors=EXCITATION),
            Pathway(source="I", target="E", weights=onto_exc, receptors=INHIBITION),
        ),
    )
