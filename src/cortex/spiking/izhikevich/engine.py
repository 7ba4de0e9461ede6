"""Stepping of networks of Izhikevich cells with four receptors."""

from typing import Final

import numpy as np

from cortex.errors import SimulationError
from cortex.params.arrays import argument
from cortex.params.izhikevich import RECEPTORS
from cortex.params.spec import Quantity
from cortex.rng import resumed, saved, stream
from cortex.spiking.izhikevich import layout, packing, samples
from cortex.spiking.izhikevich._loops_reference import advance_reference
from cortex.spiking.izhikevich._loops_run import advance_standard
from cortex.spiking.izhikevich.network import IzhikevichNetwork
from cortex.spiking.requests import Inputs, Request, in_steps
from cortex.spiking.result import State
from cortex.typing import AnyArray, FloatArray
from cortex.units import unit

CURRENT_CHUNK = 4096
NOISE: Final = ("bump", "noise")  # the stream of Poisson drives: that of the first network with any
V0 = Quantity(unit="mV", low=-1000.0, high=1000.0, doc="potential at the start")
W0 = Quantity(unit="pA", low=-1e6, high=1e6, doc="recovery current at the start")
OPEN0 = Quantity(unit="nS", low=0.0, high=1e6, doc="conductance at the start")


class IzhikevichEngine:
    """Izhikevich cells in the units and by the schemes of the published networks (see ADR 0300).

    Holds the arrays of one run; `advance` changes them in place.
    """

    kernel = "izhikevich"

    def __init__(self, network: IzhikevichNetwork, request: Request) -> None:
        _refuse_what_is_not_here(request)
        settings, state = request.settings, request.state
        self.network, self.dt = network, settings.dt
        self.model = packing.pack_model(network, self.dt)
        self.synapses, longest = packing.pack_synapses(network, self.dt)
        first = _first_arrays(network, request, longest)
        self.arrays = first if state is None else state.copied(first, network.sizes)
        self.rng = resumed(self.arrays["noise"])
        self.step = 0 if state is None else state.step
        self.switches = [packing.switch_steps(drive, self.dt) for drive in network.drives]
        times = (settings.warm_up, settings.duration)
        n_steps = sum(int(in_steps("duration", time, self.dt)[0]) for time in times)
        packing.check_currents(network, self.step + n_steps)
        self.asked, self.kept = request.record, samples.room_for(network, request)
        self.fraction: FloatArray = np.empty(0)

    @property
    def most_per_call(self) -> int:
        """Spikes that one step may add."""
        return self.network.n_neurons

    def start_traces(self) -> None:
        """Trace from the next step on."""
        self.kept = self.kept._replace(first=self.step)

    def advance(self, stop: int, out: AnyArray) -> int:
        """Run until `stop`, a drive that switches, or a full buffer; return the spikes written."""
        network, own = self.network, self.arrays
        if self.fraction.size < out.shape[1]:
            self.fraction = np.empty(out.shape[1])
        stop = int(min(stop, self._next_switch()))
        drives = [
            drive
            for drive, (start, end) in zip(network.drives, self.switches, strict=True)
            if start <= self.step < end
        ]
        current = packing.pack_current(network, drives, range(self.step, stop))
        span = (self.step, stop, self.dt / unit("ms").scale)
        head = (own["cells"], span, current, self.model, self.synapses)
        found = layout.Spikes(out[0], out[1], self.fraction)
        if network.scheme == "reference":
            outcome = advance_reference(*head, own["source_trace"], self.kept, found)
        else:
            delays = (own["arriving"], own["waiting"])
            poisson = packing.pack_poisson(network, drives, self.dt)
            outcome = advance_standard(*head, delays, poisson, self.rng, self.kept, found)
        self._check(outcome)
        self.step = outcome.step
        return outcome.n_spikes

    def _next_switch(self) -> float:
        per_step = any(packing.is_per_step(drive) for drive in self.network.drives)
        limit = self.step + CURRENT_CHUNK if per_step else np.inf
        return min([limit, *(s for pair in self.switches for s in pair if s > self.step)])

    def _check(self, outcome: layout.Outcome) -> None:
        """Raise when the loop gave up, naming time, neuron and cause."""
        if outcome.status == layout.OK:
            return
        network, j, cells = self.network, outcome.neuron, self.arrays["cells"]
        pop = network.populations[int(np.searchsorted(network.first, j, side="right")) - 1]
        place = f"at t = {outcome.step * self.dt:.6g} s in neuron {j} of population {pop.name!r}"
        v, u = cells[: layout.G, j]
        if outcome.status == layout.STIFF:
            msg = (
                f"conductance {cells[layout.G :, j].sum():.4g} nS exceeds what dt = {self.dt:g} s "
                f"can follow on C = {pop.cell.C:g} F {place}; shorten dt or lower the weights"
            )
        else:
            msg = (
                f"the solution blew up {place}: v = {v:.4g} mV, u = {u:.4g} pA; shorten dt or "
                "lower weights and currents"
            )
        raise SimulationError(msg)

    def traces(self) -> dict[str, AnyArray]:
        """Return what was traced; the names are those of `Recorder`."""
        return samples.named(self.kept, self.asked)

    def state(self) -> State:
        """Return a copy of the state."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        arrays["noise"] = saved(self.rng)
        return State(kernel=self.kernel, step=self.step, sizes=self.network.sizes, arrays=arrays)


def _refuse_what_is_not_here(request: Request) -> None:
    """Refuse settings and inputs that these networks have not, or have of their own."""
    settings, given, state = request.settings, request.inputs, request.state
    beyond = [n for n in ("rates", "mu_dc", "events", "neurons") if getattr(given, n) is not None]
    if beyond:
        msg = (
            f"Inputs.{beyond[0]} is not for Izhikevich networks: their drives belong to them, "
            "IzhikevichNetwork(drives=...)"
        )
        raise SimulationError(msg)
    if (settings.precision, settings.integration) != ("float64", "fixed"):
        msg = (
            f"precision {settings.precision!r} with integration {settings.integration!r}: "
            "Izhikevich networks take 'float64' and 'fixed', and the steps of their `scheme`"
        )
        raise SimulationError(msg)
    if state is not None and state.kernel != IzhikevichEngine.kernel:
        msg = f"a state of kernel {state.kernel!r} is none of an Izhikevich network"
        raise SimulationError(msg)


def _first_arrays(
    network: IzhikevichNetwork, request: Request, longest: int
) -> dict[str, AnyArray]:
    """Return the state before the first step, in the units of the loops: no spikes in flight."""
    n, n_pathways = network.n_neurons, len(network.pathways)
    n_delayed = n if network.scheme == "standard" else 0
    return {
        "cells": packing.to_loop_units(_start(network, request.inputs)),
        "source_trace": np.zeros((layout.N_RECEPTORS, n)),
        "arriving": np.zeros((longest + 1, n_pathways, n_delayed)),
        "waiting": np.zeros((longest + 1, n_pathways), dtype=np.int64),
        "noise": saved(stream(request.seed, *NOISE)),
    }


def _start(network: IzhikevichNetwork, inputs: Inputs) -> AnyArray:
    """Return v (V), u (A) and conductances (S) at the start, (6, n): at rest where not given."""
    state, n = network.resting_state(), network.n_neurons
    if inputs.V0 is not None:
        state[0] = argument("Inputs.V0", inputs.V0, V0, (n,))
    if inputs.w0 is not None:
        state[1] = argument("Inputs.w0", inputs.w0, W0, (n,))
    for name, values in (inputs.open0 or {}).items():
        if name not in RECEPTORS:
            msg = f"Inputs.open0: no receptor {name!r}; there are {', '.join(RECEPTORS)}"
            raise SimulationError(msg)
        row = layout.G + RECEPTORS.index(name)
        state[row] = argument(f"Inputs.open0[{name!r}]", values, OPEN0, (n,))
    return state
