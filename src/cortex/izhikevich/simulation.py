"""Run an Izhikevich network: spikes stream out, chosen traces are kept, never all states."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cortex.errors import SimulationError
from cortex.izhikevich import layout, packing
from cortex.izhikevich._loops import advance_standard
from cortex.izhikevich._loops_reference import advance_reference
from cortex.izhikevich.network import Drive, IzhikevichNetwork
from cortex.izhikevich.packing import VARIABLE_UNITS, VARIABLES, Scheme
from cortex.rng import require_stream
from cortex.spikes import Spikes
from cortex.typing import AnyArray, FloatArray, IntArray
from cortex.units import unit

SPIKE_BUFFER = 65_536
CURRENT_CHUNK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Which traces to keep.

    Parameters
    ----------
    neurons : tuple of int, optional
        Indices in the network; None keeps all.
    variables : tuple of str
        Of ``v, u, ampa, nmda, gaba_a, gaba_b`` (V, A, S, S, S, S).
    every : float
        Sampling interval, s; a multiple of the time step, one step at least.
    precision : {"float64", "float32"}
        Type of the stored values.
    """

    neurons: tuple[int, ...] | None = None
    variables: tuple[str, ...] = ("v",)
    every: float = 1e-3
    precision: str = "float64"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traces:
    """Recorded traces, SI.

    Parameters
    ----------
    times : ndarray of shape (n_samples,)
        Times of the samples, s.
    neurons : ndarray of int, shape (n_recorded,)
        Indices in the network.
    values : dict of str to ndarray, shape (n_samples, n_recorded)
        Trace by variable: V, A, S.
    """

    times: FloatArray
    neurons: IntArray
    values: dict[str, AnyArray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkRun:
    """Everything kept of a run.

    Parameters
    ----------
    spikes : Spikes
        All spikes, on the grid of the run; times are found within the step in the standard scheme.
    traces : Traces
        What the recording asked for, by variable; none without one.
    state : ndarray of shape (6, n_neurons)
        Final v (V), u (A) and conductances (S).
    duration, dt : float
        Length and step of the run, s.
    """

    spikes: Spikes
    traces: Traces
    state: FloatArray
    duration: float
    dt: float

    def spike_counts(self) -> IntArray:
        """Return the number of spikes of each neuron, shape (n_neurons,)."""
        return np.bincount(self.spikes.neurons, minlength=self.state.shape[1])


class NetworkSimulator:
    """A network that is advanced piece by piece; its memory does not grow with time.

    Parameters
    ----------
    network : IzhikevichNetwork
        What is simulated.
    duration : float
        Length of the run, s.
    dt : float
        Time step, s.
    drives : sequence of CurrentDrive and PoissonDrive
        Input.
    scheme : {"standard", "reference"}
        "standard": exponential decay of conductances, Heun's step, peaks and resets found
        within the step, delays. "reference": Euler, reset in the step after the peak, no
        decay of a spiking source's conductances in that step; repeats the published
        notebook of the Cano-Colino network spike for spike.
    rng : numpy.random.Generator, optional
        Needed by Poisson drives only.
    recording : Recorder, optional
        Traces to keep.
    initial_state : ndarray of shape (6, n_neurons), optional
        v, u, conductances, SI; at rest by default.

    Raises
    ------
    SimulationError
        The step is too long, a time is no multiple of it, a drive or a recording does not
        fit, the reference scheme is asked for delays or Poisson input; while running: the
        solution blew up.
    """

    def __init__(
        self,
        network: IzhikevichNetwork,
        duration: float,
        *,
        dt: float = 1e-4,
        drives: Sequence[Drive] = (),
        scheme: Scheme = "standard",
        rng: np.random.Generator | None = None,
        recording: Recorder | None = None,
        initial_state: FloatArray | None = None,
    ) -> None:
        if not 0.0 < dt < duration:
            msg = f"dt = {dt} s and duration = {duration} s: 0 < dt < duration must hold"
            raise SimulationError(msg)
        if scheme not in {"standard", "reference"}:
            msg = f"scheme {scheme!r} is neither 'standard' nor 'reference'"
            raise SimulationError(msg)
        self.network, self.dt, self.scheme, self.drives = network, dt, scheme, tuple(drives)
        self.n_steps = packing.in_steps(duration, dt, "duration")
        packing.check_drives(network, self.drives, self.n_steps)
        self._model = packing.pack_model(network, self.drives, scheme, dt)
        self._synapses, longest = packing.pack_synapses(network, dt)
        self._state = packing.to_loop_units(_initial(network, initial_state))
        self._delays = self._slots(longest)
        self._source_trace = np.zeros((layout.N_RECEPTORS, network.n_neurons))
        self._record, self._variables = _record(recording, network, self.n_steps, dt)
        self._rng = self._generator(rng)
        self.step = 0

    def _slots(self, longest: int) -> tuple[FloatArray, IntArray]:
        if self.scheme == "reference" and longest:
            msg = "the reference scheme knows no delays; use scheme='standard'"
            raise SimulationError(msg)
        n = len(self.network.pathways)
        size = (longest + 1, n, self.network.n_neurons if self.scheme == "standard" else 0)
        return np.zeros(size), np.zeros((longest + 1, n), dtype=np.int64)

    def _generator(self, rng: np.random.Generator | None) -> np.random.Generator:
        if any(packing.is_poisson(drive) for drive in self.drives):
            if self.scheme == "reference":
                msg = "the reference scheme knows no Poisson input; use scheme='standard'"
                raise SimulationError(msg)
            if rng is None:
                msg = "Poisson drives need rng=cortex.rng.stream(seed, ...)"
                raise SimulationError(msg)
        return np.random.default_rng(0) if rng is None else require_stream(rng)

    def spikes(self) -> Iterator[Spikes]:
        """Run to the end and hand out the spikes as they come, at most 65,536 at a time."""
        n = self.network.n_neurons
        size = max(SPIKE_BUFFER, 2 * n)
        buffer = layout.Spikes(np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size))
        while self.step < self.n_steps:
            stop = self._next_switch()
            poisson = packing.pack_poisson(self.network, self.drives, self.step, self.dt)
            steps = range(self.step, stop)
            current = packing.pack_current(self.network, self.drives, steps, self.dt)
            outcome = self._advance(stop, current, poisson, buffer)
            yield self._chunk(buffer, outcome.n_spikes)
            self._check(outcome)
            self.step = outcome.step
        if self._record.trace.shape[0] and self.n_steps % self._record.every == 0:
            kept = self.state[np.ix_(self._record.rows, self._record.neurons)]
            self._record.trace[self.n_steps // self._record.every] = kept

    def _next_switch(self) -> int:
        switches = [s for drive in self.drives for s in packing.switch_steps(drive, self.dt)]
        per_step = any(packing.is_per_step(drive) for drive in self.drives)
        limit = self.step + CURRENT_CHUNK if per_step else self.n_steps
        return int(min([limit, self.n_steps, *(s for s in switches if s > self.step)]))

    def _advance(
        self, stop: int, current: FloatArray, poisson: FloatArray, buffer: layout.Spikes
    ) -> layout.Outcome:
        span = (self.step, stop, self.dt / unit("ms").scale)
        head = (self._state, span, current, self._model, self._synapses)
        if self.scheme == "reference":
            return advance_reference(*head, self._source_trace, self._record, buffer)
        return advance_standard(*head, self._delays, poisson, self._rng, self._record, buffer)

    def _chunk(self, buffer: layout.Spikes, n: int) -> Spikes:
        steps = buffer.step[:n] - 1  # the loop counts the steps that are done
        times = (steps + buffer.fraction[:n]) * self.dt
        order = np.argsort(times, kind="stable")  # a step finds its spikes neuron by neuron
        populations = self.network.populations
        return Spikes(
            steps=steps[order],
            neurons=buffer.neuron[:n][order],
            times=times[order],
            dt=self.dt,
            n_steps=self.n_steps,
            names=tuple(each.name for each in populations),
            sizes=np.array([each.size for each in populations]),
        )

    def _check(self, outcome: layout.Outcome) -> None:
        """Raise when the loop gave up, naming time, neuron and cause."""
        if outcome.status == layout.OK:
            return
        network, j = self.network, outcome.neuron
        pop = network.populations[int(np.searchsorted(network.first, j, side="right")) - 1]
        place = f"at t = {outcome.step * self.dt:.6g} s in neuron {j} of population {pop.name!r}"
        v, u = self._state[0, j], self._state[1, j]
        if outcome.status == layout.STIFF:
            g = self._state[layout.G :, j].sum()
            msg = (
                f"conductance {g:.4g} nS exceeds what dt = {self.dt:g} s can follow on "
                f"C = {pop.cell.C:g} F {place}; shorten dt or lower the weights"
            )
        else:
            msg = (
                f"the solution blew up {place}: v = {v:.4g} mV, u = {u:.4g} pA; shorten dt or "
                "lower weights and currents"
            )
        raise SimulationError(msg)

    @property
    def state(self) -> FloatArray:
        """Present v (V), u (A) and conductances (S), shape (6, n_neurons)."""
        return packing.to_si_state(self._state)

    @property
    def traces(self) -> Traces:
        """Traces recorded so far, by variable; none without a recording."""
        trace = self._record.trace
        values = {name: trace[:, i, :] for i, name in enumerate(self._variables)}
        times = np.arange(trace.shape[0], dtype=np.float64) * (self._record.every * self.dt)
        return Traces(times=times, neurons=self._record.neurons, values=values)


def _initial(network: IzhikevichNetwork, state: FloatArray | None) -> FloatArray:
    if state is None:
        return network.resting_state()
    if state.shape != (6, network.n_neurons) or not np.all(np.isfinite(state)):
        msg = f"initial_state of shape {state.shape} must be finite, (6, {network.n_neurons})"
        raise SimulationError(msg)
    return state


def _record(
    recording: Recorder | None, network: IzhikevichNetwork, n_steps: int, dt: float
) -> tuple[layout.Record, tuple[str, ...]]:
    """Return the empty record of the loops and the names of its rows."""
    none = np.empty(0, dtype=np.int64)
    if recording is None:
        return layout.Record(1, none, none, np.empty(0), np.empty((0, 0, 0))), ()
    unknown = [name for name in recording.variables if name not in VARIABLES]
    if unknown:
        msg = f"cannot record {unknown}; variables: {', '.join(VARIABLES)}"
        raise SimulationError(msg)
    neurons = np.arange(network.n_neurons)
    if recording.neurons is not None:
        neurons = np.array(recording.neurons, dtype=np.int64)
    if neurons.size and not 0 <= neurons.min() <= neurons.max() < network.n_neurons:
        msg = f"recorded neurons {neurons} leave the network of {network.n_neurons}"
        raise SimulationError(msg)
    rows = np.array([VARIABLES.index(name) for name in recording.variables], dtype=np.int64)
    every = packing.in_steps(recording.every, dt, "Recorder.every", least=1)
    shape = (n_steps // every + 1, rows.size, neurons.size)
    trace = np.zeros(shape, dtype=recording.precision)
    scales = np.array([unit(VARIABLE_UNITS[row]).scale for row in rows])
    return layout.Record(every, neurons, rows, scales, trace), recording.variables


def simulate_network(
    network: IzhikevichNetwork,
    duration: float,
    *,
    dt: float = 1e-4,
    drives: Sequence[Drive] = (),
    scheme: Scheme = "standard",
    rng: np.random.Generator | None = None,
    recording: Recorder | None = None,
    initial_state: FloatArray | None = None,
) -> NetworkRun:
    """Return spikes and chosen traces of a whole run.

    Arguments and errors are those of `NetworkSimulator`.

    Parameters
    ----------
    initial_state : ndarray of shape (6, n_neurons), optional
        v (V), u (A) and conductances (S); at rest by default.

    References
    ----------
    Izhikevich (2007), Dynamical Systems in Neuroscience, ch. 8.

    Examples
    --------
    >>> from cortex.izhikevich.network import CurrentDrive, Population
    >>> from cortex.params.izhikevich import FAST_SPIKING
    >>> network = IzhikevichNetwork(
    ...     populations=(Population(name="I", size=1, cell=FAST_SPIKING),)
    ... )
    >>> drive = CurrentDrive(target="I", amplitude=200e-12)
    >>> run = simulate_network(network, 1.0, drives=[drive])
    >>> bool(run.spike_counts()[0] > 70)
    True
    """
    simulator = NetworkSimulator(
        network,
        duration,
        dt=dt,
        drives=drives,
        scheme=scheme,
        rng=rng,
        recording=recording,
        initial_state=initial_state,
    )
    return NetworkRun(
        spikes=Spikes.joined(simulator.spikes()),
        traces=simulator.traces,
        state=simulator.state,
        duration=duration,
        dt=dt,
    )
