"""Preparation and stepping of the run on lists of targets."""

from itertools import pairwise

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.spiking._loops_list_run import run_lists
from cortex.spiking._loops_recent import regroup
from cortex.spiking.cells import Cells, cells_of, pieces_of
from cortex.spiking.drive import FOREVER, constant_drives, driven, initial_potential, rate_laws
from cortex.spiking.noise import CERTAIN, N_STRIPS, start_noise, strip_width
from cortex.spiking.receptors import SynapseGroups, group_synapses
from cortex.spiking.requests import Inputs, Request, in_steps
from cortex.spiking.result import State
from cortex.spiking.slices import cut_lists, neuron_shares, shortest_delay
from cortex.spiking.wiring import SourceLists
from cortex.threads import (
    apart,
    moved_to_lines,
    on_lines,
    put_together,
    thread_number,
    together,
)
from cortex.typing import AnyArray, FloatArray, IntArray

TRACE_ROWS = 4096  # samples held by the compiled run before they are handed over
LINE = 8  # counts of spikes: no two threads write to one line of the cache
TILE = 2048  # neurons whose state stays in the nearest cache
LONGEST_BLOCK = 16  # steps between two meetings of the threads, at most the shortest delay
LEAST_SHARE = 4000  # steps of neurons between two meetings for which a thread pays


