"""Preparation and stepping of neurons of any model, with receptors of any kind."""

from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np

from cortex.cells.cell import Cell
from cortex.cells.mixed import cells_by_population
from cortex.errors import SimulationError
from cortex.params.arrays import argument
from cortex.params.network import PopulationNetwork
from cortex.params.spec import Quantity
from cortex.spiking import _loops_cell_moves as moves
from cortex.spiking import _loops_cell_spikes as spikes
from cortex.spiking._loops_specialise import compiled_run
from cortex.spiking.cell_receptors import (
    E_rev_of,
    Receptors,
    block_of,
    jumps_of,
    kinetics_of,
    receptors_of,
)
from cortex.spiking.cells import Cells, cells_of
from cortex.spiking.drive import FOREVER, constant_drives, initial_potential, rate_laws
from cortex.spiking.list_engine import LINE, LONGEST_BLOCK, tiles_of
from cortex.spiking.nmda import no_course
from cortex.spiking.noise import CERTAIN, N_STRIPS, start_noise, strip_width
from cortex.spiking.requests import Inputs, Request, SpikeInputs, in_steps
from cortex.spiking.result import State
from cortex.spiking.slices import lists_of_shares, neuron_shares, shortest_delay
from cortex.spiking.wiring import SourceLists
from cortex.threads import moved_to_lines, on_lines, thread_number, together
from cortex.typing import AnyArray, IntArray

TRACE_ROWS = 4096  # samples held by the compiled run before they are handed over
LEAST_SHARE = 500  # steps of neurons between two meetings for which a thread pays
N_PARAMETERS = 10  # of a neuron, as the compiled run reads them; unused ones are zero
STATE = ("V", "w", "waits", "rise", "open", "ring")
PLASTIC = ("u", "x", "y", "last")
GATES = ("open_share", "transmitter", "last_opened")
W0 = Quantity(unit="mV", low=-1000.0, high=1000.0, doc="adaptation at the start")
OPEN0 = Quantity(unit="1", low=-1e6, high=1e6, doc="current R I (V) or conductance at the start")


