"""One function that simulates any network."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from cortex.connectivity.projection import Projection
from cortex.errors import SimulationError
from cortex.params.arrays import instance
from cortex.params.network import PopulationNetwork
from cortex.params.simulation import SimulationParams
from cortex.params.wiring import PLAIN, Rules, rules_of
from cortex.spikes import Spikes
from cortex.spiking.bit_engine import BitEngine
from cortex.spiking.cell_engine import CellEngine
from cortex.spiking.cells import cells_of
from cortex.spiking.draws import NOTHING, draw_bit_rows, draw_source_lists
from cortex.spiking.drive import driven
from cortex.spiking.izhikevich.engine import IzhikevichEngine
from cortex.spiking.kernel_choice import fits_bits, fits_lists
from cortex.spiking.layouts import Projections, as_joined, lay_out, lay_out_bits
from cortex.spiking.list_engine import ListEngine
from cortex.spiking.receptors import used_weights
from cortex.spiking.requests import (
    AnyNetwork,
    Inputs,
    Recorder,
    Request,
    check_events,
    check_grid,
    check_recording,
    in_steps,
)
from cortex.spiking.result import SpikingRun, State
from cortex.spiking.wiring import BitRows, SourceLists, Wiring
from cortex.typing import AnyArray, FloatArray

CHUNK_SPIKES = 1 << 20
PART = 50  # a run says how far it is so often,
LEAST_PART = 0.25  # s; but not more often: shorter pieces may hold a volley and no silence
LOG = logging.getLogger(__name__)
BLOWN_UP = 0.98  # share of the highest possible rate


class Engine(Protocol):
    """What a compiled run offers: steps, spikes, traces and a state."""

    kernel: str
    step: int

    @property
    def fraction(self) -> FloatArray | None:
        """Where in their steps the spikes of the last call lie, 0 to 1; None at the ends."""

    @property
    def most_per_call(self) -> int:
        """Room for spikes that one call needs at least."""

    def advance(self, stop: int, out: AnyArray) -> int:
        """Run until `stop` steps are done or `out` is full; return the spikes written."""

    def start_traces(self) -> None:
        """Trace from the next step on."""

    def traces(self) -> dict[str, AnyArray]:
        """Return what was traced since the last call."""

    def state(self) -> State:
        """Return a copy of the state."""


def simulate(
    network: AnyNetwork,
    settings: SimulationParams,
    *,
    seed: int,
    wiring: Wiring | Projections | None = None,
    record: Recorder | None = None,
    inputs: Inputs | None = None,
    state: State | None = None,
    threads: int | None = None,
) -> SpikingRun:
    """Simulate a network on a fixed grid, exactly as NEST orders events.

    Parameters
    ----------
    network : PopulationNetwork or IzhikevichNetwork
        The network, in the normal form that the theory reads too; or cells of Izhikevich (2007)
        with pathways, which hold their wiring and drives.
    settings : SimulationParams
        Step, discarded transient, recorded time and precision.
    seed : int
        Seed of wiring, initial potentials and external input.
    wiring : projections, BitRows or SourceLists, optional
        Connections made before: ``{(target, source): projection}`` by names of populations, or
        one projection over all neurons, as the rules of `cortex.connectivity` return them, with
        weights (jumps, V) and delays (s) of their own or those of the network (see
        `cortex.spiking.layouts.lay_out`); or a layout of them, to share it between runs. Drawn
        from `network` and `seed` with fixed in-degrees, without repeats and autapses, when not
        given.
    record : Recorder, optional
        What to keep; spikes only when not given.
    inputs : Inputs, optional
        Initial potentials, time-dependent rates, explicit input spikes.
    state : State, optional
        Final state of an earlier run of the same network and wiring, to go on from.
    threads : int, optional
        Threads that share the neurons. When not given, ``OMP_NUM_THREADS`` or else all cores, as
        far as they pay for the size of the network. Never part of the result.

    Returns
    -------
    SpikingRun
        Spikes, rates and traces of the recorded time, and the final state.

    Raises
    ------
    ParameterError
        Inputs or recorded neurons do not fit the network.
    SimulationError
        The request is impossible (delay below dt or no multiple of it, more memory than
        the machine has, wiring or state of another network), or the activity blew up.

    Notes
    -----
    V(t + dt) = V(t) exp(-dt/tau_m) + arriving jumps, then V >= V_th is tested, then V is
    held at V_reset for tau_ref, during which delta input is lost. The result depends
    neither on chunks nor on threads: every neuron has a random stream of its own.

    Neurons of other models move by `settings.integration`, under conductances LIF neurons too;
    where only currents act on LIF neurons the step is exact. A delta input acts at the end of
    its step. Izhikevich networks step by their own `scheme`; in the standard one spikes have times
    within their steps.
    """
    request = Request(
        settings=settings,
        seed=seed,
        record=record or Recorder(),
        inputs=inputs or Inputs(),
        state=state,
        threads=threads,
    )
    check_recording(request.record, network)
    if isinstance(network, PopulationNetwork):
        return _run(_wired(network, wiring, request), network, request)
    instance("settings", settings, SimulationParams)
    if wiring is not None:
        msg = "wiring is not for Izhikevich networks: their pathways hold it"
        raise SimulationError(msg)
    return _run(IzhikevichEngine(network, request), network, request)


def _wired(
    network: PopulationNetwork, wiring: Wiring | Projections | None, request: Request
) -> Engine:
    """Return the engine of a network with its wiring: that given, laid out, or drawn."""
    settings, seed, threads = request.settings, request.seed, request.threads
    record, inputs = request.record, request.inputs
    if wiring is not None and not isinstance(wiring, Wiring):
        network = as_joined(network, wiring)
        bits = fits_bits(network, record, inputs)
        rows = lay_out_bits(network, wiring) if bits else None
        wiring = rows or lay_out(network, wiring, seed=seed, dt=settings.dt, threads=threads)
    check_grid(network, settings)
    if wiring is None:
        wiring = draw_wiring(
            network, settings, seed=seed, record=record, inputs=inputs, threads=threads
        )
    engine = _engine(network, wiring, request)
    check_events(inputs, network, engine.step + sum(_steps(settings)))
    return engine


def _steps(settings: SimulationParams) -> tuple[int, int]:
    """Return the steps of the warm-up and of the recorded time."""
    warm_up = int(in_steps("warm_up", settings.warm_up, settings.dt)[0])
    return warm_up, int(in_steps("duration", settings.duration, settings.dt, least=1)[0])


def _run(engine: Engine, network: AnyNetwork, request: Request) -> SpikingRun:
    """Run an engine over warm-up and recorded time; keep what was asked for."""
    settings, record = request.settings, request.record
    warm_up, n_steps = _steps(settings)
    for _ in _chunks(engine, network, settings, warm_up):
        pass
    engine.start_traces()
    kept: list[Spikes] = []
    counts = _BinnedCounts(network, settings.dt, n_steps, record.rate_bin)
    for chunk in _chunks(engine, network, settings, n_steps):
        if record.spikes:
            kept.append(chunk)
        if record.sink is not None:
            record.sink(chunk)
        counts.add(chunk)
    return SpikingRun(
        spikes=_joined(kept, network, settings.dt, n_steps),
        rate_bin=record.rate_bin,
        rates=counts.rates(),
        trace_dt=(record.trace_dt or settings.dt) if record.has_traces else 0.0,
        traces=engine.traces(),
        kernel=engine.kernel,
        state=engine.state(),
    )


def draw_wiring(
    network: PopulationNetwork,
    settings: SimulationParams,
    *,
    seed: int,
    rule: Rules = PLAIN,
    given: Mapping[tuple[str, str], Projection] = NOTHING,
    record: Recorder | None = None,
    inputs: Inputs | None = None,
    threads: int | None = None,
) -> Wiring:
    """Return the wiring `simulate` would draw, to share it between runs.

    Parameters
    ----------
    network, settings, seed, record, inputs
        As for `simulate`; they decide between rows of bits and lists.
    rule : WiringRule or mapping
        Multapses, autapses, random in-degrees, see `draw_source_lists`; anything but the plain
        rule makes lists.
    given : mapping of (target, source) to Projection
        Pairs of populations that are not drawn; they make lists.
    threads : int, optional
        As for `simulate`.

    Raises
    ------
    SimulationError
        The connections need more memory than the machine has; the message names it.
    """
    record, inputs = record or Recorder(), inputs or Inputs()
    check_grid(network, settings)
    is_plain = all(each.is_plain for row in rules_of(network.names, rule) for each in row)
    if is_plain and not given and fits_bits(network, record, inputs):
        return draw_bit_rows(network, seed=seed, threads=threads)
    wiring = draw_source_lists(
        network,
        seed=seed,
        dt=settings.dt,
        rule=rule,
        given=given,
        threads=threads,
    )
    return _for_events(wiring, network, inputs)


def _for_events(wiring: SourceLists, network: PopulationNetwork, inputs: Inputs) -> SourceLists:
    """Return lists with weights where input spikes come: their jumps are no whole counts."""
    if inputs.events is None or wiring.weights is not None or not fits_lists(network, inputs):
        return wiring
    return wiring.weighted(network)


def _engine(network: PopulationNetwork, wiring: Wiring, request: Request) -> Engine:
    """Return the engine of a wiring; refuse one of another network or state."""
    n = int(network.sizes.sum())
    if wiring.n_neurons != n:
        msg = f"wiring of {wiring.n_neurons} neurons for a network of {n}; draw it from the network"
        raise SimulationError(msg)
    network = _as_wired(network, wiring, request.inputs)
    if network.synapses.scatter and getattr(wiring, "weights", None) is None:
        msg = (
            f"the weights of the network scatter (J_cv up to {network.synapses.J_cv.max():g}), "
            "those of the wiring do not; draw it from this network, or give it weights"
        )
        raise SimulationError(msg)
    kernel = "lists" if fits_lists(network, request.inputs) else "cells"
    kernel = "bits" if isinstance(wiring, BitRows) else kernel
    if request.state is not None and request.state.kernel != kernel:
        msg = (
            f"a state of kernel {request.state.kernel!r} cannot go on with {kernel!r}: pass the "
            "wiring it was made with"
        )
        raise SimulationError(msg)
    if isinstance(wiring, BitRows):
        if not fits_bits(network, request.record, request.inputs):
            msg = "rows of bits cannot run this network, recording or input; draw source lists"
            raise SimulationError(msg)
        return BitEngine(network, wiring, request)
    if kernel == "cells":
        return CellEngine(network, wiring, request)
    return ListEngine(network, _for_events(wiring, network, request.inputs), request)


def _as_wired(network: PopulationNetwork, wiring: Wiring, inputs: Inputs) -> PopulationNetwork:
    """Return the network with an in-degree for every pair that a given wiring joins.

    What stands in J without an in-degree is not read; only where it would be missed is the
    wiring looked through, which takes time.
    """
    if isinstance(wiring, SourceLists) and wiring.weights is not None:
        return network
    reached = driven(cells_of(network, inputs.neurons), inputs)
    synapses = network.synapses
    if np.array_equal(used_weights(network, reached), synapses.J):
        return network
    unstated = wiring.joins(network.first) & ~synapses.exist
    return replace(network, synapses=replace(synapses, in_degrees=synapses.in_degrees + unstated))


def _chunks(
    engine: Engine,
    network: AnyNetwork,
    settings: SimulationParams,
    n_steps: int,
) -> Iterator[Spikes]:
    """Run `n_steps` on and yield the spikes chunk by chunk, steps counted from here."""
    room = max(CHUNK_SPIKES, engine.most_per_call)
    out = np.empty((2, room), dtype=np.int32)
    origin, stop = engine.step, engine.step + n_steps
    stride = max(n_steps // PART, round(LEAST_PART / settings.dt))
    tau_ref = network.neurons.tau_ref if isinstance(network, PopulationNetwork) else 0.0
    ceiling = float(np.sum(network.sizes / (tau_ref + settings.dt)))
    whole = settings.warm_up + settings.duration
    while engine.step < stop:
        before = engine.step
        n = engine.advance(min(stop, before + stride), out)
        LOG.info("simulated %.4g of %.4g s", engine.step * settings.dt, whole)
        _check_activity(engine, n, (engine.step - before) * settings.dt * ceiling)
        steps, neurons, times = out[0, :n] - np.int32(origin + 1), out[1, :n].copy(), None
        if engine.fraction is not None:
            times = (steps + engine.fraction[:n]) * settings.dt
            order = np.argsort(times, kind="stable")  # a step finds its spikes neuron by neuron
            steps, neurons, times = steps[order], neurons[order], times[order]
        yield Spikes(
            steps=steps,
            neurons=neurons,
            times=times,
            dt=settings.dt,
            n_steps=n_steps,
            names=network.names,
            sizes=network.sizes,
        )


def _check_activity(engine: Engine, n_spikes: int, most: float) -> None:
    """Report a network that fires as often as it can as blown up, not as a result."""
    if n_spikes > max(BLOWN_UP * most, 100.0):
        msg = (
            f"the activity blew up: at step {engine.step} every neuron fires as soon as its "
            f"refractory time is over ({n_spikes} of at most {most:.0f} spikes); excitation "
            "is not balanced, or a weight has the wrong unit or sign"
        )
        raise SimulationError(msg)


class _BinnedCounts:
    """Population spike counts, summed chunk by chunk."""

    def __init__(self, network: AnyNetwork, dt: float, n_steps: int, width: float) -> None:
        self.network, self.width = network, width
        self.per_bin = int(in_steps("Recorder.rate_bin", width, dt, least=1)[0]) if width else 0
        n_bins = n_steps // self.per_bin if self.per_bin else 0
        self.counts = np.zeros((n_bins, network.n_pops), dtype=np.int64)

    def add(self, chunk: Spikes) -> None:
        n_bins, n_pops = self.counts.shape
        if n_bins == 0:
            return
        pops = np.searchsorted(self.network.first, chunk.neurons, side="right") - 1
        bins = chunk.steps // self.per_bin
        inside = bins < n_bins
        flat = bins[inside] * n_pops + pops[inside]
        self.counts += np.bincount(flat, minlength=self.counts.size).reshape(self.counts.shape)

    def rates(self) -> FloatArray:
        """Return the rates per neuron, Hz."""
        return self.counts / (self.network.sizes * (self.width or 1.0))


def _joined(chunks: list[Spikes], network: AnyNetwork, dt: float, n_steps: int) -> Spikes:
    if chunks:
        return Spikes.joined(chunks)
    empty = np.zeros(0, dtype=np.int32)
    return Spikes(
        steps=empty,
        neurons=empty,
        dt=dt,
        n_steps=n_steps,
        names=network.names,
        sizes=network.sizes,
    )
