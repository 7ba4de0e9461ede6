"""The wiring of a simulated network as a weight matrix of synaptic charges."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import block_array, csc_array, csr_array

from cortex.connectivity.projection import Projection
from cortex.errors import ParameterError
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.population import target_rows
from cortex.lfp.probe import mean_current
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.synapses import SynapseClass, weighted_sum_classes
from cortex.params.arrays import finite, instance
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import Rules
from cortex.spikes import Spikes
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.layouts import as_joined
from cortex.spiking.wiring import SourceLists


def wiring_charges(
    wiring: SourceLists | Mapping[tuple[str, str], Projection],
    network: PopulationNetwork,
    *,
    capacitance: float,
    targets: Sequence[str] | None = None,
) -> csc_array:
    """Return the charge of every synapse onto the target populations.

    Parameters
    ----------
    wiring : SourceLists or mapping of (target, source) to Projection
        Connections of a simulation, see `cortex.spiking.draw_source_lists`, or projections as
        `cortex.spiking.simulate` takes them; their weights are jumps, V, or J of the network.
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
    instance("network", network, PopulationNetwork)
    capacitance = float(finite("capacitance", capacitance, 0))
    whole = capacitance * (
        _of_lists(wiring, network)
        if isinstance(wiring, SourceLists)
        else _of_pairs(wiring, network)
    )
    rows = np.sort(target_rows(network, targets))
    wanted = np.concatenate([np.arange(network.first[a], network.first[a + 1]) for a in rows])
    return csc_array(whole.tocsr()[wanted])


def _of_lists(wiring: SourceLists, network: PopulationNetwork) -> csc_array:
    """Return the jumps ``[target, source]`` of lists, V."""
    weighted = wiring.weighted(network) if wiring.weights is None else wiring.whole()
    weights = np.asarray(weighted.weights, dtype=np.float64)
    start = np.asarray(weighted.start, dtype=np.int64)
    n = wiring.n_neurons
    return csc_array((weights, weighted.targets.astype(np.int64), start), shape=(n, n))


def _of_pairs(
    wiring: Mapping[tuple[str, str], Projection], network: PopulationNetwork
) -> csc_array:
    """Return the jumps ``[target, source]`` of projections, V."""
    joined = as_joined(network, wiring)  # refuses what does not fit
    rows = []
    for a, target in enumerate(joined.names):
        row = []
        for b, source in enumerate(joined.names):
            each = wiring.get((target, source))
            if each is None:
                row.append(csr_array((int(joined.sizes[a]), int(joined.sizes[b]))))
                continue
            J = np.full(each.n_connections, joined.synapses.J[a, b])
            row.append(each.sparse(J if each.weights is None else each.weights))
        rows.append(row)
    return csc_array(block_array(rows))


def wired_classes(
    network: PopulationNetwork,
    *,
    seed: int,
    dt: float,
    synapses: SynapseParams,
    weighting: WeightedSumParams,
    rule: Rules,
) -> tuple[SynapseClass, SynapseClass]:
    """Return the AMPA and GABA synapses that a simulation with this seed drew.

    Parameters
    ----------
    network : PopulationNetwork
        A network with one delay; its excitatory populations are the targets.
    seed, dt : int, float
        Seed and step (s) of the simulation, which fix the wiring.
    synapses : SynapseParams
        Kernels and capacitance.
    weighting : WeightedSumParams
        Shifts and relative weight.
    rule : WiringRule or mapping
        Rule of the simulation, see `cortex.spiking.draw_source_lists`; another rule draws other
        connections.

    Raises
    ------
    ParameterError
        The delays differ between populations.
    """
    wiring = draw_source_lists(network, seed=seed, dt=dt, rule=rule)
    return weighted_sum_classes(
        wiring_charges(wiring, network, capacitance=synapses.capacitance),
        ampa=SynapticKernel.of(synapses.ampa),
        gaba=SynapticKernel.of(synapses.gaba),
        delay=one_delay(network),
        weighting=weighting,
    )


def wired_currents(
    wiring: SourceLists, network: PopulationNetwork, spikes: Spikes, synapses: SynapseParams
) -> SynapticCurrents:
    """Return the mean currents of the excitatory neurons, at the ends of all steps.

    Parameters
    ----------
    wiring, network
        See `wiring_charges`; the network has one delay.
    spikes : Spikes
        Spikes of the simulation.
    synapses : SynapseParams
        Kernels and capacitance.

    Raises
    ------
    ParameterError
        The delays differ between populations.
    """
    charges = wiring_charges(wiring, network, capacitance=synapses.capacitance)
    at = np.asarray(spikes.dt * np.arange(1, spikes.n_steps + 1), dtype=np.float64)
    ampa, gaba = (
        mean_current(
            charges, spikes, SynapticKernel.of(each), delay=one_delay(network), sign=sign, at=at
        )
        for sign, each in ((1, synapses.ampa), (-1, synapses.gaba))
    )
    return SynapticCurrents(time=at, ampa=ampa, gaba=gaba)


def one_delay(network: PopulationNetwork) -> float:
    """Return the delay of all synapses, s; refuse a network with several."""
    wired = network.synapses
    delays = np.unique(wired.delay[wired.exist])
    grows = network.space is not None and network.space.has_growing_delays
    if len(delays) != 1 or np.any(wired.delay_sd) or grows:
        msg = f"one delay is needed, the network has {delays} s with spread {wired.delay_sd} s"
        raise ParameterError(msg)
    return float(delays[0])