class CellEngine:
    """Neurons of any model, stepped by a run compiled for the model (see ADR 0171).

    Holds the arrays of one run; `advance` changes them in place.
    """

    kernel = "cells"
    fraction = None

    def __init__(self, network: PopulationNetwork, wiring: SourceLists, request: Request) -> None:
        settings, record, state = request.settings, request.record, request.state
        real, dt, n = np.dtype(settings.precision), settings.dt, int(network.sizes.sum())
        cells = cells_of(network, request.inputs.neurons)
        self.receptors = receptors_of(network, weighted=wiring.weights is not None)
        laws, of_rates = rate_laws(cells, request.inputs, dt)
        mu_dc, of_dc = constant_drives(cells, request.inputs, dt)
        every = in_steps("Recording.trace_dt", record.trace_dt or dt, dt, least=1)[0]
        synapses, models = network.synapses, cells_by_population(network.neurons, network.n_pops)
        is_plastic = bool(np.any((synapses.U < 1.0) | (synapses.tau_rec > 0.0)))
        is_driven = bool(np.any(laws < CERTAIN))  # no random numbers for inputs that are silent
        draws = is_driven or any(each.is_random for each in models)
        has_pull = bool(np.any(self.receptors.is_conductance & (self.receptors.tau_s == 0.0)))
        # what a plastic synapse or gate passes on is kept per spike: for one step of spikes only
        has_gates = self.receptors.nmda is not None
        block = 1 if is_plastic or has_gates else min(shortest_delay(wiring), LONGEST_BLOCK)
        flags = [is_plastic, is_driven, has_pull, block]
        self.sizes = np.array(
            [n, of_rates, of_dc, wiring.delay, FOREVER, every, *flags], dtype=np.int64
        )
        threads = thread_number(request.threads, most=n * block // LEAST_SHARE)
        self.bounds = neuron_shares(network, threads, wiring.blocks)
        population = np.repeat(np.arange(network.n_pops), network.sizes)
        self.lists = [
            (*lists, self.receptors.group_of[population], population)
            for lists in lists_of_shares(wiring.arrays(real), self.bounds)
        ]
        values = _values(cells, models, self.receptors, dt, real)
        self.cells = [
            (*tiles_of(cells, values[0], dt, span, wiring.blocks, is_driven=draws), *values[1:])
            for span in pairwise(self.bounds)
        ]
        jumps = jumps_of(cells, self.receptors, network.neurons.tau_m)
        self.groups = _groups(cells, self.receptors, jumps, real)
        self.drive = (laws, mu_dc.astype(real))
        self.plastic = tuple(
            np.asarray(a)
            for a in (synapses.U, synapses.tau_rec, synapses.tau_fac, synapses.tau_active)
        )
        self.nmda = _nmda(network, self.receptors)
        of_neuron = jumps[self.cells[0][6]]
        self.events = _events(request.inputs, self.receptors, of_neuron)
        self.first, self.record = network.first, record
        self.has_w = any(each.n_variables == 2 for each in models)
        self.run = _compiled(models, self.receptors, request)
        n_rows = max(int(wiring.longest_delay), 1) + 1
        first = _first_arrays(network, cells, self.receptors, request, n_rows)
        self.network_sizes = network.sizes
        arrays = first if state is None else state.copied(first, network.sizes)
        self.arrays = {name: moved_to_lines(array) for name, array in arrays.items()}
        self.step = 0 if state is None else state.step
        n_slots = N_STRIPS * strip_width(n)
        self.found = (
            on_lines((2 * block, n_slots), np.int32),
            on_lines((len(self.cells), -(-2 * block // LINE) * LINE), np.int64),
            np.ones((2 * block, n_slots, network.n_pops if is_plastic else 0), dtype=real),
            np.empty((2 * block, n_slots, self.receptors.n_parts)),
        )
        n_extra = n_slots if len(self.events[0]) else 0
        self.extra = np.zeros((len(self.receptors.sign), n_extra), dtype=real)
        self.samples: list[list[AnyArray]] = []

    @property
    def most_per_call(self) -> int:
        """Spikes that one block may add."""
        return int(self.sizes[0] * self.sizes[spikes.BLOCK])

    def start_traces(self) -> None:
        """Trace from the next step on."""
        if self.record.has_traces:
            self.sizes[spikes.TRACE_FROM] = self.step + 1

    def advance(self, stop: int, out: AnyArray) -> int:
        """Run until `stop` steps are done or a buffer is full; return the spikes written."""
        traced = self._trace_buffers()
        begin = np.array([self.step + 1, stop + 1, 0, 0, 0])
        spans = [moved_to_lines(begin) for _ in self.cells]
        own, (laws, mu_dc) = self.arrays, self.drive
        streams = [
            (moved_to_lines(own["dithers"]), moved_to_lines(own["own_dithers"])) for _ in self.cells
        ]
        self.extra[:] = 0.0

        def run(k: int, gate: IntArray) -> int:
            n: int = self.run(
                spans[k],
                (k, self.bounds, gate),
                self.sizes,
                self.lists[k],
                self.cells[k],
                self.groups,
                (laws, own["lanes"], streams[k][0], mu_dc, own["own_lanes"], streams[k][1]),
                (*(own[name] for name in STATE), self.extra, own["shift"]),
                (*self.plastic, *(own[name] for name in PLASTIC)),
                (*self.nmda, *(own[name] for name in GATES)),
                self.events,
                traced,
                self.first,
                self.found,
                out,
            )
            return n

        n = together(run, len(self.cells))[0]
        own["dithers"], own["own_dithers"] = streams[0]
        self.step = int(spans[0][0]) - 1
        if spans[0][2]:
            self.samples.append([array[: spans[0][2]].copy() for array in traced[2:]])
        return n

    def _trace_buffers(self) -> tuple[AnyArray, ...]:
        record, n_receptors = self.record, len(self.receptors.sign)
        neurons = record.current_neurons if record.currents == "neuron" else ()
        n_pops = self.first.size - 1 if record.currents == "population" else 0
        rows = TRACE_ROWS if record.has_traces else 0
        return (
            np.asarray(record.voltages, dtype=np.int64),
            np.asarray(neurons, dtype=np.int64),
            np.empty((rows, 2, len(record.voltages))),
            np.empty((rows, 2, n_receptors, len(neurons))),
            np.empty((rows, 2, n_receptors, n_pops)),
            np.empty((rows, 2, n_pops)),
        )

    def traces(self) -> dict[str, AnyArray]:
        """Return and forget what was traced; the names are those of `Recorder`."""
        if not self.samples:
            return {}
        V, of_neurons, means, moves = (
            np.concatenate(part) for part in zip(*self.samples, strict=True)
        )
        self.samples = []
        traces = {"V": V[:, 0]} if len(self.record.voltages) else {}
        if traces and self.has_w:
            traces["w"] = V[:, 1]
        if self.record.currents != "none":
            values = of_neurons if self.record.currents == "neuron" else means
            for name, sign in (("exc", 1), ("inh", -1)):
                summed = values[:, :, self.receptors.sign == sign].sum(axis=2)
                traces[name], traces[f"g_{name}"] = summed[:, 0], summed[:, 1]
            if self.receptors.nmda is not None:
                summed = values[:, :, -self.receptors.n_parts :].sum(axis=2)
                traces["nmda"], traces["g_nmda"] = summed[:, 0], summed[:, 1]
        if self.record.currents == "population":
            traces |= {"mean_V": moves[:, 0]} | ({"mean_w": moves[:, 1]} if self.has_w else {})
        return traces

    def state(self) -> State:
        """Return a copy of the state."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        return State(kernel=self.kernel, step=self.step, sizes=self.network_sizes, arrays=arrays)


def _compiled(models: tuple[Cell, ...], receptors: Receptors, request: Request) -> Any:
    """Return the run of the models, each exact where its equations are linear, else as asked."""
    distinct = tuple(dict.fromkeys(models))
    asked, linear = request.settings.integration, not np.any(receptors.is_conductance)
    schemes = ["exact" if each.is_linear and linear else asked for each in distinct]
    names = tuple(each.neurons.MODEL for each in distinct)
    return compiled_run(names, tuple(schemes), receptors.nmda is not None)


def _nmda(network: PopulationNetwork, receptors: Receptors) -> tuple[AnyArray, ...]:
    """Return the first group of each source population, the numbers and series of the course."""
    course, n_pops = receptors.nmda, network.n_pops
    if course is None:
        return np.full(n_pops, -1), *no_course()
    first = receptors.weights.shape[1] - course.rates.size * len(course.sources)
    return course.group_of(n_pops, first), course.numbers, course.series


def _values(
    cells: Cells,
    models: tuple[Cell, ...],
    receptors: Receptors,
    dt: float,
    real: "np.dtype[Any]",
) -> tuple[AnyArray, ...]:
    """Return parameters, kinetics, kinds, marks of each cell, cell of each neuron, dt."""
    values = cells.parameters()
    params = np.zeros((len(cells.tau_m), N_PARAMETERS))
    marks = np.zeros((len(cells.tau_m), moves.N_MARKS))
    distinct = list(dict.fromkeys(models))
    for a, cell in enumerate(models):
        own, names = cells.population == a, [each.name for each in fields(cell.neurons)]
        params[own, : len(names)] = np.stack([values[name][own] for name in names], axis=1)
        # whoever fires at random has no peak that holds V
        marks[own, moves.PEAK] = np.inf if cell.is_random else values[cell.neurons.PEAK][own]
        if cell.is_random:
            marks[own, moves.JUMP_SHIFT] = values["b_th"][own]
            marks[own, moves.KEEP_SHIFT] = np.exp(-dt / values["tau_th"][own])
        marks[own, moves.JUMP] = values["b"][own] if "b" in names else 0.0
        marks[own, moves.MODEL] = distinct.index(cell)
    marks[:, moves.LEAK] = np.exp(-dt / cells.tau_m)
    if receptors.nmda is not None:
        marks[:, moves.E_NMDA] = E_rev_of(cells, receptors)[:, -1]
        marks[:, moves.BLOCK] = block_of(cells, receptors.nmda)
    return (
        params.astype(real),
        kinetics_of(cells, receptors, dt).astype(real),
        receptors.kinds[cells.population],
        marks.astype(real),
        np.repeat(np.arange(len(cells.tau_m)), cells.sizes),
        np.array([dt], dtype=real),
    )


def _groups(
    cells: Cells, receptors: Receptors, jumps: AnyArray, real: "np.dtype[Any]"
) -> tuple[AnyArray, ...]:
    """Return what a count of each group and input opens, and the receptors they act on."""
    J = receptors.weights[cells.population] * jumps[:, receptors.receptor_of_group]
    J_ext = receptors.weights_ext[cells.population] * jumps[:, receptors.receptor_of_input]
    return (
        J.astype(real),
        receptors.receptor_of_group,
        J_ext.astype(real),
        receptors.receptor_of_input,
    )


def _events(inputs: Inputs, receptors: Receptors, jumps: AnyArray) -> tuple[AnyArray, ...]:
    """Return explicit input spikes sorted by step: what each opens, at which receptor."""
    events = inputs.events
    if events is None:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0), empty
    order = np.argsort(events.steps, kind="stable")
    receptor, targets = _receptor_of_events(events, receptors)[order], events.targets[order]
    opened = events.weights[order] * jumps[targets, receptor]
    return events.steps[order], targets, opened, receptor


def _receptor_of_events(events: SpikeInputs, receptors: Receptors) -> IntArray:
    """Return the receptor of each event: that of its input, else the first of its sign."""
    if events.inputs is not None:
        n = len(receptors.receptor_of_input)
        if np.any(events.inputs >= n):
            msg = f"SpikeInputs.inputs up to {events.inputs.max()}: the network has {n} inputs"
            raise SimulationError(msg)
        of_inputs: IntArray = receptors.receptor_of_input[events.inputs]
        return of_inputs
    of_sign = {sign: int(np.flatnonzero(receptors.sign == sign)[0]) for sign in set(receptors.sign)}
    both = len(of_sign) > 1
    wanted = np.where(events.weights < 0.0, -1, 1) if both else receptors.sign[0]
    found: IntArray = np.where(wanted > 0, of_sign.get(1, 0), of_sign.get(-1, 0))
    return np.broadcast_to(found, events.targets.shape)


def _first_arrays(
    network: PopulationNetwork,
    cells: Cells,
    receptors: Receptors,
    request: Request,
    n_rows: int,
) -> dict[str, AnyArray]:
    """Return the state before the first step: no spikes in flight, none refractory."""
    n, n_receptors = int(cells.first[-1]), len(receptors.sign)
    n_slots, inputs = N_STRIPS * strip_width(n), request.inputs
    real = np.dtype(request.settings.precision)
    V, w = np.zeros(n_slots, dtype=real), np.zeros(n_slots, dtype=real)
    V[:n] = initial_potential(cells, inputs, seed=request.seed)
    w[:n] = 0.0 if inputs.w0 is None else argument("Inputs.w0", inputs.w0, W0, (n,))
    opened = np.zeros((n_receptors, n_slots), dtype=real)
    for name, values in (inputs.open0 or {}).items():
        if name not in network.names:
            msg = f"Inputs.open0: no population {name}; there are {', '.join(network.names)}"
            raise SimulationError(msg)
        receptor = receptors.receptor_of_source[network.names.index(name)]
        opened[receptor, :n] = argument(f"Inputs.open0[{name!r}]", values, OPEN0, (n,))
    n_inputs = max(cells.rate_ext.shape[1], 1)
    noise = [start_noise(request.seed, n, str(p)) for p in range(n_inputs)]
    is_random = any(each.is_random for each in cells_by_population(network.neurons, network.n_pops))
    own = start_noise(request.seed, n if is_random else 0, "escape")
    population = np.repeat(np.arange(network.n_pops), network.sizes)
    return {
        "V": V,
        "w": w,
        "waits": np.zeros(n_slots, dtype=np.int32),
        "rise": np.zeros((n_receptors, n_slots), dtype=real),
        "open": opened,
        "ring": np.zeros((receptors.weights.shape[1], n_rows, n_slots), dtype=real),
        "u": np.ascontiguousarray(network.synapses.U[:, population]),
        "x": np.ones((network.n_pops, n)),
        "y": np.zeros((network.n_pops, n)),
        "last": np.full(n, -1, dtype=np.int64),
        "open_share": np.zeros(n),
        "transmitter": np.zeros(n),
        "last_opened": np.full(n, -1, dtype=np.int64),
        "lanes": np.stack([each.lanes for each in noise]),
        "dithers": np.stack([each.dithers for each in noise]),
        "shift": np.zeros(n_slots if is_random else 0, dtype=real),
        "own_lanes": own.lanes,
        "own_dithers": own.dithers,
    }
