"""Currents of every neuron of a simulation, summed at the electrodes while it runs."""

from dataclasses import replace
from typing import Any

import numpy as np

from cortex.lfp.currents import lfp_from_classes
from cortex.lfp.recorded import CurrentClass
from cortex.lfp.spikes import lfp_from_spikes
from cortex.lfp.wiring import wired_classes
from cortex.params.lfp import RWS, SynapseParams, WeightedSumParams
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import Rules
from cortex.spikes import Spikes
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.requests import Recorder
from cortex.spiking.simulation import simulate
from cortex.spiking.wiring import SourceLists
from cortex.typing import FloatArray


def run_currents(
    weights: FloatArray,
    network: PopulationNetwork,
    settings: SimulationParams,
    *,
    seed: int,
    wiring: SourceLists,
    capacitance: float,
    weighting: WeightedSumParams = RWS,
    block: float = 0.1,
) -> tuple[CurrentClass, CurrentClass]:
    """Simulate a network and keep a weighted sum of its currents instead of those of each neuron.

    Shifts in time act on the sums, which are few: ``lfp_from_classes(np.eye(n), classes)`` is
    the LFP at n electrodes, and no array holds all neurons at all times.

    Parameters
    ----------
    weights : ndarray of shape (n_electrodes, n_neurons)
        Amplitude, of any unit, of the first `n_neurons` neurons of the network, the excitatory
        ones.
    network, settings, seed, wiring
        See `cortex.spiking.simulate`; the same spikes as of one run with them.
    capacitance : float
        Membrane capacitance, F: a current is C / tau_m times the R I of the simulation.
    weighting : WeightedSumParams
        Delays and relative weight of the two classes.
    block : float
        Time that is simulated at once, about, s.

    Returns
    -------
    tuple of CurrentClass
        AMPA and GABA with the electrodes in place of sources.

    References
    ----------
    Mazzoni, Linden et al. (2015), PLoS Comput. Biol. 11:e1004584.

    Examples
    --------
    >>> from cortex.params.senk import SenkParams
    >>> network = SenkParams(n_exc=80, n_inh=20, in_degree_exc=8, in_degree_inh=2).network()
    >>> settings = SimulationParams(dt=1e-4, warm_up=0.0, duration=0.02, precision="float64")
    >>> classes = run_currents(
    ...     np.ones((3, 80)), network, settings, seed=1, capacitance=2.5e-10,
    ...     wiring=draw_source_lists(network, seed=1, dt=1e-4),
    ... )
    >>> [each.current.shape for each in classes]
    [(200, 3), (200, 3)]
    """
    n = weights.shape[1]
    record = Recorder(spikes=False, currents="neuron", current_neurons=range(n))
    scaled = weights * (capacitance / np.repeat(network.neurons.tau_m, network.sizes)[:n])
    sums: dict[str, list[FloatArray]] = {"exc": [], "inh": []}
    n_steps = round(settings.duration / settings.dt)
    n_blocks = max(1, round(settings.duration / block))
    state = None
    for steps in np.diff(np.linspace(0, n_steps, n_blocks + 1).astype(int)):
        piece = replace(settings, duration=float(steps) * settings.dt)
        run = simulate(
            network,
            piece if state is None else replace(piece, warm_up=0.0),
            seed=seed,
            wiring=wiring,
            record=record,
            state=state,
        )
        for name, found in sums.items():
            found.append(run.traces[name] @ scaled.T)
        state = run.state
    whole = {name: np.concatenate(found) for name, found in sums.items()}
    time: FloatArray = settings.dt * np.arange(1.0, len(whole["exc"]) + 1.0)
    return (
        CurrentClass(time=time, current=whole["exc"], delay=weighting.delay_ampa, name="ampa"),
        CurrentClass(
            time=time,
            current=whole["inh"],
            weight=-weighting.alpha,
            delay=weighting.delay_gaba,
            name="gaba",
        ),
    )


def lfp_by_ways(
    amplitude: FloatArray,
    spikes: Spikes,
    network: PopulationNetwork,
    settings: SimulationParams,
    *,
    seed: int,
    synapses: SynapseParams,
    weighting: WeightedSumParams,
    rule: Rules,
) -> dict[str, FloatArray]:
    """Return one LFP computed from simulated currents, from spikes, and from spikes misread.

    Parameters
    ----------
    amplitude : ndarray of shape (n_electrodes, n_cells)
        Of the excitatory neurons.
    spikes, network, settings, seed
        Spikes of a simulation and what it was made with.
    synapses, weighting : SynapseParams, WeightedSumParams
        Kernels of the LFP and the weighted sum.
    rule : WiringRule or mapping
        Rule of the simulation, see `cortex.spiking.draw_source_lists`.

    Returns
    -------
    mapping of "simulated", "from_spikes", "bare" to ndarray of shape (n_steps, n_electrodes)
        Not normalised, at the ends of the steps. In "bare" a unit of weight brings the area of a
        bare difference of exponentials, as where their scale is forgotten.
    """
    lists = draw_source_lists(network, seed=seed, dt=spikes.dt, rule=rule)
    scale: dict[str, Any] = {"capacitance": synapses.capacitance, "weighting": weighting}
    ampa, gaba = run_currents(amplitude, network, settings, seed=seed, wiring=lists, **scale)
    misread = [
        replace(each, weight=each.weight * (course.tau_decay / course.tau_rise - 1.0))
        for each, course in ((ampa, synapses.ampa), (gaba, synapses.gaba))
    ]
    wired = wired_classes(
        network, seed=seed, dt=spikes.dt, synapses=synapses, weighting=weighting, rule=rule
    )
    contacts = np.eye(len(amplitude))
    return {
        "simulated": lfp_from_classes(contacts, (ampa, gaba), at=ampa.time, boundary="zero"),
        "from_spikes": lfp_from_spikes(amplitude, spikes, wired, at=ampa.time),
        "bare": lfp_from_classes(contacts, misread, at=ampa.time, boundary="zero"),
    }
