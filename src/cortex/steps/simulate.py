"""Simulate a network as its file asks."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from cortex.connectivity.projection import Projection
from cortex.errors import ParameterError
from cortex.nest.run import simulate_in_nest
from cortex.networks.case import NetworkCase
from cortex.networks.courses import courses_of
from cortex.networks.recorded import recorded_events, without_recorded
from cortex.networks.scatter import scattered_neurons
from cortex.spikes import Spikes
from cortex.spiking.draws import NOTHING as NO_LISTS
from cortex.spiking.draws import draw_source_lists
from cortex.spiking.requests import Inputs, Recorder
from cortex.spiking.result import SpikingRun
from cortex.spiking.simulation import draw_wiring
from cortex.spiking.simulation import simulate as simulate_network

if TYPE_CHECKING:
    from cortex.nest.plan import WiringBy
    from cortex.spiking.wiring import SourceLists

NOTHING: Final[Mapping[str, Spikes]] = MappingProxyType({})


def simulate(
    case: NetworkCase,
    *,
    seed: int,
    number: int = 0,
    record: Recorder | None = None,
    recorded: Mapping[str, Spikes] = NOTHING,
    listed: Mapping[tuple[str, str], Projection] = NO_LISTS,
    threads: int | None = None,
) -> SpikingRun:
    """Return one run of one of the independent networks of a case.

    Parameters
    ----------
    case : NetworkCase
        The network and how it is simulated.
    seed : int
        Seed of the study; the streams of the run belong to (seed, network, state, number).
    number : int
        Which of the independent networks.
    record : Recorder, optional
        What to keep; when not given spikes, and the currents of which the LFP is made where
        spikes do not tell them.
    recorded : mapping of str to Spikes
        Spikes of each drive that is a recording, by its name; `cortex.io.recorded.spikes_of`
        reads them.
    listed : mapping of (target, source) to Projection
        Synapses of each file of the network; `cortex.io.listed.lists_of` reads them.
    threads : int, optional
        As for `cortex.spiking.simulate`.
    """
    own = case.run_seed(seed, number)
    return simulate_seeded(
        case, own, record=record, recorded=recorded, listed=listed, threads=threads
    )


def simulate_seeded(
    case: NetworkCase,
    own: int,
    *,
    record: Recorder | None = None,
    recorded: Mapping[str, Spikes] = NOTHING,
    listed: Mapping[tuple[str, str], Projection] = NO_LISTS,
    threads: int | None = None,
) -> SpikingRun:
    """Return one run of a case whose streams belong to a seed of its own; see `simulate`."""
    if listed.keys() != case.listed.keys():
        wanted = ", ".join(f"{b} to {a}" for a, b in case.listed)
        msg = f"network {case.name} needs its lists of synapses, {wanted}: listed=lists_of(case)"
        raise ParameterError(msg)
    settings, network = case.study.simulation, without_recorded(case)
    record = record or (Recorder(currents="population") if needs_currents(case) else None)
    inputs = inputs_of(case, recorded, own)
    if case.study.backend == "nest":
        nest = case.study.nest
        handed: WiringBy | SourceLists = cast("WiringBy", nest.wiring)
        if listed and nest.wiring == "nest":
            msg = f"{case.name}: NEST draws no listed synapses; take `nest: {{wiring: shared}}`"
            raise ParameterError(msg)
        if listed:
            handed = draw_source_lists(
                network, seed=own, dt=settings.dt, rule=case.rule, given=listed
            )
        return simulate_in_nest(
            network,
            settings,
            seed=own,
            rule=case.rule,
            inputs=inputs,
            record=record,
            wiring=handed,
            threads=nest.threads,
            processes=nest.processes,
        )
    wiring = draw_wiring(
        network,
        settings,
        seed=own,
        rule=case.rule,
        given=listed,
        record=record,
        inputs=inputs,
        threads=threads,
    )
    return simulate_network(
        network,
        settings,
        seed=own,
        wiring=wiring,
        record=record,
        inputs=inputs,
        threads=threads,
    )


def needs_currents(case: NetworkCase) -> bool:
    """Tell whether the LFP of a case is made of recorded currents, not of spikes."""
    return case.study.lfp is not None and case.network.has_conductances


def inputs_of(case: NetworkCase, recorded: Mapping[str, Spikes], own: int) -> Inputs | None:
    """Return what courses, recorded spikes and scattered neurons make of a run, if anything."""
    courses = courses_of(case)
    events = recorded_events(case, recorded, seed=own) if case.recorded else None
    given = Inputs(events=events, neurons=scattered_neurons(case, seed=own))
    if courses is None:
        return given if case.recorded or case.scatter else None
    rates = courses.rates
    if rates is not None and case.recorded:
        rates = rates.copy()
        for name, slot in case.recorded:
            rates[:, case.network.names.index(name), slot] = 0.0
    return replace(
        given,
        rates=rates,
        rate_interval=courses.interval,
        mu_dc=courses.mu_dc,
        mu_dc_interval=courses.interval,
    )
