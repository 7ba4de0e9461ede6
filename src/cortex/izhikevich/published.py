"""The networks of a published notebook after Cano-Colino et al. (2014), as it ran them.

One weight opens AMPA and NMDA alike (or GABA-A and GABA-B), ring weights follow
exp(-x^2/sigma^2) without the factor 2, nothing inhibits E: activity spreads and no bump
competes. They are kept to be reproduced, not recommended; `cortex.izhikevich.bump` holds a
ring that remembers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.izhikevich.network import CurrentDrive, IzhikevichNetwork, Pathway, Population
from cortex.izhikevich.packing import Scheme
from cortex.izhikevich.ring import EXCITATION, INHIBITION, ring_network
from cortex.izhikevich.simulation import NetworkRun, Recorder, simulate_network
from cortex.params.izhikevich import FAST_SPIKING, REGULAR_SPIKING, RingNetworkParams

DT: Final = 1e-4
N_STEPS: Final = 9999
"""The notebook's arrays hold 10,001 rows, of which rows 1 to 9,999 are computed."""
CASES: Final = ("net_2_2_hand", "ring_2_2", "ring_100_20")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublishedCase:
    """A network and its constant currents."""

    name: str
    network: IzhikevichNetwork
    drives: tuple[CurrentDrive, ...]

    def run(self, *, scheme: Scheme = "reference", recording: Recorder | None = None) -> NetworkRun:
        """Return the run of 1 s in steps of 0.1 ms, spikes counted at the reset."""
        return simulate_network(
            self.network,
            N_STEPS * DT,
            dt=DT,
            drives=self.drives,
            scheme=scheme,
            recording=recording,
        )


def published_case(name: str) -> PublishedCase:
    """Return one of `CASES`.

    Raises
    ------
    ParameterError
        There is no case of that name.

    Examples
    --------
    >>> int(published_case("net_2_2_hand").run().spike_counts().sum())
    94
    """
    if name == "net_2_2_hand":
        return PublishedCase(name=name, network=hand_wired_network(), drives=_drives(2, 1250, 1200))
    if name == "ring_2_2":
        network = ring_network(RingNetworkParams(n_exc=2, n_inh=2))
        return PublishedCase(name=name, network=network, drives=_drives(2, 500, 400))
    if name == "ring_100_20":
        network = ring_network(RingNetworkParams(n_exc=100, n_inh=20))
        return PublishedCase(name=name, network=network, drives=_drives(100, 500, 400))
    msg = f"no published case {name!r}; cases: {', '.join(CASES)}"
    raise ParameterError(msg)


def hand_wired_network() -> IzhikevichNetwork:
    """Return two E and two I cells; each E drives its I (5 nS), that inhibits the other E."""
    onto_inh = 5e-9 * np.eye(2)
    onto_exc = 10e-9 * np.array([[0.0, 1.0], [1.0, 0.0]])
    return IzhikevichNetwork(
        populations=(
            Population(name="E", size=2, cell=REGULAR_SPIKING),
            Population(name="I", size=2, cell=FAST_SPIKING),
        ),
        pathways=(
            Pathway(source="E", target="I", weights=onto_inh, receptors=EXCITATION),
            Pathway(source="I", target="E", weights=onto_exc, receptors=INHIBITION),
        ),
    )


def _drives(n_exc: int, first_pA: float, second_pA: float) -> tuple[CurrentDrive, ...]:
    amplitude = np.zeros(n_exc)
    amplitude[:2] = first_pA * 1e-12, second_pA * 1e-12
    return (CurrentDrive(target="E", amplitude=amplitude),)
