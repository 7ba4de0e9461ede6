"""The wiring of a simulated network as a weight matrix of synaptic charges."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csc_array

from cortex.errors import ParameterError
from cortex.lfp.kernels import SynapticKernel
from cortex.lfp.population import target_rows
from cortex.lfp.probe import mean_current
from cortex.lfp.recorded import SynapticCurrents
from cortex.lfp.synapses import SynapseClass, weighted_sum_classes
from cortex.params.lfp import SynapseParams, WeightedSumParams
from cortex.params.network import PopulationNetwork
from cortex.params.wiring import Rules
from cortex.spikes import Spikes
from cortex.spiking.draws import draw_source_lists
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