class ListEngine:
    """Any network of LIF populations, stepped by `run_lists`.

    Holds the arrays of one run; `advance` changes them in place.
    """

    kernel = "lists"
    fraction = None

    def __init__(self, network: PopulationNetwork, wiring: SourceLists, request: Request) -> None:
        settings, record, state = request.settings, request.record, request.state
        real = np.dtype(settings.precision)
        n = int(network.sizes.sum())
        cells = cells_of(network, request.inputs.neurons)
        reached = driven(cells, request.inputs)
        synapses = group_synapses(network, reached, weighted=wiring.weights is not None)
        laws, of_rates = rate_laws(cells, request.inputs, settings.dt)
        mu_dc, of_dc = constant_drives(cells, request.inputs, settings.dt)
        pushes = -mu_dc * np.expm1(-settings.dt / cells.tau_m)
        every = in_steps("Recorder.trace_dt", record.trace_dt or settings.dt, settings.dt, least=1)[
            0
        ]
        n_receptors = 0 if network.is_delta else synapses.tau.shape[1]
        block = min(shortest_delay(wiring), LONGEST_BLOCK)
        self.sizes = np.array(
            [n, network.is_delta, n_receptors, of_rates, of_dc, block, FOREVER, every],
            dtype=np.int64,
        )
        threads = thread_number(request.threads, most=n * block // LEAST_SHARE)
        self.bounds = neuron_shares(network, threads, wiring.blocks)
        start, targets, weights, edges, delays = cut_lists(wiring, self.bounds)
        group_of = np.repeat(synapses.group_of.astype(np.uint16), network.sizes)
        weights = weights.astype(real, copy=False)
        self.lists = (start, targets, weights, edges, delays, group_of, wiring.blocks)
        values = _parameters(cells, synapses, settings.dt).astype(real)
        # no random numbers for inputs that are silent all the time
        self.n_inputs = len(synapses.merged) if np.any(laws < CERTAIN) else 0
        tiles = [
            tiles_of(cells, values, settings.dt, span, wiring.blocks, is_driven=self.n_inputs > 0)
            for span in pairwise(self.bounds)
        ]
        self.cells = [(*each, _parts(each[2], wiring.blocks)) for each in tiles]
        gain = _current_gain_of(cells, network)
        self.groups = (
            (synapses.J[cells.population] * gain).astype(real),
            synapses.receptor_of_group,
            (synapses.J_ext[cells.population, : self.n_inputs] * gain).astype(real),
            synapses.receptor_of_input[: self.n_inputs],
        )
        self.drive = (laws, synapses.merged[: self.n_inputs])
        self.pushes = pushes.astype(real)
        self.events = _events(request.inputs, synapses)
        self.first = network.first
        self.record, self.synapses = record, synapses
        first = _first_arrays(cells, synapses, request, int(delays[-1]) + block)
        self.network_sizes = network.sizes
        self.arrays = first if state is None else state.copied(first, network.sizes)
        self.own = {name: apart(self.arrays[name], bounds) for name, bounds in self._parts()}
        self.step = 0 if state is None else state.step
        arriving = np.uint16 if wiring.weights is None else real
        self.arrivals = on_lines((self.n_threads, len(synapses.J.T), first["V"].size), arriving)
        history = -(-len(first["recent"]) // LINE) * LINE
        self.n_recent = on_lines((self.n_threads, history), np.int64)
        self._regroup(self.arrays["n_recent"].T, self._whole, self.n_recent, self.bounds)
        self.samples: list[list[AnyArray]] = []

    @property
    def most_per_call(self) -> int:
        """Spikes that one block may add."""
        return int(self.sizes[0] * self.sizes[5])

    @property
    def n_threads(self) -> int:
        """Threads that share the neurons."""
        return len(self.bounds) - 1

    @property
    def _whole(self) -> IntArray:
        """All neurons, as the share of one thread."""
        return self.bounds[[0, -1]]

    def _parts(self) -> list[tuple[str, IntArray]]:
        """Return the arrays that threads share, and where each thread begins in them."""
        return [
            *((name, self.bounds) for name in ("V", "waits", "currents")),
            ("lanes", self.bounds // 2),
        ]

    def _regroup(
        self, n_before: IntArray, before: IntArray, n_after: IntArray, after: IntArray
    ) -> None:
        regroup(self.arrays["recent"], n_before, before, n_after, after)

    def start_traces(self) -> None:
        """Trace from the next step on."""
        if self.record.has_traces:
            self.sizes[6] = self.step + 1

    def advance(self, stop: int, out: AnyArray) -> int:
        """Run until `stop` steps are done or a buffer is full; return the spikes written."""
        traced, own = self._trace_buffers(), self.arrays
        spans = [moved_to_lines(np.array([self.step + 1, stop + 1, 0, 0])) for _ in self.cells]
        n_inputs = self.n_inputs
        dithers = [moved_to_lines(own["dithers"][:n_inputs]) for _ in self.cells]
        state = (self.own["V"], self.own["waits"], self.own["currents"], own["recent"])

        def run(k: int, gate: IntArray) -> int:
            n: int = run_lists(
                spans[k],
                (k, self.bounds, gate),
                self.sizes,
                self.lists,
                self.cells[k],
                self.groups,
                (*self.drive, self.own["lanes"][k, :n_inputs], dithers[k], self.pushes),
                (*state, self.n_recent, self.arrivals),
                self.events,
                traced,
                self.first,
                out,
            )
            return n

        n = together(run, self.n_threads)[0]
        own["dithers"][:n_inputs] = dithers[0]
        self.step = int(spans[0][0]) - 1
        if spans[0][2]:
            self.samples.append([array[: spans[0][2]].copy() for array in traced[2:]])
        return n

    def _trace_buffers(self) -> tuple[AnyArray, ...]:
        record, n_receptors = self.record, int(self.sizes[2])
        neurons = record.current_neurons if record.currents == "neuron" else ()
        n_pops = self.first.size - 1 if record.currents == "population" else 0
        rows = TRACE_ROWS if record.has_traces else 0
        return (
            np.asarray(record.voltages, dtype=np.int64),
            np.asarray(neurons, dtype=np.int64),
            np.empty((rows, len(record.voltages))),
            np.empty((rows, n_receptors, len(neurons))),
            np.empty((rows, n_receptors, n_pops)),
        )

    def traces(self) -> dict[str, AnyArray]:
        """Return and forget what was traced: V, and the currents of each sign."""
        if not self.samples:
            return {}
        V, of_neurons, means = (np.concatenate(part) for part in zip(*self.samples, strict=True))
        self.samples = []
        traces = {"V": V} if len(self.record.voltages) else {}
        if self.record.currents != "none":
            currents = of_neurons if self.record.currents == "neuron" else means
            sign = self.synapses.receptor_sign
            traces["exc"] = currents[:, sign > 0].sum(axis=1)
            traces["inh"] = currents[:, sign < 0].sum(axis=1)
        return traces

    def state(self) -> State:
        """Return a copy of the state."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        arrays["n_recent"] = np.zeros((len(arrays["recent"]), 1), dtype=np.int64)
        for name, bounds in self._parts():
            put_together(self.own[name], bounds, arrays[name])
        counts = arrays["n_recent"].T
        regroup(arrays["recent"], self.n_recent, self.bounds, counts, self._whole)
        return State(kernel=self.kernel, step=self.step, sizes=self.network_sizes, arrays=arrays)


def tiles_of(
    cells: Cells,
    values: AnyArray,
    dt: float,
    span: tuple[int, int],
    blocks: IntArray,
    *,
    is_driven: bool,
) -> tuple[AnyArray, ...]:
    """Return pieces, parameters and tiles of the neurons of one thread.

    A tile is (strip, first neuron, width, first piece and its end), inside one block of targets
    and one strip of the random numbers; without such there is one strip.
    """
    width = strip_width(int(cells.first[-1])) * (1 if is_driven else N_STRIPS)
    used = range(0, int(cells.first[-1]), width)
    cuts = [np.arange(first, first + width, TILE) for first in used]
    edges = np.unique(np.concatenate([*cuts, [used[-1] + width], span, blocks]))
    edges = edges[(edges >= span[0]) & (edges <= min(span[1], used[-1] + width))]
    offset, size = edges[:-1], np.diff(edges)
    pieces, first_piece = pieces_of(cells, dt, np.stack([offset, size], axis=1))
    tiles = np.stack([offset // width, offset, size, first_piece[:-1], first_piece[1:]], axis=1)
    return pieces, values, tiles


def _parts(tiles: IntArray, blocks: IntArray) -> IntArray:
    """Return the parts of a thread: block, first neuron and the end, first tile and the end."""
    offset, width = tiles[:, 1], tiles[:, 2]
    own, first = np.unique(np.searchsorted(blocks, offset, side="right") - 1, return_index=True)
    last = np.append(first[1:], len(tiles))
    end = offset[last - 1] + width[last - 1]
    return np.stack([own, offset[first], end, first, last], axis=1)


def _current_gain_of(cells: Cells, network: PopulationNetwork) -> FloatArray:
    """Return how the jump of a current changes with the tau_m of single neurons, (n_cells, 1)."""
    if network.is_delta:
        return np.ones((len(cells.tau_m), 1))
    gain: FloatArray = (cells.tau_m / network.neurons.tau_m[cells.population])[:, np.newaxis]
    return gain


def current_gain(tau_m: FloatArray, tau_s: FloatArray, dt: float) -> FloatArray:
    """Return how much a current R I of 1 V at the start of a step moves V in that step.

    The exact solution of tau_m V' = -V + R I, tau_s I' = -I over dt (Rotter & Diesmann
    1999): tau_s / (tau_m - tau_s) (exp(-dt/tau_m) - exp(-dt/tau_s)).

    Examples
    --------
    >>> current_gain(np.array([0.02]), np.array([0.02]), 1e-4).round(6)
    array([0.004975])
    """
    rate = 1.0 / tau_s - 1.0 / tau_m
    close = np.abs(rate) * dt < 1e-9
    safe = np.where(close, 1.0, rate)
    decay = np.exp(-dt / tau_m)
    gain: FloatArray = decay / tau_m * np.where(close, dt, -np.expm1(-safe * dt) / safe)
    return gain


def _parameters(cells: Cells, synapses: SynapseGroups, dt: float) -> FloatArray:
    """Return decay, threshold, reset, then decay and gain of each current, by cell."""
    columns = [np.exp(-dt / cells.tau_m), cells.V_th, cells.V_reset]
    if np.any(synapses.tau > 0.0):
        for tau in synapses.tau[cells.population].T:
            columns += [np.exp(-dt / tau), current_gain(cells.tau_m, tau, dt)]
    return np.stack(columns, axis=1)


def _events(inputs: Inputs, synapses: SynapseGroups) -> tuple[AnyArray, ...]:
    """Return explicit input spikes sorted by step, each with the group of its sign."""
    events = inputs.events
    if events is None:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0), empty
    order = np.argsort(events.steps, kind="stable")
    weights = np.asarray(events.weights, dtype=np.float64)[order]
    sign = synapses.receptor_sign[synapses.receptor_of_group]
    both = np.unique(sign).size > 1
    group_of_sign = {int(s): int(np.flatnonzero(sign == s)[0]) for s in np.unique(sign)}
    groups = np.array(
        [group_of_sign[int(np.sign(w) or 1)] if both else 0 for w in weights], dtype=np.int64
    )
    return np.asarray(events.steps)[order], np.asarray(events.targets)[order], weights, groups


def _first_arrays(
    cells: Cells,
    synapses: SynapseGroups,
    request: Request,
    history: int,
) -> dict[str, AnyArray]:
    """Return the state before the first step: no spikes in flight, none refractory."""
    n = int(cells.first[-1])
    n_slots = N_STRIPS * strip_width(n)
    real = np.dtype(request.settings.precision)
    V = np.zeros(n_slots, dtype=real)
    V[:n] = initial_potential(cells, request.inputs, seed=request.seed)
    n_inputs = max(cells.rate_ext.shape[1], 1)
    noise = [start_noise(request.seed, n, str(p)) for p in range(n_inputs)]
    return {
        "V": V,
        "waits": np.zeros(n_slots, dtype=np.int32),
        "currents": np.zeros((synapses.tau.shape[1], n_slots), dtype=real),
        "recent": np.zeros((history, n_slots), dtype=np.int32),
        "n_recent": np.zeros((history, 1), dtype=np.int64),
        "lanes": np.stack([each.lanes for each in noise]),
        "dithers": np.stack([each.dithers for each in noise]),
    }
