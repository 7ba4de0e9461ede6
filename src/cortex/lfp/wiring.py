"""The wiring of a simulated network as a weight matrix of synaptic charges."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csc_array

from cortex.lfp.population import target_rows
from cortex.params.network import PopulationNetwork
from cortex.spiking.wiring import SourceLists


def wiring_charges(
    wiring: SourceLists,
    network: PopulationNetwork,
    *,
    capacitance: float,
    targets: Sequence[str] | None = None,
) -> csc_array:
    """Return the charge of every synapse onto the target populations.

    Parameters
    ----------
    wiring : SourceLists
        Connections of a simulation, see `cortex.spiking.draw_source_lists`.
    network : PopulationNetwork
        Jumps J; a synapse carries the charge C J.
    capacitance : float
        Membrane capacitance C, F.
    targets : sequence of str, optional
        Populations whose neurons are the rows, in the order of the network; by default
        those with excitatory projections.

    Returns
    -------
    W : sparse array of shape (n_targets, n_neurons)
        W[target, source], A s: for kernels of the norm "area".
    """
    weighted = wiring.weighted(network) if wiring.weights is None else wiring
    n = wiring.n_neurons
    whole = csc_array(
        (
            capacitance * np.asarray(weighted.weights, dtype=np.float64),
            weighted.targets.astype(np.int64),
            np.asarray(wiring.start, dtype=np.int64),
        ),
        shape=(n, n),
    )
    rows = np.sort(target_rows(network, targets))
    wanted = np.concatenate([np.arange(network.first[a], network.first[a + 1]) for a in rows])
    return csc_array(whole.tocsr()[wanted])
