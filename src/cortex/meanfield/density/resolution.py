"""How finely neurons with receptors are resolved."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How finely a neuron is resolved.

    Attributes
    ----------
    share : float
        White part of an input of tau_m/10.
    n_nodes : int
        Nodes of one slow input.
    n_cells : int
        Cells of the coarse grid; the fine one has twice as many.
    across : int
        Highest degree of the nodes of several slow inputs across their sum.
    """

    share: float
    n_nodes: int
    n_cells: int
    across: int = 2


RATE: Final = Resolution(share=0.05, n_nodes=11, n_cells=100)
"""Resolution of rates, CVs and spectra."""
RESPONSE: Final = (
    Resolution(share=0.06, n_nodes=9, n_cells=100),
    Resolution(share=0.015, n_nodes=11, n_cells=150),
)
"""Resolutions from which the response is extrapolated."""
SPIKING: Final = Resolution(share=0.05, n_nodes=7, n_cells=200)
"""Resolution of neurons that make their own spikes: without a threshold there is no layer that
needs many nodes, nor an extrapolation; the white part leaves rates 0.5 % high."""
CONDUCTING: Final = Resolution(share=0.1, n_nodes=13, n_cells=50, across=1)
"""Resolution of thresholds under conductances. They shorten the membrane, so that noise is slow
and its nodes lie apart: nodes and white part are traded for cells and degrees across."""
CONDUCTING_SPIKING: Final = Resolution(share=0.05, n_nodes=9, n_cells=200, across=1)
"""Resolution of neurons that make their own spikes under conductances: with 7 nodes rare spikes in
noise five times as slow as the membrane are half as many."""
