"""Simulate a network as its file asks."""

from cortex.networks.case import NetworkCase
from cortex.networks.courses import courses_of
from cortex.spiking.requests import Inputs, Recorder
from cortex.spiking.result import SpikingRun
from cortex.spiking.simulation import draw_wiring
from cortex.spiking.simulation import simulate as simulate_network


def simulate(
    case: NetworkCase,
    *,
    seed: int,
    number: int = 0,
    record: Recorder | None = None,
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
        What to keep; spikes only when not given.
    threads : int, optional
        As for `cortex.spiking.simulate`.
    """
    return simulate_seeded(case, case.seed(seed, number), record=record, threads=threads)


def simulate_seeded(
    case: NetworkCase, own: int, *, record: Recorder | None = None, threads: int | None = None
) -> SpikingRun:
    """Return one run of a case whose streams belong to a seed of its own; see `simulate`."""
    settings, inputs = case.study.simulation, _inputs(case)
    wiring = draw_wiring(
        case.network,
        settings,
        seed=own,
        rule=case.rule,
        record=record,
        inputs=inputs,
        threads=threads,
    )
    return simulate_network(
        case.network,
        settings,
        seed=own,
        wiring=wiring,
        record=record,
        inputs=inputs,
        threads=threads,
    )


def _inputs(case: NetworkCase) -> Inputs | None:
    courses = courses_of(case)
    if courses is None:
        return None
    return Inputs(
        rates=courses.rates,
        rate_interval=courses.interval,
        mu_dc=courses.mu_dc,
        mu_dc_interval=courses.interval,
    )
